"""A moderator asks for a further verdict, or sends a claim back with a question."""

import pytest

from annotations.actions.asking import ask_again, ask_for_another, ask_no_more
from annotations.actions.claims import restore, set_aside, unmark_claim
from annotations.actions.comments import comment, edit_comment, remove_comment
from annotations.actions.projects import edit_project, set_role
from annotations.actions.verdicts import submit_verdict
from annotations.models import Addressee, Article, Claim, Comment, User
from annotations.models.comments import threads_of
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound
from annotations.rules.states import State
from tests.actions.given import claim_in, judged, judgement, marked, published, told

RULED = (State.PUBLISHED, State.CORRECTED, State.WITHDRAWN)


def taken_to(state: str, article: Article, finch: User, maple: User, robin: User) -> Claim:
    return claim_in(state, article, first=finch, second=maple, moderator=robin)


@pytest.fixture
def disputed(article: Article, finch: User, maple: User, robin: User) -> Claim:
    return taken_to("disputed", article, finch, maple, robin)


def waits_for(claim: Claim) -> list[str]:
    waiting = Addressee.objects.waiting().filter(comment__claim=claim).order_by("person")
    return list(waiting.values_list("person__pseudonym", flat=True))


def seen_by(person: User, claim: Claim) -> list[str]:
    return [one.text for one in Comment.objects.on_claim(claim.pk, person)]


def test_a_third_verdict_takes_the_claim_back_into_review(disputed: Claim, robin: User) -> None:
    claim = ask_for_another(disputed.pk, actor=robin)
    assert (claim.state, claim.required) == (State.IN_REVIEW, 3)
    assert told(claim)[-1] == "ask_for_another"


@pytest.mark.parametrize(("third", "state"), [("true", "disputed"), ("false", "disputed")])
def test_the_third_verdict_decides_by_the_same_table(
    third: str, state: str, disputed: Claim, robin: User, birch: User
) -> None:
    ask_for_another(disputed.pk, actor=robin)
    assert judged(disputed, (birch, third)).state == state


def test_an_agreed_claim_may_be_asked_about_once_more_too(
    article: Article, finch: User, maple: User, robin: User, birch: User
) -> None:
    claim = taken_to("agreed", article, finch, maple, robin)
    assert ask_for_another(claim.pk, actor=robin).state == State.IN_REVIEW
    assert judged(claim, (birch, "true")).state == State.AGREED
    assert ask_for_another(claim.pk, actor=robin).required == 4


def test_what_was_asked_for_is_kept_while_the_claim_is_set_aside(
    disputed: Claim, robin: User
) -> None:
    ask_for_another(disputed.pk, actor=robin)
    set_aside(disputed.pk, "opinion", actor=robin)
    assert restore(disputed.pk, actor=robin).state == State.IN_REVIEW


def test_the_projects_number_changes_nothing_for_a_claim_with_its_own(
    disputed: Claim, robin: User, birch: User
) -> None:
    ask_for_another(disputed.pk, actor=robin)
    edit_project(disputed.project_id, actor=birch, verdicts_required=1)
    disputed.refresh_from_db()
    assert disputed.state == State.IN_REVIEW


def test_the_verdicts_that_are_in_may_suffice_after_all(disputed: Claim, robin: User) -> None:
    ask_for_another(disputed.pk, actor=robin)
    claim = ask_no_more(disputed.pk, actor=robin)
    assert (claim.state, claim.verdicts_wanted) == (State.DISPUTED, None)
    with pytest.raises(Conflict, match="No further verdict"):
        ask_no_more(disputed.pk, actor=robin)


@pytest.mark.parametrize("state", ["marked", "in_review", "set_aside", *RULED])
def test_a_further_verdict_is_asked_for_only_when_the_verdicts_are_in(
    state: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = taken_to(state, article, finch, maple, robin)
    with pytest.raises(Conflict) as refused:
        ask_for_another(claim.pk, actor=robin)
    assert refused.value.sentence.endswith(".")


def test_nobody_is_asked_who_is_not_there(disputed: Claim, robin: User, birch: User) -> None:
    judged(disputed, (birch, "true"), (robin, "true"))
    with pytest.raises(Conflict, match="add a reviewer"):
        ask_for_another(disputed.pk, actor=robin)


def test_a_question_waits_for_each_reviewer_until_a_reply_or_a_new_version(
    disputed: Claim, finch: User, maple: User, robin: User
) -> None:
    asked = ask_again(disputed.pk, "Which table do you mean?", actor=robin)
    disputed.refresh_from_db()
    assert disputed.state == State.DISPUTED
    assert waits_for(disputed) == ["Finch", "Maple"]
    comment(disputed.pk, "The second.", actor=finch, parent=asked.pk)
    assert waits_for(disputed) == ["Maple"]
    submit_verdict(disputed.pk, judgement("true", rationale="The second."), actor=maple)
    assert waits_for(disputed) == []


def test_a_question_may_be_for_one_reviewer(disputed: Claim, robin: User) -> None:
    ask_again(disputed.pk, "Which table?", actor=robin, reviewers=["Maple"])
    assert waits_for(disputed) == ["Maple"]


def test_a_question_that_is_removed_asks_nobody(disputed: Claim, robin: User) -> None:
    remove_comment(ask_again(disputed.pk, "Which?", actor=robin).pk, actor=robin)
    assert waits_for(disputed) == []


def test_an_answer_that_is_removed_was_none(disputed: Claim, finch: User, robin: User) -> None:
    asked = ask_again(disputed.pk, "Which?", actor=robin, reviewers=["Finch"])
    answer = comment(disputed.pk, "That one.", actor=finch, parent=asked.pk)
    remove_comment(answer.pk, actor=finch)
    assert waits_for(disputed) == ["Finch"]


@pytest.mark.parametrize("who", [["Birch"], ["nobody"], []])
def test_only_the_claims_other_reviewers_are_asked(
    who: list[str], disputed: Claim, robin: User
) -> None:
    with pytest.raises(Malformed) as refused:
        ask_again(disputed.pk, "Which?", actor=robin, reviewers=who)
    assert "reviewers" in refused.value.problems


def test_a_moderator_does_not_ask_oneself(article: Article, finch: User, robin: User) -> None:
    claim = judged(marked(article, finch), (robin, "true"))
    with pytest.raises(Conflict, match="only verdict"):
        ask_again(claim.pk, "Which?", actor=robin)


@pytest.mark.parametrize("state", ["marked", "set_aside", *RULED])
def test_nobody_is_asked_before_the_first_verdict_or_after_a_ruling(
    state: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = taken_to(state, article, finch, maple, robin)
    with pytest.raises(Conflict):
        ask_again(claim.pk, "Which?", actor=robin)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5_001])
def test_a_question_is_a_sentence_of_some_length(text: str, disputed: Claim, robin: User) -> None:
    with pytest.raises(Malformed) as refused:
        ask_again(disputed.pk, text, actor=robin)
    assert "question" in refused.value.problems


def test_reviewers_ask_nobody_and_strangers_find_nothing(
    disputed: Claim, finch: User, stranger: User
) -> None:
    for act in (ask_for_another, ask_no_more):
        with pytest.raises(NotAllowed, match="moderators"):
            act(disputed.pk, actor=finch)
        with pytest.raises(NotFound):
            act(disputed.pk, actor=stranger)
    with pytest.raises(NotAllowed, match="moderators"):
        ask_again(disputed.pk, "Which?", actor=finch)
    with pytest.raises(NotFound):
        comment(disputed.pk, "Hello", actor=stranger)


# comments


def test_a_blind_reviewer_reads_the_others_only_after_an_own_verdict(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"))
    comment(claim.pk, "I was not sure.", actor=finch)
    first = comment(claim.pk, "Look at the annex.", actor=robin)
    comment(claim.pk, "Mine.", actor=maple)
    assert seen_by(maple, claim) == ["Mine."]
    assert seen_by(robin, claim) == ["I was not sure.", "Look at the annex.", "Mine."]
    with pytest.raises(NotFound):
        comment(claim.pk, "What?", actor=maple, parent=first.pk)
    with pytest.raises(NotFound):
        edit_comment(first.pk, "x", actor=maple)
    with pytest.raises(NotFound):
        remove_comment(first.pk, actor=maple)
    judged(claim, (maple, "true"))
    assert len(seen_by(maple, claim)) == 3


def test_a_reviewer_reads_a_question_to_oneself_even_if_blind(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"))
    asked = ask_again(claim.pk, "Which?", actor=robin)
    Addressee.objects.create(project_id=claim.project_id, comment=asked, person=maple)
    comment(claim.pk, "That one.", actor=finch, parent=asked.pk)
    assert seen_by(maple, claim) == ["Which?"]


def test_in_an_open_project_every_member_reads_everything(
    disputed: Claim, finch: User, stranger: User, robin: User, birch: User
) -> None:
    comment(disputed.pk, "Look at the annex.", actor=robin)
    fresh = User.objects.create(username="wren", pseudonym="Wren")
    set_role(disputed.project_id, fresh.pk, "reviewer", actor=birch)
    assert seen_by(fresh, disputed) == []
    edit_project(disputed.project_id, actor=birch, blind=False)
    assert seen_by(fresh, disputed) == ["Look at the annex."]
    set_role(disputed.project_id, fresh.pk, None, actor=birch)
    assert seen_by(fresh, disputed) == seen_by(stranger, disputed) == []


def test_an_answer_to_an_answer_stands_in_the_same_thread(
    disputed: Claim, finch: User, robin: User
) -> None:
    first = comment(disputed.pk, "One.", actor=robin)
    second = comment(disputed.pk, "Two.", actor=finch, parent=first.pk)
    comment(disputed.pk, "Three.", actor=robin, parent=second.pk)
    [thread] = threads_of(Comment.objects.on_claim(disputed.pk, robin))
    assert [one.text for one in thread.answers] == ["Two.", "Three."]


def test_one_changes_ones_own_words_and_nobody_elses(
    disputed: Claim, finch: User, robin: User
) -> None:
    made = comment(disputed.pk, "One.", actor=finch)
    assert edit_comment(made.pk, "One", actor=finch).edited_at
    with pytest.raises(NotAllowed, match="Answer it instead"):
        edit_comment(made.pk, "Two", actor=robin)
    assert told(disputed)[-2:] == ["comment", "edit_comment"]


def test_the_same_words_again_are_no_change(disputed: Claim, finch: User) -> None:
    made = comment(disputed.pk, "One.", actor=finch)
    assert edit_comment(made.pk, " One. ", actor=finch).edited_at is None
    assert told(disputed)[-1] == "comment"


def test_what_is_removed_says_nothing_and_takes_no_answers(
    disputed: Claim, finch: User, maple: User, robin: User
) -> None:
    made = comment(disputed.pk, "He is a liar.", actor=finch)
    with pytest.raises(NotAllowed, match="moderator"):
        remove_comment(made.pk, actor=maple)
    with pytest.raises(Malformed, match="Say why"):
        remove_comment(made.pk, actor=robin)
    gone = remove_comment(made.pk, actor=robin, reason="About a person.")
    assert (gone.text, gone.removed_because) == ("", "About a person.")
    with pytest.raises(Conflict, match="removed"):
        comment(disputed.pk, "Why?", actor=maple, parent=made.pk)
    with pytest.raises(Conflict, match="removed"):
        edit_comment(made.pk, "Again.", actor=finch)
    with pytest.raises(Conflict, match="removed"):
        remove_comment(made.pk, actor=finch)


def test_comments_stay_open_after_a_ruling(disputed: Claim, finch: User, robin: User) -> None:
    published(disputed, robin)
    assert comment(disputed.pk, "Thank you.", actor=finch).pk


def test_a_claim_that_was_commented_on_stays(article: Article, finch: User) -> None:
    claim = marked(article, finch)
    comment(claim.pk, "A double of claim 3?", actor=finch)
    with pytest.raises(Conflict, match="set it aside"):
        unmark_claim(claim.pk, actor=finch)
