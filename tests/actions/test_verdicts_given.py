"""Giving verdicts: drafts, submission, revision, evidence and sources."""

import uuid

import pytest

from annotations.actions.claims import restore, set_aside
from annotations.actions.projects import edit_project
from annotations.actions.revisions import revise_article
from annotations.actions.verdicts import (
    confirm_verdict,
    discard_draft,
    save_draft,
    submit_verdict,
)
from annotations.models import (
    Article,
    Claim,
    Event,
    Evidence,
    Project,
    Rating,
    RatingScale,
    Source,
    User,
    Verdict,
)
from annotations.rules.refusals import Conflict, Malformed, NotFound, Refusal, Unprocessable
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.actions.given import BUDGET, claim_in, judged, judgement, marked, told

A, B = "https://example.org/a", "https://example.org/b"


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    return marked(article, finch)


def state(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.state


def test_a_draft_is_replaced_in_place_and_is_not_in_the_log(claim: Claim, finch: User) -> None:
    first = save_draft(claim.pk, judgement("true", A, B), actor=finch)
    second = save_draft(claim.pk, Judgement(rationale="Not yet."), actor=finch)
    assert first.pk == second.pk
    kept = Verdict.objects.get()
    assert (kept.rating, kept.rationale, kept.version) == (None, "Not yet.", 1)
    assert not Evidence.objects.exists()
    assert state(claim) == "marked"
    assert told(claim) == ["mark"]


def test_submitting_makes_the_draft_the_verdict(claim: Claim, finch: User) -> None:
    draft = save_draft(claim.pk, Judgement(), actor=finch)
    verdict = submit_verdict(claim.pk, judgement(), actor=finch)
    assert verdict.pk == draft.pk
    assert Verdict.objects.get().submitted_at is not None
    assert state(claim) == "in_review"


def test_a_submitted_verdict_is_in_the_log_with_all_it_says(claim: Claim, finch: User) -> None:
    verdict = submit_verdict(claim.pk, judgement("false", A), actor=finch)
    event = Event.objects.about("verdict", verdict.pk).get()
    assert (event.verb, event.actor, event.claim_id) == ("submit_verdict", finch, claim.pk)
    assert event.before == {"state": "marked"}
    assert event.after == {
        "claim": str(claim.pk),
        "version": 1,
        "rating": "false",
        "rationale": "It says so.",
        "confidence": "high",
        "evidence": [{"stance": "supports", "source": A, "quote": ""}],
        "state": "in_review",
    }


def test_a_revision_is_a_new_version_and_the_old_one_stays_as_it_was(
    claim: Claim, finch: User
) -> None:
    first = submit_verdict(claim.pk, judgement("true", A), actor=finch)
    second = submit_verdict(claim.pk, judgement("false", B), actor=finch)
    old, new = Verdict.objects.order_by("version")
    assert (old.pk, new.pk) == (first.pk, second.pk)
    assert (old.version, new.version) == (1, 2)
    assert old.superseded_at == new.submitted_at
    assert old.rating is not None
    assert old.rating.slug == "true"
    assert list(old.evidence.values_list("source__address", flat=True)) == [A]
    assert Verdict.objects.current().get() == new
    assert told(claim) == ["mark", "submit_verdict", "revise_verdict"]


def test_a_draft_of_a_revision_leaves_the_verdict_standing(claim: Claim, finch: User) -> None:
    verdict = submit_verdict(claim.pk, judgement("true"), actor=finch)
    draft = save_draft(claim.pk, judgement("false"), actor=finch)
    assert draft.version == 2
    assert Verdict.objects.current().get() == verdict
    discard_draft(claim.pk, actor=finch)
    assert Verdict.objects.get() == verdict


@pytest.mark.parametrize(
    ("required", "ratings", "then"),
    [
        (1, "true", "agreed"),
        (2, "true", "in_review"),
        (2, "true true", "agreed"),
        (2, "true false", "disputed"),
        (2, "true true false", "disputed"),
        (3, "true false", "in_review"),
        (3, "true true true", "agreed"),
    ],
)
def test_the_state_follows_the_verdicts(
    required: int, ratings: str, then: str, claim: Claim, project: Project,
    finch: User, maple: User, robin: User, birch: User,
) -> None:  # fmt: skip
    edit_project(project.pk, actor=birch, verdicts_required=required)
    judged(claim, *zip((finch, maple, robin), ratings.split(), strict=False))
    assert state(claim) == then


def test_a_revision_moves_the_claim_between_agreed_and_disputed(
    claim: Claim, finch: User, maple: User
) -> None:
    assert judged(claim, (finch, "true"), (maple, "false")).state == "disputed"
    assert judged(claim, (maple, "true")).state == "agreed"
    assert judged(claim, (finch, "misleading")).state == "disputed"


def test_another_number_of_verdicts_restates_the_claims(
    claim: Claim, article: Article, project: Project, finch: User, maple: User, birch: User
) -> None:
    one = judged(claim, (finch, "true"))
    two = judged(marked(article, finch), (finch, "true"), (maple, "false"))
    none = marked(article, finch)
    edit_project(project.pk, actor=birch, verdicts_required=1)
    assert (state(one), state(two), state(none)) == ("agreed", "disputed", "marked")
    edit_project(project.pk, actor=birch, verdicts_required=3)
    assert (state(one), state(two), state(none)) == ("in_review", "in_review", "marked")
    assert told(one) == ["mark", "submit_verdict", "restate", "restate"]
    assert told(none) == ["mark"]


@pytest.mark.parametrize("at", ["set_aside", "withdrawn"])
def test_a_claim_out_of_review_takes_no_verdict(
    at: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in(at, article, first=finch, second=maple, moderator=robin)
    for give in (save_draft, submit_verdict):
        with pytest.raises(Conflict, match="takes no verdicts"):
            give(claim.pk, judgement(), actor=robin)


def test_a_verdict_after_the_ruling_is_kept_and_moves_nothing(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in("published", article, first=finch, second=maple, moderator=robin)
    submit_verdict(claim.pk, judgement("false"), actor=finch)
    assert state(claim) == "published"


@pytest.mark.parametrize(
    ("given", "kind", "fields"),
    [
        (Judgement(), Unprocessable, {"rating", "rationale", "evidence"}),
        (judgement(""), Unprocessable, {"rating"}),
        (judgement(rationale=" "), Unprocessable, {"rationale"}),
        (Judgement("true", "Because."), Unprocessable, {"evidence"}),
        (judgement("nonsense"), Malformed, {"rating"}),
        (judgement("\ud800"), Malformed, {"rating"}),
        (judgement("true\x00"), Malformed, {"rating"}),
        (judgement(rationale="x" * 20_001), Malformed, {"rationale"}),
        (judgement("true", A, "javascript:alert(1)"), Malformed, {"evidence.1.address"}),
        (judgement("true", "", "ftp://x"), Malformed, {"evidence.0.address", "evidence.1.address"}),
        (
            Judgement(
                "true", "Because.", "", (EvidenceGiven(stance="supports", source=uuid.uuid4()),)
            ),
            Malformed,
            {"evidence.0.source"},
        ),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_keeps_the_draft(
    given: Judgement, kind: type[Refusal], fields: set[str], claim: Claim, finch: User
) -> None:
    save_draft(claim.pk, judgement("true", BUDGET), actor=finch)
    with pytest.raises(kind) as refused:
        submit_verdict(claim.pk, given, actor=finch)
    assert set(refused.value.problems) == fields
    draft = Verdict.objects.get()
    assert (draft.submitted_at, draft.rationale) == (None, "It says so.")
    assert list(draft.evidence.values_list("source__address", flat=True)) == [BUDGET]
    assert Source.objects.count() == 1
    assert told(claim) == ["mark"]


def test_nothing_found_needs_no_evidence(claim: Claim, finch: User) -> None:
    submit_verdict(claim.pk, Judgement("unproven", "I looked and found nothing."), actor=finch)
    assert state(claim) == "in_review"


def test_a_rating_of_an_older_scale_or_of_another_project_is_refused(
    claim: Claim, finch: User, project: Project, other_project: Project
) -> None:
    old = RatingScale.objects.create(project=project, name="Old", in_use=False)
    Rating.objects.create(
        project=project, scale=old, slug="pants-on-fire", name="P", position=1, look="false"
    )
    Rating.objects.filter(project=other_project, slug="true").update(slug="seaworthy")
    for slug in ("pants-on-fire", "seaworthy"):
        with pytest.raises(Malformed, match="is not on this project's scale. Choose one of: true,"):
            submit_verdict(claim.pk, judgement(slug), actor=finch)


def test_one_document_is_one_source_however_it_is_spelt(
    claim: Claim, finch: User, maple: User
) -> None:
    spelt = ("https://example.org/a", "HTTPS://EXAMPLE.org:443/a#part", " https://example.org./a ")
    submit_verdict(claim.pk, judgement("true", *spelt), actor=finch)
    submit_verdict(claim.pk, judgement("true", spelt[1]), actor=maple)
    source = Source.objects.get()
    assert (source.address, source.added_by) == (A, finch)
    assert Evidence.objects.filter(source=source).count() == 4


def test_evidence_keeps_its_order_and_its_own_citation(
    claim: Claim, finch: User, maple: User
) -> None:
    def cites(title: str) -> Judgement:
        pieces = (
            EvidenceGiven(stance="supports", address=B),
            EvidenceGiven(stance="supports", address=A, title=title, quote="“12%”"),
        )
        return Judgement("true", "Because.", "low", pieces)

    submit_verdict(claim.pk, cites("The budget"), actor=finch)
    submit_verdict(claim.pk, cites("Budget, page 3"), actor=maple)
    for user, title in ((finch, "The budget"), (maple, "Budget, page 3")):
        kept = list(Verdict.objects.get(reviewer=user).evidence.order_by("position"))
        assert [one.source and one.source.address for one in kept] == [B, A]
        assert (kept[1].title, kept[1].quote) == (title, "“12%”")


def test_a_known_source_is_used_by_its_id(claim: Claim, finch: User) -> None:
    save_draft(claim.pk, judgement("true", A), actor=finch)
    known = Source.objects.get()
    given = Judgement("true", "Because.", "", (EvidenceGiven(stance="supports", source=known.pk),))
    verdict = submit_verdict(claim.pk, given, actor=finch)
    assert verdict.evidence.get().source == known


def test_a_source_of_another_project_or_of_a_hidden_verdict_is_as_unknown_as_none(
    claim: Claim, finch: User, maple: User, other_article: Article, stranger: User
) -> None:
    theirs = marked(other_article, stranger, "The harbour costs 3 million.")
    submit_verdict(theirs.pk, judgement("true", A), actor=stranger)
    submit_verdict(claim.pk, judgement("true", B), actor=finch)
    sentences = set()
    for source in (*Source.objects.all(), None):
        given = EvidenceGiven(stance="supports", source=source.pk if source else uuid.uuid4())
        with pytest.raises(Malformed) as refused:
            save_draft(claim.pk, Judgement(evidence=(given,)), actor=maple)
        sentences.add(refused.value.problems["evidence.0.source"])
    assert len(sentences) == 1
    assert Source.objects.count() == 2


@pytest.mark.parametrize("at", ["marked", "in_review", "agreed", "disputed"])
def test_a_claim_set_aside_returns_to_what_its_verdicts_make(
    at: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in(at, article, first=finch, second=maple, moderator=robin)
    set_aside(claim.pk, "duplicate", actor=robin, note="See the other.")
    claim.refresh_from_db()
    assert (claim.state, claim.set_aside_reason) == ("set_aside", "duplicate")
    event = Event.objects.of_claim(claim.pk).first()
    assert event is not None
    assert (event.before, event.reason) == ({"state": at}, "See the other.")
    restore(claim.pk, actor=robin)
    claim.refresh_from_db()
    assert (claim.state, claim.set_aside_reason) == (at, "")
    with pytest.raises(Conflict, match="was set aside can be taken back"):
        restore(claim.pk, actor=robin)


@pytest.mark.parametrize("at", ["published", "corrected", "withdrawn", "set_aside"])
def test_what_has_a_ruling_or_is_aside_is_not_set_aside(
    at: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in(at, article, first=finch, second=maple, moderator=robin)
    with pytest.raises(Conflict):
        set_aside(claim.pk, "opinion", actor=robin)


def test_setting_aside_says_why(claim: Claim, robin: User) -> None:
    for why in ("", "because", "\x00"):
        with pytest.raises(Malformed, match="not checkable, a duplicate, or an opinion"):
            set_aside(claim.pk, why, actor=robin)


def test_words_begun_before_the_verdict_moved_on_are_refused_and_say_what_has_happened(
    claim: Claim, finch: User, maple: User
) -> None:
    submit_verdict(claim.pk, judgement("true"), actor=maple, based_on="")
    first = submit_verdict(claim.pk, judgement("true"), actor=finch, based_on="")
    with pytest.raises(Conflict, match="submitted version 1"):
        submit_verdict(claim.pk, judgement("false"), actor=finch, based_on="")
    now = first.saved_at.isoformat()
    draft = save_draft(claim.pk, judgement("false"), actor=finch, based_on=now)
    for late in ("", now, "yesterday"):
        with pytest.raises(Conflict, match="Another draft of yours was saved"):
            save_draft(claim.pk, judgement("true"), actor=finch, based_on=late)
        with pytest.raises(Conflict, match="Another draft of yours was saved"):
            discard_draft(claim.pk, actor=finch, based_on=late)
    now = draft.saved_at.isoformat()
    assert submit_verdict(claim.pk, judgement("false"), actor=finch, based_on=now).version == 2


def test_words_begun_beside_a_draft_that_was_discarded_are_refused(
    claim: Claim, finch: User
) -> None:
    draft = save_draft(claim.pk, judgement(), actor=finch, based_on="")
    discard_draft(claim.pk, actor=finch)
    with pytest.raises(Conflict, match="Your draft was discarded"):
        submit_verdict(claim.pk, judgement(), actor=finch, based_on=draft.saved_at.isoformat())
    assert not Verdict.objects.exists()


# ---------- a verdict that stands although the words changed ----------


@pytest.fixture
def stale(claim: Claim, finch: User, robin: User) -> Verdict:
    """Finch's verdict on words of which the figure was corrected since."""
    verdict = submit_verdict(claim.pk, judgement("true", A, B), actor=finch)
    article = claim.appearances.get().article
    first = article.revisions.get()
    text = first.text.replace("12%", "13%")
    revise_article(article.pk, actor=robin, text=text, based_on=first.pk)
    assert Verdict.objects.stale().get() == verdict
    return verdict


def test_a_verdict_that_stands_is_submitted_again_word_for_word(
    stale: Verdict, claim: Claim, finch: User
) -> None:
    again = confirm_verdict(claim.pk, actor=finch, based_on=stale.saved_at.isoformat())
    assert (again.version, again.rating, again.rationale) == (2, stale.rating, stale.rationale)
    said = ("position", "stance", "source", "quote", "title", "question")
    assert list(again.evidence.values_list(*said)) == list(stale.evidence.values_list(*said))
    assert not Verdict.objects.stale().exists()
    assert Verdict.objects.current().get() == again
    assert told(claim)[-1] == "confirm_verdict"


def test_a_verdict_stands_only_once(stale: Verdict, claim: Claim, finch: User) -> None:
    confirm_verdict(claim.pk, actor=finch)
    with pytest.raises(Conflict, match="have not changed"):
        confirm_verdict(claim.pk, actor=finch)
    assert Verdict.objects.filter(reviewer=finch).count() == 2


def test_a_verdict_does_not_stand_beside_a_draft(stale: Verdict, claim: Claim, finch: User) -> None:
    draft = save_draft(claim.pk, Judgement(rationale="Perhaps not."), actor=finch)
    with pytest.raises(Conflict, match="Submit it, or discard it first"):
        confirm_verdict(claim.pk, actor=finch)
    assert Verdict.objects.drafts_of(finch).get() == draft


def test_nobody_lets_stand_what_they_have_not_given(
    stale: Verdict, claim: Claim, maple: User, stranger: User
) -> None:
    with pytest.raises(Conflict, match="no verdict"):
        confirm_verdict(claim.pk, actor=maple)
    with pytest.raises(NotFound):
        confirm_verdict(claim.pk, actor=stranger)


def test_a_verdict_revised_in_another_tab_is_not_confirmed_unseen(
    stale: Verdict, claim: Claim, finch: User
) -> None:
    submit_verdict(claim.pk, judgement("false", A), actor=finch)
    with pytest.raises(Conflict, match="version 2"):
        confirm_verdict(claim.pk, actor=finch, based_on=stale.saved_at.isoformat())


def test_a_claim_set_aside_takes_no_confirmation(
    stale: Verdict, claim: Claim, finch: User, robin: User
) -> None:
    set_aside(claim.pk, "opinion", actor=robin)
    with pytest.raises(Conflict, match="set aside"):
        confirm_verdict(claim.pk, actor=finch)
