"""Every promise of the database refuses what breaks it, past the ORM and past our rules.

A constraint, a unique index or a promise of a trigger that has no probe here fails the last tests.
"""
# ruff: noqa: S608

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from annotations.actions.answers import begin_answer
from annotations.actions.asking import ask_again
from annotations.actions.assignments import skip, take
from annotations.actions.comments import comment, remove_comment
from annotations.actions.gold import set_gold
from annotations.actions.handing_out import assign_article
from annotations.actions.heads import publish_heads
from annotations.actions.holds import place_hold
from annotations.actions.publishers import ask_publisher
from annotations.actions.rating_maps import map_rating
from annotations.actions.ratings import retire_rating
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.actions.webhooks import make_webhook
from annotations.models import (
    Article,
    Attempt,
    Claim,
    Delivery,
    Evidence,
    Import,
    Origin,
    Outsider,
    Project,
    Rating,
    Reattachment,
    Ruling,
    RulingEvidence,
    Source,
    User,
    Verdict,
    WaitingVerdict,
)
from annotations.rules.publishers import Asking
from annotations.rules.verdicts import EvidenceGiven, Judgement
from annotations.rules.webhooks import Wish
from tests.actions.given import claim_in, corrected, judgement, marked
from tests.conftest import person
from tests.models.past_the_orm import (
    changed,
    copied,
    deleted,
    emptied,
    refused_by,
    run,
    text_of_its_own,
    without_triggers,
)

NOBODY = str(uuid.UUID(int=1))


class Stage:
    """A project with an agreed, a disputed and a published claim, beside another project."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.people: dict[str, User] = {
            name: request.getfixturevalue(name)
            for name in ("finch", "maple", "robin", "birch", "stranger")
        }
        article: Article = request.getfixturevalue("article")
        other: Article = request.getfixturevalue("other_article")
        self.project, self.other = article.project_id, other.project_id
        self.article, self.other_article = article.pk, other.pk
        states = ("published", "agreed", "disputed", "marked", "in_review")
        self.claims = {state: self.claim(article, state) for state in states}
        stranger = self.people["stranger"]
        theirs = marked(other, stranger, "The harbour costs 3 million.", claimant="The harbour")
        self.theirs = theirs
        submit_verdict(theirs.pk, judgement("true", "https://harbour.example/"), actor=stranger)
        wish = Wish("https://desk.example/", kinds=("hold.placed",))
        make_webhook(self.project, wish, actor=self.people["birch"])
        place_hold(
            actor=self.people["birch"], claim=self.claims["in_review"].pk, kind="restrict",
            authority="A court", ground="A law", ordered_on=datetime.date(2026, 2, 11),
        )  # fmt: skip
        save_draft(self.claims["published"].pk, judgement(), actor=self.people["birch"])
        ask_publisher(
            self.claims["published"].pk,
            Asking("Example Times", "editors", datetime.date(2026, 2, 11), "To say 11%."),
            actor=self.people["robin"],
        )
        unproven = Rating.objects.get(project=self.project, slug="unproven")
        retire_rating(unproven.pk, "true", actor=self.people["birch"])
        self.talk()
        Reattachment.objects.create(
            project_id=self.project, article=article, revision=article.revisions.get(),
            claim=self.claims["marked"], appearance_id=self.place("marked"), why="orphan",
            reason="The words are gone.",
        )  # fmt: skip
        self.bring_in(article)
        begin_answer(self.people["finch"], "a key", "a request")
        finch, robin = self.people["finch"], self.people["robin"]
        at = datetime.datetime(2026, 2, 11, tzinfo=datetime.UTC)
        told = Delivery.objects.get()
        Attempt.objects.create(delivery=told, at=at, took_ms=1, error="No answer.")
        take(self.claims["marked"].pk, actor=finch)
        assign_article(article.pk, finch.pk, actor=robin)
        skip(theirs.pk, "unclear", actor=stranger)
        set_gold(theirs.pk, "true", "The harbour says so.", actor=stranger)
        run("SET CONSTRAINTS ALL IMMEDIATE")  # as a commit would, so that the log is linked
        run("SET CONSTRAINTS ALL DEFERRED")
        publish_heads()

    def claim(self, article: Article, state: str) -> Claim:
        first, second, moderator = (self.people[one] for one in ("finch", "maple", "robin"))
        return claim_in(state, article, first=first, second=second, moderator=moderator)

    def talk(self) -> None:
        """A question on the agreed claim with an answer, and a remark that was removed."""
        finch, robin, claim = self.people["finch"], self.people["robin"], self.claims["agreed"].pk
        asked = ask_again(claim, "Which table?", actor=robin, reviewers=["Finch"])
        comment(claim, "The second.", actor=finch, parent=asked.pk)
        remove_comment(comment(claim, "Never mind.", actor=robin).pk, actor=robin)

    def bring_in(self, article: Article) -> None:
        """A file that gave an article and its marked claim, and a verdict that waits for a map."""
        robin, claim = self.people["robin"], self.claims["marked"]
        job = Import.objects.create(
            project_id=self.project, started_by=robin, format="toy", name="x", size=9, sha256=""
        )
        job.parts.create(number=0, content=b"x")
        job.refusals.create(line=1, sentence="No.")
        known = {"project_id": self.project, "format": "toy", "article": article}
        Origin.objects.create(**known, article_key="a")
        Origin.objects.create(**known, article_key="a", claim_key="c", claim=claim)
        ann = person("ann", "Ann (brought in)")
        Outsider.objects.create(person=ann, project_id=self.project, name="Ann")
        map_rating(self.project, "Meh", "true", actor=robin)
        WaitingVerdict.objects.create(
            project_id=self.project, of=job, claim=claim, word="Hm", heard="hm", by="Ann", given={}
        )

    def place(self, state: str) -> str:
        return str(self.claims[state].appearances.get().pk)

    def id(self, state: str) -> str:
        return str(self.claims[state].pk)

    @property
    def submitted(self) -> uuid.UUID:
        return Verdict.objects.current().filter(claim=self.claims["agreed"])[0].pk

    @property
    def draft(self) -> uuid.UUID:
        return Verdict.objects.get(submitted_at=None).pk


@pytest.fixture
def stage(db: None, request: pytest.FixtureRequest) -> Stage:
    return Stage(request)


def numbered_twice() -> None:
    run(
        "INSERT INTO annotations_link (event_id, chain, sequence, previous, hash, parts) "
        "SELECT 0, chain, sequence, previous, hash, parts FROM annotations_link LIMIT 1"
    )


def past_triggers(table: str, **changes: Any) -> None:
    """Insert what a trigger would refuse before a key does."""
    with without_triggers(table):
        copied(table, **changes)


def rating_of(project: uuid.UUID, wanted: str = "true") -> str:
    """The id of its rating “True” or another, which every project of the cast has by that name."""
    found = run("SELECT id, slug FROM annotations_rating WHERE project_id = %s", project)
    return next(str(key) for key, slug in found if slug == wanted)


def retired(project: uuid.UUID, slug: str, replaced_by: str) -> None:
    changed(
        "rating", f"retired_at = now(), replaced_by_id = '{replaced_by}'",
        f"project_id = '{project}' AND slug = '{slug}'",
    )  # fmt: skip


def retired_under_a_draft(stage: Stage) -> None:
    misleading = rating_of(stage.project, "misleading")
    changed("verdict", f"rating_id = '{misleading}'", f"id = '{stage.draft}'")
    retired(stage.project, "misleading", rating_of(stage.project))


def theirs_by(stage: Stage) -> dict[str, Any]:
    """What makes a ruling one of the other project: its own maker and its own rating."""
    maker = stage.people["stranger"].pk
    return {
        "project_id": stage.other, "rating_id": rating_of(stage.other), "made_by_id": maker,
    }  # fmt: skip


def correction_of(stage: Stage, slug: str, kind: str) -> None:
    """A correction of the published ruling, whose rating is “True”."""
    rating = Rating.objects.get(project=stage.project, slug=slug)
    ruling(
        stage, "published", kind="correction", correction=kind, note="x", rating_id=rating.pk,
        rating_name=rating.name, rating_definition=rating.definition, rating_look=rating.look,
    )  # fmt: skip


def ruling(stage: Stage, state: str, **changes: Any) -> None:
    """A ruling on the claim in that state, like the one that is published, but for the changes."""
    copied(
        "ruling", "kind = 'publication'", **({"claim_id": stage.id(state), "number": 7} | changes)
    )  # noqa: E501


def lent(stage: Stage, name: str, **changes: Any) -> None:
    """The loan of the marked claim again, to somebody, but for the changes."""
    who = {"reviewer_id": stage.people[name].pk}
    copied("assignment", "claim_id IS NOT NULL", **who | changes)


def ruling_on_a_question(stage: Stage) -> None:
    people = stage.people
    claim = marked(Article.objects.get(pk=stage.article), people["finch"])
    piece = EvidenceGiven(stance="context", question="Which month?", answer="Nobody says.")
    for one in (people["finch"], people["maple"]):
        submit_verdict(claim.pk, Judgement("true", "I asked.", "", (piece,)), actor=one)
    rating = Rating.objects.filter(project=stage.project)[0]
    made = Ruling.objects.create(
        project_id=stage.project, claim=claim, number=1, kind="publication", summary="S",
        rating=rating, rating_name=rating.name, rating_definition=rating.definition,
        rating_look=rating.look, made_by=people["robin"],
    )  # fmt: skip
    evidence = Evidence.objects.filter(verdict__claim=claim)[0]
    RulingEvidence.objects.create(
        project_id=stage.project, ruling=made, evidence=evidence, position=0
    )
    run("SET CONSTRAINTS ALL IMMEDIATE")


def submitted_without_a_stance(stage: Stage) -> None:
    changed("evidence", "stance = ''", f"verdict_id = '{stage.draft}'")
    changed("verdict", "submitted_at = now()", f"id = '{stage.draft}'")


def in_turn(*acts: Callable[[], None]) -> None:
    for act in acts:
        act()


BLOCKS: list[Any] = [
            {}, "x", [None], [5], [{}], ["paragraph"], [[]], [["paragraph"]],
            [["paragraph", 0]], [["paragraph", 0, None]], [["paragraph", "0", "3"]],
            [["paragraph", 0, 3, 4]], [["paragraph", -1, 3]], [["paragraph", 3, 3]],
            [["paragraph", 5, 3]], [["paragraph", 0, 11]],
            [["paragraph", 0, 5], ["paragraph", 4, 8]], [["paragraph", 5, 8], ["heading", 0, 4]],
]  # fmt: skip

Probe = Callable[[Stage], None]
PROBES: dict[str, list[Probe]] = {
    # people and projects
    "account_has_a_pseudonym": [lambda s: copied("user", username="x", pseudonym="")],
    "pseudonym_is_one_persons": [lambda s: copied("user", username="x", pseudonym="fINCH")],
    "annotations_user_username_key": [lambda s: copied("user", pseudonym="x")],
    "key_is_used_once_by_a_person": [lambda s: copied("answer")],
    "annotations_project_slug_key": [lambda s: copied("project")],
    "project_asks_for_one_to_nine_verdicts": [
        lambda s: copied("project", slug="x", verdicts_required=0),
        lambda s: copied("project", slug="x", verdicts_required=10),
    ],
    "member_has_one_role_in_a_project": [lambda s: copied("membership", role="owner")],
    "role_is_known": [lambda s: changed("membership", "role = 'captain'")],
    "project_has_one_scale_in_use": [lambda s: copied("ratingscale")],
    "rating_slug_is_its_own": [lambda s: copied("rating", position=99)],
    "retired_rating_names_what_replaces_it": [
        lambda s: changed("rating", "retired_at = now()"),
        lambda s: changed("rating", f"replaced_by_id = '{rating_of(s.project)}'"),
    ],
    "retired_rating_gives_way_to_one_in_use": [
        lambda s: retired(s.project, "misleading", rating_of(s.other)),
        lambda s: retired(s.project, "misleading", rating_of(s.project, "misleading")),
        lambda s: retired(s.project, "misleading", rating_of(s.project, "unproven")),
        lambda s: retired(s.project, "true", rating_of(s.project, "mostly-true")),
    ],
    "retired_rating_is_frozen": [
        lambda s: changed("rating", "name = 'x'", "slug = 'unproven'"),
        lambda s: changed("rating", "retired_at = NULL, replaced_by_id = NULL",
                          "slug = 'unproven'"),
    ],
    "what_is_not_frozen_moves_with_the_scale": [
        lambda s: retired_under_a_draft(s),
        lambda s: retired(s.other, "true", rating_of(s.other, "false")),
    ],
    "chosen_rating_is_in_use": [
        lambda s: changed("verdict", f"rating_id = '{rating_of(s.project, 'unproven')}'",
                          f"id = '{s.draft}'"),
        lambda s: copied("verdict", f"id = '{s.submitted}'", reviewer_id=s.people["birch"].pk,
                         rating_id=rating_of(s.project, "unproven")),
        lambda s: changed("golditem", f"rating_id = '{rating_of(s.project, 'unproven')}'"),
        lambda s: ruling(s, "agreed", rating_id=rating_of(s.project, "unproven")),
    ],
    "rating_has_its_own_place": [lambda s: copied("rating", slug="x")],
    "rating_has_a_known_look": [lambda s: copied("rating", slug="x", position=99, look="red")],
    "rating_stays_in_its_project": [
        lambda s: copied("rating", f"project_id = '{s.project}'", slug="x", position=99,
                         project_id=s.other),
    ],
    "annotations_token_digest_key": [],  # see the test of tokens
    "token_is_kept_as_a_digest": [],
    "token_has_scopes_and_may_read": [],
    # what the API counts and names, probed below
    "counter_has_counted": [],
    "annotation_has_a_name_of_its_own": [],
    "annotation_name_fits_into_an_address": [],
    "annotations_annotationname_claim_key": [],
    # articles and revisions
    "annotations_article_slug_key": [lambda s: copied("article")],
    "article_has_a_title": [lambda s: copied("article", slug="x", title="")],
    "article_address_is_a_web_address": [
        lambda s: copied("article", slug="x", address="javascript:alert(1)"),
        lambda s: copied("article", slug="x", address=" https://example.org/"),
    ],
    "revision_has_its_own_number": [
        lambda s: copied("revision", **text_of_its_own("x") | {"number": 1}),
    ],
    "revision_is_a_new_text": [lambda s: copied("revision", number=2)],
    "revisions_have_no_gaps": [
        lambda s: copied("revision", **text_of_its_own("x") | {"number": 3}),
    ],
    "revisions_count_from_one": [
        lambda s: copied("revision", **text_of_its_own("x") | {"number": 0}),
    ],
    "revision_stays_in_its_project": [
        lambda s: copied("revision", f"project_id = '{s.project}'", project_id=s.other,
                         **text_of_its_own("x")),
    ],
    "revision_is_named_by_its_text": [
        lambda s: copied("revision", **text_of_its_own("x") | {"sha256": "0" * 64}),
        lambda s: copied("revision", **text_of_its_own("x") | {"text": "y"}),
    ],
    "revision_text_is_canonical": [
        lambda s: copied("revision", **text_of_its_own("a\r\nb")),
        lambda s: copied("revision", **text_of_its_own("a\rb")),
    ],
    "blocks_stand_in_order": [
        lambda s, blocks=blocks: copied(  # type: ignore[misc]
            "revision", **text_of_its_own("Ten chars.") | {"blocks": blocks}
        )
        for blocks in BLOCKS
    ],
    "block_kind_is_known": [
        lambda s, kind=kind: copied(  # type: ignore[misc]
            "revision", **text_of_its_own("Ten chars.") | {"blocks": [[kind, 0, 3]]}
        )
        for kind in ("title", "", None, "Paragraph", 1)
    ],
    "revision_is_frozen": [
        lambda s: changed("revision", "text = 'x'"),
        lambda s: changed("revision", "raw = raw || 'x'"),
        lambda s: changed("revision", "blocks = '[]'"),
        lambda s: changed("revision", "imported_at = now()"),
        lambda s: deleted("revision"),
    ],
    # work that is lent
    "project_lends_for_minutes_up_to_a_day": [
        lambda s: changed("project", "lease_minutes = 4"),
        lambda s: changed("project", "lease_minutes = 1441"),
    ],
    "project_has_a_known_queue_order": [lambda s: changed("project", "queue_order = 'whim'")],
    "project_mixes_gold_in_a_known_way": [
        lambda s: changed("project", "gold_every = 101"),
        lambda s: changed("project", "gold_mode = 'luck'"),
    ],
    "assignment_lends_a_claim_or_an_article": [
        lambda s: lent(s, "maple", claim_id=None),
        lambda s: lent(s, "maple", article_id=s.article),
    ],
    "assignment_ends_after_it_began": [
        lambda s: changed("assignment", "until = lent_at"),
    ],
    "ended_assignment_says_how": [
        lambda s: changed("assignment", "how = 'lapsed'"),
        lambda s: changed("assignment", "ended_at = now()"),
        lambda s: changed("assignment", "ended_at = now(), how = 'whim'"),
    ],
    "claim_is_lent_once_to_a_reviewer": [lambda s: lent(s, "finch")],
    "article_is_lent_once_to_a_reviewer": [
        lambda s: copied("assignment", "article_id IS NOT NULL"),
    ],
    "claim_is_lent_to_no_more_than_it_needs": [
        lambda s: in_turn(lambda: lent(s, "maple"), lambda: lent(s, "robin")),
        lambda s: lent(s, "robin", claim_id=s.id("agreed")),
        lambda s: in_turn(
            lambda: lent(s, "robin", claim_id=s.id("in_review")),
            lambda: lent(s, "maple", claim_id=s.id("in_review")),
        ),
    ],
    "claim_is_not_lent_to_who_has_judged_it": [
        lambda s: lent(s, "finch", claim_id=s.id("in_review")),
    ],
    "ended_assignment_is_frozen": [
        lambda s, change=change: in_turn(  # type: ignore[misc]
            lambda: changed("assignment", "ended_at = now(), how = 'lapsed'"),
            lambda: changed("assignment", change),
        )
        for change in ("ended_at = NULL, how = ''", "until = until + interval '1 day'")
    ],
    "lapsed_assignment_is_not_prolonged": [
        lambda s: in_turn(
            lambda: changed("assignment", "lent_at = now() - interval '2 days', "
                            "until = now() - interval '1 day'"),
            lambda: changed("assignment", "until = now() + interval '1 day'"),
        ),
    ],
    "assignment_stays_with_its_reviewer": [
        lambda s: changed("assignment", f"reviewer_id = {s.people['maple'].pk}"),
        lambda s: changed("assignment", f"claim_id = '{s.id('agreed')}'", "claim_id IS NOT NULL"),
    ],
    "assignment_stays_in_its_project": [lambda s: lent(s, "maple", claim_id=s.theirs.pk)],
    "assignment_is_of_an_article_of_its_project": [
        lambda s: copied("assignment", "article_id IS NOT NULL", article_id=s.other_article),
    ],
    "claim_is_skipped_once": [lambda s: copied("skip")],
    "skip_gives_a_known_reason": [lambda s: changed("skip", "reason = 'whim'")],
    "skip_stays_in_its_project": [lambda s: changed("skip", f"claim_id = '{s.id('marked')}'")],
    "claim_is_a_gold_item_once": [lambda s: copied("golditem")],
    "gold_item_has_an_explanation": [lambda s: changed("golditem", "explanation = ''")],
    "gold_item_stays_in_its_project": [
        lambda s: changed("golditem", f"claim_id = '{s.id('marked')}'"),
    ],
    "gold_item_is_rated_on_its_projects_scale": [
        lambda s: changed("golditem", f"rating_id = '{rating_of(s.project)}'"),
    ],
    # claims and where they stand
    "claimant_is_listed_once": [lambda s: copied("claimant")],
    "claimant_has_a_name": [lambda s: copied("claimant", name="")],
    "claimant_wikidata_id_looks_like_one": [
        lambda s, value=value: copied("claimant", name="x", wikidata_id=value)  # type: ignore[misc]
        for value in ("42", "Q", "Q0", "q42", "Q42 ", "Q42\n")
    ],
    "claim_has_a_statement": [lambda s: changed("claim", "statement = ''")],
    "claim_kind_is_known": [lambda s: changed("claim", "kind = 'rumour'")],
    "claim_state_is_known": [],  # see the test of states
    "claim_set_aside_says_why": [
        lambda s: changed("claim", "set_aside_reason = 'opinion'"),
        lambda s: changed("claim", "state = 'set_aside'", f"id = '{s.id('agreed')}'"),
        lambda s: changed("claim", "state = 'set_aside', set_aside_reason = 'whim'",
                          f"id = '{s.id('agreed')}'"),
    ],
    "claimant_is_of_the_claims_project": [
        lambda s: changed("claim", f"claimant_id = '{s.theirs.claimant_id}'",
                          f"id = '{s.id('agreed')}'"),
    ],
    "claim_begins_as_marked": [
        lambda s, state=state: copied("claim", state=state)  # type: ignore[misc]
        for state in ("in_review", "agreed", "disputed", "published", "corrected", "withdrawn",
                      "set_aside", "nonsense")
    ],
    "claim_moves_along_the_table": [
        lambda s: changed("claim", "state = 'published'", f"id = '{s.id('marked')}'"),
        lambda s: changed("claim", "state = 'published'", f"id = '{s.id('in_review')}'"),
        lambda s: changed("claim", "state = 'agreed'", f"id = '{s.id('published')}'"),
    ],
    "claim_state_follows_its_verdicts": [
        lambda s: changed("claim", "state = 'in_review'", f"id = '{s.id('marked')}'"),
        lambda s: changed("claim", "state = 'agreed'", f"id = '{s.id('marked')}'"),
        lambda s: changed("claim", "state = 'agreed'", f"id = '{s.id('in_review')}'"),
        lambda s: changed("claim", "state = 'agreed'", f"id = '{s.id('disputed')}'"),
        lambda s: changed("claim", "state = 'disputed'", f"id = '{s.id('agreed')}'"),
        lambda s: changed("claim", "verdicts_wanted = 3", f"id = '{s.id('agreed')}'"),
        lambda s: retired(s.project, "false", rating_of(s.project)),
        lambda s: copied("verdict", f"claim_id = '{s.id('in_review')}'",
                         reviewer_id=s.people["robin"].pk),
        lambda s: changed("verdict", "superseded_at = now()", f"claim_id = '{s.id('agreed')}'"),
    ],
    "claim_is_published_by_a_ruling": [
        lambda s: changed("claim", "state = 'published'", f"id = '{s.id('agreed')}'"),
        lambda s: changed("claim", "state = 'corrected'", f"id = '{s.id('published')}'"),
        lambda s: changed("claim", "state = 'withdrawn'", f"id = '{s.id('published')}'"),
    ],
    "claim_stands_once_in_a_place": [lambda s: copied("appearance")],
    "appearance_stays_in_its_project": [
        lambda s: changed("appearance", f"claim_id = '{s.theirs.pk}'",
                          f"claim_id = '{s.id('agreed')}'"),
    ],
    "appearance_is_in_an_article_of_its_project": [
        lambda s: changed("appearance", f"article_id = '{s.other_article}'",
                          f"project_id = '{s.project}'"),
    ],
    "appearance_is_in_a_revision_of_its_article": [],  # see the test of revisions
    "appearance_starts_before_it_ends": [],  # see the test of quotes
    "quote_is_the_text_it_covers": [
        lambda s: changed("appearance", "quote = upper(quote)"),
        lambda s: changed("appearance", "quote = quote || ' '"),
        lambda s: changed("appearance", "start = start + 1"),
        lambda s: changed("appearance", '"end" = "end" + 1'),
        lambda s: changed("appearance", '"end" = 1000000'),
        lambda s: changed("appearance", f"revision_id = '{NOBODY}'"),
        lambda s: copied("appearance", start=0, quote=""),
    ],
    "context_is_the_text_around_the_quote": [
        lambda s: changed("appearance", "prefix = ''"),
        lambda s: changed("appearance", "suffix = ''"),
        lambda s: changed("appearance", "prefix = substr(prefix, 2)"),
    ],
    "place_is_in_the_newest_text": [
        lambda s: in_turn(
            lambda: copied("revision", **text_of_its_own("x")),
            lambda: changed("appearance", "marked_at = now()", f"project_id = '{s.project}'"),
        ),
        lambda s: in_turn(
            lambda: copied("revision", **text_of_its_own("x")),
            lambda: copied("appearance", start=1),
        ),
    ],
    "what_was_carried_says_how_and_whence": [
        lambda s: changed("appearance", "carried = 'exact'"),
        lambda s: changed("appearance", "carried_from_id = id"),
        lambda s: changed("appearance", "carried = 'luck', carried_from_id = id"),
    ],
    "a_place_is_carried_onto_its_own_words": [
        lambda s, how=how: changed(  # type: ignore[misc]
            "appearance", f"carried = '{how}', carried_from_id = '{s.theirs.appearances.get().pk}'",
            f"id = '{s.place('marked')}'")
        for how in ("exact", "moved")
    ],
    "place_is_carried_from_one_of_its_claim": [
        lambda s: changed(
            "appearance", f"carried = 'settled', carried_from_id = '{s.place('agreed')}'",
            f"id = '{s.place('marked')}'"),
    ],
    "a_place_waits_once": [lambda s: copied("reattachment")],
    "reattachment_waits_for_a_known_reason": [lambda s: changed("reattachment", "why = 'exact'")],
    "what_is_settled_says_how_when_and_by_whom": [
        lambda s: changed("reattachment", "outcome = 'let_go'"),
        lambda s: changed("reattachment", "settled_at = now()"),
        lambda s: changed("reattachment", "outcome = 'let_go', settled_at = now()"),
        lambda s: changed("reattachment", "outcome = 'lost', settled_at = now(), "
                          f"settled_by_id = {s.people['robin'].pk}"),
    ],
    "only_a_new_place_is_asked_about_again": [
        lambda s: changed("reattachment", "asks_again = true"),
        lambda s: changed("reattachment", "asks_again = true, outcome = 'let_go', "
                          f"settled_at = now(), settled_by_id = {s.people['robin'].pk}"),
    ],
    "settled_place_is_frozen": [
        lambda s, change=change: in_turn(  # type: ignore[misc]
            lambda: changed(
                "reattachment",
                f"outcome = 'let_go', settled_at = now(), settled_by_id = {s.people['robin'].pk}",
            ),
            lambda: changed("reattachment", change),
        )
        for change in (
            "outcome = 'carried'", "reason = 'x'",
            "outcome = '', settled_at = NULL, settled_by_id = NULL",
        )
    ],
    "reattachment_stays_in_its_project": [
        lambda s: changed("reattachment", f"project_id = '{s.other}'"),
    ],
    "reattachment_is_in_an_article_of_its_project": [
        lambda s: changed("reattachment", f"article_id = '{s.other_article}'"),
    ],
    "reattachment_is_in_a_text_of_its_article": [
        lambda s: changed("reattachment", "revision_id = (SELECT id FROM annotations_revision "
                          f"WHERE article_id = '{s.other_article}')"),
    ],
    "reattachment_is_of_its_claims_place": [
        lambda s: changed("reattachment", f"claim_id = '{s.id('agreed')}'"),
    ],
    # sources, verdicts, evidence
    "source_is_listed_once": [lambda s: copied("source")],
    "source_address_is_a_web_address": [
        lambda s, address=address: copied("source", address=address)  # type: ignore[misc]
        for address in ("javascript:alert(1)", "ftp://example.org/", "", "x\nhttps://example.org/")
    ],
    "verdict_version_is_its_own": [lambda s: copied("verdict")],
    "reviewer_has_one_draft_on_a_claim": [
        lambda s: copied("verdict", "submitted_at IS NULL", version=9),
    ],
    "reviewer_has_one_current_verdict_on_a_claim": [
        lambda s: copied("verdict", "submitted_at IS NOT NULL", version=9),
    ],
    "submitted_verdict_has_a_rating_and_a_rationale": [
        lambda s: changed("verdict", "submitted_at = now(), rating_id = NULL",
                          f"id = '{s.draft}'"),
        lambda s: changed("verdict", "submitted_at = now(), rationale = ''", f"id = '{s.draft}'"),
    ],
    "only_a_submitted_verdict_is_superseded": [
        lambda s: changed("verdict", "superseded_at = now()", f"id = '{s.draft}'"),
    ],
    "verdict_confidence_is_known": [
        lambda s: changed("verdict", "confidence = 'sure'", f"id = '{s.draft}'"),
    ],
    "verdict_stays_in_its_project": [
        lambda s: copied("verdict", "submitted_at IS NULL", claim_id=s.theirs.pk),
    ],
    "verdict_rates_on_its_projects_scale": [
        lambda s: changed("verdict", f"rating_id = '{rating_of(s.other)}'", f"id = '{s.draft}'"),
    ],
    "draft_stays_with_its_claim_and_reviewer": [
        lambda s: changed("verdict", f"claim_id = '{s.id('marked')}'", f"id = '{s.draft}'"),
        lambda s: changed("verdict", f"reviewer_id = {s.people['robin'].pk}", f"id = '{s.draft}'"),
    ],
    "submitted_verdict_is_frozen": [
        lambda s, change=change: changed("verdict", change, f"id = '{s.submitted}'")
        for change in (
            "rationale = 'x'", "rating_id = NULL", "confidence = ''", "submitted_at = NULL",
            "submitted_at = now()", "saved_at = now()", "version = 9",
            "reviewer_id = reviewer_id + 1", "superseded_at = now(), rationale = 'x'",
        )
    ] + [lambda s: deleted("verdict", f"id = '{s.submitted}'")],
    "evidence_has_its_own_place": [
        lambda s: copied("evidence", f"verdict_id = '{s.draft}'"),
    ],
    "evidence_stance_is_known": [
        lambda s: changed("evidence", "stance = 'likes'", f"verdict_id = '{s.draft}'"),
    ],
    "submitted_evidence_has_a_stance": [lambda s: submitted_without_a_stance(s)],
    "evidence_has_a_source_or_a_question": [
        lambda s: changed("evidence", "source_id = NULL", f"verdict_id = '{s.draft}'"),
    ],
    "question_comes_with_its_answer": [
        lambda s: changed("evidence", "question = 'Which?'", f"verdict_id = '{s.draft}'"),
        lambda s: changed("evidence", "answer = 'This.'", f"verdict_id = '{s.draft}'"),
    ],
    "evidence_type_is_known": [
        lambda s: changed("evidence", "type = 'rumour'", f"verdict_id = '{s.draft}'"),
    ],
    "source_type_is_known": [lambda s: changed("source", "type = 'rumour'")],
    "desks_view_is_known_and_dated": [
        lambda s: changed("source", "reliability = 'splendid', reliability_at = now()"),
        lambda s: changed("source", "reliability = 'mixed'"),
        lambda s: changed("source", "reliability_note = 'Late.'"),
        lambda s: changed("source", "reliability_at = now()"),
    ],
    "evidence_stays_in_its_project": [
        lambda s: copied("evidence", f"verdict_id = '{s.draft}'", position=9, project_id=s.other,
                         source_id=Source.objects.get(project=s.other).pk),
    ],
    "evidence_uses_a_source_of_its_project": [
        lambda s: copied("evidence", f"verdict_id = '{s.draft}'", position=9,
                         source_id=Source.objects.get(project=s.other).pk),
    ],
    "evidence_is_frozen_with_its_verdict": [
        lambda s: copied("evidence", f"verdict_id = '{s.submitted}'", position=9),
        lambda s: copied("evidence", f"verdict_id = '{s.draft}'", verdict_id=s.submitted,
                         position=9),
        lambda s: changed("evidence", "quote = 'x'", f"verdict_id = '{s.submitted}'"),
        lambda s: deleted("evidence", f"verdict_id = '{s.submitted}'"),
    ],
    "evidence_stays_with_its_verdict": [
        lambda s: changed("evidence", f"verdict_id = '{s.submitted}', position = 9",
                          f"verdict_id = '{s.draft}'"),
    ],
    "claim_waits_for_one_to_nine_verdicts": [
        lambda s, wanted=wanted: changed(  # type: ignore[misc]
            "claim", f"verdicts_wanted = {wanted}", f"id = '{s.id('marked')}'")
        for wanted in (0, 10)
    ],
    "verdict_is_superseded_by_a_successor": [
        lambda s: changed("verdict", "superseded_at = now()",
                          f"claim_id = '{s.id('published')}' AND submitted_at IS NOT NULL"),
    ],
    # comments
    "comment_stays_in_its_project": [lambda s: copied("comment", project_id=s.other)],
    "answer_is_on_the_claim_of_its_comment": [
        lambda s: copied("comment", "parent_id IS NOT NULL", claim_id=s.id("marked")),
    ],
    "addressee_stays_in_the_project": [
        lambda s: copied("addressee", project_id=s.other, person_id=s.people["robin"].pk),
    ],
    "comment_kind_is_known": [lambda s: copied("comment", kind="shout")],
    "answer_is_a_remark": [lambda s: copied("comment", "parent_id IS NOT NULL", kind="question")],
    "comment_says_something_until_it_is_removed": [
        lambda s, change=change: changed("comment", change)  # type: ignore[misc]
        for change in ("text = ''", "removed_at = now()", "removed_because = 'x'",
                       "text = '', removed_at = now()")
    ],
    "comment_answers_no_answer": [
        lambda s: copied("comment", "parent_id IS NOT NULL", parent_id=run(
            "SELECT id FROM annotations_comment WHERE parent_id IS NOT NULL")[0][0]),
    ],
    "comment_stays_where_it_is": [
        lambda s, change=change: changed("comment", change, "parent_id IS NOT NULL")
        for change in ("parent_id = NULL", "at = now()", "author_id = author_id + 1")
    ] + [
        lambda s: changed("comment", "kind = 'remark'", "kind = 'question'"),
        lambda s: changed("comment", "removed_because = 'x'", "removed_at IS NOT NULL"),
    ],
    "comment_keeps_its_place": [lambda s: deleted("comment", "parent_id IS NOT NULL")],
    "only_a_question_asks": [
        lambda s: copied("addressee", comment_id=run(
            "SELECT id FROM annotations_comment WHERE parent_id IS NOT NULL")[0][0]),
    ],
    "question_asks_a_reviewer_once": [lambda s: copied("addressee")],
    "who_was_asked_stays": [
        lambda s: changed("addressee", f"person_id = {s.people['robin'].pk}"),
        lambda s: deleted("addressee"),
    ],
    # rulings and the log
    "ruling_has_its_own_number": [
        lambda s: ruling(s, "published", kind="correction", correction="typo", note="x", number=1,
                         superseded_at="2026-01-01"),
    ],
    "claim_has_one_current_ruling": [
        lambda s: ruling(s, "published", kind="correction", correction="typo", note="x"),
    ],
    "ruling_has_a_rating_and_a_summary": [
        lambda s: ruling(s, "agreed", summary=""),
        lambda s: ruling(s, "agreed", rating_id=None, rating_name=""),
    ],
    "ruling_names_its_rating": [
        lambda s: ruling(s, "published", kind="withdrawal", note="x", rating_id=None),
    ],
    "ruling_keeps_its_rating_as_published": [
        lambda s: ruling(s, "agreed", rating_name="Very true"),
        lambda s: ruling(s, "agreed", rating_definition="x"),
        lambda s: ruling(s, "agreed", rating_look="false"),
        lambda s: ruling(s, "agreed", rating_name=""),
    ],
    "ruling_is_made_by_a_moderator": [
        lambda s: ruling(s, "agreed", made_by_id=s.people["finch"].pk),
        lambda s: ruling(s, "agreed", made_by_id=s.people["stranger"].pk),
        lambda s: ruling(s, "published", kind="withdrawal", note="x", rating_id=None,
                         rating_name="", made_by_id=s.people["maple"].pk),
    ],
    "typo_leaves_the_rating": [lambda s: correction_of(s, "false", "typo")],
    "changed_rating_is_another": [lambda s: correction_of(s, "true", "rating_changed")],
    "correction_and_withdrawal_have_a_public_note": [
        lambda s: ruling(s, "published", kind="correction", correction="typo"),
        lambda s: ruling(s, "published", kind="withdrawal"),
    ],
    "correction_says_of_which_kind_it_is": [
        lambda s: ruling(s, "published", kind="correction", note="x"),
        lambda s: ruling(s, "published", kind="correction", note="x", correction="whim"),
        lambda s: ruling(s, "agreed", correction="typo"),
    ],
    "ruling_kind_is_known": [lambda s: ruling(s, "published", kind="whim", note="x")],
    "ruling_stays_in_its_project": [
        lambda s: ruling(s, "agreed", **theirs_by(s)),
    ],
    "ruling_rates_on_its_projects_scale": [
        lambda s: ruling(s, "agreed", rating_id=rating_of(s.other)),
    ],
    "ruling_follows_the_verdicts": [
        lambda s: ruling(s, "marked"),
        lambda s: ruling(s, "in_review"),
        lambda s: ruling(s, "published"),
    ],
    "only_a_published_ruling_is_corrected": [
        lambda s: ruling(s, "agreed", kind="correction", correction="typo", note="x"),
        lambda s: ruling(s, "marked", kind="withdrawal", note="x"),
    ],
    "ruling_on_a_dispute_gives_a_reason": [lambda s: ruling(s, "disputed", reason="")],
    "ruling_needs_a_second_person": [],  # see the test of two persons
    "ruling_is_frozen": [
        lambda s: changed("ruling", "summary = 'x'"),
        lambda s: changed("ruling", "made_at = now()"),
        lambda s: changed("ruling", "made_by_id = made_by_id + 1"),
        lambda s: changed("ruling", "superseded_at = now(), note = 'x'"),
        lambda s: deleted("ruling"),
    ],
    "ruling_rests_on_evidence": [lambda s: ruling(s, "agreed")],
    "ruling_rests_on_a_source": [lambda s: ruling_on_a_question(s)],
    "ruling_rests_once_on_a_piece_of_evidence": [lambda s: copied("rulingevidence")],
    "ruling_rests_on_evidence_of_its_claim": [
        lambda s: copied("rulingevidence", evidence_id=Evidence.objects.filter(
            verdict=s.submitted)[0].pk),
        lambda s: copied("rulingevidence", evidence_id=Evidence.objects.filter(
            verdict=s.draft)[0].pk),
        lambda s: copied("rulingevidence", evidence_id=NOBODY),
        lambda s: copied("rulingevidence", ruling_id=NOBODY),
    ],
    "rests_on_stays_in_its_project": [
        lambda s: copied("rulingevidence", project_id=s.other, evidence_id=Evidence.objects.filter(
            verdict__claim=s.claims["published"], verdict__submitted_at__isnull=False)
            .order_by("-id")[0].pk),
    ],
    "ruling_rests_on_evidence_of_its_project": [],  # goes with the one before it
    "what_a_ruling_rests_on_is_frozen": [
        lambda s: changed("rulingevidence", "position = 9"),
        lambda s: deleted("rulingevidence"),
    ],
    # legal holds
    "hold_is_on_a_claim_or_an_article": [
        lambda s: copied("legalhold", article_id=s.article),
        lambda s: copied("legalhold", claim_id=None),
    ],
    "hold_kind_is_known": [lambda s: copied("legalhold", kind="hide", claim_id=s.id("agreed"))],
    "hold_names_its_authority_and_ground": [
        lambda s: copied("legalhold", authority="", claim_id=s.id("agreed")),
        lambda s: copied("legalhold", ground="", claim_id=s.id("agreed")),
    ],
    "lifted_hold_says_when_by_whom_and_why": [
        lambda s: changed("legalhold", f"lifted_by_id = {s.people['birch'].pk}"),
        lambda s: changed(
            "legalhold", f"lifted_by_id = {s.people['birch'].pk}, lifted_at = now()"
        ),
        lambda s: copied("legalhold", lifted_at="2026-01-01", claim_id=s.id("agreed")),
    ],
    "claim_has_one_standing_hold": [lambda s: copied("legalhold")],
    "article_has_one_standing_hold": [
        lambda s: in_turn(
            lambda: copied("legalhold", claim_id=None, article_id=s.article),
            lambda: copied("legalhold", claim_id=None, article_id=s.article),
        ),
    ],
    "hold_stays_in_its_project": [lambda s: copied("legalhold", claim_id=s.theirs.pk)],
    "hold_is_on_an_article_of_its_project": [
        lambda s: copied("legalhold", claim_id=None, article_id=s.other_article),
    ],
    "hold_is_an_owners": [
        lambda s: copied("legalhold", claim_id=s.id("agreed"), placed_by_id=s.people["robin"].pk),
        lambda s: changed(
            "legalhold",
            f"lifted_at = now(), lifted_because = 'x', lifted_by_id = {s.people['robin'].pk}",
        ),
        lambda s: changed("legalhold", "lifted_at = now(), lifted_because = 'x'"),
    ],
    "hold_is_only_lifted": [
        lambda s: changed("legalhold", "kind = 'withdraw'"),
        lambda s: changed("legalhold", "notice = 'x'"),
        lambda s: in_turn(
            lambda: changed(
                "legalhold",
                f"lifted_at = now(), lifted_because = 'x', lifted_by_id = {s.people['birch'].pk}",
            ),
            lambda: changed(
                "legalhold", "lifted_at = NULL, lifted_because = '', lifted_by_id = NULL"
            ),
        ),
    ],
    "hold_stays_in_the_record": [lambda s: deleted("legalhold")],
    # corrections asked of publishers
    "publisher_is_asked_for_something": [
        lambda s: changed("publishercorrection", "publisher = ''"),
        lambda s: changed("publishercorrection", "asked = ''"),
    ],
    "publisher_is_reached_in_a_known_way": [
        lambda s: changed("publishercorrection", "reached = 'at home'"),
    ],
    "publishers_outcome_is_known_and_dated": [
        lambda s: changed("publishercorrection", "outcome = 'ignored', outcome_on = now()"),
        lambda s: changed("publishercorrection", "outcome = 'corrected'"),
        lambda s: changed("publishercorrection", "outcome_on = now()"),
        lambda s: changed("publishercorrection", "outcome_address = 'https://example.org/'"),
    ],
    "publishers_outcome_follows_the_request": [
        lambda s: changed(
            "publishercorrection", "outcome = 'refused', outcome_on = asked_on - 1"
        ),
    ],
    "publishers_outcome_has_a_web_address": [
        lambda s: changed(
            "publishercorrection",
            "outcome = 'refused', outcome_on = asked_on, outcome_address = 'javascript:0'",
        ),
    ],
    "publisher_is_asked_in_its_project": [
        lambda s: past_triggers("publishercorrection", claim_id=s.theirs.pk),
    ],
    "publisher_is_asked_about_its_projects_article": [
        lambda s: past_triggers("publishercorrection", article_id=s.other_article),
    ],
    "publisher_is_asked_about_a_ruling": [
        lambda s: copied("publishercorrection", claim_id=s.id("agreed")),
    ],
    "publisher_is_asked_where_the_claim_stands": [
        lambda s: copied("publishercorrection", article_id=s.other_article),
    ],
    "publisher_is_asked_by_a_moderator": [
        lambda s: copied("publishercorrection", asked_by_id=s.people["finch"].pk),
        lambda s: copied("publishercorrection", asked_by_id=s.people["stranger"].pk),
    ],
    "request_stays_with_its_claim": [
        lambda s: changed("publishercorrection", f"claim_id = '{s.id('agreed')}'"),
        lambda s: changed("publishercorrection", f"asked_by_id = {s.people['birch'].pk}"),
        lambda s: changed("publishercorrection", "made_at = now()"),
    ],
    "request_stays_in_the_record": [lambda s: deleted("publishercorrection")],
    "log_is_append_only": [
        lambda s: changed("event", "verb = 'x'"),
        lambda s: changed("event", "after = NULL"),
        lambda s: changed("event", "at = now()"),
        lambda s: deleted("event"),
        lambda s: changed("link", "sequence = 0"),
        lambda s: deleted("link"),
        lambda s: changed("publishedhead", "sequence = 0"),
        lambda s: deleted("publishedhead"),
    ],
    "event_is_named_in_plain_words": [
        lambda s: copied("event", verb='mark","actor":"'),
        lambda s: copied("event", object_kind="A claim"),
    ],
    "links_of_a_chain_are_numbered": [
        lambda s: numbered_twice(),
    ],
    "annotations_user_subject_key": [
        lambda s: changed("user", "subject = (SELECT subject FROM annotations_user "
                          "WHERE username = 'maple')", "username = 'finch'"),
    ],
    "erased_account_is_closed_and_empty": [
        lambda s: changed("user", "erased_at = now()", "username = 'finch'"),
        lambda s: changed("user", "erased_at = now(), is_active = false, email = 'f@example.org'",
                          "username = 'finch'"),
    ],
    "webhook_is_told_of_known_kinds": [
        lambda s: changed("webhook", "kinds = '{}'"),
        lambda s: changed("webhook", "kinds = '{ruling.published, verdict.submitted}'"),
    ],
    "webhook_has_a_web_address": [
        lambda s: changed("webhook", "address = 'file:///etc/passwd'"),
        lambda s: changed("webhook", "address = ''"),
    ],
    "webhook_that_is_off_says_why": [
        lambda s: changed("webhook", "off_at = now()"),
        lambda s: changed("webhook", "off_because = 'owner'"),
        lambda s: changed("webhook", "off_at = now(), off_because = 'tired'"),
    ],
    "old_secret_signs_until_a_moment": [
        lambda s: changed("webhook", "old_secret = secret"),
        lambda s: changed("webhook", "old_until = now()"),
    ],
    "event_is_told_to_a_webhook_once": [lambda s: copied("delivery")],
    "delivery_tells_of_an_event_or_is_a_test": [
        lambda s: changed("delivery", "event_id = NULL"),
        lambda s: changed("delivery", "kind = 'test'"),
        lambda s: changed("delivery", "kind = 'verdict.submitted'"),
    ],
    "delivery_is_due_while_it_waits": [
        lambda s: changed("delivery", "due_at = NULL"),
        lambda s: changed("delivery", "state = 'delivered'"),
        lambda s: changed("delivery", "state = 'lost', due_at = NULL"),
    ],
    "attempt_has_an_answer_or_an_error": [lambda s: changed("attempt", "error = ''")],
    "import_progress_is_known": [lambda s: changed("import", "progress = 'x', ended_at = now()")],
    "ended_import_says_when": [
        lambda s: changed("import", "progress = 'done'"),
        lambda s: changed("import", "ended_at = now()"),
    ],
    "import_reads_no_more_than_its_file": [
        lambda s: changed("import", "bytes_read = size + 1"),
        lambda s: changed("import", "bytes_read = -1"),
    ],
    "part_has_its_place_in_the_file": [lambda s: copied("importpart")],
    "origin_names_one_thing": [lambda s: copied("origin")],
    "origin_of_a_claim_names_it": [
        lambda s: changed("origin", "claim_id = NULL", "claim_key <> ''"),
        lambda s: changed("origin", f"claim_id = '{s.id('agreed')}'", "claim_key = ''"),
    ],
    "origin_is_of_an_article_of_its_project": [
        lambda s: changed("origin", f"article_id = '{s.other_article}'"),
    ],
    "origin_stays_in_its_project": [
        lambda s: changed("origin", f"claim_id = '{s.theirs.pk}'", "claim_key <> ''"),
    ],
    "outsider_is_known_once": [lambda s: copied("outsider", person_id=s.people["finch"].pk)],
    "annotations_outsider_person_id_key": [lambda s: copied("outsider", name="Ben")],
    "foreign_rating_is_mapped_once": [lambda s: copied("ratingmap")],
    "rating_map_is_of_a_word": [lambda s: copied("ratingmap", heard="")],
    "map_leads_to_its_projects_scale": [
        lambda s: changed("ratingmap", f"rating_id = '{rating_of(s.other)}'"),
    ],
    "verdict_waits_once": [lambda s: copied("waitingverdict")],
    "waiting_verdict_stays_in_its_project": [
        lambda s: changed("waitingverdict", f"claim_id = '{s.theirs.pk}'"),
    ],
    "waiting_verdict_is_of_its_projects_import": [
        lambda s: changed(
            "waitingverdict", f"project_id = '{s.other}', claim_id = '{s.theirs.pk}'"
        ),
    ],
    "record_is_not_emptied": [],  # see the test of emptying
}  # fmt: skip


@pytest.mark.parametrize("promise", [name for name, probes in PROBES.items() if probes])
def test_the_database_keeps(promise: str, stage: Stage) -> None:
    for probe in PROBES[promise]:
        with refused_by(promise):
            probe(stage)


RECORD = (
    "revision", "verdict", "evidence", "ruling", "rulingevidence", "comment", "event", "link",
    "publishedhead", "legalhold", "publishercorrection",
)  # fmt: skip


@pytest.mark.parametrize("table", [*RECORD, "claim", "article", "project", "user"])
@pytest.mark.django_db
def test_no_table_that_holds_the_record_is_emptied(table: str) -> None:
    with refused_by("record_is_not_emptied"):
        emptied(table)


def test_a_token_is_kept_as_a_digest_of_its_own(finch: User) -> None:
    from annotations.actions.tokens import make_token

    make_token(finch, "script", actor=finch)
    with refused_by("annotations_token_digest_key"):
        copied("token")
    for digest in ("fct_secret", "", "A" * 64, "a" * 63):
        with refused_by("token_is_kept_as_a_digest"):
            copied("token", digest=digest)


def test_a_token_may_read_and_has_no_scope_that_there_is_not(finch: User) -> None:
    from annotations.actions.tokens import make_token

    make_token(finch, "script", actor=finch)
    for scopes in ("{}", "{review}", "{read,king}"):
        with refused_by("token_has_scopes_and_may_read"):
            changed("token", f"scopes = '{scopes}'")


@pytest.mark.django_db
def test_a_counter_has_counted() -> None:
    with refused_by("counter_has_counted"):
        run(COUNTED.format(0))


def test_an_annotation_has_a_name_of_its_own_that_fits_into_an_address(project: Project) -> None:
    run(NAMED.format(uuid.uuid4(), "first", project.pk))
    with refused_by("annotation_has_a_name_of_its_own"):
        run(NAMED.format(uuid.uuid4(), "first", project.pk))
    for name in ("", "a/b", "ä", "-a"):
        with refused_by("annotation_name_fits_into_an_address"):
            run(NAMED.format(uuid.uuid4(), name, project.pk))
    claim = uuid.uuid4()
    run(NAMED.format(claim, "second", project.pk))
    with refused_by("annotations_annotationname_claim_key"):
        run(NAMED.format(claim, "third", project.pk))


def test_an_unknown_state_is_refused_even_with_the_triggers_off(
    article: Article, finch: User
) -> None:
    marked(article, finch)
    with refused_by("claim_state_is_known"), without_triggers("claim"):
        changed("claim", "state = 'nonsense'")


def test_a_mark_stands_in_a_revision_of_its_own_article(
    project: Project, article: Article, robin: User
) -> None:
    from annotations.actions.articles import import_article

    other = import_article(project.pk, actor=robin, text="Another article")
    marked(article, robin)
    with refused_by("appearance_is_in_a_revision_of_its_article"):
        changed("appearance", f"article_id = '{other.pk}'")


@pytest.mark.parametrize(("start", "end"), [(5, 5), (7, 5)])
def test_a_mark_starts_before_it_ends_even_with_the_triggers_off(
    start: int, end: int, article: Article, finch: User
) -> None:
    marked(article, finch)
    with refused_by("appearance_starts_before_it_ends"), without_triggers("appearance"):
        changed("appearance", f'start = {start}, "end" = {end}')


def test_a_ruling_needs_a_second_person_in_the_database_too(
    article: Article, project: Project, finch: User, robin: User, birch: User
) -> None:
    from annotations.actions.projects import edit_project
    from tests.actions.given import judged, published

    edit_project(project.pk, actor=birch, verdicts_required=1)
    claim = judged(marked(article, finch), (robin, "true"))
    published(claim, birch)
    again = judged(marked(article, finch), (robin, "true"))
    with refused_by("ruling_needs_a_second_person"):
        copied("ruling", claim_id=again.pk, made_by_id=robin.pk)
    with refused_by("ruling_needs_a_second_person"):
        copied("ruling", number=2, kind="withdrawal", note="x", made_by_id=robin.pk,
               rating_id=None, rating_name="", summary="")  # fmt: skip


def test_a_verdict_and_a_ruling_are_superseded_once_and_for_good(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in("published", article, first=finch, second=maple, moderator=robin)
    corrected(claim, robin)
    old = Ruling.objects.get(number=1)
    for change in ("superseded_at = NULL", "superseded_at = now()"):
        with refused_by("ruling_is_frozen"):
            changed("ruling", change, f"id = '{old.pk}'")
    submit_verdict(claim.pk, judgement("false"), actor=finch)
    verdict = Verdict.objects.get(claim=claim, superseded_at__isnull=False)
    for change in ("superseded_at = NULL", "superseded_at = '2030-01-01'"):
        with refused_by("submitted_verdict_is_frozen"):
            changed("verdict", change, f"id = '{verdict.pk}'")


TEXTS = {
    "emoji": ("💩This 👩‍👩‍👧‍👦 family 👨🏻‍🚒 cut.", "family"),
    "flags": ("🇺🇦🇵🇱 aid rose 4%", "🇺🇦"),
    "ideographs": ("𠮷野家は値上げした。", "値上げ"),
    "combining": ("Cafe\u0301 prices doubled", "Cafe\u0301"),
    "vowel signs": ("अनुच्छेद 370 हटाया", "370"),
    "right to left": ("وقال \u202eGDP\u202c ارتفع", "\u202eGDP\u202c"),
    "separators": ("one\u2028two\u000bthree\u200b", "\u2028two\u000b"),
    "the last of the planes": ("\U0010ffff a \U0010fffd", "\U0010fffd"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_database_counts_code_points_as_we_do(
    name: str, project: Project, robin: User, finch: User
) -> None:
    from annotations.actions.articles import import_article
    from annotations.actions.claims import mark_claim

    text, quote = TEXTS[name]
    article = import_article(project.pk, actor=robin, title="T", text=text)
    start = text.index(quote)
    made = mark_claim(article.pk, start, start + len(quote), actor=finch, quote=quote)
    made.refresh_from_db()
    assert (made.quote, made.prefix, made.suffix) == (
        quote, text[:start][-32:], text[start + len(quote) :][:32],
    )  # fmt: skip
    with refused_by("quote_is_the_text_it_covers"):
        changed("appearance", 'start = start + 1, "end" = "end" + 1')


def names(sql: str) -> set[str]:
    return {name for (name,) in run(sql)}


AUTH = "annotations\\_user\\_%%"  # Django's own tables of groups and permissions


COUNTED = f"INSERT INTO annotations_counter (who, since, used) VALUES ('{NOBODY}', now(), {{}})"
NAMED = "INSERT INTO annotations_annotationname (claim, name, project_id) VALUES ('{}', '{}', '{}')"


@pytest.mark.django_db
def test_every_constraint_has_a_probe() -> None:
    found = names(
        "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'u', 'f', 'x') "
        "AND conrelid::regclass::text LIKE 'annotations\\_%%' "
        f"AND conrelid::regclass::text NOT LIKE '{AUTH}'"
    )
    found |= names(
        "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%%UNIQUE%%' "
        f"AND tablename LIKE 'annotations\\_%%' AND tablename NOT LIKE '{AUTH}'"
    )
    # Probed one and all by the test below, and keys that only carry keys of two columns.
    ours = {name for name in found if not re.search(r"_check$|_fk_|_pkey$", name)}
    keys = {"revision_is_of_one_article", "verdict_is_on_one_claim", "appearance_is_of_one_claim",
            "comment_is_on_one_claim"}  # fmt: skip
    keys |= {name for name in ours if name.endswith("_is_of_one_project")}
    assert ours - keys - set(PROBES) == set()


@pytest.mark.django_db
def test_every_refusal_of_a_trigger_has_a_probe() -> None:
    sources = names("SELECT prosrc FROM pg_proc WHERE prosrc LIKE '%%PERFORM refuse(%%'")
    refusals = {name for source in sources for name in re.findall(r"refuse\('(\w+)'", source)}
    refusals |= names(
        "SELECT tgname FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid "
        "WHERE prosrc LIKE '%%refuse(TG_NAME%%'"
    )
    assert refusals - set(PROBES) == set()
    assert len(refusals) >= 20


@pytest.mark.django_db
def test_no_trigger_is_off() -> None:
    states = run(
        "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal "
        "AND tgrelid::regclass::text LIKE 'annotations\\_%%'"
    )
    assert len(states) >= 12
    assert {name for name, state in states if state != "O"} == {"record_is_not_emptied"}


def test_every_foreign_key_and_every_count_is_held(stage: Stage) -> None:
    """The keys and checks that Django names: a row changed to nothing's id, a count below zero."""
    rows = run(
        "SELECT c.conname, c.conrelid::regclass::text, a.attname, c.contype, "
        "format_type(a.atttypid, NULL) FROM pg_constraint c JOIN pg_attribute a "
        "ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
        "WHERE c.conrelid::regclass::text LIKE 'annotations\\_%%' "
        f"AND c.conrelid::regclass::text NOT LIKE '{AUTH}' "
        "AND c.conname ~ '_check$|_fk_' AND c.contype IN ('c', 'f')"
    )
    assert len(rows) > 20
    keys = names("SELECT conname FROM pg_constraint WHERE contype = 'f'")
    run(COUNTED.format(1))
    run(NAMED.format(uuid.uuid4(), "first", Project.objects.values_list("pk", flat=True)[0]))
    for name, full, column, kind, of in rows:
        table = full.removeprefix("annotations_")
        if not run(f"SELECT 1 FROM {full} LIMIT 1"):
            assert table == "token"
            continue
        value = "-1" if kind == "c" else f"'{NOBODY}'" if of == "uuid" else "0"
        also = keys if kind == "f" else ()  # a key that points here may be the first to refuse
        with refused_by(name, *also), without_triggers(table):
            also_set = {
                "settled_by_id": ", outcome = 'let_go', settled_at = now()",
                "removed_by_id": ", text = '', removed_at = now()",
                "replaced_by_id": ", retired_at = now()",
                "lifted_by_id": ", lifted_at = now(), lifted_because = 'x'",
            }.get(column, "")
            changed(
                table, f'"{column}" = {value}{also_set}', f"ctid = (SELECT min(ctid) FROM {full})"
            )
