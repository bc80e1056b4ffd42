"""A new text of an article: what becomes of every place, who is told, and what is never lost."""

from typing import Any

import pytest

from annotations.actions.articles import import_article
from annotations.actions.claims import add_appearance, mark_claim, move_appearance, unmark_claim
from annotations.actions.revisions import (
    let_go,
    preview_revision,
    reattach,
    revise_article,
)
from annotations.actions.verdicts import submit_verdict
from annotations.models import (
    Appearance,
    Article,
    Claim,
    Event,
    Project,
    Reattachment,
    Revision,
    User,
    Verdict,
)
from annotations.rules.canonical import Kind
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound, Unprocessable
from tests.actions.given import SPENT_MORE, judged, judgement, marked
from tests.conftest import TEXT

pytestmark = pytest.mark.django_db

CORRECTED = TEXT.replace("12%", "13%")
WITHOUT = TEXT.replace("spent 12% more in 2024 than in the year before, the mayor", "met, she")
SHIFTED = TEXT.replace("Share\n", "Share\n\nThe council met for six hours in an open session.\n")


def newest(article: Article) -> Revision:
    return article.revisions.latest("number")


def revised(article: Article, text: str, actor: User) -> Revision:
    return revise_article(article.pk, actor=actor, text=text, based_on=newest(article).pk)


def now_at(article: Article) -> list[str]:
    """The words marked in the newest text, in its order, each checked against it."""
    text = newest(article)
    places = Appearance.objects.filter(revision=text).order_by("start")
    for one in places:
        assert text.text[one.start : one.end] == one.quote
    return [one.quote for one in places]


def told_of(claim: Claim, verb: str) -> tuple[dict[str, Any], dict[str, Any], Event]:
    """The event of that verb in the claim's history: before, after, and itself."""
    event = Event.objects.of_claim(claim.pk).get(verb=verb)
    return event.before or {}, event.after or {}, event


def waiting(article: Article) -> Reattachment:
    return Reattachment.objects.waiting().get(article=article)


# ---------- carried by themselves ----------


def test_what_stands_unchanged_is_carried_without_a_word(
    article: Article, finch: User, robin: User
) -> None:
    claim = marked(article, finch)
    before = claim.appearances.get()
    revision = revised(article, SHIFTED, robin)
    after = claim.appearances.get(revision=revision)
    assert (after.quote, after.carried, after.carried_from_id) == (SPENT_MORE, "exact", before.pk)
    assert after.start > before.start
    assert (after.marked_by, after.marked_at) == (finch, before.marked_at)
    assert not Reattachment.objects.exists()
    assert not Event.objects.filter(claim_id=claim.pk).exclude(verb="mark").exists()


def test_the_older_text_keeps_its_marks_and_they_can_no_longer_be_changed(
    article: Article, finch: User, robin: User
) -> None:
    claim = marked(article, finch)
    before = claim.appearances.get()
    revised(article, SHIFTED, robin)
    assert list(Appearance.objects.on_revision(before.revision_id, finch)) == [before]
    with pytest.raises(Conflict, match="older text"):
        move_appearance(before.pk, before.start, before.end - 3, actor=finch)


def test_a_passage_moved_as_it_is_is_carried_and_logged(
    article: Article, finch: User, robin: User
) -> None:
    paragraph = next(line for line in TEXT.splitlines() if "Café" in line)
    claim = marked(article, finch, "according to the chamber of commerce")
    moved = TEXT.replace(f"{paragraph}\n\n", "").replace("Share\n", f"Share\n\n{paragraph}\n")
    revision = revised(article, moved, robin)
    after = claim.appearances.get(revision=revision)
    assert after.carried == "moved"
    was, now, event = told_of(claim, "carry")
    assert event.actor == robin
    assert was["start"] > now["start"]
    assert now["quote"] == "according to the chamber of commerce"


# ---------- what waits ----------


def test_changed_words_wait_and_make_the_verdicts_stale(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"), (maple, "true"))
    revision = revised(article, CORRECTED, robin)
    assert now_at(article) == []
    one = waiting(article)
    assert (one.why, one.claim, one.revision) == ("review", claim, revision)
    start, end = one.places[0]
    assert revision.text[start:end] == "spent 13% more in 2024"
    assert "12%" in one.reason
    assert "13%" in one.reason
    assert {verdict.reviewer for verdict in Verdict.objects.stale()} == {finch, maple}
    claim.refresh_from_db()
    assert claim.state == "agreed"


def test_an_accepted_place_lets_the_verdicts_stand(
    article: Article, finch: User, robin: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"))
    revised(article, CORRECTED, robin)
    place = reattach(waiting(article).pk, actor=robin)[0]
    assert (place.quote, place.carried) == ("spent 13% more in 2024", "settled")
    assert now_at(article) == ["spent 13% more in 2024"]
    assert not Verdict.objects.stale().exists()
    was, now, _ = told_of(claim, "reattach")
    assert (was["quote"], now["quote"]) == (SPENT_MORE, place.quote)


def test_reviewers_asked_again_are_done_when_they_judge_the_new_words(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"), (maple, "true"))
    revised(article, CORRECTED, robin)
    reattach(waiting(article).pk, actor=robin, ask_again=True)
    assert Verdict.objects.stale().count() == 2
    submit_verdict(
        claim.pk,
        judgement("false"),
        actor=finch,
    )
    assert [one.reviewer for one in Verdict.objects.stale()] == [maple]


def test_words_that_are_gone_wait_as_an_orphan_and_their_verdicts_stand(
    article: Article, finch: User, robin: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"))
    revised(article, WITHOUT, robin)
    one = waiting(article)
    assert (one.why, one.places) == ("orphan", [])
    assert not Verdict.objects.stale().exists()
    with pytest.raises(Malformed, match="where the claim stands now"):
        reattach(one.pk, actor=robin)
    let_go(one.pk, actor=robin, note="The paragraph was rewritten.")
    one.refresh_from_db()
    assert (one.outcome, one.settled_by) == ("let_go", robin)
    assert Event.objects.of_claim(claim.pk).get(verb="let_go").reason
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_a_place_picked_by_hand_is_held_to_the_text(
    article: Article, finch: User, robin: User
) -> None:
    marked(article, finch)
    revision = revised(article, WITHOUT, robin)
    one = waiting(article)
    start = revision.text.index("city council")
    with pytest.raises(Unprocessable, match="quote is not the text"):
        reattach(one.pk, actor=robin, places=[(start, start + 12)], quote="town council")
    with pytest.raises(Malformed):
        reattach(one.pk, actor=robin, places=[(start, start)])
    share = revision.text.index("Share")
    with pytest.raises(Unprocessable, match="belong to the page"):
        reattach(one.pk, actor=robin, places=[(share, share + 5)])
    made = reattach(one.pk, actor=robin, places=[(start, start + 12)], quote="city council")
    assert [place.quote for place in made] == ["city council"]


def test_of_several_places_that_fit_a_person_takes_one_both_or_none(
    project: Project, finch: User, robin: User
) -> None:
    said = "The river rose by two metres."
    article = import_article(project.pk, actor=robin, text=f"Flood\n\nIn May it rained. {said}")
    marked(article, finch, said)
    twice = f"Flood\n\nIn May it rained. {said}\n\nIn May it rained. {said}"
    revision = revised(article, twice, robin)
    one = waiting(article)
    assert one.why == "ambiguous"
    assert [revision.text[start:end] for start, end in one.places] == [said, said]
    made = reattach(one.pk, actor=robin, places=[(s, e) for s, e in one.places])
    assert len(made) == 2
    assert now_at(article) == [said, said]


def test_what_waits_comes_back_by_itself_when_the_edit_is_reverted(
    article: Article, finch: User, robin: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"))
    first = claim.appearances.get()
    revised(article, CORRECTED, robin)
    assert Verdict.objects.stale().exists()
    revision = revised(article, TEXT, robin)
    one = Reattachment.objects.get()
    assert (one.outcome, one.settled_by) == ("carried", robin)
    after = claim.appearances.get(revision=revision)
    assert (after.quote, after.carried, after.carried_from) == (SPENT_MORE, "exact", first)
    assert not Verdict.objects.stale().exists()


def test_what_still_waits_follows_the_next_text(article: Article, finch: User, robin: User) -> None:
    claim = judged(marked(article, finch), (finch, "true"))
    revised(article, CORRECTED, robin)
    submit_verdict(claim.pk, judgement("mostly-true"), actor=finch)
    assert not Verdict.objects.stale().exists()
    found_at = waiting(article).found_at
    revision = revised(article, CORRECTED.replace("Café", "Coffee"), robin)
    one = waiting(article)
    assert (one.revision, one.found_at) == (revision, found_at), "the same words as before"
    revision = revised(article, CORRECTED.replace("13%", "14%"), robin)
    one = waiting(article)
    assert one.revision == revision
    assert revision.text[slice(*one.places[0])] == "spent 14% more in 2024"
    assert [verdict.reviewer for verdict in Verdict.objects.stale()] == [finch]


def test_two_places_of_a_claim_never_end_on_the_same_words(
    project: Project, finch: User, robin: User
) -> None:
    said = "The river rose by two metres."
    text = f"Flood\n\nIn May it rained a lot. {said}\n\nLater the mayor repeated it. {said}"
    article = import_article(project.pk, actor=robin, text=text)
    first, second = text.index(said), text.rindex(said)
    claim = mark_claim(article.pk, first, first + len(said), actor=finch).claim
    add_appearance(claim.pk, article.pk, second, second + len(said), actor=finch)
    revised(article, f"Flood\n\nIn May it rained a lot. {said}\n\nLater the mayor left.", robin)
    assert now_at(article) == [said]
    assert waiting(article).why == "orphan"


# ---------- the preview, and who may ----------


def test_the_preview_is_what_then_happens_and_writes_nothing(
    article: Article, finch: User, robin: User
) -> None:
    marked(article, finch)
    marked(article, finch, "never spent this much")
    seen = preview_revision(article.pk, actor=robin, text=CORRECTED)
    assert seen.counts == {"exact": 1, "moved": 0, "review": 1, "ambiguous": 0, "orphan": 0}
    assert article.revisions.count() == 1
    assert not Reattachment.objects.exists()
    revision = revised(article, CORRECTED, robin)
    event = Event.objects.about("article", article.pk).get(verb="revise_article")
    was, now = event.before or {}, event.after or {}
    assert {name: now[name] for name in seen.counts} == seen.counts
    assert (was["number"], now["number"]) == (1, revision.number)
    assert [one.fate.result for one in revision.becomes] == [
        one.fate.result for one in seen.becomes
    ]


def test_the_same_text_is_no_new_one(article: Article, robin: User) -> None:
    for text in (TEXT, TEXT.replace("\n", "\r\n"), f"\ufeff{TEXT}"):
        with pytest.raises(Conflict, match="character for character"):
            revised(article, text, robin)


def test_page_furniture_named_once_stays_furniture(project: Project, robin: User) -> None:
    text = "Flood\n\nMore from the valley\n\nThe river rose by two metres on Monday."
    article = import_article(project.pk, actor=robin, text=text, furniture=["More from the valley"])
    revision = revised(article, text.replace("two", "three"), robin)
    assert [block.kind for block in revision.cut()] == [
        Kind.HEADLINE, Kind.FURNITURE, Kind.PARAGRAPH,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "refusal"), [("finch", NotAllowed), ("maple", NotAllowed), ("stranger", NotFound)]
)
def test_new_texts_and_places_are_for_moderators(
    who: str, refusal: type[Exception], article: Article, robin: User, request: Any
) -> None:
    finch = User.objects.get(username="finch")
    actor = request.getfixturevalue(who)
    marked(article, finch)
    with pytest.raises(refusal):
        preview_revision(article.pk, actor=actor, text=CORRECTED)
    with pytest.raises(refusal):
        revised(article, CORRECTED, actor)
    assert article.revisions.count() == 1
    revised(article, CORRECTED, robin)
    one = waiting(article)
    with pytest.raises(refusal):
        reattach(one.pk, actor=actor)
    with pytest.raises(refusal):
        let_go(one.pk, actor=actor)
    one.refresh_from_db()
    assert one.outcome == ""


def test_what_is_decided_is_not_decided_again(article: Article, finch: User, robin: User) -> None:
    marked(article, finch)
    revised(article, CORRECTED, robin)
    one = waiting(article)
    reattach(one.pk, actor=robin)
    for again in (lambda: reattach(one.pk, actor=robin), lambda: let_go(one.pk, actor=robin)):
        with pytest.raises(Conflict, match="Robin has decided this already"):
            again()


# ---------- marks made while a new text lands ----------


def test_a_mark_made_on_the_older_text_is_carried_over_by_the_same_rules(
    article: Article, finch: User, robin: User
) -> None:
    older = newest(article)
    revised(article, SHIFTED, robin)
    start = older.text.index(SPENT_MORE)
    made = mark_claim(
        article.pk, start, start + len(SPENT_MORE), actor=finch, quote=SPENT_MORE,
        revision_id=older.pk,
    )  # fmt: skip
    assert made.revision == newest(article)
    assert now_at(article) == [SPENT_MORE]


def test_a_mark_on_words_that_changed_meanwhile_is_told_so(
    article: Article, finch: User, robin: User
) -> None:
    older = newest(article)
    revised(article, CORRECTED, robin)
    start = older.text.index(SPENT_MORE)
    with pytest.raises(Conflict, match="has got a new text"):
        mark_claim(article.pk, start, start + 22, actor=finch, revision_id=older.pk)
    assert not Claim.objects.exists()


# ---------- other words for a mark ----------


def test_the_ends_of_a_mark_are_moved_with_the_claim_kept(article: Article, finch: User) -> None:
    claim = judged(marked(article, finch), (finch, "true"))
    place = claim.appearances.get()
    moved = move_appearance(place.pk, place.start - 17, place.end + 29, actor=finch)
    moved.refresh_from_db()
    assert moved.pk == place.pk
    assert moved.quote == "The city council spent 12% more in 2024 than in the year before, the"
    was, now, _ = told_of(claim, "move_appearance")
    assert (was["quote"], now["quote"]) == (SPENT_MORE, moved.quote)
    assert move_appearance(place.pk, moved.start, moved.end, actor=finch) == moved
    assert Event.objects.filter(verb="move_appearance").count() == 1


def test_other_words_are_for_who_marked_them_or_a_moderator(
    article: Article, finch: User, maple: User, robin: User, stranger: User
) -> None:
    place = marked(article, finch).appearances.get()
    with pytest.raises(NotAllowed):
        move_appearance(place.pk, place.start, place.end - 5, actor=maple)
    with pytest.raises(NotFound):
        move_appearance(place.pk, place.start, place.end - 5, actor=stranger)
    assert move_appearance(place.pk, place.start, place.end - 5, actor=robin).quote == (
        "spent 12% more in"
    )


def test_a_mark_is_not_moved_onto_another_place_of_its_claim(article: Article, finch: User) -> None:
    claim = marked(article, finch)
    first = claim.appearances.get()
    other = add_appearance(claim.pk, article.pk, 0, 11, actor=finch)
    with pytest.raises(Conflict, match="already marked on these words"):
        move_appearance(other.pk, first.start, first.end, actor=finch)


def test_unmarking_a_carried_claim_takes_it_out_of_every_text(
    article: Article, finch: User, robin: User
) -> None:
    claim = marked(article, finch)
    revised(article, SHIFTED, robin)
    again = unmark_claim(claim.pk, actor=finch)
    assert newest(article).text[again["start"] : again["end"]] == SPENT_MORE
    assert not Appearance.objects.exists()


def test_a_claim_that_waits_can_be_unmarked_with_what_waits(
    article: Article, finch: User, robin: User
) -> None:
    claim = marked(article, finch)
    revised(article, WITHOUT, robin)
    unmark_claim(claim.pk, actor=finch)
    assert not Reattachment.objects.exists()


# ---------- as HTML, and while another text came in ----------


def test_a_new_text_may_be_html(article: Article, finch: User, robin: User) -> None:
    claim = marked(article, finch)
    page = "".join(f"<p>{one}</p>" for one in TEXT.split("\n\n"))
    made = revise_article(
        article.pk, actor=robin, text=page, media_type="text/html", based_on=newest(article).pk
    )
    assert (made.raw, made.raw_media_type) == (page, "text/html")
    assert claim.appearances.get(revision=made).carried == "exact"


def test_a_decision_about_an_older_text_is_refused(
    article: Article, finch: User, robin: User
) -> None:
    marked(article, finch)
    seen = revised(article, CORRECTED, robin)
    revised(article, CORRECTED.replace("schools", "roads"), robin)
    waits = waiting(article)
    for decide in (reattach, let_go):
        with pytest.raises(Conflict, match="revision 3 since you looked"):
            decide(waits.pk, actor=robin, revision_id=seen.pk)
    assert waiting(article) == waits
