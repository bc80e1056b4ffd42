"""The addresses of the API, version 1."""

from django.urls import URLPattern, path, re_path

from annotations.api.agreement import Agreement
from annotations.api.appearances import Appearances, ManyAppearances, OneAppearance
from annotations.api.articles import Articles, OneArticle
from annotations.api.assignments import (
    Assignments,
    GivingBack,
    NextAssignment,
    OneAssignment,
    Prolonging,
    PuttingBack,
    Reassigning,
    Skipping,
    TakingBack,
)
from annotations.api.changes import Changes
from annotations.api.claims import (
    AskingAgain,
    AskingForAnother,
    AskingNoMore,
    Claims,
    ManyClaims,
    OneClaim,
    Restoring,
    SettingAside,
)
from annotations.api.comments import Comments, OneComment, RemovingComment
from annotations.api.desk import Claimants, Events, Members
from annotations.api.exports import Export, ExportReport, Formats
from annotations.api.gold import GoldItems, OneGoldItem, UnsettingGold
from annotations.api.holds import Holds, Lifting, OneHold
from annotations.api.imports import (
    Cancelling,
    ImportRefusals,
    Imports,
    OneImport,
    Resuming,
)
from annotations.api.index import Index, NoSuchAddress
from annotations.api.projects import OneProject, Projects
from annotations.api.publishers import OnePublisherCorrection, PublisherCorrections
from annotations.api.rating_maps import OneRatingMap, RatingMaps
from annotations.api.ratings import OneRating, Ratings, Retiring
from annotations.api.reattachments import (
    LettingGo,
    OneReattachment,
    Reattaching,
    Reattachments,
)
from annotations.api.records import Record, RecordSchema
from annotations.api.revisions import OneRevision, Previewing, Revising, Revisions
from annotations.api.rulings import Correcting, OneRuling, Rulings, Withdrawing
from annotations.api.schema import Schema, docs
from annotations.api.sources import EvidenceList, ManySources, OneEvidence, OneSource, Sources
from annotations.api.tokens import CurrentToken, OneToken, Revoking, Tokens
from annotations.api.verdicts import ManyVerdicts, OneVerdict, Submitting, Verdicts
from annotations.api.webhooks import (
    Deliveries,
    OneDelivery,
    OneWebhook,
    Replaying,
    ReplayingOne,
    Rotating,
    Testing,
    Webhooks,
)

app_name = "api"

urlpatterns: list[URLPattern] = [
    path("", Index.as_view(), name="index"),
    path("projects/", Projects.as_view(), name="projects"),
    path("projects/<slug:slug>/", OneProject.as_view(), name="project"),
    path("projects/<slug:slug>/export/", Export.as_view(), name="export"),
    path("projects/<slug:slug>/export/report/", ExportReport.as_view(), name="export-report"),
    path("projects/<slug:slug>/imports/", Imports.as_view(), name="imports"),
    path("projects/<slug:slug>/rating-maps/", RatingMaps.as_view(), name="rating-maps"),
    path("projects/<slug:slug>/members/", Members.as_view(), name="members"),
    path("projects/<slug:slug>/claimants/", Claimants.as_view(), name="claimants"),
    path("projects/<slug:slug>/agreement/", Agreement.as_view(), name="agreement"),
    path("projects/<slug:slug>/ratings/", Ratings.as_view(), name="ratings"),
    path("projects/<slug:slug>/webhooks/", Webhooks.as_view(), name="webhooks"),
    path("projects/<slug:slug>/webhooks/<uuid:id>/", OneWebhook.as_view(), name="webhook"),
    path("projects/<slug:slug>/webhooks/<uuid:id>/rotate/", Rotating.as_view(), name="rotate"),
    path("projects/<slug:slug>/webhooks/<uuid:id>/test/", Testing.as_view(), name="test-webhook"),
    path("projects/<slug:slug>/webhooks/<uuid:id>/replay/", Replaying.as_view(), name="replay"),
    path(
        "projects/<slug:slug>/webhooks/<uuid:id>/deliveries/",
        Deliveries.as_view(),
        name="deliveries",
    ),
    path(
        "projects/<slug:slug>/webhooks/<uuid:id>/deliveries/<uuid:delivery>/",
        OneDelivery.as_view(),
        name="delivery",
    ),
    path(
        "projects/<slug:slug>/webhooks/<uuid:id>/deliveries/<uuid:delivery>/replay/",
        ReplayingOne.as_view(),
        name="replay-one",
    ),
    path("ratings/<uuid:id>/", OneRating.as_view(), name="rating"),
    path("ratings/<uuid:id>/retire/", Retiring.as_view(), name="retire"),
    path("articles/", Articles.as_view(), name="articles"),
    path("articles/<slug:slug>/", OneArticle.as_view(), name="article"),
    path("articles/<slug:slug>/record/", Record.as_view(), name="record"),
    path("articles/<slug:slug>/revisions/", Revising.as_view(), name="revise"),
    path("articles/<slug:slug>/revisions/preview/", Previewing.as_view(), name="preview"),
    path("revisions/", Revisions.as_view(), name="revisions"),
    path("revisions/<uuid:id>/", OneRevision.as_view(), name="revision"),
    path("claims/", Claims.as_view(), name="claims"),
    path("claims/bulk/", ManyClaims.as_view(), name="many-claims"),
    path("claims/<uuid:id>/", OneClaim.as_view(), name="claim"),
    path("claims/<uuid:id>/set-aside/", SettingAside.as_view(), name="set-aside"),
    path("claims/<uuid:id>/restore/", Restoring.as_view(), name="restore"),
    path("claims/<uuid:id>/ask-again/", AskingAgain.as_view(), name="ask-again"),
    path("claims/<uuid:id>/ask-for-another/", AskingForAnother.as_view(), name="ask-for-another"),
    path("claims/<uuid:id>/ask-no-more/", AskingNoMore.as_view(), name="ask-no-more"),
    path("comments/", Comments.as_view(), name="comments"),
    path("comments/<uuid:id>/", OneComment.as_view(), name="comment"),
    path("comments/<uuid:id>/remove/", RemovingComment.as_view(), name="remove-comment"),
    path("claims/<uuid:id>/skip/", Skipping.as_view(), name="skip"),
    path("claims/<uuid:id>/put-back/", PuttingBack.as_view(), name="put-back"),
    path("assignments/", Assignments.as_view(), name="assignments"),
    path("assignments/next/", NextAssignment.as_view(), name="next"),
    path("assignments/<uuid:id>/", OneAssignment.as_view(), name="assignment"),
    path("assignments/<uuid:id>/prolong/", Prolonging.as_view(), name="prolong"),
    path("assignments/<uuid:id>/give-back/", GivingBack.as_view(), name="give-back"),
    path("assignments/<uuid:id>/reassign/", Reassigning.as_view(), name="reassign"),
    path("assignments/<uuid:id>/take-back/", TakingBack.as_view(), name="take-back"),
    path("gold/", GoldItems.as_view(), name="gold"),
    path("gold/<uuid:id>/", OneGoldItem.as_view(), name="one-gold-item"),
    path("gold/<uuid:id>/unset/", UnsettingGold.as_view(), name="unset-gold"),
    path("changes/", Changes.as_view(), name="changes"),
    path("appearances/", Appearances.as_view(), name="appearances"),
    path("appearances/bulk/", ManyAppearances.as_view(), name="many-appearances"),
    path("appearances/<uuid:id>/", OneAppearance.as_view(), name="appearance"),
    path("reattachments/", Reattachments.as_view(), name="reattachments"),
    path("reattachments/<uuid:id>/", OneReattachment.as_view(), name="reattachment"),
    path("reattachments/<uuid:id>/reattach/", Reattaching.as_view(), name="reattach"),
    path("reattachments/<uuid:id>/let-go/", LettingGo.as_view(), name="let-go"),
    path("verdicts/", Verdicts.as_view(), name="verdicts"),
    path("verdicts/bulk/", ManyVerdicts.as_view(), name="many-verdicts"),
    path("verdicts/<uuid:id>/", OneVerdict.as_view(), name="verdict"),
    path("verdicts/<uuid:id>/submit/", Submitting.as_view(), name="submit"),
    path("evidence/", EvidenceList.as_view(), name="evidence"),
    path("evidence/<uuid:id>/", OneEvidence.as_view(), name="one-evidence"),
    path("sources/", Sources.as_view(), name="sources"),
    path("sources/bulk/", ManySources.as_view(), name="many-sources"),
    path("sources/<uuid:id>/", OneSource.as_view(), name="source"),
    path("rulings/", Rulings.as_view(), name="rulings"),
    path("rulings/<uuid:id>/", OneRuling.as_view(), name="ruling"),
    path("rulings/<uuid:id>/correct/", Correcting.as_view(), name="correct"),
    path("rulings/<uuid:id>/withdraw/", Withdrawing.as_view(), name="withdraw"),
    path("publisher-corrections/", PublisherCorrections.as_view(), name="publisher-corrections"),
    path(
        "publisher-corrections/<uuid:id>/",
        OnePublisherCorrection.as_view(),
        name="publisher-correction",
    ),
    path("holds/", Holds.as_view(), name="holds"),
    path("holds/<uuid:id>/", OneHold.as_view(), name="hold"),
    path("holds/<uuid:id>/lift/", Lifting.as_view(), name="lift"),
    path("events/", Events.as_view(), name="events"),
    path("formats/", Formats.as_view(), name="formats"),
    path("imports/<uuid:id>/", OneImport.as_view(), name="import"),
    path("imports/<uuid:id>/cancel/", Cancelling.as_view(), name="cancel-import"),
    path("imports/<uuid:id>/resume/", Resuming.as_view(), name="resume-import"),
    path("imports/<uuid:id>/refusals/", ImportRefusals.as_view(), name="import-refusals"),
    path("rating-maps/<uuid:id>/", OneRatingMap.as_view(), name="rating-map"),
    path("tokens/", Tokens.as_view(), name="tokens"),
    path("tokens/current/", CurrentToken.as_view(), name="current-token"),
    path("tokens/<uuid:id>/", OneToken.as_view(), name="token"),
    path("tokens/<uuid:id>/revoke/", Revoking.as_view(), name="revoke-token"),
    path("schema/", Schema.as_view(), name="schema"),
    path("schemas/record.json", RecordSchema.as_view(), name="record-schema"),
    path("docs/", docs, name="docs"),
    re_path(r"^(?P<path>[\s\S]*)$", NoSuchAddress.as_view(), name="nothing"),
]
