"""Every door at which something of a claim can be read, and what it is meant to show there.

What it shows to whom is still the table's to say (`annotations.rules.sight`): a door that is meant
to show everybody a thing shows it to those who see it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from annotations.models.exports import exports
from annotations.rules.sight import EVERY, Looker, Thing
from annotations.rules.states import BEFORE_A_RULING, PUBLIC, RULED, VERDICTS_ARE_IN, State

Meant = tuple[Thing, Looker, State]

ALL = frozenset(Looker)
MEMBERS = ALL - {Looker.READER, Looker.STRANGER}
MODERATORS = frozenset({Looker.MODERATOR, Looker.OWNER})
CHANGED = RULED - {State.PUBLISHED}

CLAIM, STATE, REVIEWERS, VERDICTS = Thing.CLAIM, Thing.STATE, Thing.REVIEWERS, Thing.VERDICTS
DRAFTS, RULING, EARLIER, REASON = Thing.DRAFTS, Thing.RULING, Thing.EARLIER, Thing.REASON
COMMENTS, GOLD, LOG, REQUESTS = Thing.COMMENTS, Thing.GOLD, Thing.LOG, Thing.REQUESTS
JUDGEMENT = (REVIEWERS, VERDICTS)

# What waits for a ruling, and what counts in a study of agreement.
WAITING = VERDICTS_ARE_IN
STUDIED = EVERY - {State.MARKED, State.SET_ASIDE}
INDEPENDENT = {Looker.MODERATOR}  # who is tried where verdicts are blind


def to(
    lookers: Collection[Looker], *things: Thing, within: Collection[State] = EVERY
) -> frozenset[Meant]:
    """These things, meant for these people, of claims in these states."""
    return frozenset((thing, one, state) for thing in things for one in lookers for state in within)


@dataclass(frozen=True)
class Door:
    """An address on things of the scene: of one claim, so that it is read in each state, or shared.

    `by_state` asks for the claims in each state, so that what is listed tells its state. `also`
    are the things whose words stand there whatever the claims are, and so tell of none.
    """

    route: str
    things: tuple[str, ...]
    asked: dict[str, str] = field(default_factory=dict)
    shows: frozenset[Meant] = frozenset()
    also: frozenset[Thing] = frozenset()
    by_state: bool = False


def door(
    route: str, *things: str, shows: Collection[frozenset[Meant]] = (),
    also: Collection[Thing] = (), by_state: bool = False, **asked: str,
) -> Door:  # fmt: skip
    return Door(route, things, asked, frozenset().union(*shows), frozenset(also), by_state)


# Rows of a list of claims: one's own progress stands in the place of a state that is not settled.
LISTED = [
    to(MEMBERS, CLAIM),
    to(MODERATORS, STATE),
    to({Looker.BLIND}, STATE),
]
# Of what was withdrawn a reader's record keeps the note.
RECORDED = [
    to(ALL, CLAIM, STATE, RULING, REQUESTS),
    to(MEMBERS - {Looker.BLIND}, REVIEWERS),
    to(MEMBERS, VERDICTS, REASON, EARLIER),
    to(ALL, EARLIER, within={State.CORRECTED}),
]

# What reads nothing of any project: the same for everybody who gets there.
OF_NO_CLAIM = {
    "healthz", "readyz", "how-we-judge", "log-heads", "login", "logout",
    "api:index", "api:formats", "api:tokens", "api:current-token", "api:token",
    "api:schema", "api:record-schema", "api:docs", "api:nothing",
    "admin:login", "admin:password_change", "admin:password_change_done", "admin:autocomplete",
    "admin:jsi18n", "admin:view_on_site", "/admin/(?P<url>.*)$",
}  # fmt: skip

PUBLIC_PAGES = [
    door("home", shows=[to(ALL, CLAIM, within=PUBLIC)]),
    door("article", "article", shows=[to(ALL, CLAIM, RULING, within=PUBLIC)]),
    door("article", "moved"),
    door(
        "claim",
        "claim",
        shows=[
            to(ALL, CLAIM, STATE, RULING, EARLIER, REQUESTS, within=RULED),
            to(ALL, REVIEWERS, within=PUBLIC),
        ],
    ),
    door("ruling", "claim", "one", shows=[to(ALL, CLAIM, REVIEWERS, EARLIER, within=CHANGED)]),
    door("corrections", shows=[to(ALL, CLAIM, RULING, within=CHANGED)]),
]

PAGES = [
    door(
        "desk",
        shows=[
            to(MEMBERS - {Looker.JUDGED}, CLAIM, within=BEFORE_A_RULING),
            to(MODERATORS, STATE, within={State.DISPUTED}),
        ],
    ),
    door("work", "project"),
    door("gold", "project", shows=[to(MODERATORS, GOLD)]),
    door("webhooks", "project"),
    door("webhook", "project", "webhook"),
    door("files", "project"),
    door("imports", "project"),
    door("import", "import", shows=[to(MODERATORS, CLAIM, within={State.MARKED})]),
    door("agreement", "project", shows=[to(INDEPENDENT, REVIEWERS, within=STUDIED)]),
    door(
        "adjudicate",
        "claim",
        shows=[
            to(MODERATORS, CLAIM, STATE, *JUDGEMENT, COMMENTS, RULING),
            to(MODERATORS, REASON, within={State.PUBLISHED}),
        ],
    ),
    door("publisher", "claim", shows=[to(MODERATORS, CLAIM, STATE, REQUESTS)]),
    door("workbench", "article", shows=LISTED),
    door("workbench-claims", "article", shows=LISTED),
    door("workbench-claims", "moved"),
    door("workbench-marks", "article", start="0", end="11", shows=LISTED),
    door("revise", "moved"),
    door("revision", "moved", "two"),
    door("revision-text", "moved", "one"),
    door("workbench-claimants", "article", claimant="qq", shows=[to(MEMBERS, CLAIM)]),
    door(
        "workbench-claim",
        "article",
        "claim",
        shows=[
            to(MEMBERS, CLAIM, STATE, VERDICTS, COMMENTS, RULING),
            to(MEMBERS - {Looker.BLIND}, REVIEWERS),
            to(MEMBERS, REASON, within={State.PUBLISHED}),
            to({Looker.JUDGED}, GOLD),
        ],
    ),
    door("workbench-edit", "article", "claim", shows=[to(MEMBERS, CLAIM)]),
    door("workbench-skip", "article", "claim", shows=[to(MEMBERS, CLAIM)]),
]

API = [
    door("api:projects"),
    door("api:project", "project"),
    door("api:export", "project", shows=RECORDED),
    *(door("api:export", "project", format=slug) for slug in exports()),
    door("api:export", "project", format="jsonl", shows=RECORDED),
    door("api:export-report", "project", format="csv"),
    door("api:imports", "project"),
    door("api:import", "import"),
    door("api:import-refusals", "import", shows=[to(MODERATORS, CLAIM, within={State.MARKED})]),
    door("api:rating-maps", "project"),
    door("api:rating-map", "rating_map"),
    door("api:agreement", "project", shows=[to(INDEPENDENT, *JUDGEMENT, within=STUDIED)]),
    door(
        "api:agreement",
        "project",
        format="csv",
        shows=[to(INDEPENDENT, CLAIM, *JUDGEMENT, within=STUDIED)],
    ),
    door("api:changes", page_size="200"),
    door("api:ratings", "project"),
    door("api:webhooks", "project"),
    door("api:webhook", "project", "webhook"),
    door("api:deliveries", "project", "webhook"),
    door("api:delivery", "project", "webhook", "delivery"),
    door("api:rating", "rating"),
    door("api:articles"),
    door("api:article", "article"),
    door("api:record", "article", shows=RECORDED),
    door("api:revisions"),
    door("api:revision", "revision"),
    door("api:claims", page_size="100", shows=[to(ALL, CLAIM, STATE, RULING)]),
    door("api:claims", by_state=True, shows=[to(ALL, STATE)]),
    door("api:members", "project"),
    door("api:claimants", "project"),
    door("api:events", page_size="200", shows=[to(MODERATORS, LOG, COMMENTS)], also=[STATE]),
    door("api:claim", "claim", shows=[to(ALL, CLAIM, STATE, RULING)]),
    door("api:assignments", shows=[to(MODERATORS, CLAIM, within={State.MARKED})]),
    door("api:assignment", "loan", shows=[to(MODERATORS, CLAIM)]),
    door("api:gold", shows=[to(MEMBERS, GOLD)]),
    door("api:one-gold-item", "gold", shows=[to(MEMBERS, GOLD)]),
    door("api:comments", page_size="100", shows=[to(MEMBERS, COMMENTS)]),
    door("api:comment", "comment", shows=[to(MEMBERS, COMMENTS)]),
    door("api:appearances", page_size="100", shows=[to(ALL, CLAIM)]),
    door("api:appearance", "place", shows=[to(ALL, CLAIM)]),
    door("api:reattachments", page_size="100", shows=[to(MEMBERS, CLAIM)]),
    door("api:reattachment", "reattachment", shows=[to(MEMBERS, CLAIM)]),
    door("api:verdicts", page_size="100", shows=[to(MEMBERS - {Looker.BLIND}, *JUDGEMENT)]),
    door("api:verdict", "verdict", shows=[to(MEMBERS - {Looker.BLIND}, *JUDGEMENT)]),
    door("api:verdict", "draft", shows=[to(MEMBERS, DRAFTS)]),
    door(
        "api:evidence",
        page_size="100",
        shows=[to(MEMBERS, VERDICTS), to(ALL, RULING, within=PUBLIC)],
    ),
    door("api:one-evidence", "piece", shows=[to(ALL, RULING, within=PUBLIC)]),
    door("api:one-evidence", "unused", shows=[to(MEMBERS, VERDICTS)]),
    door("api:sources", page_size="100", shows=[to(MEMBERS, VERDICTS)]),
    door("api:source", "unused_source", shows=[to(MEMBERS, VERDICTS)]),
    door("api:rulings", page_size="100", shows=[to(ALL, RULING, EARLIER, REASON)]),
    door("api:ruling", "first", shows=[to(ALL, EARLIER, REASON)]),
    door("api:ruling", "ruling", shows=[to(ALL, RULING)]),
    door("api:publisher-corrections", shows=[to(ALL, REQUESTS)]),
    door("api:publisher-correction", "request", shows=[to(ALL, REQUESTS)]),
    door("api:holds", shows=[to(MODERATORS, CLAIM, within={State.MARKED})]),
    door("api:hold", "hold", shows=[to(MODERATORS, CLAIM)]),
]

ANNOTATED = [
    door("annotated:container", "project"),
    door(
        "annotated:container",
        "project",
        page="0",
        shows=[to(ALL, CLAIM), to(ALL, RULING, within=PUBLIC)],
    ),
    door("annotated:container", "project", iris="1", page="0"),
    door(
        "annotated:annotation",
        "project",
        "claim",
        shows=[to(ALL, CLAIM), to(ALL, RULING, within=PUBLIC)],
    ),
]

# The steps lead to the claim's page, and nothing is added or deleted by hand.
STEPS = ("publish", "correct", "withdraw", "set-aside", "ask-again", "ask-for-another", "restore")
TOLD = (CLAIM, *JUDGEMENT, COMMENTS, RULING, EARLIER, REASON, REQUESTS, GOLD, LOG)


def desk_of(
    model: str, thing: str, *, page: Collection[frozenset[Meant]] = (),
    history: Collection[frozenset[Meant]] = (), **changelist: Collection[object],
) -> Iterator[Door]:  # fmt: skip
    """The pages that the admin has for every model."""
    base = f"admin:annotations_{model}"
    yield door(f"{base}_changelist", **changelist)  # type: ignore[arg-type]
    yield door(f"{base}_change", thing, shows=page)
    yield door(f"{base}_history", thing if history else "account", shows=history)
    yield door(f"{base}_add")
    yield door(f"{base}_delete", "account")
    yield door(f"/admin/annotations/{model}/<path:object_id>/", "account")


ADMIN = [
    door("admin:index", also=[STATE], shows=[to(MODERATORS, CLAIM, within=WAITING)]),
    door("admin:app_list", "app"),
    *desk_of(
        "claim",
        "claim",
        page=[
            to(MODERATORS, CLAIM, STATE, *JUDGEMENT, RULING),
            to(MODERATORS, REASON, within={State.PUBLISHED}),
        ],
        history=[to(MODERATORS, *TOLD)],
        shows=[to(MODERATORS, CLAIM, VERDICTS, within=WAITING)],
        also=[STATE],
    ),
    door(
        "admin:annotations_claim_changelist",
        state="all",
        shows=[to(MODERATORS, CLAIM), to(MODERATORS, VERDICTS, within=STUDIED)],
        also=[STATE],
    ),
    *(door(f"admin:annotations_claim_{step}", "account") for step in STEPS),
    *desk_of("source", "source", shows=[to(MODERATORS, VERDICTS)]),
    door("admin:annotations_source_history", "source"),
    door("admin:annotations_source_change", "unused_source", shows=[to(MODERATORS, VERDICTS)]),
    *desk_of("event", "event", page=[to(MODERATORS, LOG, COMMENTS)], also=[STATE]),
    *desk_of(
        "legalhold",
        "hold",
        page=[to(MODERATORS, CLAIM)],
        shows=[to(MODERATORS, CLAIM, within={State.MARKED})],
    ),
    *desk_of("article", "article_id"),
    *desk_of("project", "project_id"),
    door("admin:annotations_project_members", "project_id"),
    *desk_of("import", "import", page=[to(MODERATORS, CLAIM, within={State.MARKED})]),
    door("admin:annotations_import_cancel", "import"),
    door("admin:annotations_import_resume", "import"),
    *desk_of("rating", "rating"),
    door("admin:annotations_rating_retire", "rating"),
    *desk_of("token", "token"),
    door("admin:annotations_token_revoke", "token"),
    *desk_of("user", "account", also=[REVIEWERS]),
    door("admin:annotations_user_password", "account"),
    door("admin:annotations_user_erase", "account"),
]

DOORS = [*PUBLIC_PAGES, *PAGES, *API, *ANNOTATED, *ADMIN]
