"""Ruling: what a publication, a correction and a withdrawal need, leave, and tell the log."""

import uuid

import pytest

from annotations.actions.projects import edit_project
from annotations.actions.ratings import edit_rating
from annotations.actions.rulings import correct_ruling, publish_ruling, withdraw_ruling
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Claim, Event, Project, Ruling, User
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, Refusal, Unprocessable
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.actions.given import (
    claim_in,
    corrected,
    evidence_on,
    judged,
    judgement,
    marked,
    published,
    told,
)


@pytest.fixture
def agreed(article: Article, finch: User, maple: User) -> Claim:
    return judged(marked(article, finch), (finch, "true"), (maple, "true"))


@pytest.fixture
def disputed(article: Article, finch: User, maple: User) -> Claim:
    return judged(marked(article, finch), (finch, "true"), (maple, "false"))


def test_a_ruling_rests_on_no_question_alone(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    asked = EvidenceGiven(stance="context", question="Which month?", answer="Nobody says.")
    sourced = judgement("true").evidence
    for one in (finch, maple):
        given = Judgement("true", "I asked.", "", (asked, *sourced))
        submit_verdict(claim.pk, given, actor=one)
    question, passage = evidence_on(claim)[:2]
    sent = {"actor": robin, "rating": "true", "summary": "It did."}
    with pytest.raises(Unprocessable, match="with a source") as refused:
        publish_ruling(claim.pk, evidence=[question.pk], **sent)  # type: ignore[arg-type]
    assert set(refused.value.problems) == {"evidence"}
    made = publish_ruling(claim.pk, evidence=[question.pk, passage.pk], **sent)  # type: ignore[arg-type]
    assert made.rests_on.count() == 2


def test_a_claim_lives_from_its_mark_to_its_withdrawal(agreed: Claim, robin: User) -> None:
    first = published(agreed, robin)
    second = corrected(agreed, robin)
    third = corrected(agreed, robin, "false")
    last = withdraw_ruling(agreed.pk, actor=robin, note="It rests on a forged page.")
    agreed.refresh_from_db()
    assert agreed.state == "withdrawn"
    kept = list(Ruling.objects.filter(claim=agreed).order_by("number"))
    assert [one.pk for one in kept] == [first.pk, second.pk, third.pk, last.pk]
    assert [one.number for one in kept] == [1, 2, 3, 4]
    assert [one.kind for one in kept] == ["publication", "correction", "correction", "withdrawal"]
    assert [one.superseded_at is None for one in kept] == [False, False, False, True]
    assert [one.rating.slug if one.rating else None for one in kept] == [
        "true", "mostly-true", "false", None,
    ]  # fmt: skip
    assert told(agreed)[-4:] == ["publish", "correct", "correct", "withdraw"]
    states = Event.objects.of_claim(agreed.pk).order_by("id").values_list("before", "after")
    moves = [(before["state"], after["state"]) for before, after in states if before and after]
    assert moves == [
        ("marked", "in_review"),
        ("in_review", "agreed"),
        ("agreed", "published"),
        ("published", "corrected"),
        ("corrected", "corrected"),
        ("corrected", "withdrawn"),
    ]


@pytest.mark.parametrize(
    "at", ["marked", "in_review", "published", "corrected", "withdrawn", "set_aside"]
)  # noqa: E501
def test_a_ruling_follows_the_verdicts(
    at: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in(at, article, first=finch, second=maple, moderator=robin)
    rulings = Ruling.objects.count()
    with pytest.raises(Conflict, match=r"^(This|The) .+\.$"):
        publish_ruling(claim.pk, actor=robin, rating="true", summary="So.", evidence=[uuid.uuid4()])
    assert Ruling.objects.count() == rulings


@pytest.mark.parametrize(
    "at", ["marked", "in_review", "agreed", "disputed", "withdrawn", "set_aside"]
)  # noqa: E501
def test_only_what_is_published_is_corrected_or_withdrawn(
    at: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in(at, article, first=finch, second=maple, moderator=robin)
    with pytest.raises(Conflict, match="no published ruling"):
        withdraw_ruling(claim.pk, actor=robin, note="No.")
    with pytest.raises(Conflict, match="no published ruling"):
        correct_ruling(
            claim.pk, actor=robin, rating="true", summary="So.", evidence=[], note="N.",
            correction="typo",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kind", "fields"),
    [
        ({"rating": ""}, Unprocessable, {"rating"}),
        ({"summary": " "}, Unprocessable, {"summary"}),
        ({"evidence": []}, Unprocessable, {"evidence"}),
        (
            {"rating": "", "summary": "", "evidence": []},
            Unprocessable,
            {"rating", "summary", "evidence"},
        ),
        ({"rating": "nonsense"}, Malformed, {"rating"}),
        ({"rating": "\ud800"}, Malformed, {"rating"}),
        ({"summary": "a\x00"}, Malformed, {"summary"}),
        ({"summary": "x" * 20_001}, Malformed, {"summary"}),
        ({"reason": "\ud800"}, Malformed, {"reason"}),
        ({"evidence": [uuid.uuid4()]}, Malformed, {"evidence"}),
    ],
)
def test_an_incomplete_ruling_is_refused_at_its_fields_and_publishes_nothing(
    given: dict[str, object], kind: type[Refusal], fields: set[str], agreed: Claim, robin: User
) -> None:
    whole = {"rating": "true", "summary": "So.", "evidence": [evidence_on(agreed)[0].pk]}
    before = Event.objects.count()
    with pytest.raises(kind) as refused:
        publish_ruling(agreed.pk, actor=robin, **(whole | given))  # type: ignore[arg-type]
    assert set(refused.value.problems) == fields
    agreed.refresh_from_db()
    assert agreed.state == "agreed"
    assert not Ruling.objects.exists()
    assert Event.objects.count() == before


def test_a_dispute_is_settled_with_a_reason(disputed: Claim, robin: User) -> None:
    with pytest.raises(Unprocessable, match="needs your reason") as refused:
        publish_ruling(
            disputed.pk, actor=robin, rating="true", summary="So.",
            evidence=[evidence_on(disputed)[0].pk], reason=" ",
        )  # fmt: skip
    assert set(refused.value.problems) == {"reason"}
    assert published(disputed, robin).reason == "The budget is the better source."
    event = Event.objects.of_claim(disputed.pk).first()
    assert event is not None
    assert event.reason == "The budget is the better source."


def test_a_ruling_rests_on_submitted_evidence_of_its_own_claim(
    agreed: Claim, article: Article, finch: User, maple: User, robin: User, birch: User
) -> None:
    other = judged(marked(article, finch), (finch, "true"))
    draft = save_draft(agreed.pk, judgement("true"), actor=birch)
    for wrong in (evidence_on(other)[0], draft.evidence.get()):
        with pytest.raises(Malformed, match="not evidence of a submitted verdict on this claim"):
            publish_ruling(
                agreed.pk, actor=robin, rating="true", summary="So.",
                evidence=[evidence_on(agreed)[0].pk, wrong.pk],
            )  # fmt: skip


def test_a_ruling_keeps_the_order_of_its_evidence_and_names_each_once(
    agreed: Claim, robin: User
) -> None:
    first, second = evidence_on(agreed)
    ruling = publish_ruling(
        agreed.pk, actor=robin, rating="true", summary="So.",
        evidence=[second.pk, first.pk, second.pk],
    )  # fmt: skip
    rests = ruling.rests_on.order_by("position").values_list("evidence", flat=True)
    assert list(rests) == [second.pk, first.pk]


def test_the_evidence_of_a_superseded_verdict_can_still_carry_a_ruling(
    agreed: Claim, finch: User, robin: User
) -> None:
    old = evidence_on(agreed)[0]
    judged(agreed, (finch, "true"))
    ruling = publish_ruling(agreed.pk, actor=robin, rating="true", summary="So.", evidence=[old.pk])
    assert ruling.rests_on.get().evidence == old


@pytest.mark.parametrize(
    ("given", "kind", "field"),
    [
        ({"note": " "}, Unprocessable, "note"),
        ({"note": "\x00"}, Malformed, "note"),
        ({"correction": ""}, Unprocessable, "correction"),
        ({"correction": "whim"}, Unprocessable, "correction"),
        ({"rating": "true", "summary": " The budget says so. "}, Unprocessable, "summary"),
        ({"rating": "true", "correction": "rating_changed"}, Unprocessable, "correction"),
        ({"rating": "false", "correction": "typo"}, Unprocessable, "correction"),
        ({"rating": ""}, Unprocessable, "rating"),
        ({"evidence": []}, Unprocessable, "evidence"),
    ],
)
def test_a_correction_says_what_changed(
    given: dict[str, object], kind: type[Refusal], field: str, agreed: Claim, robin: User
) -> None:
    published(agreed, robin)
    whole = {"rating": "false", "summary": "So.", "evidence": [evidence_on(agreed)[0].pk],
             "note": "It changed.", "correction": "substantial"}  # fmt: skip
    with pytest.raises(kind) as refused:
        correct_ruling(agreed.pk, actor=robin, **(whole | given))  # type: ignore[arg-type]
    assert set(refused.value.problems) == {field}
    assert Ruling.objects.current().get().kind == "publication"


def test_a_withdrawal_says_why(agreed: Claim, robin: User) -> None:
    published(agreed, robin)
    with pytest.raises(Unprocessable, match="Readers need to know"):
        withdraw_ruling(agreed.pk, actor=robin, note="")


def test_nobody_rules_alone_on_their_own_verdict(
    article: Article, project: Project, finch: User, robin: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, verdicts_required=1)
    claim = judged(marked(article, finch), (robin, "true"))
    with pytest.raises(NotAllowed, match="another moderator must rule"):
        published(claim, robin)
    published(claim, birch)
    with pytest.raises(NotAllowed, match="another moderator must rule"):
        corrected(claim, robin)
    with pytest.raises(NotAllowed, match="another moderator must rule"):
        withdraw_ruling(claim.pk, actor=robin, note="No.")
    withdraw_ruling(claim.pk, actor=birch, note="No.")


def test_one_person_rules_alone_where_the_project_says_so(
    article: Article, project: Project, robin: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, verdicts_required=1, one_person_suffices=True)
    claim = judged(marked(article, robin), (robin, "true"))
    published(claim, robin)
    corrected(claim, robin)
    withdraw_ruling(claim.pk, actor=robin, note="No.")
    claim.refresh_from_db()
    assert claim.state == "withdrawn"


def test_a_moderator_who_is_one_of_two_reviewers_may_rule(
    article: Article, finch: User, robin: User
) -> None:
    published(judged(marked(article, finch), (finch, "true"), (robin, "true")), robin)


def test_a27_a_step_on_an_older_ruling_is_refused_and_told_what_holds_now(
    agreed: Claim, robin: User
) -> None:
    first = published(agreed, robin)
    second = corrected(agreed, robin)
    whole = {"rating": "false", "summary": "So.", "evidence": [evidence_on(agreed)[0].pk]}
    with pytest.raises(Conflict, match=r"Ruling 2 by Robin has followed.*send yours again") as no:
        correct_ruling(
            agreed.pk, actor=robin, note="N.", correction="substantial", follows=first.number,
            **whole,  # type: ignore[arg-type]
        )  # fmt: skip
    assert no.value.offers["in_force"] == {
        "id": second.pk, "number": 2, "rating": "mostly-true", "summary": second.summary,
        "note": second.note,
    }  # fmt: skip
    with pytest.raises(Conflict, match="Compare the two"):
        withdraw_ruling(agreed.pk, actor=robin, note="N.", follows=first.number)
    assert Ruling.objects.current().get() == second
    withdraw_ruling(agreed.pk, actor=robin, note="N.", follows=second.number)


def test_a_rating_that_is_renamed_changes_no_ruling(
    agreed: Claim, robin: User, birch: User
) -> None:
    made = published(agreed, robin)
    was = (made.rating_name, made.rating_definition, made.rating_look)
    assert was == ("True", "Accurate, and nothing that matters is left out.", "true")
    assert made.rating is not None
    edit_rating(
        made.rating.pk, actor=birch, name="Right", definition="As it is.", look="unproven"
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.rating_name, made.rating_definition, made.rating_look) == was
    assert corrected(agreed, robin, "true").rating_name == "Right"
