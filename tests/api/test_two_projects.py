"""Two projects, every address, every method: nobody of the one reaches into the other.

The addresses come from the URLconf; one that is not in the table below fails the test.
"""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from annotations.actions.assignments import take
from annotations.actions.comments import comment
from annotations.actions.gold import set_gold
from annotations.actions.holds import place_hold
from annotations.actions.revisions import revise_article
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.api.urls import urlpatterns
from annotations.models import (
    Article,
    Assignment,
    Claim,
    Comment,
    Event,
    GoldItem,
    LegalHold,
    Project,
    Reattachment,
    Ruling,
    Skip,
    User,
)
from tests.api.conftest import Caller, Calling, evidence_of, judgement, mark
from tests.conftest import TEXT

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

# name of the address: what of the other project's it is tried with. None: it holds nothing of one.
OBJECTS: dict[str, str | None] = {
    "index": None, "schema": None, "record-schema": None, "docs": None, "nothing": None,
    "projects": "", "articles": "", "revisions": "", "claims": "", "appearances": "",
    "reattachments": "", "verdicts": "", "evidence": "", "sources": "", "rulings": "",
    "comments": "", "comment": "comment", "remove-comment": "comment", "ask-again": "agreed",
    "ask-for-another": "agreed", "ask-no-more": "agreed",
    "holds": "", "hold": "hold", "lift": "hold",
    "project": "project", "export": "project", "agreement": "project",
    "article": "article", "record": "article", "revise": "article", "preview": "article",
    "revision": "revision", "claim": "claim", "set-aside": "claim", "restore": "claim",
    "appearance": "appearance", "reattachment": "reattachment", "reattach": "reattachment",
    "let-go": "reattachment", "verdict": "verdict", "submit": "draft",
    "one-evidence": "piece", "source": "source",
    "ruling": "ruling", "correct": "ruling", "withdraw": "ruling",
    "assignments": "", "next": None, "assignment": "lease", "prolong": "lease",
    "give-back": "lease", "reassign": "lease", "take-back": "lease", "skip": "claim",
    "put-back": "claim", "gold": "", "one-gold-item": "gold", "unset-gold": "gold",
}  # fmt: skip

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "project"): {"name": "Taken"},
    ("PATCH", "article"): {"publisher": "Taken"},
    ("POST", "revise"): {"text": "Taken", "based_on": "0195a5f0-0000-7000-8000-000000000000"},
    ("POST", "preview"): {"text": "Taken"},
    ("PATCH", "claim"): {"statement": "Taken"},
    ("PATCH", "appearance"): {"start": 0, "end": 3},
    ("POST", "set-aside"): {"set_aside_reason": "opinion"},
    ("POST", "ask-again"): {"question": "Which?"},
    ("PATCH", "comment"): {"text": "Taken"},
    ("POST", "remove-comment"): {"reason": "Taken"},
    ("PUT", "verdict"): {"rating": "true"},
    ("PATCH", "verdict"): {"rating": "true"},
    ("POST", "withdraw"): {"note": "Taken"},
    ("POST", "lift"): {"because": "Taken"},
    ("POST", "reassign"): {"reviewer": "Maple"},
    ("POST", "skip"): {"reason": "unclear"},
}


@pytest.fixture
def theirs(
    article: Article, agreed: Claim, claim: Claim, finch: User, robin: User, birch: User
) -> dict[str, str]:
    """What the first project holds and has not published, by what it is."""
    verdict = agreed.verdicts.order_by("id")[0]
    piece = verdict.evidence.get()
    draft = save_draft(claim.pk, judgement(), actor=finch)
    place = claim.appearances.get()
    revision = article.revisions.get()
    hold = place_hold(
        actor=birch, claim=claim.pk, kind="restrict", authority="A court", ground="A law",
        ordered_on=datetime.date(2026, 2, 11),
    )  # fmt: skip
    revise_article(article.pk, actor=robin, text=TEXT.replace("12%", "13%"), based_on=revision.pk)
    gold = mark(article, "schools", robin)
    item = set_gold(gold.pk, "true", "The budget says so.", actor=robin)
    return {
        "lease": str(take(claim.pk, actor=finch).pk),
        "gold": str(item.pk),
        "project": "council",
        "article": article.slug,
        "revision": str(revision.pk),
        "claim": str(claim.pk),
        "agreed": str(agreed.pk),
        "appearance": str(place.pk),
        "reattachment": str(claim.reattachments.get().pk),
        "verdict": str(verdict.pk),
        "draft": str(draft.pk),
        "piece": str(piece.pk),
        "hold": str(hold.pk),
        "source": str(piece.source_id),
        "comment": str(comment(agreed.pk, "Ours.", actor=robin).pk),
        "ruling": "0195a5f0-0000-7000-8000-000000000000",
    }


@pytest.fixture
def outsider(calling: Calling, stranger: User, other_article: Article) -> Caller:
    """The owner of the other project, with every right there."""
    return calling(stranger)


def state_of_the_world() -> Any:
    return (
        Event.objects.exclude(verb="make_token").count(),
        list(Project.objects.order_by("pk").values()),
        list(Article.objects.order_by("pk").values()),
        list(Claim.objects.order_by("pk").values()),
        list(Ruling.objects.order_by("pk").values()),
        list(Comment.objects.order_by("pk").values()),
        list(LegalHold.objects.order_by("pk").values()),
        list(Reattachment.objects.order_by("pk").values()),
        list(Assignment.objects.order_by("pk").values()),
        list(Skip.objects.values()),
        list(GoldItem.objects.values()),
    )


def address(name: str, thing: str) -> str:
    key = "slug" if name in BY_SLUG else "id"
    return reverse(f"api:{name}", kwargs={key: thing})


BY_SLUG = ("project", "export", "agreement", "article", "record", "revise", "preview")


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(OBJECTS)


@pytest.mark.parametrize("name", [name for name, thing in OBJECTS.items() if thing])
def test_what_is_another_projects_is_not_there(
    outsider: Caller, theirs: dict[str, str], name: str
) -> None:
    """A22."""
    before = state_of_the_world()
    for method in METHODS:
        path = address(name, theirs[OBJECTS[name] or ""])
        answer = outsider.send(method, path, BODIES.get((method, name)))
        allowed = answer.status == 405 and method not in answer.headers["Allow"]
        assert answer.status == 404 or allowed or answer.status == 400, (method, path, answer.raw)
        if answer.status == 400:  # the body was wrong by itself, and told nothing of the thing
            unknown = path.replace(path.split("/")[-3 if name in SUB else -2], NOTHING)
            told = outsider.send(method, unknown, BODIES.get((method, name)))
            assert told.body["errors"] == answer.body["errors"]
    assert state_of_the_world() == before


SUB = (
    "set-aside", "restore", "submit", "correct", "withdraw", "export", "record", "reattach",
    "let-go", "revise", "agreement", "remove-comment", "ask-again", "ask-for-another",
    "ask-no-more", "lift",
    "prolong", "give-back", "reassign", "take-back", "skip",
    "put-back", "unset-gold",
)  # fmt: skip
NOTHING = "0195a5f0-0000-7000-8000-000000000000"


@pytest.mark.parametrize("name", [name for name, thing in OBJECTS.items() if thing == ""])
def test_no_list_holds_anything_of_another_project(
    outsider: Caller, theirs: dict[str, str], name: str
) -> None:
    """A22: lists, and lists narrowed to the other project's things."""
    answer = outsider.get(f"{name}/")
    assert answer.status == 200
    for thing in theirs.values():
        assert thing.encode() not in answer.raw
    for query in ("project=council", f"claim={theirs['agreed']}", f"article={theirs['article']}"):
        narrowed = outsider.get(f"{name}/?{query}")
        assert narrowed.status == 400 or narrowed.ids == []


def test_nothing_of_another_project_is_named_in_a_body(
    outsider: Caller, theirs: dict[str, str], stranger: User, other_article: Article
) -> None:
    """A22, A23: ids in the body are looked up as those in the address are."""
    mine = mark(other_article, "The harbour costs 3 million", stranger)
    mine_span = {"article": other_article.slug, "start": 0, "end": 7}
    theirs_span = {"article": theirs["article"], "start": 0, "end": 3}
    piece = {"stance": "context", "source": theirs["source"]}
    ruling = {"rating": "true", "summary": "S", "evidence": [theirs["piece"]], "reason": "R"}
    before = state_of_the_world()
    for path, body, statuses in (
        ("claims/", theirs_span, {404}),
        ("claims/", mine_span | {"revision": theirs["revision"]}, {400}),
        (
            "articles/harbour-works-begin/revisions/",
            {"text": "Taken", "based_on": theirs["revision"]},
            {409},
        ),
        ("appearances/", theirs_span | {"claim": str(mine.pk)}, {404}),
        ("appearances/", mine_span | {"claim": theirs["claim"]}, {404}),
        ("verdicts/", {"claim": theirs["claim"], "rating": "true"}, {404}),
        ("verdicts/", {"claim": str(mine.pk), "evidence": [piece]}, {400}),
        ("rulings/", ruling | {"claim": theirs["agreed"]}, {404}),
        ("articles/", {"project": "council", "text": "A text"}, {404}),
        ("assignments/", {"claim": theirs["claim"]}, {404}),
        ("assignments/", {"article": theirs["article"]}, {404}),
        ("assignments/", {"claim": str(mine.pk), "reviewer": "Finch"}, {400}),
        ("assignments/next/", {"project": "council"}, {404}),
        ("gold/", {"claim": theirs["claim"], "rating": "true", "explanation": "E"}, {404}),
    ):
        answer = outsider.post(path, body)
        assert answer.status in statuses, (path, answer.raw)
    assert state_of_the_world() == before


def test_evidence_of_another_project_is_no_ground_for_a_ruling(
    calling: Calling, outsider: Caller, theirs: dict[str, str], stranger: User,
    other_article: Article, birch: User,
) -> None:  # fmt: skip
    """A23, with a claim of one's own that is ready for a ruling."""
    outsider.patch("projects/harbour/", {"verdicts_required": 1, "one_person_suffices": True})
    mine = mark(other_article, "The harbour costs 3 million", stranger)
    submit_verdict(mine.pk, judgement("true"), actor=stranger)
    sent = {"claim": str(mine.pk), "rating": "true", "summary": "S"}
    foreign = outsider.post("rulings/", sent | {"evidence": [theirs["piece"]]})
    assert foreign.status == 400
    assert foreign.field("evidence")
    assert outsider.post("rulings/", sent | {"evidence": evidence_of(mine)}).status == 201


def test_a_published_thing_of_another_project_is_read_and_not_written(
    outsider: Caller, published: Ruling, article: Article
) -> None:
    place = published.claim.appearances.get()
    before = state_of_the_world()
    for path in (f"claims/{published.claim_id}/", f"rulings/{published.pk}/",
                 f"articles/{article.slug}/", f"appearances/{place.pk}/"):  # fmt: skip
        assert outsider.get(path).status == 200
    for method, path, body in (
        ("PATCH", f"claims/{published.claim_id}/", {"statement": "Taken"}),
        ("DELETE", f"claims/{published.claim_id}/", None),
        ("POST", f"claims/{published.claim_id}/set-aside/", {"set_aside_reason": "opinion"}),
        ("POST", f"claims/{published.claim_id}/restore/", None),
        ("DELETE", f"appearances/{place.pk}/", None),
        ("PATCH", f"appearances/{place.pk}/", {"start": 0, "end": 3}),
        ("POST", f"articles/{article.slug}/revisions/preview/", {"text": "Taken"}),
        ("PATCH", f"articles/{article.slug}/", {"publisher": "Taken"}),
        ("POST", f"rulings/{published.pk}/withdraw/", {"note": "Taken"}),
        ("POST", "verdicts/", {"claim": str(published.claim_id), "rating": "true"}),
        ("PATCH", "projects/council/", {"name": "Taken"}),
    ):
        assert outsider.send(method, path, body).status == 404, (method, path)
    assert state_of_the_world() == before


def test_a_person_who_left_keeps_nothing(
    calling: Calling, finch: User, birch: User, claim: Claim, draft: Any, project: Project
) -> None:
    """A33: at the next request, own verdicts and drafts included."""
    from annotations.actions.projects import set_role

    caller = calling(finch)
    assert caller.get(f"claims/{claim.pk}/").status == 200
    set_role(project.pk, finch.pk, None, actor=birch)
    for path in (f"claims/{claim.pk}/", f"verdicts/{draft.pk}/", "articles/council-spends-more/"):
        assert caller.get(path).status == 404
    assert caller.get("verdicts/").ids == []
    assert caller.get("sources/").ids == []
