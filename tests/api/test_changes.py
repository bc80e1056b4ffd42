"""The change feed over the API: what it tells whom, and what nobody learns from it."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.actions.articles import edit_article
from annotations.actions.claims import edit_claim, restore, set_aside, unmark_claim
from annotations.actions.comments import comment
from annotations.actions.gold import set_gold
from annotations.actions.handing_out import assign
from annotations.actions.holds import lift_hold, place_hold
from annotations.actions.projects import edit_project, set_role
from annotations.actions.rulings import withdraw_ruling
from annotations.actions.verdicts import save_draft
from annotations.models import Article, Link, Project, User
from annotations.models import changes as feed
from tests.actions.given import judged, judgement, marked, published
from tests.api.conftest import Caller, Calling
from tests.models.mirrors import committed

HERE = "changes/"


def told(caller: Caller, after: str = "", **asked: str) -> tuple[list[dict[str, Any]], str]:
    """What comes, page after page, and the last cursor."""
    found: list[dict[str, Any]] = []
    committed()
    while True:
        query = "&".join(f"{name}={one}" for name, one in {"after": after, **asked}.items() if one)
        page = caller.get(f"{HERE}?{query}").body
        found += page["results"]
        after = page["cursor"]
        if not page["more"]:
            return found, after


def what(found: list[dict[str, Any]]) -> list[str]:
    return [one["what"] for one in found]


def test_from_the_beginning_each_change_comes_once_in_its_order(
    calling: Calling, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    judged(claim, (finch, "true"), (maple, "true"))
    published(claim, robin)
    given = ["verdict.submitted"] * 2
    expected = ["role.changed", "article.imported", "claim.marked", *given, "ruling.published"]
    for size in ("1", "2", "50"):
        found, after = told(calling(robin), page_size=size)
        assert what(found) == expected
        assert {tuple(one["articles"]) for one in found[1:]} == {(article.slug,)}
        assert told(calling(robin), after)[0] == []


def test_a_change_names_its_thing_and_when(calling: Calling, article: Article, finch: User) -> None:
    _, after = told(calling(finch), "now")
    claim = marked(article, finch)
    (one,), _ = told(calling(finch), after)
    at = one.pop("at")
    assert at.startswith("20")
    assert one == {
        "project": "council", "what": "claim.marked", "kind": "claim", "id": str(claim.pk),
        "articles": [article.slug], "whole": False,
    }  # fmt: skip


def test_the_address_of_what_comes_next_stands_in_the_answer(
    calling: Calling, article: Article, finch: User
) -> None:
    committed()
    page = calling(finch).get(f"{HERE}?page_size=1&project=council").body
    assert f"after={page['cursor']}" in page["next"]
    assert "project=council" in page["next"]
    following = calling(finch).get(page["next"].removeprefix("http://testserver"))
    assert what(page["results"] + following.body["results"]) == ["role.changed", "article.imported"]


def test_now_tells_nothing_and_begins_here(
    calling: Calling, article: Article, finch: User, robin: User
) -> None:
    marked(article, finch)
    committed()
    page = calling(finch).get(f"{HERE}?after=now").body
    assert (page["results"], page["more"]) == ([], False)
    edit_article(article.pk, actor=robin, title="Another")
    assert what(told(calling(finch), page["cursor"])[0]) == ["article.changed"]


# ---------- what is hidden ----------


def test_a_blind_reviewer_is_told_of_others_verdicts_by_the_own(
    calling: Calling, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    _, after = told(calling(finch), "now")
    judged(claim, (maple, "false"))
    found, after = told(calling(finch), after)
    assert found == []
    judged(claim, (finch, "true"))
    found, after = told(calling(finch), after)
    assert what(found) == ["verdict.submitted"]
    judged(claim, (maple, "true"))
    assert what(told(calling(finch), after)[0]) == ["verdict.submitted"]


def test_who_comes_late_learns_of_no_verdict_before_the_own(
    calling: Calling, article: Article, finch: User, maple: User
) -> None:
    """By itself the number of entries would tell how often a colleague thought again."""
    claim = marked(article, finch)
    _, after = told(calling(finch), "now")
    judged(claim, (maple, "false"), (maple, "true"), (finch, "true"))
    assert what(told(calling(finch), after)[0]) == ["verdict.submitted"]


def test_work_in_secret_makes_no_entry_and_no_page(
    calling: Calling, article: Article, project: Project, finch: User, maple: User, robin: User
) -> None:
    """Whatever the size of a page: one answer, with nothing in it and nothing to come."""
    claim, other = marked(article, finch), marked(article, finch, "Café prices doubled")
    ends = {who: told(caller, "now")[1] for who, caller in callers(calling, finch).items()}
    judged(claim, (maple, "false"), (maple, "true"))
    save_draft(other.pk, judgement(), actor=maple)
    comment(claim.pk, "A remark.", actor=maple)
    set_gold(other.pk, "true", "It is.", actor=robin)
    assign(claim.pk, finch.pk, actor=robin)
    edit_project(project.pk, actor=User.objects.get(username="birch"), gold_every=7)
    committed()
    for who, caller in callers(calling, finch).items():
        page = caller.get(f"{HERE}?after={ends[who]}&page_size=1").body
        assert (page["results"], page["more"]) == ([], False), who
        assert len(page["cursor"]) == len(ends[who])


def callers(calling: Calling, finch: User) -> dict[str, Caller]:
    return {"reader": Caller(), "reviewer": calling(finch)}


def test_after_something_seen_hidden_work_promises_no_more(
    calling: Calling, article: Article, finch: User, maple: User
) -> None:
    claim = marked(article, finch)
    _, after = told(calling(finch), "now")
    marked(article, finch, "Café prices doubled")
    judged(claim, (maple, "false"))
    committed()
    page = calling(finch).get(f"{HERE}?after={after}&page_size=1").body
    assert (what(page["results"]), page["more"]) == (["claim.marked"], False)


def test_readers_are_told_from_the_publication_on(
    calling: Calling, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    set_aside(claim.pk, "opinion", actor=robin)
    restore(claim.pk, actor=robin)
    edit_claim(claim.pk, actor=finch, statement="The council spent more.")
    judged(claim, (finch, "true"), (maple, "true"))
    edit_article(article.pk, actor=robin, title="Before")
    assert told(Caller())[0] == []
    published(claim, robin)
    found, after = told(Caller())
    assert what(found) == ["ruling.published"]
    edit_article(article.pk, actor=robin, note="For members.")
    edit_article(article.pk, actor=robin, title="After")
    found, after = told(Caller(), after)
    assert what(found) == ["article.changed"]
    withdraw_ruling(claim.pk, actor=robin, note="It was another claim.")
    found, _ = told(Caller(), after)
    assert [(one["what"], one["articles"]) for one in found] == [
        ("ruling.withdrawn", [article.slug])
    ]
    assert Caller().get(f"articles/{article.slug}/record/").status == 404


def test_a_project_that_opens_and_closes_is_told_as_a_whole(
    calling: Calling, article: Article, project: Project, stranger: User, birch: User
) -> None:
    _, after = told(calling(stranger), "now")
    set_role(project.pk, stranger.pk, "reviewer", actor=birch)
    found, after = told(calling(stranger), after)
    assert [(one["what"], one["project"], one["whole"]) for one in found] == [
        ("project.opened", "council", True)
    ]
    set_role(project.pk, stranger.pk, "moderator", actor=birch)
    found, after = told(calling(stranger), after)
    assert what(found) == ["role.changed"]
    set_role(project.pk, stranger.pk, None, actor=birch)
    found, after = told(calling(stranger), after)
    assert what(found) == ["project.closed"]
    assert told(calling(stranger), after)[0] == []


def test_a_role_of_somebody_else_is_nobody_elses_business(
    calling: Calling, project: Project, finch: User, maple: User, birch: User
) -> None:
    _, after = told(calling(finch), "now")
    set_role(project.pk, maple.pk, "moderator", actor=birch)
    assert told(calling(finch), after)[0] == []


def test_a_mark_that_is_gone_is_told(calling: Calling, article: Article, finch: User) -> None:
    claim = marked(article, finch)
    _, after = told(calling(finch), "now")
    unmark_claim(claim.pk, actor=finch)
    found, _ = told(calling(finch), after)
    assert [(one["what"], one["articles"]) for one in found] == [("claim.removed", [article.slug])]


def test_a_hold_is_told_to_those_from_whom_it_keeps(
    calling: Calling, article: Article, finch: User, maple: User, robin: User, birch: User
) -> None:
    claim = marked(article, finch)
    judged(claim, (finch, "true"), (maple, "true"))
    day = datetime.date(2026, 1, 2)
    ends = {name: told(one, "now")[1] for name, one in all_three(calling).items()}
    hold = place_hold(actor=birch, article=article.pk, kind="withhold", authority="A court",
                      ground="A law", ordered_on=day)  # fmt: skip
    found = {name: what(told(one, ends[name])[0]) for name, one in all_three(calling).items()}
    assert found == {"reader": [], "finch": ["hold.placed"], "robin": []}
    lift_hold(hold.pk, actor=birch, because="Over.")
    published(claim, robin)
    place_hold(actor=birch, claim=claim.pk, kind="restrict", authority="A court", ground="A law",
               ordered_on=day)  # fmt: skip
    ends["reader"] = ""
    found = {name: what(told(one, ends[name])[0]) for name, one in all_three(calling).items()}
    assert found == {
        "reader": ["hold.placed"],
        "finch": ["hold.placed", "hold.lifted", "ruling.published"],
        "robin": ["ruling.published"],
    }


def all_three(calling: Calling) -> dict[str, Caller]:
    names = ("finch", "robin")
    return {"reader": Caller()} | {one: calling(User.objects.get(username=one)) for one in names}


# ---------- cursors ----------


def test_a_cursor_is_of_one_person_and_cannot_be_read(
    calling: Calling, article: Article, finch: User, robin: User
) -> None:
    _, after = told(calling(finch), "now")
    for caller in (calling(robin), Caller()):
        refused = caller.get(f"{HERE}?after={after}")
        assert refused.status == 400
        assert "not a cursor of yours" in refused.field("after")
    again = told(calling(finch), after)[1]
    assert again != after  # nor does the same place look the same
    assert told(calling(finch), again)[0] == []


@pytest.mark.parametrize("after", ["x", "NOW", "AAAA", "A" * 300, "%00", "é", "..", "🇺🇦"])
def test_what_is_no_cursor_is_refused(calling: Calling, finch: User, after: str) -> None:
    refused = calling(finch).get(f"{HERE}?after={after}")
    assert refused.status == 400
    assert refused.field("after")


def test_one_project_is_followed_by_itself(
    calling: Calling, article: Article, other_article: Article, stranger: User, finch: User
) -> None:
    found, _ = told(calling(stranger), project="harbour")
    assert {one["project"] for one in found} == {"harbour"}
    assert calling(stranger).get(f"{HERE}?project=council").status == 404
    assert calling(finch).get(f"{HERE}?project=nothing").status == 404


def test_more_than_a_look_of_hidden_work_is_a_page_of_its_own(
    calling: Calling, article: Article, finch: User, maple: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How much one request looks at is bounded; all that this tells is a round number."""
    monkeypatch.setattr(feed, "LOOKED_AT", 3)
    monkeypatch.setattr(feed, "FOR_EACH", 1)
    claim = marked(article, finch)
    _, after = told(calling(finch), "now")
    judged(claim, *[(maple, one) for one in ("true", "false") * 4])
    other = marked(article, finch, "Café prices doubled")
    committed()
    page = calling(finch).get(f"{HERE}?after={after}&page_size=1").body
    assert (page["results"], page["more"]) == ([], True)
    found, _ = told(calling(finch), page["cursor"], page_size="1")
    assert [one["id"] for one in found] == [str(other.pk)]


# ---------- what it costs ----------


def test_a_page_costs_as_many_queries_however_much_is_on_it(
    calling: Calling, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    judged(claim, (finch, "true"), (maple, "true"))
    published(claim, robin)
    committed()
    finch_calls = calling(finch)
    with CaptureQueriesContext(connection) as few:
        finch_calls.get(f"{HERE}?page_size=200")
    for quote in ("Café prices doubled", "in the same year", "never spent this much"):
        one = marked(article, finch, quote)
        judged(one, (finch, "true"), (maple, "true"))
        published(one, robin)
    committed()
    with CaptureQueriesContext(connection) as many:
        finch_calls.get(f"{HERE}?page_size=200")
    assert len(many) <= len(few) <= 16


def test_the_links_are_read_along_their_index(article: Article) -> None:
    committed()
    chain = Link.objects.values_list("chain", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + feed.LINKS, [[], [], [chain], [0], 10, 10])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "links_of_a_chain_are_numbered" in plan
    assert "Seq Scan" not in plan
