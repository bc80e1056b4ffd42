"""The table: each address with each of its methods, on which things it is tried, and who may.

A verb stands for what the table of roles and verbs says of it. A word that begins with “@” is one
of the scene's things. Where a method is not named, it is not there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotations.rules.permissions import Verb
from tests.actions.given import SPENT_MORE
from tests.matrix.scene import PASSWORD
from tests.matrix.who import (
    AUTHOR,
    AUTHORS_TURN,
    AUTHORS_WORDS,
    CLOSED,
    CLOSED_THING,
    DESK,
    EVERYONE,
    FOUNDERS,
    HOLDER,
    MEMBERS,
    MEMBERS_OF_A_HIDDEN,
    MODERATORS,
    MODERATORS_OF_AN_AUTHORS,
    NOBODY,
    NOT_AT_DESK,
    OWN_DESK,
    SIGNED_IN,
    SUPERUSER,
    SUPERUSERS_THING,
    TAKERS,
    WITHHELD,
    Answers,
    Outcome,
    Person,
    adding,
    at_desk,
    by_table,
    closed,
    seen_with,
    step,
)

Body = Mapping[str, Any]
May = Verb | Answers


@dataclass(frozen=True)
class Case:
    """One method of a route, tried on some things, with what is sent: in the body, or in the
    address where the name begins with “?”.
    """

    route: str
    things: tuple[str, ...]
    method: str
    answers: Answers
    body: Body | None


def on(route: str, *things: str, **methods: May | tuple[May, Body]) -> Iterator[Case]:
    """The cases of a route on these things."""
    for method, asked in methods.items():
        may, body = asked if isinstance(asked, tuple) else (asked, None)
        if isinstance(may, Verb):
            may = at_desk(may) if route.startswith("admin:") else by_table(may)
        yield Case(route, things, method, may, body)


def together(*items: Body) -> Body:
    """A body of many, of which one that is refused stops all."""
    return {"items": list(items), "together": True}


REQUEST = {
    "publisher": "Example Times",
    "reached": "editors",
    "asked_on": "2026-02-11",
    "asked": "To say 11%.",
}
JUDGED = {
    "rating": "true",
    "rationale": "It says so.",
    "confidence": "high",
    "evidence": [{"stance": "supports", "address": "https://city.example/budget-2024"}],
}
JUDGED_ON_A_PAGE = {
    "rating": "true",
    "rationale": "It says so.",
    "confidence": "high",
    "evidence": "0",
    "evidence-0-stance": "supports",
    "evidence-0-address": "https://city.example/budget-2024",
    "evidence-0-form": "passage",
}
RULED = {"rating": "true", "summary": "The budget says so.", "evidence": ["@grounds"]}
HOLD = {
    "kind": "restrict",
    "authority": "A court",
    "ground": "An order",
    "ordered_on": "2026-02-11",
}
LIFTED = {"because": "It was set aside."}
GOLD = {"claim": "@drafted", "rating": "true", "explanation": "It says so."}
WEBHOOK = {"address": "https://desk.example/further", "kinds": ["ruling.published"]}
RATING = {
    "slug": "half-true",
    "name": "Half true",
    "definition": "As much is right as wrong.",
    "look": "needs-context",
    "value": 2.5,
}
RETIRED = {"replaced_by": "false"}
FILE = {"?format": "csv", "?name": "claims.csv", "statement": "Prices doubled."}
MAPPED = {"word": "Meh", "rating": "false"}
SAYS = {"text": "It adds up by month."}
NOTE = {"note": "The figure was another."}
CORRECTED = NOTE | {
    "rating": "false",
    "summary": "It does not.",
    "evidence": ["@public_piece"],
    "correction": "substantial",
}
ANNOTATION = {
    "type": "Annotation",
    "body": {"type": "TextualBody", "purpose": "describing", "value": "Another"},
    "target": {
        "source": "http://testserver/articles/council-spends-more/",
        "selector": {"type": "TextQuoteSelector", "exact": SPENT_MORE},
    },
}
SPAN = {"start": 0, "end": 11}
ADDED = {"article": "@article", **SPAN}
NEW = {"text": "The harbour was dredged\n\nThe harbour cost 5 million."}
SETTINGS = {
    "name": "Budget",
    "verdicts_required": "2",
    "blind": "on",
    "lease_minutes": "30",
    "queue_order": "oldest",
    "gold_every": "0",
    "gold_mode": "training",
}
ACCOUNT = {"username": "wren", "pseudonym": "Wren", "is_active": "on", "password": PASSWORD}


PUBLIC = [
    *on("healthz", GET=EVERYONE),
    *on("readyz", GET=EVERYONE),
    *on("home", GET=EVERYONE),
    *on("article", "article", GET=EVERYONE),
    *on("article", "hidden", GET=NOBODY),
    *on("claim", "published", GET=EVERYONE),
    *on("claim", "withdrawn", GET=EVERYONE),
    *on("claim", "agreed", GET=NOBODY),
    *on("claim", "held", GET=WITHHELD),
    *on("ruling", "published", "first_ruling", GET=EVERYONE),
    *on("ruling", "published", "two", GET=NOBODY),
    *on("ruling", "agreed", "first_ruling", GET=NOBODY),
    *on("corrections", GET=EVERYONE),
    *on("log-heads", GET=EVERYONE),
    *on("how-we-judge", GET=EVERYONE),
    *on("login", GET=EVERYONE, POST=(EVERYONE, {"username": "maple", "password": PASSWORD})),
    *on("login-demo", POST=(EVERYONE, {"account": "@demo"})),
    *on("logout", GET=EVERYONE, POST=EVERYONE),
]

WORK = [
    *on("desk", GET=SIGNED_IN),
    *on("next-claim", POST=(TAKERS, {"project": "@project"})),
    *on("keep-lease", "loan", POST=AUTHOR),
    *on("give-back", "loan", POST=AUTHOR),
    *on(
        "work",
        "project",
        GET=Verb.ASSIGN,
        POST=(Verb.ASSIGN, {"do": "take-back", "assignment": "@loan"}),
    ),
    *on("gold", "project", GET=Verb.SET_GOLD, POST=(Verb.SET_GOLD, GOLD)),
    *on(
        "webhooks",
        "project",
        GET=Verb.MANAGE_WEBHOOKS,
        POST=(Verb.MANAGE_WEBHOOKS, WEBHOOK | {"do": "make"}),
    ),
    *on(
        "webhook",
        "project",
        "webhook",
        GET=Verb.MANAGE_WEBHOOKS,
        POST=(Verb.MANAGE_WEBHOOKS, {"do": "rotate"}),
    ),
    *on(
        "files",
        "project",
        GET=MEMBERS,
        POST=(Verb.MAP_RATINGS, {"do": "map", "word": "Half flip", "rating": "true"}),
    ),
    *on("files", "project", POST=(Verb.IMPORT_FILE, {"do": "cancel", "import": "@import"})),
    *on("imports", "project", GET=Verb.IMPORT_FILE),
    *on("import", "import", GET=MODERATORS),
    *on("agreement", "project", GET=Verb.SEE_ALL_VERDICTS),
    *on(
        "adjudicate",
        "disputed",
        GET=Verb.RULE,
        POST=(Verb.RULE, RULED | {"do": "publish", "reason": "It is better."}),
    ),
    *on(
        "publisher",
        "published",
        GET=Verb.ASK_PUBLISHER,
        POST=(Verb.ASK_PUBLISHER, REQUEST | {"outcome": "none_yet"}),
    ),
    *on("workbench", "article", GET=MEMBERS),
    *on("workbench-claims", "article", GET=MEMBERS),
    *on("workbench-marks", "article", GET=(MEMBERS, SPAN), POST=(Verb.MARK, SPAN)),
    *on(
        "revise",
        "hidden",
        GET=Verb.REVISE_ARTICLE,
        POST=(
            Verb.REVISE_ARTICLE,
            NEW | {"do": "accept", "based_on": "@hidden_revision", "media_type": "text/plain"},
        ),
    ),
    *on("revision", "hidden", "two", GET=MEMBERS),
    *on("revision-text", "hidden", "two", GET=MEMBERS),
    *on(
        "settle",
        "hidden",
        "reattachment",
        POST=(Verb.REATTACH, {"places": "@proposed", "revision": "@hidden_revision"}),
    ),
    *on("workbench-claimants", "article", GET=(MEMBERS, {"claimant": "mayor"})),
    *on("workbench-claim", "article", "disputed", GET=MEMBERS),
    *on(
        "workbench-verdict",
        "article",
        "marked",
        POST=(Verb.JUDGE, JUDGED_ON_A_PAGE | {"do": "submit"}),
    ),
    *on("workbench-verdict", "article", "drafted", POST=(AUTHOR, {"do": "discard"})),
    *on("workbench-confirm", "hidden", "homeless", POST=AUTHORS_TURN),
    *on(
        "workbench-comments",
        "article",
        "disputed",
        POST=(Verb.COMMENT, {"do": "comment", "text": "It adds up."}),
    ),
    *on("workbench-move", "article", "place", POST=(Verb.EDIT_CLAIM, SPAN | {"start": 4})),
    *on(
        "workbench-edit",
        "article",
        "marked",
        GET=MEMBERS,
        POST=(Verb.EDIT_CLAIM, {"statement": "Another", "kind": "factual"}),
    ),
    *on("workbench-passage", "article", "disputed", POST=(Verb.MARK, SPAN)),
    *on("workbench-passage", "article", "published", POST=(Verb.RULE, SPAN)),
    *on(
        "workbench-skip",
        "article",
        "marked",
        GET=MEMBERS,
        POST=(Verb.TAKE_WORK, {"reason": "unclear"}),
    ),
    *on("workbench-unmark", "article", "marked", POST=Verb.UNMARK),
]

API = [
    *on("api:index", GET=EVERYONE),
    *on("api:schema", GET=EVERYONE),
    *on("api:record-schema", GET=EVERYONE),
    *on("api:docs", GET=EVERYONE),
    *on("annotated:container", "project", GET=EVERYONE, POST=(Verb.MARK, ANNOTATION)),
    *on("annotated:annotation", "project", "published", GET=EVERYONE),
    *on("annotated:annotation", "project", "held", GET=WITHHELD),
    *on(
        "annotated:annotation",
        "project",
        "golden",
        GET=MEMBERS_OF_A_HIDDEN,
        PUT=(Verb.EDIT_CLAIM, ANNOTATION),
        DELETE=Verb.UNMARK,
    ),
    *on(
        "api:nothing",
        "words",
        GET=NOBODY,
        POST=NOBODY,
        PUT=NOBODY,
        PATCH=NOBODY,
        DELETE=NOBODY,
    ),
    *on("api:projects", GET=EVERYONE, POST=(FOUNDERS, {"slug": "lighthouse", "name": "Light"})),
    *on("api:project", "project", GET=EVERYONE, PATCH=(Verb.EDIT_PROJECT, {"name": "Budget"})),
    *on("api:changes", GET=EVERYONE),
    *on("api:formats", GET=EVERYONE),
    *on("api:tokens", GET=SIGNED_IN, POST=(SIGNED_IN, {"name": "nightly"})),
    *on("api:current-token", GET=NOBODY | {Person.ANYBODY: Outcome.SIGN_IN}),
    *on("api:token", "token", GET=AUTHOR),
    *on("api:revoke-token", "token", POST=AUTHOR),
    *on("api:export", "project", GET=EVERYONE),
    *on("api:export-report", "project", GET=EVERYONE),
    *on("api:imports", "project", GET=Verb.IMPORT_FILE, POST=(Verb.IMPORT_FILE, FILE)),
    *on("api:import", "import", GET=MODERATORS),
    *on("api:cancel-import", "import", POST=MODERATORS),
    *on("api:resume-import", "stopped_import", POST=MODERATORS),
    *on("api:import-refusals", "import", GET=MODERATORS),
    *on("api:rating-maps", "project", GET=Verb.MAP_RATINGS, POST=(Verb.MAP_RATINGS, MAPPED)),
    *on("api:rating-map", "rating_map", GET=Verb.MAP_RATINGS, DELETE=Verb.MAP_RATINGS),
    *on("api:agreement", "project", GET=Verb.SEE_ALL_VERDICTS),
    *on("api:ratings", "project", GET=EVERYONE, POST=(Verb.MANAGE_SCALE, RATING)),
    *on(
        "api:webhooks",
        "project",
        GET=Verb.MANAGE_WEBHOOKS,
        POST=(Verb.MANAGE_WEBHOOKS, WEBHOOK),
    ),
    *on(
        "api:webhook",
        "project",
        "webhook",
        GET=Verb.MANAGE_WEBHOOKS,
        PATCH=(Verb.MANAGE_WEBHOOKS, {"is_on": False}),
        DELETE=Verb.MANAGE_WEBHOOKS,
    ),
    *on("api:rotate", "project", "webhook", POST=Verb.MANAGE_WEBHOOKS),
    *on("api:test-webhook", "project", "webhook", POST=Verb.MANAGE_WEBHOOKS),
    *on("api:replay", "project", "webhook", POST=Verb.MANAGE_WEBHOOKS),
    *on("api:deliveries", "project", "webhook", GET=Verb.MANAGE_WEBHOOKS),
    *on("api:delivery", "project", "webhook", "delivery", GET=Verb.MANAGE_WEBHOOKS),
    *on("api:replay-one", "project", "webhook", "delivery", POST=Verb.MANAGE_WEBHOOKS),
    *on("api:rating", "rating", GET=EVERYONE, PATCH=(Verb.MANAGE_SCALE, {"name": "Quite true"})),
    *on("api:retire", "rating", POST=(Verb.MANAGE_SCALE, RETIRED)),
    *on(
        "api:articles",
        GET=EVERYONE,
        POST=(Verb.IMPORT_ARTICLE, {"project": "@project", "text": "A headline"}),
    ),
    *on("api:article", "article", GET=EVERYONE, PATCH=(Verb.EDIT_ARTICLE, {"publisher": "Post"})),
    *on("api:article", "hidden", GET=MEMBERS_OF_A_HIDDEN),
    *on("api:record", "article", GET=EVERYONE),
    *on("api:record", "hidden", GET=MEMBERS_OF_A_HIDDEN),
    *on("api:revise", "hidden", POST=(Verb.REVISE_ARTICLE, NEW | {"based_on": "@hidden_revision"})),
    *on("api:preview", "hidden", POST=(Verb.REVISE_ARTICLE, NEW)),
    *on("api:revisions", GET=EVERYONE),
    *on("api:revision", "revision", GET=EVERYONE),
    *on("api:revision", "hidden_revision", GET=MEMBERS_OF_A_HIDDEN),
    *on(
        "api:members",
        "project",
        GET=Verb.ASSIGN,
        POST=(Verb.MANAGE_MEMBERS, {"pseudonym": "Osprey", "role": "reviewer"}),
    ),
    *on("api:claimants", "project", GET=MEMBERS),
    *on("api:events", GET=SIGNED_IN),
    *on("api:claims", GET=EVERYONE, POST=(Verb.MARK, ADDED)),
    *on(
        "api:many-claims",
        POST=(Verb.MARK, together(ADDED)),
        PATCH=(Verb.EDIT_CLAIM, together({"id": "@marked", "version": "*", "kind": "opinion"})),
    ),
    *on("api:claim", "published", GET=EVERYONE),
    *on("api:claim", "held", GET=WITHHELD),
    *on(
        "api:claim",
        "marked",
        GET=MEMBERS_OF_A_HIDDEN,
        PATCH=(Verb.EDIT_CLAIM, {"statement": "Another"}),
        DELETE=Verb.UNMARK,
    ),
    *on("api:set-aside", "marked", POST=(Verb.SET_ASIDE, {"set_aside_reason": "opinion"})),
    *on("api:restore", "set_aside", POST=Verb.RESTORE),
    *on("api:ask-again", "disputed", POST=(Verb.ASK_REVIEWERS, {"question": "Which year?"})),
    *on("api:ask-for-another", "agreed", POST=Verb.ASK_REVIEWERS),
    *on("api:ask-no-more", "awaited", POST=Verb.ASK_REVIEWERS),
    *on("api:skip", "marked", POST=(Verb.TAKE_WORK, {"reason": "unclear"})),
    *on("api:put-back", "held_back", POST=Verb.ASSIGN),
    *on("api:assignments", GET=SIGNED_IN, POST=(Verb.TAKE_WORK, {"claim": "@drafted"})),
    *on("api:next", POST=(MEMBERS, {"project": "@project"})),
    *on("api:assignment", "loan", GET=seen_with(Verb.ASSIGN)),
    *on("api:prolong", "loan", POST=AUTHOR),
    *on("api:give-back", "loan", POST=AUTHOR),
    *on("api:reassign", "loan", POST=(MODERATORS_OF_AN_AUTHORS, {"reviewer": "Finch"})),
    *on("api:take-back", "loan", POST=MODERATORS_OF_AN_AUTHORS),
    *on("api:gold", GET=SIGNED_IN, POST=(Verb.SET_GOLD, GOLD)),
    *on("api:one-gold-item", "gold", GET=MODERATORS, PATCH=(MODERATORS, {"rating": "true"})),
    *on("api:unset-gold", "gold", POST=MODERATORS),
    *on("api:comments", GET=SIGNED_IN, POST=(Verb.COMMENT, SAYS | {"claim": "@disputed"})),
    *on(
        "api:comment",
        "comment",
        GET=seen_with(Verb.SEE_ALL_VERDICTS),
        PATCH=(AUTHORS_WORDS, SAYS),
    ),
    *on(
        "api:remove-comment",
        "comment",
        POST=(seen_with(Verb.SEE_ALL_VERDICTS), {"reason": "It is about a person."}),
    ),
    *on("api:appearances", GET=EVERYONE, POST=(Verb.MARK, ADDED | {"claim": "@disputed"})),
    *on("api:many-appearances", POST=(Verb.MARK, together(ADDED | {"claim": "@disputed"}))),
    *on("api:appearance", "public_place", GET=EVERYONE),
    *on(
        "api:appearance",
        "further",
        GET=MEMBERS_OF_A_HIDDEN,
        PATCH=(Verb.EDIT_CLAIM, {"start": 4, "end": 11}),
        DELETE=Verb.UNMARK,
    ),
    *on("api:reattachments", GET=SIGNED_IN),
    *on("api:reattachment", "reattachment", GET=MEMBERS),
    *on("api:reattach", "reattachment", POST=Verb.REATTACH),
    *on("api:let-go", "reattachment", POST=Verb.REATTACH),
    *on("api:verdicts", GET=SIGNED_IN, POST=(Verb.JUDGE, JUDGED | {"claim": "@marked"})),
    *on("api:many-verdicts", POST=(Verb.JUDGE, together(JUDGED | {"claim": "@marked"}))),
    *on("api:verdict", "verdict", GET=seen_with(Verb.SEE_ALL_VERDICTS)),
    *on(
        "api:verdict",
        "draft",
        GET=AUTHOR,
        PUT=(AUTHOR, JUDGED),
        PATCH=(AUTHOR, {"confidence": "low"}),
        DELETE=AUTHOR,
    ),
    *on("api:submit", "draft", POST=AUTHOR),
    *on("api:evidence", GET=EVERYONE),
    *on("api:one-evidence", "public_piece", GET=EVERYONE),
    *on(
        "api:one-evidence",
        "piece",
        GET=seen_with(Verb.SEE_ALL_VERDICTS, anybody=Outcome.MISSING),
    ),
    *on("api:sources", GET=EVERYONE),
    *on(
        "api:many-sources",
        PATCH=(
            Verb.EDIT_SOURCE,
            together({"id": "@public_source", "version": "*", "reliability": "mixed"}),
        ),
    ),
    *on(
        "api:source",
        "public_source",
        GET=EVERYONE,
        PATCH=(Verb.EDIT_SOURCE, {"reliability": "mixed"}),
    ),
    *on("api:source", "source", GET=seen_with(Verb.SEE_ALL_VERDICTS, anybody=Outcome.MISSING)),
    *on(
        "api:rulings",
        GET=EVERYONE,
        POST=(Verb.RULE, RULED | {"claim": "@disputed", "reason": "It is better."}),
    ),
    *on(
        "api:publisher-corrections",
        GET=EVERYONE,
        POST=(Verb.ASK_PUBLISHER, REQUEST | {"claim": "@published"}),
    ),
    *on(
        "api:publisher-correction",
        "request",
        GET=EVERYONE,
        PATCH=(Verb.ASK_PUBLISHER, {"asked": "To say 12%."}),
    ),
    *on("api:holds", GET=SIGNED_IN, POST=(Verb.HOLD, HOLD | {"claim": "@published"})),
    *on("api:hold", "hold", GET=MODERATORS),
    *on("api:lift", "hold", POST=(Verb.HOLD, LIFTED)),
    *on("api:ruling", "ruling", GET=EVERYONE),
    *on(
        "api:correct",
        "ruling",
        POST=(Verb.RULE, CORRECTED),
    ),
    *on("api:withdraw", "ruling", POST=(Verb.RULE, NOTE)),
]


def desk_of(
    model: str,
    thing: str,
    *,
    listed: Answers = DESK,
    seen: Answers = OWN_DESK,
    form: Answers = CLOSED,
    add: tuple[Answers, Body] = (CLOSED, {}),
    change: May | tuple[May, Body] = CLOSED_THING,
    delete: Answers = CLOSED_THING,
) -> Iterator[Case]:
    """The pages that Django's admin has for every model. Nothing is deleted there.

    A page that only shows answers POST as it does GET.
    """
    base = f"admin:annotations_{model}"
    yield from on(f"{base}_changelist", GET=listed, POST=listed)
    yield from on(f"{base}_add", GET=form, POST=add)
    yield from on(f"{base}_change", thing, GET=seen, POST=change)
    yield from on(f"{base}_history", thing, GET=seen, POST=seen)
    yield from on(f"{base}_delete", thing, GET=delete, POST=delete)
    yield from on(f"/admin/annotations/{model}/<path:object_id>/", thing, GET=DESK, POST=DESK)


ADMIN = [
    *on("admin:index", GET=DESK, POST=DESK),
    *on("admin:login", GET=CLOSED, POST=CLOSED),
    *on("admin:logout", POST=SIGNED_IN),
    *on("admin:password_change", GET=NOT_AT_DESK, POST=NOT_AT_DESK),
    *on("admin:password_change_done", GET=NOT_AT_DESK),
    *on("admin:autocomplete", GET=CLOSED),
    *on("admin:jsi18n", GET=DESK),
    *on("admin:view_on_site", "account", "account", GET=NOT_AT_DESK),
    *on("admin:app_list", "app", GET=DESK, POST=DESK),
    *on("/admin/(?P<url>.*)$", "words", GET=NOT_AT_DESK, POST=NOT_AT_DESK),
    *desk_of(
        "article",
        "hidden_id",
        form=adding(Verb.IMPORT_ARTICLE, root=Outcome.REFUSED),
        add=(
            adding(Verb.IMPORT_ARTICLE, root=Outcome.REFUSED, elsewhere=Outcome.UNREAD),
            {"project": "@project_id", "text": "A headline", "language": "en"},
        ),
        change=(Verb.EDIT_ARTICLE, {"title": "Spending", "language": "en"}),
    ),
    *desk_of("claim", "disputed"),
    *on(
        "admin:annotations_claim_changelist",
        POST=(DESK, {"action": "set_aside_as_opinion", "_selected_action": ["@marked"]}),
    ),
    *on(
        "admin:annotations_claim_publish",
        "disputed",
        GET=OWN_DESK,
        POST=(step(Verb.RULE), RULED | {"reason": "It is better."}),
    ),
    *on(
        "admin:annotations_claim_correct",
        "published",
        GET=OWN_DESK,
        POST=(step(Verb.RULE), CORRECTED),
    ),
    *on(
        "admin:annotations_claim_withdraw",
        "published",
        GET=OWN_DESK,
        POST=(step(Verb.RULE), NOTE),
    ),
    *on(
        "admin:annotations_claim_set-aside",
        "marked",
        GET=OWN_DESK,
        POST=(step(Verb.SET_ASIDE), {"set_aside_reason": "opinion"}),
    ),
    *on(
        "admin:annotations_claim_ask-again",
        "disputed",
        GET=OWN_DESK,
        POST=(step(Verb.ASK_REVIEWERS), {"question": "Which year?", "reviewers": ["Maple"]}),
    ),
    *on(
        "admin:annotations_claim_ask-for-another",
        "agreed",
        GET=OWN_DESK,
        POST=step(Verb.ASK_REVIEWERS),
    ),
    *on("admin:annotations_claim_restore", "set_aside", GET=OWN_DESK, POST=step(Verb.RESTORE)),
    *desk_of(
        "source",
        "source",
        change=(Verb.EDIT_SOURCE, {"reliability": "mixed", "reliability_note": "Late."}),
    ),
    *desk_of(
        "project",
        "project_id",
        form=adding(Verb.EDIT_PROJECT, root=Outcome.DONE),
        add=(adding(Verb.EDIT_PROJECT, root=Outcome.DONE), SETTINGS | {"slug": "budget"}),
        change=(Verb.EDIT_PROJECT, SETTINGS),
    ),
    *on(
        "admin:annotations_project_members",
        "project_id",
        GET=OWN_DESK,
        POST=(step(Verb.MANAGE_MEMBERS), {"user": "Finch", "role": "moderator"}),
    ),
    *desk_of(
        "rating",
        "rating",
        form=adding(Verb.MANAGE_SCALE, root=Outcome.REFUSED),
        add=(
            adding(Verb.MANAGE_SCALE, root=Outcome.REFUSED, elsewhere=Outcome.UNREAD),
            RATING | {"project": "@project_id"},
        ),
        change=(Verb.MANAGE_SCALE, {"name": "Right", "definition": "It is so.", "look": "true"}),
    ),
    *on(
        "admin:annotations_rating_retire",
        "rating",
        GET=OWN_DESK,
        POST=(step(Verb.MANAGE_SCALE), RETIRED),
    ),
    *desk_of(
        "legalhold",
        "hold",
        form=adding(Verb.HOLD, root=Outcome.REFUSED),
        add=(
            adding(Verb.HOLD, root=Outcome.REFUSED, elsewhere=Outcome.MISSING),
            HOLD | {"claim": "@published"},
        ),
        change=(Verb.HOLD, LIFTED),
    ),
    *desk_of("import", "import"),
    *on("admin:annotations_import_cancel", "import", GET=OWN_DESK, POST=step(Verb.IMPORT_FILE)),
    *on(
        "admin:annotations_import_resume",
        "stopped_import",
        GET=OWN_DESK,
        POST=step(Verb.IMPORT_FILE),
    ),
    *desk_of("event", "event"),
    *desk_of(
        "token",
        "token",
        seen=HOLDER,
        form=DESK,
        add=(DESK, {"name": "nightly", "days": "3"}),
        change=closed(HOLDER),
        delete=closed(HOLDER),
    ),
    *on("admin:annotations_token_revoke", "token", GET=HOLDER, POST=HOLDER),
    *desk_of(
        "user",
        "account",
        listed=SUPERUSER,
        seen=SUPERUSERS_THING,
        form=SUPERUSER,
        add=(SUPERUSER, ACCOUNT),
        change=(SUPERUSERS_THING, ACCOUNT),
        delete=closed(SUPERUSERS_THING),
    ),
    *on(
        "admin:annotations_user_password",
        "account",
        GET=SUPERUSERS_THING,
        POST=(SUPERUSERS_THING, {"password": "another for the matrix"}),
    ),
    *on(
        "admin:annotations_user_erase",
        "account",
        GET=SUPERUSERS_THING,
        POST=(SUPERUSERS_THING, {"pseudonym": "Maple"}),
    ),
]

CASES = [*PUBLIC, *WORK, *API, *ADMIN]
