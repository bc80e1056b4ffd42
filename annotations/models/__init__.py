"""The tables, their constraints, and every read as a QuerySet method."""

from annotations.models.answers import Answer
from annotations.models.appearances import Appearance, Reattachment
from annotations.models.articles import Article, Revision
from annotations.models.assignments import Assignment, Skip
from annotations.models.chain import Link, PublishedHead
from annotations.models.claims import Claim, Claimant
from annotations.models.comments import Addressee, Comment
from annotations.models.events import Event
from annotations.models.gold import GoldItem
from annotations.models.holds import LegalHold
from annotations.models.imports import (
    Import,
    ImportPart,
    ImportRefusal,
    Origin,
    Outsider,
    RatingMap,
    WaitingVerdict,
)
from annotations.models.limits import Counter
from annotations.models.names import AnnotationName
from annotations.models.people import Token, User
from annotations.models.projects import Membership, Project, Rating, RatingScale
from annotations.models.publishers import PublisherCorrection
from annotations.models.rulings import Ruling, RulingEvidence
from annotations.models.sealed import SubjectKey
from annotations.models.searching import ArticleWords, ClaimWords
from annotations.models.verdicts import Evidence, Source, Verdict
from annotations.models.webhooks import Attempt, Delivery, Webhook

__all__ = [
    "Addressee",
    "AnnotationName",
    "Answer",
    "Appearance",
    "Article",
    "ArticleWords",
    "Assignment",
    "Attempt",
    "Claim",
    "ClaimWords",
    "Claimant",
    "Comment",
    "Counter",
    "Delivery",
    "Event",
    "Evidence",
    "Link",
    "LegalHold",
    "GoldItem",
    "Import",
    "ImportPart",
    "ImportRefusal",
    "Membership",
    "Origin",
    "Outsider",
    "Project",
    "PublishedHead",
    "PublisherCorrection",
    "Rating",
    "RatingMap",
    "RatingScale",
    "Reattachment",
    "Revision",
    "Ruling",
    "RulingEvidence",
    "Skip",
    "Source",
    "SubjectKey",
    "Token",
    "User",
    "Verdict",
    "Webhook",
    "WaitingVerdict",
]
