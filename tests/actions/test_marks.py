"""Marking: what is stored, what is refused and where, overlaps, undoing, further places."""

import pytest

from annotations.actions.claims import (
    add_appearance,
    edit_claim,
    mark_claim,
    remove_appearance,
    unmark_claim,
)
from annotations.actions.verdicts import discard_draft, save_draft, submit_verdict
from annotations.models import Appearance, Article, Claim, Claimant, Event, User
from annotations.rules.refusals import Conflict, Malformed, NotFound, Refusal, Unprocessable
from annotations.rules.verdicts import Judgement
from tests.actions.given import SPENT_MORE, claim_in, judgement, marked, told


@pytest.fixture
def text(article: Article) -> str:
    return article.revisions.get(number=1).text


def test_a_mark_is_the_words_and_what_stands_around_them(
    article: Article, text: str, finch: User
) -> None:
    start = text.index("Café prices")
    made = mark_claim(article.pk, start, start + 19, actor=finch, quote="Café prices doubled")
    kept = Appearance.objects.get(pk=made.pk)
    assert (kept.start, kept.end, kept.quote) == (start, start + 19, "Café prices doubled")
    assert kept.prefix == text[start - 32 : start]
    assert kept.suffix == text[start + 19 : start + 51]
    assert kept.suffix.startswith(" 🇺🇦🇵🇱 in the same year")
    assert kept.claim.statement == "Café prices doubled"
    assert (kept.claim.state, kept.claim.marked_by, kept.marked_by) == ("marked", finch, finch)


def test_places_that_are_one_once_they_are_whole_are_one_place(
    article: Article, text: str, finch: User
) -> None:
    flag = text.index("🇺🇦🇵🇱")
    halves = [(flag, flag + 1), (flag + 1, flag + 2), (flag + 2, flag + 3)]
    made = mark_claim(article.pk, flag, flag + 2, actor=finch, further=halves)
    kept = Appearance.objects.filter(claim=made.claim_id).order_by("start")
    assert [place.quote for place in kept] == ["🇺🇦", "🇵🇱"]


def test_a_mark_is_in_the_log_with_its_words(article: Article, finch: User) -> None:
    claim = marked(article, finch, claimant="The mayor", kind="numerical")
    event = Event.objects.of_claim(claim.pk).get()
    assert (event.verb, event.actor, event.project) == ("mark", finch, article.project)
    assert (event.object_kind, event.object_id, event.before) == ("claim", claim.pk, None)
    assert event.after is not None
    assert event.after["statement"] == SPENT_MORE
    assert event.after["kind"] == "numerical"
    assert event.after["appearance"]["quote"] == SPENT_MORE


@pytest.mark.parametrize(
    ("given", "kind", "field"),
    [
        ({"start": -1}, Malformed, "start"),
        ({"end": 1_000_000}, Malformed, "end"),
        ({"start": 2**63, "end": 2**63 + 1}, Malformed, "end"),
        ({"start": 5, "end": 5}, Malformed, "start"),
        ({"start": 6, "end": 5}, Malformed, "start"),
        ({"quote": "something else"}, Unprocessable, "quote"),
        ({"quote": "The council "}, Unprocessable, "quote"),
        ({"quote": "The\x00council"}, Malformed, "quote"),
        ({"quote": "\ud800"}, Malformed, "quote"),
        ({"statement": "x" * 1_001}, Malformed, "statement"),
        ({"statement": "a\x00b"}, Malformed, "statement"),
        ({"statement": "\ud800"}, Malformed, "statement"),
        ({"statement": " "}, Malformed, "statement"),
        ({"kind": "rumour"}, Malformed, "kind"),
        ({"claimant": "x" * 201}, Malformed, "claimant"),
        ({"claimant": "a\nb"}, Malformed, "claimant"),
        ({"claimant": "The mayor", "claimant_role": "\x00"}, Malformed, "claimant_role"),
        ({"topics": ["x"] * 21}, Malformed, "topics"),
        ({"topics": ["x" * 61]}, Malformed, "topics"),
        ({"topics": [""]}, Malformed, "topics"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_leaves_nothing(
    given: dict[str, object], kind: type[Refusal], field: str, article: Article, finch: User
) -> None:
    before = Event.objects.count()
    with pytest.raises(kind) as refused:
        mark_claim(article.pk, **{"start": 0, "end": 11, "actor": finch} | given)  # type: ignore[arg-type]
    assert list(refused.value.problems) == [field]
    assert not Claim.objects.exists()
    assert not Claimant.objects.exists()
    assert Event.objects.count() == before


def test_furniture_cannot_be_marked(article: Article, text: str, finch: User) -> None:
    start = text.index("Share")
    for first, last in ((start, start + 5), (0, start + 1), (start + 4, start + 20)):
        with pytest.raises(Unprocessable, match="belong to the page"):
            mark_claim(article.pk, first, last, actor=finch)


def test_a_mark_on_a_text_of_another_article_is_refused_and_told_so(
    article: Article, other_article: Article, finch: User
) -> None:
    other = other_article.revisions.get(number=1)
    with pytest.raises(Malformed, match="not a revision of the article"):
        mark_claim(article.pk, 0, 11, actor=finch, revision_id=other.pk)


def test_a_long_mark_without_a_statement_is_pre_filled_shortened(
    article: Article, robin: User, finch: User
) -> None:
    from annotations.actions.articles import import_article

    long = import_article(article.project_id, actor=robin, text="A title\n\n" + "many words " * 500)
    claim = mark_claim(long.pk, 0, 5_000, actor=finch).claim
    assert len(claim.statement) <= 1_000
    assert claim.statement.startswith("A title many words")
    assert claim.statement.endswith("…")
    assert claim.appearances.get().end == 5_000


def test_control_characters_of_the_text_do_not_refuse_a_mark(
    article: Article, robin: User, finch: User
) -> None:
    from annotations.actions.articles import import_article

    odd = import_article(
        article.project_id, actor=robin, title="Odd", text="One\x07two\u2028three."
    )
    made = mark_claim(odd.pk, 0, 14, actor=finch)
    assert made.quote == "One\x07two\u2028three."
    assert made.claim.statement == "One two three."


PLACES = {"whole": (0, 31), "left": (0, 11), "right": (4, 31), "inner": (4, 11), "twin": (4, 11)}


@pytest.mark.parametrize("gone", PLACES)
def test_of_overlapping_nested_and_identical_marks_one_goes_alone(
    gone: str, article: Article, finch: User
) -> None:
    made = {n: mark_claim(article.pk, *place, actor=finch) for n, place in PLACES.items()}
    unmark_claim(made.pop(gone).claim_id, actor=finch)
    left = {place.pk: (place.start, place.end) for place in Appearance.objects.all()}
    assert left == {place.pk: PLACES[name] for name, place in made.items()}
    assert Claim.objects.count() == len(PLACES) - 1


def test_an_undone_mark_can_be_made_again_from_what_undoing_gives(
    article: Article, finch: User
) -> None:
    claim = marked(
        article, finch, statement="Spending rose.", claimant="The mayor", claimant_role="Mayor"
    )
    again = unmark_claim(claim.pk, actor=finch)
    assert not Claim.objects.exists()
    assert told(claim) == ["mark", "unmark"]
    gone = Event.objects.of_claim(claim.pk).first()
    assert gone is not None
    assert gone.before is not None
    assert gone.before["appearances"][0]["quote"] == SPENT_MORE
    article_id = again.pop("article")
    assert article_id == str(article.pk)
    made = mark_claim(article.pk, actor=finch, **again).claim
    assert made.statement == "Spending rose."
    assert str(made.claimant) == "The mayor, Mayor"


@pytest.mark.parametrize(
    "said",
    [
        Judgement(rating="true"),
        Judgement(rationale="So far."),
        Judgement(confidence="low"),
        Judgement(evidence=judgement().evidence),
    ],
)
def test_a_mark_is_not_removed_while_ones_own_draft_says_anything(
    said: Judgement, article: Article, finch: User
) -> None:
    claim = marked(article, finch)
    save_draft(claim.pk, said, actor=finch)
    with pytest.raises(Conflict, match="Discard the draft first"):
        unmark_claim(claim.pk, actor=finch)
    discard_draft(claim.pk, actor=finch)
    unmark_claim(claim.pk, actor=finch)
    assert not Claim.objects.exists()


def test_an_empty_draft_goes_with_the_mark(article: Article, finch: User) -> None:
    claim = marked(article, finch)
    save_draft(claim.pk, Judgement(), actor=finch)
    unmark_claim(claim.pk, actor=finch)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("work", ["draft", "verdict", "own verdict"])
def test_a_claim_that_was_worked_on_is_not_removed(
    work: str, article: Article, finch: User, maple: User
) -> None:
    claim = marked(article, finch)
    if work == "draft":
        save_draft(claim.pk, judgement(), actor=maple)
    else:
        submit_verdict(claim.pk, judgement(), actor=finch if work == "own verdict" else maple)
    with pytest.raises(Conflict, match="can no longer be removed"):
        unmark_claim(claim.pk, actor=finch)
    assert Claim.objects.filter(pk=claim.pk).exists()
    assert "unmark" not in told(claim)


def test_a_claim_stands_in_several_places_and_keeps_the_last(article: Article, finch: User) -> None:
    claim = marked(article, finch)
    first = claim.appearances.get()
    second = add_appearance(claim.pk, article.pk, 0, 11, actor=finch)
    with pytest.raises(Conflict, match="already marked on these words"):
        add_appearance(claim.pk, article.pk, 0, 11, actor=finch)
    remove_appearance(first.pk, actor=finch)
    with pytest.raises(Conflict, match="only place"):
        remove_appearance(second.pk, actor=finch)
    with pytest.raises(NotFound):
        remove_appearance(first.pk, actor=finch)
    assert told(claim) == ["mark", "add_appearance", "remove_appearance"]


def test_a_claim_stands_in_articles_of_its_own_project_alone(
    article: Article, other_article: Article, finch: User, birch: User, stranger: User
) -> None:
    from annotations.actions.projects import set_role

    claim = marked(article, finch)
    with pytest.raises(NotFound):
        add_appearance(claim.pk, other_article.pk, 0, 5, actor=finch)
    set_role(other_article.project_id, finch.pk, "reviewer", actor=stranger)
    with pytest.raises(Malformed, match="different projects"):
        add_appearance(claim.pk, other_article.pk, 0, 5, actor=finch)


def test_what_an_edit_changes_is_in_the_log_and_what_it_leaves_is_not(
    article: Article, finch: User
) -> None:
    claim = marked(article, finch, claimant="The mayor")
    edit_claim(claim.pk, actor=finch)
    edit_claim(claim.pk, actor=finch, statement=SPENT_MORE, kind="factual")
    assert told(claim) == ["mark"]
    edit_claim(claim.pk, actor=finch, kind="causal", topics=["budget", "budget"], claimant="")
    event = Event.objects.of_claim(claim.pk).first()
    assert event is not None
    assert event.before is not None
    assert event.after is not None
    changed = {name for name in event.after if event.after[name] != event.before[name]}
    assert changed == {"kind", "topics", "claimant"}
    assert event.after["topics"] == ["budget"]


@pytest.mark.parametrize("state", ["published", "corrected", "withdrawn"])
def test_the_words_and_places_of_a_ruled_claim_stay(
    state: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in(state, article, first=finch, second=maple, moderator=robin)
    place = claim.appearances.get()
    add_appearance(claim.pk, article.pk, 0, 11, actor=robin)
    for attempt in (
        lambda: edit_claim(claim.pk, actor=robin, statement="Another"),
        lambda: remove_appearance(place.pk, actor=robin),
        lambda: unmark_claim(claim.pk, actor=robin),
    ):
        with pytest.raises(Conflict):
            attempt()


def test_a_claimant_is_one_row_for_one_name_and_role(article: Article, finch: User) -> None:
    mayor = marked(article, finch, claimant="The mayor", claimant_role="Mayor").claimant
    assert marked(article, finch, claimant=" The mayor ").claimant == mayor
    assert marked(article, finch, claimant="The mayor", claimant_role="Mayor").claimant == mayor
    assert marked(article, finch, claimant="The mayor", claimant_role="Candidate").claimant != mayor
    assert marked(article, finch, claimant="").claimant is None
    assert Claimant.objects.count() == 2


def test_a_mark_comes_back_in_all_its_places_or_in_none(article: Article, finch: User) -> None:
    place = mark_claim(article.pk, 0, 5, actor=finch, further=[(6, 11), (0, 5), (6, 11)])
    spans = place.claim.appearances.values_list("start", "end")
    assert sorted(spans) == [(0, 5), (6, 11)]
    with pytest.raises(Malformed):
        mark_claim(article.pk, 12, 15, actor=finch, further=[(0, 999_999)])
    with pytest.raises(Malformed, match="at once"):
        mark_claim(article.pk, 12, 15, actor=finch, further=[(n, n + 3) for n in range(60)])
    assert Claim.objects.count() == 1
