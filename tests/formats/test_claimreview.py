"""ClaimReview: what is known and nothing else, in JSON that nothing ends."""

import datetime
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.formats.claimreview import Reported, Review, claim_review, in_a_script

AT = datetime.datetime(2025, 3, 19, 12, tzinfo=datetime.UTC)
REVIEW = Review(
    address="https://check.example.org/claims/1/",
    statement="Spending rose by 12%.",
    rating="Mostly true",
    definition="Accurate in substance; a detail is off or missing.",
    value=4.0,
    best=5.0,
    worst=1.0,
    summary="It rose by 11%.",
    desk="Council budget",
    site="https://check.example.org/",
    published=AT,
    changed=AT,
)


def test_numbers_are_numbers_and_lie_between_worst_and_best() -> None:
    rating = claim_review(REVIEW)["reviewRating"]
    assert (rating["worstRating"], rating["ratingValue"], rating["bestRating"]) == (1, 4, 5)
    assert json.dumps(rating["ratingValue"]) == "4"


def test_a_rating_off_the_axis_has_a_name_and_no_number() -> None:
    rating = claim_review(replace(REVIEW, rating="Unproven", value=None))["reviewRating"]
    assert set(rating) == {"@type", "alternateName", "ratingExplanation"}


def test_zero_is_a_value() -> None:
    rating = claim_review(replace(REVIEW, value=0.0, worst=0.0))["reviewRating"]
    assert (rating["ratingValue"], rating["worstRating"]) == (0, 0)


def test_the_claimant_the_date_and_the_places_are_there_when_known() -> None:
    claim = claim_review(
        replace(
            REVIEW,
            claimant="Ada Quill",
            claimant_role="Mayor",
            claimant_wikidata="Q42",
            said_on=datetime.date(2025, 3, 17),
            first_address="https://example.org/speech",
            appearances=[
                Reported("A report", "https://example.org/report", "Gazette", AT.date()),
                Reported("Another"),
            ],
        )
    )["itemReviewed"]
    assert claim == {
        "@type": "Claim",
        "author": {
            "@type": "Thing",
            "name": "Ada Quill",
            "description": "Mayor",
            "sameAs": "https://www.wikidata.org/entity/Q42",
        },
        "datePublished": "2025-03-17",
        "firstAppearance": {"@type": "CreativeWork", "url": "https://example.org/speech"},
        "appearance": [
            {
                "@type": "Article",
                "headline": "A report",
                "url": "https://example.org/report",
                "publisher": {"@type": "Organization", "name": "Gazette"},
                "datePublished": "2025-03-19",
            },
            {"@type": "Article", "headline": "Another"},
        ],
    }


@pytest.mark.parametrize("key", ["datePublished", "author", "appearance", "firstAppearance"])
def test_what_is_not_known_is_not_said(key: str) -> None:
    assert key not in claim_review(REVIEW)["itemReviewed"]


@given(st.text())
def test_a19_json_in_a_script_round_trips_and_nothing_ends_it(text: str) -> None:
    made = in_a_script({"claimReviewed": text})
    assert json.loads(made) == {"claimReviewed": text}
    assert not set("<>&\u2028\u2029") & set(made)
