"""Searching: what is found by which words, for whom, and what is refused."""

import datetime
from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.actions.articles import edit_article, import_article
from annotations.actions.claims import add_appearance, edit_claim, mark_claim, unmark_claim
from annotations.actions.holds import place_hold
from annotations.actions.revisions import revise_article
from annotations.models import Appearance, Article, Claim, Claimant, ClaimWords, Ruling, User
from annotations.models.searching import ArticleWords, Search
from annotations.rules.searching import sought_of
from tests.api.conftest import Caller, Calling
from tests.models.past_the_orm import run

STATEMENT = (
    "NATO加盟は Zürich naïveté ﾊﾟﾝ 한국은행은 ประเทศไทย Łódź, "
    "U.S. debt: 12.5 % أَسعار Ёлка don't 🇺🇦 ok"
)

FOUND = [
    "nato",
    "NATO",
    "加盟",
    "加",
    "盟",
    "は",
    "盟は",
    "nato加盟は",
    '"nato 加盟は zurich"',
    "zurich",
    "ZÜRICH",
    "Zu\u0308rich",
    "naivete",
    "パン",
    "ﾊﾟﾝ",
    "パ",
    "한국은행",
    "국은",
    "행",
    "ประเทศ",
    "ไทย",
    "ป",
    "lodz",
    "ŁÓDŹ",
    "U.S.",
    '"u s debt"',
    "12.5",
    "12",
    '"12 5"',
    "اسعار",
    "أسعار",
    "елка",
    "ЁЛКА",
    "don't",
    "don’t",
    "nato -y",
    "🇺🇦",
    "ok 🇺🇦",
    "debt zurich 加盟",
    "nato -council",
    'nato -"debt zurich"',
    "na\u00adto",
    "!nato",
    "nato & zurich",
    "(nato)",
    "nato:*",
    "mayor",
    "mayor nato",
    "Käse",
    "kase mayor",
    "nato !!!",
]
NOT_FOUND = [
    "盟加",
    "加は",
    "은국",
    "natos",
    "nat",
    "zurich2",
    '"zurich nato"',
    "nato council",
    "nato -zurich",
    'nato -"debt 12"',
    "nato -加盟",
    "nato -盟",
    '"加盟 zurich"',
    '"ok mayor"',
    "project",
    "ruled",
    "nato | council",
    '"12 12"',
    "タ",
    "은행원",
    "nato -mayor",
    "ruled:",
    "🇵🇱",
]


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    """A claim whose statement, quote (“The”) and claimant say different things."""
    made = mark_claim(
        article.pk, 0, 3, actor=finch, statement=STATEMENT, claimant="The mayor of Käse"
    )
    return made.claim


@pytest.fixture
def looking(calling: Calling) -> Callable[..., list[str]]:
    """The ids that a person finds."""

    def look(person: User | None, words: str, more: str = "", of: str = "claims") -> list[str]:
        caller = calling(person) if person else Caller()
        answer = caller.get(f"{of}/?search={quote(words)}{more}")
        assert answer.status == 200, answer.raw
        return answer.ids

    return look


Looking = Callable[..., list[str]]


@pytest.mark.parametrize("newest", [20_000, 0])
def test_a_claim_is_found_by_its_words_and_by_no_others(
    newest: int, claim: Claim, finch: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no newest claims to look through, every one is the index's to find."""
    monkeypatch.setattr(ClaimWords, "newest", newest)
    rows = Claim.objects.readable_by(finch)
    for words in FOUND:
        assert Search(sought_of(words), finch).newest(rows, 2) == [claim], words
    for words in NOT_FOUND:
        assert Search(sought_of(words), finch).newest(rows, 2) == [], words


HOSTILE = [
    "",
    " ",
    "%09",
    "-",
    "--",
    '""',
    '"',
    '-"a b"',
    "-nato",
    "...",
    "&",
    "|",
    "!",
    ":*",
    "()",
    "( %26 )",
    "<->",
    "%5C",
    "'",
    "''",
    "\u200b",
    "\u202e",
    "\u0301",
    "。",
    "%00",
    "nato%00",
    "a" * 201,
    "a+" * 10_000,
    "加" * 201,
    "a&search=b",
]


def test_what_cannot_be_looked_for_is_refused_at_its_parameter(
    calling: Calling, finch: User, claim: Claim
) -> None:
    caller = calling(finch)
    for words in HOSTILE:
        for of in ("claims", "articles"):
            answer = caller.get(f"{of}/?search={words}")
            assert answer.status == 400, (words, answer.raw)
            assert answer.field("search"), words


SIGNS = [
    "'); DROP TABLE x; --",
    "nato\\",
    "' | 'x",
    "nato <-> zurich",
    "a:ABCD",
    "\ufdfa" * 200,
    "nato " * 20,
    "e\u0301" * 100,
    "\u1100" * 200,
    "x\u0001y",
    "{}%s",
    "%(words)s",
    "\U000e0041a",
    "\ufffd",
    "<2>",
    "a\x1cb",
]


def test_signs_of_a_query_language_mean_nothing(
    claim: Claim, finch: User, looking: Looking
) -> None:
    for words in SIGNS:
        assert looking(finch, words) in ([], [str(claim.pk)]), words


def test_what_changes_is_found_as_it_is_now(
    claim: Claim, article: Article, finch: User, robin: User, looking: Looking
) -> None:
    text = article.revisions.get().text
    cafe = text.index("Café")
    place = add_appearance(claim.pk, article.pk, cafe, cafe + 4, actor=finch)
    assert looking(finch, "cafe nato mayor") == [str(claim.pk)]
    assert looking(finch, '"cafe nato"') == [], "a phrase does not go from one part to another"
    revise_article(
        article.pk, actor=robin, text=text.replace("Café", "Coffee house"),
        based_on=place.revision_id,
    )  # fmt: skip
    assert looking(finch, "cafe") == [str(claim.pk)], "what was marked in an older text"
    edit_claim(claim.pk, actor=finch, statement="Plain", claimant="Somebody")
    assert looking(finch, "plain somebody cafe") == [str(claim.pk)]
    assert looking(finch, "nato") == looking(finch, "mayor") == []
    Claimant.objects.filter(name="Somebody").update(name="Nobody")
    assert looking(finch, "nobody") == [str(claim.pk)]
    Appearance.objects.filter(pk=place.pk).delete()
    assert looking(finch, "cafe") == []
    unmark_claim(claim.pk, actor=finch)
    assert not ClaimWords.objects.exists()


def test_only_what_one_may_read_is_found(
    claim: Claim, article: Article, published: Ruling, finch: User, robin: User, birch: User,
    stranger: User, looking: Looking, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    Claim.objects.filter(pk=published.claim_id).update(statement="A secret of the NATO")
    for newest in (20_000, 0):
        monkeypatch.setattr(ClaimWords, "newest", newest)
        public, both = [str(published.claim_id)], [str(claim.pk), str(published.claim_id)]
        assert sorted(looking(finch, "nato")) == sorted(both)
        assert looking(stranger, "nato") == looking(None, "nato") == public
        assert looking(stranger, "nato -secret") == looking(None, "zurich") == []
    place_hold(
        actor=birch, kind="withhold", authority="A court", ground="An order",
        ordered_on=datetime.date(2025, 3, 17), claim=published.claim_id,
    )  # fmt: skip
    for newest in (20_000, 0):
        monkeypatch.setattr(ClaimWords, "newest", newest)
        assert (
            looking(finch, "secret") == looking(stranger, "secret") == looking(None, "nato") == []
        )
        assert looking(robin, "secret") == public


def test_searching_goes_with_the_other_filters(
    claim: Claim, article: Article, finch: User, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    for newest in (20_000, 0):
        monkeypatch.setattr(ClaimWords, "newest", newest)
        for more in ("&project=council", f"&article={article.slug}", "&marked_by=me",
                     "&kind=factual", "&project=council&kind=factual"):  # fmt: skip
            assert looking(finch, "nato", more) == [str(claim.pk)], more
        for more in ("&project=harbour", "&project=x", "&article=x", "&kind=causal",
                     "&state=published", "&rating=false"):  # fmt: skip
            assert looking(finch, "nato", more) == [], more


@pytest.mark.parametrize("newest", [0, 1, 5, 6, 11, 12, 13, 20_000])
def test_what_is_found_comes_newest_first_a_page_at_a_time(
    calling: Calling, article: Article, finch: User, newest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClaimWords, "newest", newest)
    marks = [
        mark_claim(article.pk, n, n + 5, actor=finch, statement=("odd", "even")[n % 2])
        for n in range(12)
    ]
    wanted = [str(one.claim_id) for one in reversed(marks[::2])]
    caller, found = calling(finch), list[str]()
    address: str | None = "claims/?search=odd&page_size=2"
    while address:
        answer = caller.get(address.removeprefix("http://testserver"))
        assert len(answer.ids) == 2
        assert set(answer.body) == {"next", "results"}
        found += answer.ids
        address = answer.body["next"]
    assert found == wanted


def test_articles_are_found_by_title_and_newest_text(
    article: Article, other_article: Article, finch: User, robin: User, stranger: User,
    looking: Looking, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def look(person: User | None, words: str, more: str = "") -> list[str]:
        return looking(person, words, more, of="articles")

    first = article.revisions.get()
    for newest in (500, 0):
        monkeypatch.setattr(ArticleWords, "newest", newest)
        assert look(finch, '"council spent" cafe') == [str(article.pk)]
        assert look(finch, "cafe", "&project=council&language=en") == [str(article.pk)]
        assert look(finch, "cafe", "&project=harbour") == look(finch, "harbour") == []
        assert look(stranger, "cafe") == look(None, "cafe") == []
    edit_article(article.pk, actor=robin, title="吉野家の値上げ")
    revise_article(
        article.pk, actor=robin, text=first.text.replace("Café", "Coffee"), based_on=first.pk
    )
    assert look(finch, "吉野 coffee") == [str(article.pk)]
    assert look(finch, "cafe") == []


def test_a_long_article_comes_in_whatever_its_words(
    article: Article, robin: User, looking: Looking
) -> None:
    """What is past the first 60,000 characters is not looked through."""
    signs = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(70_000))
    made = import_article(article.project_id, actor=robin, text=f"Title\n\nstart {signs} end")
    assert looking(robin, "start " + signs[500:505], of="articles") == [str(made.pk)]
    assert looking(robin, "start end", of="articles") == []


def test_a_search_takes_three_queries_more(
    calling: Calling, claim: Claim, finch: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = calling(finch)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert caller.get(address).ids
        return len(asked)

    queries("claims/")
    plain = queries("claims/")
    assert queries("claims/?search=nato") == plain + 2
    monkeypatch.setattr(ClaimWords, "newest", 0)
    assert queries("claims/?search=nato") == plain + 3


def words_kept(table: str) -> dict[Any, str]:
    return dict(run(f"SELECT {table}_id, words::text FROM annotations_{table}words"))  # noqa: S608


def test_what_was_there_before_is_filled_in(
    claim: Claim, published: Ruling, other_article: Article
) -> None:
    fill = import_module("annotations.migrations.0024_words_of_what_is_there")
    before = words_kept("claim"), words_kept("article")
    run("DELETE FROM annotations_claimwords")
    run("DELETE FROM annotations_articlewords")
    fill.fill(None, connection.schema_editor())
    assert (words_kept("claim"), words_kept("article")) == before
    assert len(before[0]) == len(before[1]) == 2
    assert len(before[0]) == len(before[1]) == 2


def test_no_more_words_are_read_one_by_one_than_those_of_the_newest_claims(
    claim: Claim, finch: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound stands at the words too: the planner does not carry it over to them."""
    monkeypatch.setattr(ClaimWords, "newest", 0)
    with CaptureQueriesContext(connection) as asked:
        Search(sought_of("absent"), finch).newest(Claim.objects.all(), 2)
    [one_by_one] = [one["sql"] for one in asked if "ts_match_vq" in one["sql"]]
    assert '"annotations_claimwords"."claim_id" > ' in one_by_one
