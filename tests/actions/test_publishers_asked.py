"""Corrections asked of a publisher: what is kept, who may, and what is refused at which field."""

import datetime
from typing import Any

import pytest

from annotations.actions.articles import edit_article
from annotations.actions.publishers import ask_publisher, edit_publisher_correction, told
from annotations.actions.rulings import withdraw_ruling
from annotations.actions.versions import version_now
from annotations.models import Article, Claim, Event, PublisherCorrection, User
from annotations.rules.publishers import Asking
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound, Refusal
from annotations.rules.versions import Outdated
from tests.actions.given import claim_in
from tests.actions.given import told as verbs

ASKED_ON = datetime.date(2026, 3, 2)
ASKED = Asking("Example Times", "corrections_form", ASKED_ON, "To say that it rose by 11%.")
ANSWERED = {
    "outcome": "corrected",
    "outcome_on": datetime.date(2026, 3, 9),
    "outcome_address": "example.org/corrections#3",
}


@pytest.fixture
def ruled(article: Article, finch: User, maple: User, robin: User) -> Claim:
    return claim_in("published", article, first=finch, second=maple, moderator=robin)


@pytest.fixture
def request_made(ruled: Claim, robin: User) -> PublisherCorrection:
    return ask_publisher(ruled.pk, ASKED, actor=robin)


def test_a_request_is_kept_with_where_the_claim_stands_and_told_by_the_log(
    request_made: PublisherCorrection, ruled: Claim, article: Article, robin: User
) -> None:
    kept = PublisherCorrection.objects.get()
    assert kept.asking == ASKED
    assert (kept.claim, kept.article, kept.asked_by) == (ruled, article, robin)
    assert kept.project_id == ruled.project_id
    event = Event.objects.of_claim(ruled.pk).get(verb="ask_publisher")
    assert (event.after or {})["asked_on"] == "2026-03-02"
    assert (event.after or {})["article"] == str(article.pk)


def test_what_came_of_it_is_added_and_what_was_known_before_is_in_the_log(
    request_made: PublisherCorrection, ruled: Claim, birch: User
) -> None:
    made = edit_publisher_correction(request_made.pk, ANSWERED, actor=birch)
    assert made.outcome_address == "https://example.org/corrections"
    assert (made.publisher, made.asked) == (ASKED.publisher, ASKED.asked)
    assert made.asked_by == request_made.asked_by
    event = Event.objects.of_claim(ruled.pk).get(verb="edit_publisher_correction")
    assert ((event.before or {})["outcome"], (event.after or {})["outcome"]) == (
        "none_yet", "corrected",
    )  # fmt: skip
    edit_publisher_correction(request_made.pk, ANSWERED, actor=birch)
    assert verbs(ruled)[-2:] == ["ask_publisher", "edit_publisher_correction"]


def test_a_change_on_an_older_version_is_refused_and_names_who_was_first(
    request_made: PublisherCorrection, robin: User, birch: User
) -> None:
    version = version_now(told(request_made))
    edit_publisher_correction(request_made.pk, ANSWERED, actor=birch, version=version)
    late = {"outcome": "refused", "outcome_on": datetime.date(2026, 3, 9)}
    with pytest.raises(Outdated, match="Birch changed this"):
        edit_publisher_correction(request_made.pk, late, actor=robin, version=version)
    request_made.refresh_from_db()
    assert request_made.outcome == "corrected"


def test_a_request_that_names_no_publisher_went_to_the_articles(
    ruled: Claim, article: Article, robin: User
) -> None:
    nameless = Asking("", "editors", ASKED_ON, "To say 11%.")
    with pytest.raises(Malformed) as refused:
        ask_publisher(ruled.pk, nameless, actor=robin)
    assert set(refused.value.problems) == {"publisher"}
    edit_article(article.pk, actor=robin, publisher="Example Gazette")
    assert ask_publisher(ruled.pk, nameless, actor=robin).publisher == "Example Gazette"


@pytest.mark.parametrize("state", ["marked", "in_review", "agreed", "disputed", "withdrawn"])
def test_nothing_is_asked_on_the_ground_of_no_ruling(
    state: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in(state, article, first=finch, second=maple, moderator=robin)
    with pytest.raises(Conflict, match="ruling in force"):
        ask_publisher(claim.pk, ASKED, actor=robin)


def test_it_is_for_moderators_and_owners_of_the_project(
    request_made: PublisherCorrection, ruled: Claim, finch: User, stranger: User
) -> None:
    for person, refusal in ((finch, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            ask_publisher(ruled.pk, ASKED, actor=person)
        with pytest.raises(refusal):
            edit_publisher_correction(request_made.pk, ANSWERED, actor=person)
    with pytest.raises(NotFound):
        edit_publisher_correction(ruled.pk, ANSWERED, actor=finch)
    assert PublisherCorrection.objects.get().outcome == "none_yet"


def test_the_article_is_one_in_which_the_claim_stands(
    ruled: Claim, other_article: Article, robin: User
) -> None:
    with pytest.raises(Malformed, match="does not stand") as refused:
        ask_publisher(ruled.pk, ASKED, actor=robin, article=other_article.pk)
    assert set(refused.value.problems) == {"article"}


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"publisher": " "}, {"publisher"}),
        ({"publisher": "Times\nGazette"}, {"publisher"}),
        ({"publisher": "desk@times.example"}, {"publisher"}),
        ({"publisher": "x" * 201}, {"publisher"}),
        ({"asked": " \n "}, {"asked"}),
        ({"asked": "I wrote to a.writer@times.example."}, {"asked"}),
        ({"asked": "x" * 2001}, {"asked"}),
        ({"reached": "at home"}, {"reached"}),
        ({"asked_on": None}, {"asked_on"}),
        ({"asked_on": datetime.date(9999, 1, 1)}, {"asked_on"}),
        ({"outcome": "ignored"}, {"outcome", "outcome_on"}),
        ({"outcome": "refused"}, {"outcome_on"}),
        ({"outcome_on": ASKED_ON}, {"outcome"}),
        ({"outcome_address": "https://example.org/"}, {"outcome"}),
        ({"outcome": "refused", "outcome_on": datetime.date(2026, 3, 1)}, {"outcome_on"}),
        ({"outcome": "refused", "outcome_on": datetime.date(9999, 3, 1)}, {"outcome_on"}),
        (ANSWERED | {"outcome_address": "javascript:alert(1)"}, {"outcome_address"}),
        (ANSWERED | {"outcome_address": "http://127.0.0.1/"}, {"outcome_address"}),
        ({"publisher": "", "asked": "", "asked_on": None}, {"publisher", "asked", "asked_on"}),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_changed(
    given: dict[str, Any], fields: set[str], request_made: PublisherCorrection, robin: User
) -> None:
    with pytest.raises(Refusal) as refused:
        edit_publisher_correction(request_made.pk, given, actor=robin)
    assert set(refused.value.problems) == fields
    assert all(one.endswith(".") for one in refused.value.problems.values())
    assert PublisherCorrection.objects.get().asking == ASKED


def test_a_request_outlives_the_ruling_it_rested_on(
    request_made: PublisherCorrection, ruled: Claim, robin: User
) -> None:
    withdraw_ruling(ruled.pk, actor=robin, note="It rests on a forged page.")
    made = edit_publisher_correction(request_made.pk, ANSWERED, actor=robin)
    assert made.outcome == "corrected"
