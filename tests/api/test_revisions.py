"""A new text of an article over the API: looked at, brought in, and what waits settled."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.live_server_helper import LiveServer

from annotations.actions.claims import mark_claim
from annotations.actions.tokens import make_token
from annotations.actions.verdicts import submit_verdict
from annotations.api.shapes.revisions import LONGEST_WORDS, MOST_SHOWN
from annotations.models import Appearance, Article, Claim, Event, Reattachment, Ruling, User
from tests.api.conftest import Answer, Caller, Calling, judgement, mark
from tests.conftest import TEXT

CORRECTED = TEXT.replace("12%", "13%")
WITHOUT = TEXT.replace("The city council spent 12% more in 2024 than", "Pupils met oftener than")


@pytest.fixture
def moderator(calling: Calling, robin: User) -> Caller:
    return calling(robin)


def address(article: Article) -> str:
    return f"articles/{article.slug}/revisions/"


def previewed(caller: Caller, article: Article, text: str, **more: Any) -> Answer:
    return caller.post(f"{address(article)}preview/", {"text": text} | more)


def revised(caller: Caller, article: Article, text: str, **more: Any) -> Answer:
    newest = str(article.revisions.latest("number").pk)
    return caller.post(address(article), {"text": text, "based_on": newest} | more)


@pytest.fixture
def waiting(moderator: Caller, article: Article, claim: Claim) -> Reattachment:
    """finch's claim, whose figure was corrected: its new place is proposed."""
    assert revised(moderator, article, CORRECTED).status == 201
    one: Reattachment = claim.reattachments.get()
    return one


# ---------- looked at ----------


def test_a_preview_says_what_becomes_of_each_mark_and_writes_nothing(
    moderator: Caller, article: Article, claim: Claim, finch: User
) -> None:
    schools = mark(article, "We have never spent this much", finch)
    revision = article.revisions.get()
    before = Event.objects.count()
    answer = previewed(moderator, article, CORRECTED)
    assert answer.status == 200, answer.raw
    assert answer.body["based_on"] == {"id": str(revision.pk), "number": 1}
    assert answer.body["counts"] == {
        "exact": 1, "moved": 0, "review": 1, "ambiguous": 0, "orphan": 0,
    }  # fmt: skip
    figure, quote = answer.body["marks"]
    place = claim.appearances.get()
    assert figure == {
        "appearance": str(place.pk),
        "claim": str(claim.pk),
        "reattachment": None,
        "was": {"revision": str(revision.pk), "start": place.start, "end": place.end,
                "quote": place.quote},
        "result": "review",
        "reason": "“12%” became “13%”.",
        "place": {"start": place.start, "end": place.end,
                  "quote": place.quote.replace("12%", "13%")},
        "candidates": [],
        "fragments": [],
    }  # fmt: skip
    assert (quote["claim"], quote["result"]) == (str(schools.pk), "exact")
    assert (article.revisions.count(), Event.objects.count()) == (1, before)


def test_a_preview_tells_the_changed_words_with_offsets_that_cover_both_texts(
    moderator: Caller, article: Article
) -> None:
    changes = previewed(moderator, article, CORRECTED).body["changes"]
    assert [one["change"] for one in changes] == ["equal", "replaced", "equal"]
    assert (changes[1]["old"], changes[1]["new"]) == ("12%", "13%")
    assert changes[0]["old"] == ""
    for text, start, end in ((TEXT, "old_start", "old_end"), (CORRECTED, "new_start", "new_end")):
        assert changes[0][start] == 0
        assert changes[-1][end] == len(text)
        for one, following in zip(changes, changes[1:], strict=False):
            assert one[end] == following[start]


def test_a_preview_is_bounded_and_shows_first_what_needs_a_person(
    moderator: Caller, project: object, finch: User
) -> None:
    said = [f"Paragraph {n} says that {n} were counted." for n in range(550)]
    text = "\n\n".join(said)
    slug = moderator.post(
        "articles/", {"project": "council", "text": text, "title": "Counted"}
    ).body["slug"]
    article = Article.objects.get(slug=slug)
    spans = [(text.index(one), text.index(one) + len(one)) for one in said]
    for n in range(0, 550, 50):
        mark_claim(article.pk, *spans[n], actor=finch, further=spans[n + 1 : n + 50])
    answer = previewed(moderator, article, text.replace(said[515], "x" * 2_000)).body
    assert len(answer["marks"]) == MOST_SHOWN
    assert answer["left_out"] == {"marks": 50, "changes": 0}
    assert sum(answer["counts"].values()) == 550
    assert answer["marks"][0]["result"] == "orphan"
    replaced = next(one for one in answer["changes"] if one["change"] == "replaced")
    assert replaced["new_end"] - replaced["new_start"] == 2_000
    assert len(replaced["new"]) == LONGEST_WORDS
    every_other = [one if n % 2 else f"Nobody knows of {n}." for n, one in enumerate(said)]
    many = previewed(moderator, article, "\n\n".join(every_other)).body
    assert len(many["changes"]) == MOST_SHOWN
    assert many["left_out"]["changes"] > 0


def test_a_preview_takes_html(moderator: Caller, article: Article) -> None:
    page = "<h1>The council spends more than ever</h1><p>It spent 13% more.</p>"
    answer = previewed(moderator, article, page, media_type="text/html")
    assert answer.status == 200, answer.raw
    made = revised(moderator, article, page, media_type="text/html")
    assert (made.body["sha256"], made.body["raw_media_type"]) == (
        answer.body["sha256"],
        "text/html",
    )


def test_a_preview_costs_the_same_however_many_marks_there_are(
    moderator: Caller, article: Article, finch: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert previewed(moderator, article, CORRECTED).status == 200
        return len(asked)

    moderator.get("projects/")
    few = cost()
    for n in range(20):
        mark_claim(article.pk, n, n + 5, actor=finch)
    assert cost() == few
    assert few == 5


# ---------- brought in ----------


def test_a_moderator_brings_in_the_text_that_was_previewed(
    moderator: Caller, article: Article, claim: Claim
) -> None:
    seen = previewed(moderator, article, CORRECTED).body
    made = moderator.post(address(article), {"text": CORRECTED, "based_on": seen["based_on"]["id"]})
    assert made.status == 201, made.raw
    assert (made.body["number"], made.body["counts"]) == (2, seen["counts"])
    assert (made.body["sha256"], made.body["article"]) == (seen["sha256"], article.slug)
    assert moderator.get(f"articles/{article.slug}/").body["revision"]["text"] == CORRECTED
    assert moderator.get(f"revisions/{made.body['id']}/").body["text"] == CORRECTED


def test_of_two_who_revise_at_once_the_second_is_told_which_text_is_the_newest(
    moderator: Caller, article: Article
) -> None:
    seen = previewed(moderator, article, CORRECTED).body["based_on"]["id"]
    first = moderator.post(address(article), {"text": CORRECTED, "based_on": seen})
    second = moderator.post(address(article), {"text": WITHOUT, "based_on": seen})
    assert second.status == 409
    assert "revision 2" in second.field("based_on")
    assert second.body["newest"] == {"id": first.body["id"], "number": 2}
    again = moderator.post(
        address(article), {"text": WITHOUT, "based_on": second.body["newest"]["id"]}
    )
    assert (again.status, again.body["number"]) == (201, 3)


@pytest.mark.parametrize(
    ("change", "status", "at"),
    [
        ({"text": ""}, 400, "text"),
        ({"text": "a\u0000b"}, 400, "text"),
        ({"text": "x" * 2_000_001}, 400, "text"),
        ({"text": TEXT}, 409, "text"),
        ({"text": f"\ufeff{TEXT}".replace("\n", "\r\n")}, 409, "text"),
        ({"text": 5}, 400, "text"),
        ({"media_type": "image/png"}, 400, "media_type"),
        ({"furniture": ["a"] * 501}, 400, "furniture"),
    ],
)
def test_what_is_wrong_with_a_new_text_is_told_at_its_field(
    moderator: Caller, article: Article, change: dict[str, Any], status: int, at: str
) -> None:
    for send in (previewed, revised):
        answer = send(moderator, article, **{"text": CORRECTED} | change)
        assert answer.status == status, answer.raw
        assert answer.field(at)
    assert article.revisions.count() == 1


def test_a_new_text_names_the_one_it_was_previewed_against(
    moderator: Caller, article: Article
) -> None:
    assert moderator.post(address(article), {"text": CORRECTED}).field("based_on")
    odd = moderator.post(address(article), {"text": CORRECTED, "based_on": "1"})
    assert odd.field("based_on")


def test_new_texts_are_for_moderators(
    calling: Calling, article: Article, finch: User, birch: User, stranger: User
) -> None:
    for person, status in ((finch, 403), (stranger, 404), (None, 401)):
        caller = calling(person)
        assert previewed(caller, article, CORRECTED).status == status
        assert revised(caller, article, CORRECTED).status == status
    assert article.revisions.count() == 1
    assert revised(calling(birch), article, CORRECTED).status == 201


# ---------- older texts ----------


def test_an_older_text_is_read_with_its_marks(
    moderator: Caller, calling: Calling, finch: User, article: Article, claim: Claim
) -> None:
    older = str(article.revisions.get().pk)
    shifted = TEXT.replace("Share\n", "Share\n\nThe council met for six hours.\n")
    newest = revised(moderator, article, shifted).body["id"]
    caller = calling(finch)
    for revision, text in ((older, TEXT), (newest, shifted)):
        assert caller.get(f"revisions/{revision}/").body["text"] == text
        [place] = caller.get(f"appearances/?revision={revision}").body["results"]
        assert text[place["start"] : place["end"]] == place["quote"]
        assert place["claim"] == str(claim.pk)
    assert caller.get(f"revisions/?article={article.slug}").ids == [newest, older]
    first, second = (
        caller.get(f"appearances/?revision={one}").body["results"][0] for one in (older, newest)
    )
    assert (first["carried"], first["carried_from"]) == ("", None)
    assert (second["carried"], second["carried_from"]) == ("exact", first["id"])
    [shown] = caller.get(f"claims/{claim.pk}/").body["appearances"]
    assert shown["id"] == second["id"], "a claim shows where it stands now"


def test_the_record_tells_whence_a_place_came(
    moderator: Caller, article: Article, waiting: Reattachment
) -> None:
    moderator.post(f"reattachments/{waiting.pk}/reattach/", {})
    record = moderator.get(f"articles/{article.slug}/record/").body
    places = {one["revision"]: one for one in record["claims"][0]["appearances"]}
    first, second = (places[one["id"]] for one in record["revisions"])
    assert (first["carried"], first["carried_from"]) == ("", None)
    assert (second["carried"], second["carried_from"]) == ("settled", first["id"])


# ---------- what waits ----------


def test_what_waits_is_listed_with_what_was_and_what_is_proposed(
    calling: Calling, finch: User, article: Article, waiting: Reattachment
) -> None:
    caller = calling(finch)
    [listed] = caller.get("reattachments/").body["results"]
    one = caller.get(f"reattachments/{waiting.pk}/").body
    start, end = waiting.places[0]
    assert listed["places"] == [{"start": start, "end": end}]
    assert one == listed | {"places": [{"start": start, "end": end, "quote": CORRECTED[start:end]}]}
    assert (one["why"], one["outcome"], one["settled_by"]) == ("review", "", None)
    assert one["appearance"]["quote"] == "The city council spent 12% more in 2024"
    assert one["revision"] == {
        "id": str(article.revisions.get(number=2).pk), "number": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("project=council", True),
        ("project=harbour", False),
        ("article=council-spends-more", True),
        ("article=elsewhere", False),
        ("why=review", True),
        ("why=orphan", False),
        ("settled=false", True),
        ("settled=true", False),
        ("claim=0195a5f0-0000-7000-8000-000000000000", False),
    ],
)
def test_what_waits_is_asked_for_by_what_it_is(
    calling: Calling, finch: User, waiting: Reattachment, query: str, found: bool
) -> None:
    assert calling(finch).get(f"reattachments/?{query}").ids == [str(waiting.pk)] * found
    assert calling(finch).get(f"reattachments/?claim={waiting.claim_id}").ids == [str(waiting.pk)]


def test_a_moderator_accepts_the_place_proposed_and_asks_again(
    moderator: Caller, calling: Calling, finch: User, maple: User, claim: Claim, article: Article
) -> None:
    submit_verdict(claim.pk, judgement("true", "one"), actor=finch)
    revised(moderator, article, CORRECTED)
    one = claim.reattachments.get()
    seen = {"revision": str(one.revision_id), "ask_again": True}
    made = moderator.post(f"reattachments/{one.pk}/reattach/", seen)
    assert made.status == 200, made.raw
    assert (made.body["outcome"], made.body["settled_by"]) == ("reattached", "Robin")
    assert made.body["asks_again"]
    [place] = made.body["appearances"]
    assert (place["quote"], place["carried"]) == (
        "The city council spent 13% more in 2024", "settled",
    )  # fmt: skip
    assert calling(finch).get("reattachments/?settled=true").ids == [str(one.pk)]
    again = moderator.post(f"reattachments/{one.pk}/let-go/", {})
    assert again.status == 409
    assert "Robin has decided this already" in again.body["detail"]


def test_a_moderator_picks_other_places(
    moderator: Caller, article: Article, waiting: Reattachment
) -> None:
    path = f"reattachments/{waiting.pk}/reattach/"
    start = CORRECTED.index("spent 13%")
    spans = [{"start": start, "end": start + 14}, {"start": 0, "end": 11}]
    wrong = moderator.post(path, {"places": spans, "quote": "spent 12% more"})
    assert (wrong.status, bool(wrong.field("quote"))) == (422, True)
    made = moderator.post(path, {"places": spans, "quote": "spent 13% more"})
    assert [one["quote"] for one in made.body["appearances"]] == ["The council", "spent 13% more"]


@pytest.mark.parametrize(
    ("body", "status", "at"),
    [
        ({"places": [{"start": 5, "end": 5}]}, 400, "places.0.start"),
        ({"places": [{"start": 0, "end": 9_999}]}, 400, "places.0.end"),
        ({"places": [{"start": 0, "end": 3}, {"start": 0, "end": 9_999}]}, 400, "places"),
        ({"places": [{"start": 35, "end": 40}]}, 422, "places.0.start"),
        ({"places": [{"start": 0}]}, 400, "places.0.end"),
        ({"places": [[0, 3]]}, 400, "places.0"),
        ({"places": [{"start": 0, "end": 3}] * 21}, 400, "places"),
        ({"places": {}}, 400, "places"),
        ({"ask_again": "yes"}, 400, "ask_again"),
        ({"note": "x"}, 400, "note"),
        ({"revision": "0195a5f0-0000-7000-8000-000000000000"}, 409, "revision"),
    ],
)
def test_what_is_wrong_with_a_place_is_told_at_its_field(
    moderator: Caller, waiting: Reattachment, body: dict[str, Any], status: int, at: str
) -> None:
    answer = moderator.post(f"reattachments/{waiting.pk}/reattach/", body)
    assert answer.status == status, answer.raw
    assert answer.field(at)
    waiting.refresh_from_db()
    assert waiting.outcome == ""


def test_nothing_is_decided_on_a_text_that_was_not_looked_at(
    moderator: Caller, article: Article, waiting: Reattachment
) -> None:
    seen = {"revision": str(waiting.revision_id)}
    newest = revised(moderator, article, CORRECTED.replace("13%", "14%")).body
    for verb in ("reattach", "let-go"):
        answer = moderator.post(f"reattachments/{waiting.pk}/{verb}/", seen)
        assert answer.status == 409
        assert answer.body["newest"] == {"id": newest["id"], "number": 3}


def test_words_that_are_gone_are_let_go_with_a_note(
    moderator: Caller, article: Article, claim: Claim
) -> None:
    revised(moderator, article, WITHOUT)
    one = claim.reattachments.get()
    path = f"reattachments/{one.pk}/"
    refused = moderator.post(f"{path}reattach/", {})
    assert (refused.status, bool(refused.field("places"))) == (400, True)
    made = moderator.post(f"{path}let-go/", {"note": "Rewritten."})
    assert (made.status, made.body["outcome"], made.body["appearances"]) == (200, "let_go", [])
    assert moderator.get(f"claims/{claim.pk}/").body["appearances"] == []
    assert Event.objects.get(verb="let_go").reason == "Rewritten."


def test_reviewers_read_what_waits_and_moderators_settle_it(
    calling: Calling, finch: User, stranger: User, birch: User, waiting: Reattachment
) -> None:
    path = f"reattachments/{waiting.pk}/"
    for person, read, write in ((finch, 200, 403), (stranger, 404, 404), (None, 401, 401)):
        caller = calling(person)
        assert caller.get(path).status == read
        for verb in ("reattach", "let-go"):
            assert caller.post(f"{path}{verb}/", {}).status == write
    assert calling(None).get("reattachments/").status == 401
    assert calling(stranger).get("reattachments/").ids == []
    assert calling(birch).post(f"{path}reattach/", {}).status == 200


def test_a_list_of_what_waits_costs_the_same_however_much_is_on_it(
    calling: Calling, moderator: Caller, article: Article, finch: User
) -> None:
    caller = calling(finch)
    caller.get("projects/")

    def cost(text: str) -> tuple[int, int]:
        revised(moderator, article, text)
        with CaptureQueriesContext(connection) as asked:
            found = len(caller.get("reattachments/").ids)
        return found, len(asked)

    mark(article, "The city council spent 12% more", finch)
    few = cost(CORRECTED)
    start = CORRECTED.index("spent 13%")
    for n in range(12):
        mark_claim(article.pk, start - n, start + 9, actor=finch)
    many = cost(CORRECTED.replace("13%", "14%"))
    assert (few[0], many[0]) == (1, 13)
    assert few[1] == many[1] <= 4


# ---------- other words for a mark, and verdicts on words that changed ----------


def test_other_words_are_marked_for_a_place(
    calling: Calling, finch: User, maple: User, claim: Claim
) -> None:
    place: Appearance = claim.appearances.get()
    path = f"appearances/{place.pk}/"
    sent = {
        "start": place.start + 9, "end": place.end, "quote": "council spent 12% more in 2024",
        "revision": str(place.revision_id),
    }  # fmt: skip
    assert calling(maple).patch(path, sent).status == 403
    made = calling(finch).patch(path, sent)
    assert made.status == 200, made.raw
    assert (made.body["id"], made.body["quote"]) == (str(place.pk), sent["quote"])
    assert made.body["claim"] == str(claim.pk)
    assert calling(finch).patch(path, sent | {"quote": "council"}).status == 422
    assert calling(finch).patch(path, {"start": 3}).field("end")
    assert calling(finch).patch(path, sent | {"article": "x"}).field("article")


def test_a_place_under_a_ruling_or_in_an_older_text_keeps_its_words(
    moderator: Caller, published: Ruling, article: Article, claim: Claim
) -> None:
    ruled = published.claim.appearances.get()
    place = claim.appearances.get()
    assert moderator.patch(f"appearances/{ruled.pk}/", {"start": 0, "end": 3}).status == 409
    revised(moderator, article, CORRECTED)
    answer = moderator.patch(f"appearances/{place.pk}/", {"start": 0, "end": 3})
    assert answer.status == 409
    assert "older text" in answer.body["detail"]


def test_a_verdict_tells_that_its_words_changed(
    moderator: Caller, calling: Calling, finch: User, article: Article, claim: Claim, agreed: Claim
) -> None:
    caller = calling(finch)
    body = {"claim": str(claim.pk), "rating": "true", "rationale": "So it is.", "submit": True,
            "evidence": [{"stance": "supports", "address": "https://example.org/"}]}  # fmt: skip
    given = caller.post("verdicts/", body).body
    assert given["is_stale"] is False
    revised(moderator, article, CORRECTED)
    assert caller.get(f"verdicts/{given['id']}/").body["is_stale"]
    assert caller.get("verdicts/?reviewer=me&stale=true").ids == [given["id"]]
    assert given["id"] not in caller.get("verdicts/?stale=false").ids
    newer = {"rating": "false", "based_on": given["saved_at"]}
    again = caller.post("verdicts/", body | newer).body
    assert (again["version"], again["is_stale"]) == (2, False)
    assert caller.get("verdicts/?stale=true").ids == []
    assert caller.get("verdicts/?stale=1").status == 400


# ---------- the script of the docs ----------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("accept", "reattached"), ("ask again", "reattached"), ("let go", "let_go")],
)
def test_the_script_of_the_docs_revises_an_article(
    live_server: LiveServer, article: Article, claim: Claim, robin: User, tmp_path: Path,
    answer: str, outcome: str,
) -> None:  # fmt: skip
    docs = (settings.BASE_DIR / "docs" / "api.md").read_text("utf-8")
    scripts = re.findall(r"```python\n(.*?)```", docs, re.DOTALL)
    [script] = [one for one in scripts if "revisions/preview" in one]
    file = tmp_path / "new.txt"
    file.write_text(CORRECTED, "utf-8")
    token = make_token(robin, "script", actor=robin)[1]
    ran = subprocess.run(
        [sys.executable, "-c", script, live_server.url, token, article.slug, str(file)],
        input=f"{answer}\n", capture_output=True, text=True, check=False, encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "This is revision 2" in ran.stdout
    one = claim.reattachments.get()
    assert (one.outcome, one.asks_again) == (outcome, answer == "ask again")
