"""Lists, a page at a time: nothing twice, nothing left out, no number of the rest."""

import pytest

from annotations.actions.claims import mark_claim
from annotations.models import Article, Claim, User
from tests.api.conftest import Caller, Calling


@pytest.fixture
def many(article: Article, finch: User) -> list[str]:
    """Twelve claims, newest first."""
    made = [mark_claim(article.pk, n, n + 5, actor=finch).claim_id for n in range(12)]
    return [str(one) for one in sorted(made, reverse=True)]


def walk(caller: Caller, first: str) -> list[list[str]]:
    pages, address = [], first
    while address:
        answer = caller.get(address.removeprefix("http://testserver"))
        assert answer.status == 200
        assert set(answer.body) == {"next", "results"}
        pages.append(answer.ids)
        address = answer.body["next"]
    return pages


@pytest.mark.parametrize("size", [1, 5, 6, 11, 12, 13, 200, 10**9])
def test_following_next_gives_everything_once(
    calling: Calling, finch: User, many: list[str], size: int
) -> None:
    """A45: a page is capped, whatever is asked for."""
    pages = walk(calling(finch), f"claims/?page_size={size}")
    assert [one for page in pages for one in page] == many
    assert max(len(page) for page in pages) <= min(size, 200)


def test_filters_go_along_to_the_next_page(calling: Calling, finch: User, many: list[str]) -> None:
    answer = calling(finch).get("claims/?page_size=5&kind=factual&project=council")
    assert "kind=factual" in answer.body["next"]
    assert "project=council" in answer.body["next"]


def test_what_comes_in_while_one_reads_moves_nothing(
    calling: Calling, finch: User, many: list[str], article: Article
) -> None:
    caller = calling(finch)
    first = caller.get("claims/?page_size=6")
    mark_claim(article.pk, 0, 9, actor=finch)
    Claim.objects.filter(pk=first.ids[0]).update(statement="Changed")
    second = caller.get(first.body["next"].removeprefix("http://testserver"))
    assert first.ids + second.ids == many


@pytest.mark.parametrize("cursor", ["%00", "AA%00A", "%F0%9F%92%A9", "12", "=" * 400, "%25", "%0A"])
def test_what_is_no_cursor_is_refused_at_its_parameter(
    calling: Calling, finch: User, cursor: str
) -> None:
    answer = calling(finch).get(f"claims/?cursor={cursor}")
    assert answer.status == 400
    [problem] = answer.body["errors"]
    assert problem["field"] == "cursor"
    assert problem["detail"].startswith(("This is not a cursor.", "There is a NUL character at"))


def test_a_cursor_opens_nothing_that_is_closed(
    calling: Calling, stranger: User, finch: User, many: list[str]
) -> None:
    following = calling(finch).get("claims/?page_size=5").body["next"]
    assert calling(stranger).get(following.removeprefix("http://testserver")).ids == []
