"""The history of a thing, told from its events: who, what, from what to what, when, and why."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from annotations.models import Claimant, Event, Rating, User
from annotations.models.events import open_all

A_PAGE = 50

DID = {
    "mark": "marked the claim",
    "add_appearance": "marked a further place",
    "remove_appearance": "removed a place",
    "move_appearance": "marked other words for it",
    "carry": "carried a mark over to a new text",
    "lose_place": "brought in a new text, in which a mark waits for its place",
    "reattach": "gave a mark its place in the new text",
    "let_go": "let a mark go from the new text",
    "edit_claim": "changed what the claim says",
    "unmark": "removed the claim",
    "set_aside": "set the claim aside",
    "restore": "took the claim back into review",
    "restate": "moved the claim by changing what the project asks for or its scale",
    "submit_verdict": "submitted a verdict",
    "revise_verdict": "revised a verdict",
    "confirm_verdict": "let a verdict stand for the changed words",
    "bring_ruling": "brought in a ruling from a record",
    "bring_verdict": "brought in a verdict from a file",
    "start_import": "began to bring a file in",
    "cancel_import": "stopped bringing a file in",
    "resume_import": "went on bringing a file in",
    "end_import": "brought a file in to its end",
    "fail_import": "could not bring a file in to its end",
    "map_rating": "said what a foreign rating is here",
    "unmap_rating": "took back what a foreign rating is here",
    "comment": "commented",
    "edit_comment": "changed a comment",
    "remove_comment": "removed a comment",
    "ask_again": "sent the claim back with a question",
    "ask_for_another": "asked for a further verdict",
    "ask_no_more": "let the verdicts that are in suffice",
    "assign": "lent work to",
    "reassign": "lent somebody’s work to",
    "take_back": "took work back from",
    "hold_back": "took the claim out of the queue",
    "put_back": "put the claim back into the queue",
    "set_gold": "made the claim a gold item",
    "unset_gold": "took the claim out of the gold items",
    "publish": "published a ruling",
    "correct": "corrected the ruling",
    "withdraw": "withdrew the ruling",
    "ask_publisher": "noted a request to the publisher",
    "edit_publisher_correction": "changed what is known of a request to the publisher",
    "place_hold": "placed a legal hold",
    "lift_hold": "lifted a legal hold",
    "import_article": "brought the article in",
    "revise_article": "brought in a new text",
    "edit_article": "changed the article’s details",
    "edit_source": "gave the desk’s view of the source",
    "create_project": "set up the project",
    "edit_project": "changed the project’s settings",
    "add_rating": "added a rating to the scale",
    "edit_rating": "changed the rating",
    "retire_rating": "retired a rating",
    "set_role": "changed the role of",
    "rename_person": "gave another name to",
    "make_token": "made a token for",
    "revoke_token": "revoked a token of",
    "forget_token": "cleared away an ended token of",
    "make_webhook": "set up a webhook",
    "edit_webhook": "changed a webhook",
    "rotate_webhook_secret": "gave a webhook a new secret",
    "remove_webhook": "removed a webhook",
    "test_webhook": "sent a test to a webhook",
    "replay_deliveries": "had a webhook told again",
    "switch_off_webhook": "switched a webhook off",
    "make_account": "made the account of",
    "edit_account": "changed the account of",
    "set_password": "set a new password for",
    "erase_person": "erased the account of",
}

ICONS = {
    "mark": "s-marked",
    "set_aside": "s-set-aside",
    "restore": "i-rotate-ccw",
    "submit_verdict": "s-in-review",
    "revise_verdict": "s-in-review",
    "confirm_verdict": "i-check-check",
    "comment": "i-message-square",
    "ask_again": "i-message-square",
    "ask_for_another": "s-in-review",
    "publish": "s-published",
    "correct": "s-corrected",
    "withdraw": "s-withdrawn",
}

NAMES = {
    "set_aside_reason": "Set aside as",
    "said_on": "Said on",
    "sha256": "",
    "revision": "",
    "claim": "",
    "parent": "",
    "text": "Comment",
    "id": "",
    "user": "",
    "start": "",
    "end": "",
    "number": "",
    "version": "",
}

# What a reader of the log looks for first.
FIRST = ("state", "reason", "rating", "statement", "title", "name", "role", "summary", "rationale")

# What somebody wrote stands in serif; everything else is the tool's own word.
WRITTEN = {"statement", "reason", "rationale", "summary", "note", "quote", "description", "title",
           "text"}  # fmt: skip

ERASED = "erased, with what else the log had sealed of this person"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an event tells of: its name, what it was, what it is."""

    name: str
    was: str
    now: str
    written: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in words."""

    event: Event
    did: str
    whom: str
    icon: str
    changes: list[Change]

    @property
    def who(self) -> str:
        return self.event.actor.pseudonym if self.event.actor else "Factcheck"


@dataclass(frozen=True, slots=True)
class Names:
    """The words for ids and slugs on one page of history: three queries for all of it."""

    people: dict[str, str]
    claimants: dict[str, str]
    ratings: dict[tuple[uuid.UUID | None, str], str]


def entries_of(events: Iterable[Event]) -> list[Entry]:
    """The events of one page, in words."""
    events = list(events)
    open_all(events)
    names = names_in(events)
    return [entry_of(event, names) for event in events]


def did(event: Event) -> str:
    """What was done, as the end of a sentence that begins with who did it."""
    return DID.get(event.verb, event.verb.replace("_", " "))


def entry_of(event: Event, names: Names) -> Entry:
    about = event.object_id if event.object_kind == "user" else (event.after or {}).get("user")
    return Entry(
        event=event,
        did=did(event),
        whom=names.people.get(str(about), ""),
        icon=ICONS.get(event.verb, "i-pencil"),
        changes=changes_of(event, names),
    )


def changes_of(event: Event, names: Names) -> list[Change]:
    """What differs, with the reason for it among the first."""
    before, after = flat(event.whole("before")), flat(event.whole("after"))
    after |= {"reason": ERASED if event.opened.lost else event.reason}
    made = []
    told = after.keys() | before.keys()
    for key in (*(one for one in FIRST if one in told), *sorted(told.difference(FIRST))):
        name = NAMES.get(key, key.replace("_", " ").capitalize())
        was = in_words(key, before.get(key), event, names)
        now = in_words(key, after.get(key), event, names)
        if name and was != now:
            made.append(Change(name, was, now, key in WRITTEN))
    return made


def flat(told: Any) -> dict[str, Any]:
    """An event's before or after, with the place of a mark among the rest."""
    flattened: dict[str, Any] = dict(told or {})
    place = flattened.pop("appearance", None)
    return flattened | {key: one for key, one in (place or {}).items() if key == "quote"}


def in_words(key: str, value: Any, event: Event, names: Names) -> str:
    """One value as a person would say it; nothing for what is empty."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key in ("evidence", "appearances"):
        return f"{len(value)} piece{'s' if len(value) != 1 else ''}"
    if key == "claimant":
        return names.claimants.get(str(value), "")
    if key in ("rating", "replaced_by"):
        return names.ratings.get((event.project_id, value), str(value))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if key in ("state", "role", "kind", "set_aside_reason", "correction", "confidence"):
        return str(value).replace("_", " ")
    return str(value)


def names_in(events: list[Event]) -> Names:
    told = [flat(one) for event in events for one in (event.before, event.after)]
    users = {str(event.object_id) for event in events if event.object_kind == "user"}
    users |= {str(one["user"]) for one in told if one.get("user")}
    said_by = {one["claimant"] for one in told if one.get("claimant")}
    slugs = {one[key] for one in told for key in ("rating", "replaced_by") if one.get(key)}
    projects = {event.project_id for event in events}
    scale = Rating.objects.filter(project__in=projects, slug__in=slugs) if slugs else ()
    return Names(
        people={str(one.subject): one.pseudonym for one in User.objects.filter(subject__in=users)},
        claimants={str(one.pk): str(one) for one in Claimant.objects.filter(pk__in=said_by)},
        ratings={(one.project_id, one.slug): one.name for one in scale},
    )


class Told:
    """A model whose “History” tells its events, newest first, a page at a time."""

    def events(self, thing: Any) -> QuerySet[Event]:
        return Event.objects.about(thing._meta.model_name, thing.pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        this: Any = self
        thing = this.get_object(request, unquote(object_id))
        if not this.has_view_permission(request, thing):
            raise PermissionDenied
        events = this.events(thing).select_related("actor")
        before = request.GET.get("before", "")
        if before.isdecimal() and before.isascii() and len(before) < 19:
            events = events.filter(pk__lt=int(before))
        page = list(events[: A_PAGE + 1])
        context = {
            **this.admin_site.each_context(request),
            "opts": this.opts,
            "title": "History",
            "thing": thing,
            "entries": entries_of(page[:A_PAGE]),
            "older": page[A_PAGE - 1].pk if len(page) > A_PAGE else None,
        }
        return TemplateResponse(request, "admin/history.html", context)
