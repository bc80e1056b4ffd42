"""One annotation: `/annotations/{project}/{its id, or the name it was given}`."""

import uuid
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.annotating import annotate_anew, remove_annotation
from annotations.api.annotated.headers import (
    ANNOTATION,
    RESOURCE,
    AnnotationDoor,
    sent_annotation,
    shown,
    site_of,
)
from annotations.api.given import actor, asked
from annotations.api.shapes.records import Nothing
from annotations.api.versions import if_match
from annotations.models import LegalHold
from annotations.models.annotated import (
    annotation_of,
    annotations_in,
    claim_called,
    was_removed,
)
from annotations.models.holds import refuse_held
from annotations.rules.refusals import NotFound, Refusal


class Removed(Refusal):
    """What was here, and will not be again."""

    status = 410
    title = "Gone"

    def __init__(self) -> None:
        super().__init__(
            "This annotation was removed. Its address is given to no other.",
            offers={"type": "about:blank", "title": self.title},
        )


class OneAnnotation(AnnotationDoor):
    links: ClassVar[tuple[str, ...]] = (RESOURCE, ANNOTATION)

    def get(self, request: Request, slug: str, name: str) -> Response:
        asked(Nothing, request)
        return found(request, slug, claim_at(request, slug, name))

    def put(self, request: Request, slug: str, name: str) -> Response:
        who, version = actor(request), if_match(request)
        given = sent_annotation(request)
        claim = claim_at(request, slug, name)
        annotate_anew(claim, given, actor=who, site=site_of(request), version=version)
        return found(request, slug, claim)

    def delete(self, request: Request, slug: str, name: str) -> Response:
        who, version = actor(request), if_match(request)
        claim = claim_at(request, slug, name)
        remove_annotation(claim, actor=who, site=site_of(request), version=version)
        return Response(status=204)


def claim_at(request: Request, slug: str, name: str) -> uuid.UUID:
    """The claim at an address, if the caller may read it."""
    claim = claim_called(slug, name)
    if claim is not None:
        if annotations_in(slug, request.user).filter(pk=claim).exists():
            return claim
        refuse_held(LegalHold.objects.told_on_claim(claim, request.user))
        if was_removed(claim, request.user):
            raise Removed
    raise NotFound("There is no such annotation, or you may not know of it.")


def found(request: Request, slug: str, claim: uuid.UUID) -> Response:
    made = annotation_of(claim, slug, request.user, site_of(request))
    if made is None:
        raise NotFound("There is no such annotation, or you may not know of it.")
    return shown(made)
