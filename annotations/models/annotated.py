"""Claims as Web Annotations: what a person may read of each, in the W3C's model.

An annotation is a claim with the places where it stands. What is judged of it is the ruling in
force, for everybody; where there is none, the person's own newest verdict, drafts included. Others'
verdicts are never in it, so that it tells a blind reviewer nothing.
"""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Subquery

from annotations.formats import pages, webannotation
from annotations.formats.annotated import KEPT
from annotations.formats.moments import in_utc
from annotations.models.appearances import Appearance
from annotations.models.articles import Revision
from annotations.models.claims import Claim, ClaimQuerySet
from annotations.models.events import Event
from annotations.models.names import AnnotationName
from annotations.models.people import User
from annotations.models.projects import Membership, in_project
from annotations.models.rulings import Ruling
from annotations.models.verdicts import Evidence, Verdict
from annotations.rules.claims import RulingKind
from annotations.rules.versions import version_of

JUDGES = ("tagging", "commenting", "linking")  # the purposes of bodies that judge


def annotations_in(project: str, person: User | AnonymousUser) -> ClaimQuerySet:
    """The claims of a project that a person may read, each with its `name`, if it has one."""
    named = AnnotationName.objects.filter(claim=OuterRef("pk")).values("name")
    rows: ClaimQuerySet = Claim.objects.readable_by(person).filter(in_project(project))
    return rows.annotate(name=Subquery(named[:1]))


def with_all(rows: ClaimQuerySet, person: User | AnonymousUser) -> ClaimQuerySet:
    """Each with all that `annotation` says of it: a fixed number of queries for all of them.

    A claim stands where it stood last in an article whose newest text no longer has it.
    """
    later = Appearance.objects.filter(
        claim=OuterRef("claim"), article=OuterRef("article"),
        revision__number__gt=OuterRef("revision__number"),
    )  # fmt: skip
    places = (
        Appearance.objects.filter(~Exists(later))
        .select_related("article")
        .prefetch_related(Prefetch("revision", Revision.objects.only("id", "imported_at")))
        .order_by("id")
    )
    rulings = Ruling.objects.in_full(person).current().exclude(kind=RulingKind.WITHDRAWAL)
    own = Verdict.objects.visible_to(person).filter(reviewer=person.pk, superseded_at=None)
    return rows.select_related("project", "marked_by").prefetch_related(
        Prefetch("appearances", places, to_attr="places"),
        Prefetch("rulings", rulings, to_attr="rulings_now"),
        Prefetch("verdicts", own.in_full().order_by("-version"), to_attr="own"),
    )


def annotation_of(
    claim: uuid.UUID, project: str, person: User | AnonymousUser, site: str
) -> dict[str, Any] | None:
    """The annotation of a claim, as the person may read it; None where there is none."""
    found = with_all(annotations_in(project, person).filter(pk=claim), person).first()
    return annotation(found, site) if found else None


def tag_of(made: Mapping[str, Any]) -> str:
    """The version of what is said: of an annotation, a page, a container."""
    return version_of(made)


def address_of(claim: Any, site: str, project: str) -> str:
    """Where an annotation is: the container's address, and its name or its id."""
    return pages.annotations(site, project) + (claim.name or str(claim.pk))


def annotation(claim: Any, site: str) -> dict[str, Any]:
    """A claim read `with_all` as an annotation."""
    said = {"id": str(claim.pk), "statement": claim.statement, "topics": claim.topics}
    judged, by = judged_of(claim)
    bodies = webannotation.bodies(said, judged, site)
    if judged:
        _tell(bodies, judged, by)
    kept = claim.kept.get(webannotation.SLUG, {})
    return {
        "@context": webannotation.CONTEXT,
        **{name: kept[name] for name in KEPT if name in kept},
        "id": address_of(claim, site, claim.project.slug),
        "type": "Annotation",
        "motivation": "assessing" if judged else "highlighting",
        "creator": {"type": "Person", "name": claim.marked_by.pseudonym},
        "created": in_utc(claim.marked_at.isoformat()),
        "body": bodies,
        "target": [target_of(place, site) for place in claim.places],
    }


def judged_of(claim: Any) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What is judged of a claim, and what each body that says so tells of who said it when.

    A draft has no moment at which it was given.
    """
    ruling: Ruling | None = claim.ruling_now
    verdict: Verdict | None = next(iter(claim.own), None)
    at: datetime.datetime | None
    if ruling is not None:
        by, at, words, pieces = ruling.made_by, ruling.made_at, ruling.summary, ruling.pieces
        rating = ruling.rating
    elif verdict is not None:
        by, at, words, pieces = (
            verdict.reviewer, verdict.submitted_at, verdict.rationale, verdict.pieces,
        )  # fmt: skip
        rating = verdict.rating and verdict.rating.counts_as
    else:
        return None, {}
    judged = {
        "rating": rating.slug if rating else "",
        "rationale": words,
        "evidence": [_piece(one) for one in pieces if one.source],
    }
    when = {"created": in_utc(at.isoformat())} if at else {}
    return judged, {"creator": {"type": "Person", "name": by.pseudonym}, **when}


def _tell(bodies: list[dict[str, Any]], judged: dict[str, Any], by: dict[str, Any]) -> None:
    """Who said what is judged, and which way each source points: `stance`, for which the model has
    no word.
    """
    pieces = iter(judged["evidence"])
    for body in bodies:
        if body["purpose"] == "linking" and (stance := next(pieces)["stance"]):
            body["stance"] = stance
        if body["purpose"] in JUDGES:
            body |= by


def _piece(one: Evidence) -> dict[str, Any]:
    address = one.source.address if one.source else ""
    return {"source": {"address": address}, "stance": one.stance, "quote": one.quote}


def target_of(place: Appearance, site: str) -> dict[str, Any]:
    """Where a place is, as exports write it."""
    article = {"slug": place.article.slug, "address": place.article.address}
    at = place.revision.imported_at.isoformat()
    revision = {"id": str(place.revision_id), "imported_at": at}
    names = ("quote", "prefix", "suffix", "start", "end")
    here = {name: getattr(place, name) for name in names}
    return webannotation.target({"article": article}, revision, here, site)


def claim_called(project: str, name: str) -> uuid.UUID | None:
    """The claim, there or removed, that an address names: by its id, or by a name it was given."""
    try:
        return uuid.UUID(name)
    except ValueError:
        found = AnnotationName.objects.filter(project__slug=project, name=name)
        return found.values_list("claim", flat=True).first()


def was_removed(claim: uuid.UUID, person: User | AnonymousUser) -> bool:
    """Whether it was there and its mark was removed: what members of its project may know."""
    member = Membership.objects.filter(user=person.pk, project=OuterRef("project"))
    return Event.objects.of_claim(claim).filter(Exists(member), verb="unmark").exists()
