"""The addresses of the pages: first what everyone may read, then the work."""

from django.urls import path

from annotations.web import (
    accounts,
    adjudicating,
    agreement,
    desk,
    files,
    handing_out,
    judging,
    marking,
    public,
    publishers,
    revising,
    revisions,
    status,
    webhooks,
    work,
    workbench,
)

urlpatterns = [
    path("healthz", status.healthz, name="healthz"),
    path("readyz", status.readyz, name="readyz"),
    path("", public.home, name="home"),
    path("articles/<slug:slug>/", public.article, name="article"),
    path("claims/<uuid:claim_id>/", public.claim, name="claim"),
    path("claims/<uuid:claim_id>/rulings/<int:number>/", public.ruling, name="ruling"),
    path("corrections/", public.corrections, name="corrections"),
    path("claims/<uuid:claim_id>/adjudicate/", adjudicating.adjudicate, name="adjudicate"),
    path("claims/<uuid:claim_id>/publisher/", publishers.publisher, name="publisher"),
    path("how-we-judge/", public.how_we_judge, name="how-we-judge"),
    path("log/heads.json", public.log_heads, name="log-heads"),
    path("login/", accounts.sign_in, name="login"),
    path("login/demo/", accounts.sign_in_to_demo, name="login-demo"),
    path("logout/", accounts.sign_out, name="logout"),
    path("desk/", desk.desk, name="desk"),
    path("projects/<slug:slug>/agreement/", agreement.agreement, name="agreement"),
    path("projects/<slug:slug>/work/", handing_out.work, name="work"),
    path("projects/<slug:slug>/webhooks/", webhooks.webhooks, name="webhooks"),
    path("projects/<slug:slug>/webhooks/<uuid:webhook_id>/", webhooks.webhook, name="webhook"),
    path("projects/<slug:slug>/gold/", handing_out.gold, name="gold"),
    path("projects/<slug:slug>/files/", files.files, name="files"),
    path("projects/<slug:slug>/files/imports/", files.imports, name="imports"),
    path("imports/<uuid:import_id>/", files.report, name="import"),
    path("desk/next/", work.next_claim, name="next-claim"),
    path("assignments/<uuid:assignment_id>/keep/", work.keep, name="keep-lease"),
    path("assignments/<uuid:assignment_id>/give-back/", work.back, name="give-back"),
    path("workbench/<slug:slug>/", workbench.workbench, name="workbench"),
    path("workbench/<slug:slug>/list/", workbench.claims, name="workbench-claims"),
    path("workbench/<slug:slug>/marks/", marking.marks, name="workbench-marks"),
    path("workbench/<slug:slug>/revise/", revising.revise, name="revise"),
    path("workbench/<slug:slug>/revisions/<int:number>/", revisions.revision, name="revision"),
    path(
        "workbench/<slug:slug>/revisions/<int:number>/text/", revisions.text, name="revision-text"
    ),
    path(
        "workbench/<slug:slug>/reattachments/<uuid:reattachment_id>/",
        revisions.settle,
        name="settle",
    ),
    path("workbench/<slug:slug>/claimants/", marking.claimants, name="workbench-claimants"),
    path("workbench/<slug:slug>/claims/<uuid:claim_id>/", judging.claim, name="workbench-claim"),
    path(
        "workbench/<slug:slug>/claims/<uuid:claim_id>/verdict/",
        judging.verdict,
        name="workbench-verdict",
    ),
    path(
        "workbench/<slug:slug>/claims/<uuid:claim_id>/verdict/confirm/",
        judging.confirm,
        name="workbench-confirm",
    ),
    path(
        "workbench/<slug:slug>/claims/<uuid:claim_id>/comments/",
        judging.talk,
        name="workbench-comments",
    ),
    path("workbench/<slug:slug>/places/<uuid:place_id>/", marking.move, name="workbench-move"),
    path("workbench/<slug:slug>/claims/<uuid:claim_id>/edit/", marking.edit, name="workbench-edit"),
    path(
        "workbench/<slug:slug>/claims/<uuid:claim_id>/passage/",
        marking.passage,
        name="workbench-passage",
    ),
    path(
        "workbench/<slug:slug>/claims/<uuid:claim_id>/skip/", work.skipping, name="workbench-skip"
    ),
    path(
        "workbench/<slug:slug>/claims/<uuid:claim_id>/unmark/",
        marking.unmark,
        name="workbench-unmark",
    ),
]
