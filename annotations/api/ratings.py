"""The ratings of a scale: `/projects/{slug}/ratings/`, `/ratings/{id}/`, and retiring one."""

import uuid

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.ratings import add_rating, described, edit_rating, retire_rating
from annotations.actions.versions import version_now
from annotations.api.chosen import one_shown
from annotations.api.doors import Door, find
from annotations.api.given import Asked, actor, asked, body
from annotations.api.openapi import lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.ratings import (
    NewRatingGiven,
    OnScaleShape,
    RatingChange,
    RetirementGiven,
)
from annotations.api.versions import if_match, versioned
from annotations.models import Project, Rating
from annotations.models.projects import RatingQuerySet


def readable(request: Request) -> RatingQuerySet:
    rows: RatingQuerySet = Rating.objects.readable_by(request.user)
    return rows


class Ratings(Door):
    @lists(OnScaleShape, Asked, "ratings", "The ratings of a project's scale, retired ones too")
    def get(self, request: Request, slug: str) -> Response:
        wanted = asked(Asked, request)
        project = find(Project.objects.readable_by(request.user), "project", slug=slug)
        return page(readable(request).filter(project=project), wanted, OnScaleShape, request)

    @writes(
        "rating_add",
        "Add a rating to the scale (owners)",
        NewRatingGiven,
        OnScaleShape,
        status=201,
        example={
            "slug": "half-true",
            "name": "Half true",
            "definition": "As much of it is right as is wrong.",
            "look": "needs-context",
            "value": 2.5,
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given = body(NewRatingGiven, request)
        project = find(Project.objects.readable_by(who), "project", slug=slug)
        made = add_rating(project.pk, actor=who, **given)
        return shown(request, made.pk, 201)


class OneRating(Door):
    @reads(OnScaleShape, "rating", "A rating")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return shown(request, id)

    @writes(
        "rating_change",
        "Change what a rating is called, means and looks like (owners)",
        RatingChange,
        OnScaleShape,
        example={"definition": "Wrong in what matters."},
        versioned=True,
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(RatingChange, request)
        edit_rating(id, actor=who, version=if_match(request), **given)
        return shown(request, id)


class Retiring(Door):
    @writes(
        "rating_retire",
        "Take a rating out of use for another, as which it counts from then on (owners)",
        RetirementGiven,
        OnScaleShape,
        example={"replaced_by": "false"},
        versioned=True,
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(RetirementGiven, request)
        retire_rating(id, actor=who, version=if_match(request), **given)
        return shown(request, id)


def shown(request: Request, id: uuid.UUID, status: int = 200) -> Response:
    """A rating with its version."""
    found: Rating = find(readable(request), "rating", pk=id)
    return versioned(one_shown(OnScaleShape, found, request), version_now(described(found)), status)
