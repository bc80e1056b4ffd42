"""The record and the export: what they hold for whom, in which shape, at what cost."""

import datetime
import json
import re
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.actions.claims import mark_claim
from annotations.actions.holds import place_hold
from annotations.actions.ratings import retire_rating
from annotations.formats import jsonl
from annotations.models import Article, Claim, Project, Rating, Ruling, User, Verdict
from tests.api.conftest import Caller, Calling, of_a_stream

SEED = "peace-deal-must-exclude-ukraine-from-nato"
TALKS = "projects/ceasefire-talks/export/"


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(jsonl.schema())
    return jsonschema.Draft202012Validator(
        jsonl.schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


PEOPLE = (None, "reviewer", "reviewer2", "moderator", "owner")


def person(name: str) -> User:
    return User.objects.get(username=name)


def exported(caller: Caller, address: str = "projects/council/export/") -> list[bytes]:
    """The lines of an export without the last one, which says how many they are."""
    *lines, last = caller.get(address).raw.splitlines()
    assert json.loads(last)["end"]["records"] == len(lines)
    return lines


def test_each_exported_record_is_as_the_published_schema_says(
    calling: Calling, seeded: Project, schema: jsonschema.Draft202012Validator
) -> None:
    for name in PEOPLE:
        caller = calling(person(name) if name else None)
        for line in exported(caller, f"{TALKS}?format=jsonl"):
            schema.validate(json.loads(line))
        schema.validate(caller.get(f"articles/{SEED}/record/").body)


def test_the_schema_is_published(calling: Calling) -> None:
    answer = calling(None).get("schemas/record.json")
    assert answer.body == jsonl.schema()
    assert "schema+json" in answer.headers["Content-Type"]


def test_a_line_is_a_record_whatever_is_in_the_text(
    calling: Calling, robin: User, project: Project
) -> None:
    """Quotes, backslashes, line ends, controls and COPY's own marks pass through unchanged."""
    nasty = 'A "quote" \\ \\. \\N and , \x01 \x02 \x1f \u2028 💩\n\nTwo\nlines\t\\n'
    calling(robin).post("articles/", {"project": "council", "text": nasty, "title": "T"})
    calling(robin).post("articles/", {"project": "council", "text": "\\.", "title": "\\."})
    lines = calling(robin).get("projects/council/export/").raw.split(b"\n")
    assert len(lines) == 4
    assert lines[-1] == b""
    first, second = (json.loads(line) for line in lines[:2])
    assert first["revisions"][0]["text"] == nasty
    assert second["revisions"][0]["text"] == "\\."


def test_every_quote_is_its_text(calling: Calling, seeded: Project) -> None:
    record = calling(person("owner")).get(f"articles/{SEED}/record/").body
    texts = {one["id"]: one["text"] for one in record["revisions"]}
    places = [place for claim in record["claims"] for place in claim["appearances"]]
    assert len(places) == 16
    for place in places:
        assert texts[place["revision"]][place["start"] : place["end"]] == place["quote"]


def test_the_record_and_the_lists_show_the_same(calling: Calling, seeded: Project) -> None:
    """The statement and the QuerySet methods hold one rule of who sees what."""
    for name in PEOPLE:
        caller = calling(person(name) if name else None)
        claims = caller.get(f"articles/{SEED}/record/").body["claims"]
        listed = caller.get(f"claims/?article={SEED}&page_size=200").body["results"]
        assert {one["id"]: one["state"] for one in claims} == {
            one["id"]: one["state"] for one in listed
        }
        rulings = {one["id"]: one for one in caller.get("rulings/").body["results"]}
        for ruling in (one for claim in claims for one in claim["rulings"]):
            assert ruling["reason"] == rulings[ruling["id"]]["reason"]
            assert ruling["rating"] == rulings[ruling["id"]]["rating"]
        shown = {one["id"]: one for claim in claims for one in claim["verdicts"]}
        if name is None:
            assert shown == {}
            continue
        verdicts = {one["id"]: one for one in caller.get("verdicts/?page_size=200").body["results"]}
        assert set(shown) == set(verdicts)
        for key, verdict in shown.items():
            assert verdict["rationale"] == verdicts[key]["rationale"]
            assert [one["id"] for one in verdict["evidence"]] == [
                one["id"] for one in verdicts[key]["evidence"]
            ]


def test_what_was_given_with_a_retired_rating_is_read_from_the_record_alone(
    calling: Calling, published: Ruling, birch: User, schema: jsonschema.Draft202012Validator
) -> None:
    """Also where the rating that replaced it retires in turn."""
    ratings = Rating.objects.filter(project=published.project_id)
    for slug, other in (("false", "misleading"), ("misleading", "needs-context")):
        retire_rating(ratings.get(slug=slug).pk, other, actor=birch)
    for caller in (calling(None), calling(birch)):
        [line] = exported(caller)
        record = json.loads(line)
        schema.validate(record)
        scale = {one["slug"]: one for one in record["project"]["scale"]}
        assert list(scale) == [
            "true", "mostly-true", "needs-context", "misleading", "false", "unproven",
        ]  # fmt: skip
        [claim] = record["claims"]
        for given in [*claim["verdicts"], *claim["rulings"]]:
            assert given["rating"] == "false"
        assert {slug for slug, one in scale.items() if one["retired_at"]} == {"false", "misleading"}
        assert scale["false"]["replaced_by"] == "needs-context"
        assert scale["needs-context"]["replaced_by"] is None


def test_what_its_publisher_was_asked_is_in_the_record_for_everybody(
    calling: Calling, published: Ruling, robin: User, birch: User,
    schema: jsonschema.Draft202012Validator,
) -> None:  # fmt: skip
    moderator = calling(robin)
    sent = {
        "claim": str(published.claim_id), "publisher": "Example Times", "reached": "editors",
        "asked_on": "2026-03-02", "asked": "To say that prices did not double.",
    }  # fmt: skip
    first = moderator.post("publisher-corrections/", sent).body
    answered = {
        "outcome": "corrected", "outcome_on": "2026-03-09",
        "outcome_address": "https://example.org/corrections",
    }  # fmt: skip
    second = moderator.post("publisher-corrections/", sent | answered).body
    kept = [
        {name: one[name] for name in one if name not in ("project", "claim", "article")}
        for one in (first, second)
    ]
    for caller in (calling(None), moderator):
        [record] = map(json.loads, exported(caller))
        schema.validate(record)
        assert record["claims"][0]["publisher_corrections"] == kept
    place_hold(
        actor=birch, claim=published.claim_id, kind="restrict", authority="A court", ground="G",
        ordered_on=datetime.date(2026, 3, 10),
    )  # fmt: skip
    assert exported(calling(None)) == []
    [held] = map(json.loads, exported(moderator))
    assert held["claims"][0]["publisher_corrections"] == kept


def test_readers_get_what_is_published_and_no_more(calling: Calling, seeded: Project) -> None:
    record = calling(None).get(f"articles/{SEED}/record/").body
    states = {claim["state"] for claim in record["claims"]}
    assert states == {"published", "corrected", "withdrawn"}
    for claim in record["claims"]:
        now = [one for one in claim["rulings"] if one["superseded_at"] is None]
        assert len(now) == 1
        if claim["state"] == "withdrawn":
            assert [one["rating"] for one in claim["rulings"]] == [None]


def test_the_owner_exports_every_submitted_verdict_and_no_draft(
    calling: Calling, seeded: Project
) -> None:
    record = json.loads(exported(calling(person("owner")), TALKS)[0])
    verdicts = [one for claim in record["claims"] for one in claim["verdicts"]]
    submitted = Verdict.objects.filter(submitted_at__isnull=False)
    assert {one["id"] for one in verdicts} == {str(one.pk) for one in submitted}
    assert Verdict.objects.filter(submitted_at__isnull=True).exists()


def test_an_export_is_a_file_of_lines(calling: Calling, seeded: Project) -> None:
    headers = calling(None).get(f"{TALKS}?format=jsonl").headers
    assert headers["Content-Type"] == "application/jsonl"
    assert headers["Content-Disposition"] == 'attachment; filename="ceasefire-talks.jsonl"'
    assert re.fullmatch(r"private, no-cache|no-cache, private", headers["Cache-Control"])


def test_an_export_is_had_by_its_media_type(calling: Calling, seeded: Project) -> None:
    for accepted in ("application/jsonl", "application/x-ndjson", "*/*"):
        assert calling(None).get(TALKS, Accept=accepted).status == 200


def test_an_unknown_format_is_refused_with_those_there_are(
    calling: Calling, seeded: Project
) -> None:
    for query in ("format=xml", "format=", "format=JSONL", "format=jsonl&format=jsonl"):
        answer = calling(None).get(f"{TALKS}?{query}")
        assert answer.status == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert "jsonl" in calling(None).get(f"{TALKS}?format=xml").field("format")


def test_a_project_without_articles_has_no_record(
    calling: Calling, birch: User, project: Project
) -> None:
    answer = calling(birch).get("projects/council/export/")
    assert answer.status == 200
    assert json.loads(answer.raw)["end"]["records"] == 0


def test_what_one_may_not_know_of_is_not_exported(
    calling: Calling, project: Project, article: Article, claim: Claim, stranger: User
) -> None:
    for user in (None, stranger):
        assert calling(user).get("projects/council/export/").status == 404


def test_an_export_is_one_statement_and_comes_in_pieces(
    calling: Calling, robin: User, project: Project
) -> None:
    for n in range(30):
        text = f"Article {n}\n\n" + "A sentence. " * 1_000
        calling(robin).post("articles/", {"project": "council", "text": text})
    caller = calling(robin)
    with CaptureQueriesContext(connection) as asked:
        response = caller.client.get(
            "/api/v1/projects/council/export/",
            headers={"Authorization": f"Bearer {caller.secret}"},
        )
        pieces = list(response)
    # The token, its use, the request counted, the project, COPY.
    assert len(of_a_stream(asked)) == 5, of_a_stream(asked)
    assert pieces[0].count(b"\n") == 1, "the first record leaves by itself"
    assert 3 < len(pieces) < 20
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert b"".join(pieces).count(b"\n") == 30 + 1


def test_an_article_with_its_claims_takes_four_queries_at_most(
    calling: Calling, finch: User, article: Article, published: Ruling
) -> None:
    def cost() -> int:
        caller = calling(finch)
        with CaptureQueriesContext(connection) as asked:
            assert caller.get(f"articles/{article.slug}/record/").status == 200
        return len(asked)

    few = cost()
    text = article.revisions.get(number=1).text
    start = text.index("The city council")
    for n in range(40):
        mark_claim(article.pk, start + n, start + n + 9, actor=finch, claimant=f"Person {n}")
    many = cost()
    assert many == few, f"{few} queries with one claim, {many} with 41"
    assert many <= 4, f"{many} queries"


def test_lists_cost_the_same_however_much_is_on_a_page(
    calling: Calling, robin: User, finch: User, article: Article, published: Ruling
) -> None:
    names = ("projects", "articles", "revisions", "claims", "appearances", "reattachments",
             "verdicts", "evidence", "sources", "rulings")  # fmt: skip
    caller = calling(robin)
    caller.get("projects/")

    def costs() -> dict[str, int]:
        made: dict[str, int] = {}
        for name in names:
            with CaptureQueriesContext(connection) as asked:
                assert caller.get(f"{name}/").status == 200
            made[name] = len(asked)
        return made

    few = costs()
    text = article.revisions.get(number=1).text
    start = text.index("The city council")
    reviewer = calling(finch)
    for n in range(10):
        place = mark_claim(article.pk, start + n, start + n + 9, actor=finch, claimant=f"P {n}")
        body: dict[str, Any] = {
            "claim": str(place.claim_id), "rating": "true", "rationale": "So it is.",
            "evidence": [{"stance": "supports", "address": f"https://example.org/{n}"}],
            "submit": True,
        }  # fmt: skip
        assert reviewer.post("verdicts/", body).status == 201
    assert costs() == few
    assert max(few.values()) <= 5, few
