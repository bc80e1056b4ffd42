"""Two projects: what the one holds is in no list of the other's people, and in no body they send.

Each address with each method is in `tests/matrix/`.
"""

import datetime
from typing import Any

import pytest

from annotations.actions.assignments import take
from annotations.actions.comments import comment
from annotations.actions.gold import set_gold
from annotations.actions.holds import place_hold
from annotations.actions.publishers import ask_publisher
from annotations.actions.revisions import revise_article
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import (
    Article,
    Assignment,
    Claim,
    Comment,
    Event,
    GoldItem,
    LegalHold,
    Project,
    PublisherCorrection,
    Reattachment,
    Ruling,
    Skip,
    User,
)
from annotations.rules.publishers import Asking
from tests.api.conftest import Caller, Calling, evidence_of, judgement, mark
from tests.conftest import TEXT

LISTS = (
    "projects", "articles", "revisions", "claims", "appearances", "reattachments", "verdicts",
    "evidence", "sources", "rulings", "comments",
    "publisher-corrections", "holds", "assignments", "gold",
)  # fmt: skip


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
        "request": "0195a5f0-0000-7000-8000-000000000000",
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
        list(PublisherCorrection.objects.order_by("pk").values()),
        list(Reattachment.objects.order_by("pk").values()),
        list(Assignment.objects.order_by("pk").values()),
        list(Skip.objects.values()),
        list(GoldItem.objects.values()),
    )


@pytest.mark.parametrize("name", LISTS)
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
    outsider: Caller, published: Ruling, article: Article, robin: User
) -> None:
    place = published.claim.appearances.get()
    sent = {"reached": "editors", "asked_on": "2026-02-11", "asked": "Taken", "publisher": "T"}
    asking = Asking("Example Times", "editors", datetime.date(2026, 2, 11), "To say 11%.")
    asked = ask_publisher(published.claim_id, asking, actor=robin)
    before = state_of_the_world()
    for path in (f"claims/{published.claim_id}/", f"rulings/{published.pk}/",
                 f"articles/{article.slug}/", f"appearances/{place.pk}/",
                 f"publisher-corrections/{asked.pk}/"):  # fmt: skip
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
        ("PATCH", f"publisher-corrections/{asked.pk}/", {"publisher": "Taken"}),
        ("POST", "publisher-corrections/", sent | {"claim": str(published.claim_id)}),
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
