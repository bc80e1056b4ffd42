"""Work that is lent: `/assignments/`, the next of a queue, and skipping a claim."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.assignments import give_back, prolong, skip, take, take_article, take_next
from annotations.actions.handing_out import assign, assign_article, put_back, reassign, take_back
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.given import NothingGiven, actor, asked, body, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.assignments import (
    AssignmentGiven,
    AssignmentsAsked,
    AssignmentShape,
    GivenBack,
    NextGiven,
    ReassignmentGiven,
    SkipGiven,
    SkipShape,
)
from annotations.models import Assignment, Project, User
from annotations.rules.refusals import Conflict, Malformed

NOTHING_LEFT = "Nothing is left for you in this queue just now. Come back later."


class Assignments(MembersDoor):
    @lists(
        AssignmentShape,
        AssignmentsAsked,
        "assignments",
        "What is lent to you; to all, as moderator",
    )
    def get(self, request: Request) -> Response:
        wanted = asked(AssignmentsAsked, request)
        rows = Assignment.objects.visible_to(request.user).in_full()
        rows = narrowed(rows, wanted, {"claim": "claim"})
        if "reviewer" in wanted:
            rows = rows.filter(reviewer=request.user.pk)
        if "live" in wanted:
            live = Assignment.objects.live().values("pk")
            rows = rows.filter(pk__in=live) if wanted["live"] else rows.exclude(pk__in=live)
        return page(rows, wanted, AssignmentShape, request)

    @writes(
        "assignment_make",
        "Take a claim or an article; lend it to a member (moderators)",
        AssignmentGiven,
        AssignmentShape,
        status=201,
        example={"claim": AN_ID},
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        made = lend(body(AssignmentGiven, request), who)
        return Response(assignment_of(request, made.pk), status=201)


class NextAssignment(MembersDoor):
    @writes(
        "assignment_next",
        "Take the next claim of a project's queue",
        NextGiven,
        AssignmentShape,
        status=201,
        example={"project": "ceasefire-talks"},
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        given = body(NextGiven, request)
        project = find(Project.objects.of(who), "project", slug=given["project"])
        lease = take_next(project.pk, actor=who)
        if lease is None:
            raise Conflict(NOTHING_LEFT)
        return Response(assignment_of(request, lease.pk), status=201)


class OneAssignment(MembersDoor):
    @reads(AssignmentShape, "assignment", "What is lent, to whom and until when")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return Response(assignment_of(request, id))


class Prolonging(MembersDoor):
    @writes("assignment_prolong", "Keep what you work on", None, AssignmentShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        return Response(assignment_of(request, prolong(id, actor=who).pk))


class GivingBack(MembersDoor):
    @writes(
        "assignment_give_back",
        "Give back what you have; an article, as done",
        GivenBack,
        AssignmentShape,
        example={"done": True},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        done = body(GivenBack, request)["done"]
        return Response(assignment_of(request, give_back(id, actor=who, done=done).pk))


class Reassigning(MembersDoor):
    @writes(
        "assignment_reassign",
        "Lend it to another member instead (moderators)",
        ReassignmentGiven,
        AssignmentShape,
        example={"reviewer": "Maple"},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(ReassignmentGiven, request)
        made = reassign(id, member_of(given["reviewer"]), actor=who)
        return Response(assignment_of(request, made.pk))


class TakingBack(MembersDoor):
    @writes(
        "assignment_take_back", "Take it back from its holder (moderators)", None, AssignmentShape
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        return Response(assignment_of(request, take_back(id, actor=who).pk))


class Skipping(MembersDoor):
    @writes(
        "claim_skip",
        "Say that you do not want to judge a claim",
        SkipGiven,
        SkipShape,
        example={"reason": "not_my_field", "note": "It rests on a Dutch law."},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        return Response(SkipShape(skip(id, actor=who, **body(SkipGiven, request))).data)


class PuttingBack(MembersDoor):
    @writes("claim_put_back", "Put a claim back into the queue (moderators)")
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        put_back(id, actor=who)
        return Response(status=204)


def lend(given: dict[str, Any], who: User) -> Assignment:
    """Take, or lend to somebody, what the body names."""
    if ("claim" in given) == ("article" in given):
        raise Malformed("Name a claim or an article: one of them.", field="claim")
    if "reviewer" not in given:
        if "minutes" in given:
            raise Malformed("Only what is lent to a reviewer can have a time.", field="minutes")
        if "claim" in given:
            return take(given["claim"], actor=who)
        return take_article(given["article"], actor=who)
    reviewer, minutes = member_of(given["reviewer"]), given.get("minutes")
    if "claim" in given:
        return assign(given["claim"], reviewer, actor=who, minutes=minutes)
    return assign_article(given["article"], reviewer, actor=who, minutes=minutes)


def member_of(pseudonym: str) -> int:
    """Whose pseudonym it is, or nobody's; the action asks for the membership."""
    found = User.objects.filter(pseudonym__iexact=pseudonym).values_list("pk", flat=True).first()
    return found or 0


def assignment_of(request: Request, id: uuid.UUID) -> Any:
    rows = Assignment.objects.visible_to(request.user).in_full()
    return one_shown(AssignmentShape, find(rows, "assignment", pk=id), request)
