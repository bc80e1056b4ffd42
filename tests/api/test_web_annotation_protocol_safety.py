"""What a hostile or a curious client gets out of the Web Annotation Protocol: nothing."""

import datetime
import socket
from typing import Any

import pytest

from annotations.actions.holds import place_hold
from annotations.actions.revisions import revise_article
from annotations.actions.rulings import publish_ruling
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Claim, Event, Evidence, Project, Ruling, User, Verdict
from tests.api.conftest import Caller, Calling, judgement, mark
from tests.api.test_web_annotation_protocol import (
    HERE,
    JUDGED,
    PAGE,
    annotated,
    body_for,
    commenting,
    linking,
    on,
    path,
    tag,
    tagging,
)
from tests.conftest import TEXT


@pytest.fixture
def reviewer(calling: Calling, finch: User, article: Article) -> Caller:
    return calling(finch)


def at(claim: Claim) -> str:
    return f"{HERE}{claim.pk}"


# Blindness, holds, projects


def test_a_blind_reviewer_learns_nothing_of_the_others(
    calling: Calling, article: Article, finch: User, maple: User
) -> None:
    """Not by a body, a tag or a count: all is as if maple had said nothing."""
    claim = mark(article, "We have never spent this much on schools", maple)
    addresses = (at(claim), HERE, f"{HERE}?page=0", f"{HERE}?iris=1&page=0")
    before = [calling(finch).get(one) for one in addresses]
    save_draft(claim.pk, judgement("misleading", "canary"), actor=maple)
    submit_verdict(claim.pk, judgement("misleading", "canary"), actor=maple)
    for one, was in zip(addresses, before, strict=True):
        now = calling(finch).get(one)
        assert (now.raw, tag(now)) == (was.raw, tag(was))
    assert b"canary" in calling(maple).get(at(claim)).raw


def test_others_verdicts_are_not_there_for_moderators_either(
    calling: Calling, half_judged: Claim, robin: User
) -> None:
    assert b"canary" not in calling(robin).get(at(half_judged)).raw


def test_readers_see_the_ruling_and_who_made_it(anyone: Caller, published: Ruling) -> None:
    answer = anyone.get(at(published.claim))
    assert answer.status == 200
    assert body_for(answer, "tagging") == ["false"]
    assert body_for(answer, "commenting") == ["They did not double."]
    assert body_for(answer, "linking") == ["https://example.org/one"]
    judged = [one for one in answer.body["body"] if one["purpose"] == "tagging"]
    assert judged[0]["creator"]["name"] == "Robin"
    assert b"ourselves" not in answer.raw
    assert anyone.get(HERE).body["total"] == 1


def test_what_is_not_published_is_not_there_for_readers(
    anyone: Caller, calling: Calling, stranger: User, claim: Claim
) -> None:
    for caller in (anyone, calling(stranger)):
        assert caller.get(at(claim)).status == 404
        assert caller.get(HERE).status == 404
        assert caller.get(f"{HERE}?page=0").status == 404


def test_what_a_hold_keeps_back_is_neither_listed_nor_counted(
    calling: Calling, anyone: Caller, published: Ruling, birch: User, finch: User
) -> None:
    place_hold(claim=published.claim_id, actor=birch, kind="withhold", authority="A court",
               ground="An order", ordered_on=datetime.date(2026, 2, 11))  # fmt: skip
    reviewer = calling(finch)
    refused = reviewer.get(at(published.claim))
    assert refused.status == 451
    assert 'rel="blocked-by"' in refused.headers["Link"]
    assert 'rel="type"' in refused.headers["Link"]
    assert reviewer.get(HERE).body["total"] == 0
    assert reviewer.get(f"{HERE}?iris=1&page=0").body["items"] == []
    assert reviewer.put(at(published.claim), annotated()).status == 451
    assert anyone.get(at(published.claim)).status == 451
    assert calling(birch).get(HERE).body["total"] == 1


def test_a_project_reaches_into_no_other(
    calling: Calling, stranger: User, other_article: Article, claim: Claim, published: Ruling
) -> None:
    """A22: by its own address, or by the other's, by whatever method."""
    caller = calling(stranger)
    events = Event.objects.count()
    there = "/annotations/harbour/"
    assert caller.get(f"{there}{claim.pk}").status == 404
    assert caller.get(f"{there}{published.claim_id}").status == 404
    assert caller.get(f"{there}?page=0").body["items"] == []
    assert caller.post(HERE, annotated()).status == 404
    foreign = caller.post(there, annotated())
    assert (foreign.status, foreign.body["errors"][0]["field"]) == (422, "target")
    for one in (claim.pk, published.claim_id):
        for base in (HERE, there):
            assert caller.put(f"{base}{one}", annotated()).status == 404
            assert caller.delete(f"{base}{one}").status == 404
    assert Event.objects.count() == events


def test_a_name_of_one_project_leads_to_nothing_in_another(
    reviewer: Caller, calling: Calling, stranger: User, other_article: Article
) -> None:
    reviewer.post(HERE, annotated(), Slug="budget")
    assert calling(stranger).get("/annotations/harbour/budget").status == 404
    source = f"http://testserver/articles/{other_article.slug}/"
    target = {"source": source, "selector": {"type": "TextQuoteSelector", "exact": "3 million"}}
    made = calling(stranger).post("/annotations/harbour/", annotated(target=target), Slug="budget")
    assert made.body["id"].endswith("/annotations/harbour/budget")


# What one may do


def test_one_judges_what_somebody_else_marked(
    reviewer: Caller, calling: Calling, maple: User
) -> None:
    made = reviewer.post(HERE, annotated())
    read = calling(maple).get(path(made))
    judged = read.body | {"body": [*read.body["body"], *JUDGED]}
    assert calling(maple).put(path(made), judged, If_Match=tag(read)).status == 200
    assert Verdict.objects.get().reviewer.pseudonym == "Maple"
    assert reviewer.get(path(made)).body == made.body
    renamed = judged | {"body": [{**commenting("Mine."), "purpose": "describing"}, *JUDGED]}
    assert calling(maple).put(path(made), renamed).status == 403
    assert calling(maple).delete(path(made)).status == 403


def test_a_creator_that_is_named_is_not_believed(reviewer: Caller, maple: User) -> None:
    made = reviewer.post(HERE, annotated(*JUDGED, creator={"type": "Person", "name": "Maple"}))
    assert made.body["creator"]["name"] == "Finch"
    assert Verdict.objects.get().reviewer.pseudonym == "Finch"


def test_a_verdict_that_lacks_something_waits_as_a_draft(
    reviewer: Caller, calling: Calling, robin: User
) -> None:
    made = reviewer.post(HERE, annotated(tagging("false"), commenting("Not so.")))
    assert made.status == 201
    assert Verdict.objects.get().submitted_at is None
    assert body_for(made, "tagging") == ["false"]
    assert "created" not in [one for one in made.body["body"] if one["purpose"] == "tagging"][0]
    assert b"Not so." not in calling(robin).get(path(made)).raw
    whole = made.body | {"body": [*made.body["body"], JUDGED[2]]}
    assert reviewer.put(path(made), whole, If_Match=tag(made)).status == 200
    assert Verdict.objects.get().submitted_at is not None


def test_a_draft_of_another_tab_is_not_overwritten(
    reviewer: Caller, claim: Claim, finch: User
) -> None:
    read = reviewer.get(at(claim))
    save_draft(claim.pk, judgement("true", "typed"), actor=finch)
    late = read.body | {"body": [*read.body["body"], *JUDGED]}
    assert reviewer.put(at(claim), late, If_Match=tag(read)).status == 412
    assert Verdict.objects.get().rating is not None
    assert Verdict.objects.get().rationale == "Rationale typed"


def test_a_submitted_verdict_is_not_taken_back(reviewer: Caller) -> None:
    made = reviewer.post(HERE, annotated(*JUDGED))
    assert reviewer.put(path(made), annotated()).status == 409
    assert reviewer.delete(path(made)).status == 409
    assert Verdict.objects.count() == 1


def test_what_the_model_has_no_word_for_stays(reviewer: Caller, claim: Claim, finch: User) -> None:
    submit_verdict(claim.pk, judgement("false", "kept", confidence="high"), actor=finch)
    read = reviewer.get(at(claim)).body
    for body in read["body"]:
        if body["purpose"] == "commenting":
            body["value"] = "Put otherwise."
    assert reviewer.put(at(claim), read).status == 200
    newest = Verdict.objects.latest("version")
    piece = newest.evidence.get()
    assert (newest.rationale, newest.confidence) == ("Put otherwise.", "high")
    assert (piece.title, piece.note) == ("Title kept", "Note kept")


def test_a_claim_with_a_ruling_stays(reviewer: Caller, published: Ruling) -> None:
    read = reviewer.get(at(published.claim))
    assert reviewer.put(at(published.claim), read.body, If_Match=tag(read)).status == 200
    judged = read.body | {"body": [*read.body["body"][:2], *JUDGED]}
    assert reviewer.put(at(published.claim), judged).status == 409
    assert Verdict.objects.filter(claim=published.claim).count() == 2


def test_a_ruling_changes_the_version(
    reviewer: Caller, agreed: Claim, robin: User, finch: User
) -> None:
    read = reviewer.get(at(agreed))
    publish_ruling(agreed.pk, actor=robin, rating="false", summary="No.", reason="So.",
                   evidence=[Evidence.objects.filter(verdict__claim=agreed)[0].pk])  # fmt: skip
    assert reviewer.put(at(agreed), read.body, If_Match=tag(read)).status == 412


# Targets


@pytest.mark.parametrize("wide", [False, True], ids=["code points", "UTF-16"])
def test_offsets_are_read_in_the_unit_that_fits_the_quote(reviewer: Caller, wide: bool) -> None:
    quote = "in the same year"
    before = Article.objects.get().revisions.get().text.index(quote)
    start = before + (4 if wide else 0)  # two flags of two letters each stand before
    selectors = [
        {"type": "TextQuoteSelector", "exact": quote},
        {"type": "TextPositionSelector", "start": start, "end": start + len(quote)},
    ]
    made = reviewer.post(HERE, annotated(target={"source": PAGE, "selector": selectors}))
    assert made.status == 201
    assert made.body["target"][0]["selector"][1]["start"] == before


@pytest.mark.parametrize(
    "target",
    [
        on("words that stand nowhere"),
        on("the"),  # more than once
        on("Café", prefix="Not what stands before "),
        {"source": PAGE, "selector": {"type": "TextPositionSelector", "start": 5, "end": 5}},
        {"source": PAGE, "selector": {"type": "TextPositionSelector", "start": 0, "end": 10**9}},
        {"source": PAGE, "selector": {"type": "TextPositionSelector", "start": -4, "end": 4}},
        {"source": PAGE, "selector": {"type": "XPathSelector", "value": "/p"}},
        {"source": "https://elsewhere.example/", "selector": on("Café")["selector"]},
        {"source": PAGE}, PAGE, [], {}, None, 7, "", [[[]]], [on("Café prices doubled"), PAGE],
        [{"source": PAGE, "selector": {"type": "TextPositionSelector", "start": n, "end": n + 4}}
         for n in range(60)],
    ],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
def test_what_marks_nothing_is_refused_as_a_whole(reviewer: Caller, target: Any) -> None:
    events = Event.objects.count()
    answer = reviewer.post(HERE, annotated(*JUDGED, target=target))
    assert answer.status in (400, 422)
    assert answer.body["detail"].endswith(".")
    assert (Claim.objects.count(), Event.objects.count()) == (0, events)


def test_a_mark_in_an_older_text_keeps_its_target(
    reviewer: Caller, claim: Claim, robin: User, article: Article
) -> None:
    text = TEXT.replace("The city council spent 12% more in 2024", "Nobody knows what it spent")
    first = article.revisions.get()
    revise_article(article.pk, actor=robin, text=text, based_on=first.pk)
    read = reviewer.get(at(claim))
    assert read.body["target"][0]["state"]["cached"].endswith(f"/revisions/{first.pk}/")
    judged = read.body | {"body": [*read.body["body"], *JUDGED]}
    assert reviewer.put(at(claim), judged, If_Match=tag(read)).status == 200


# Hostile bodies


DEEP: Any = "x"
for _ in range(19):
    DEEP = {"type": "Composite", "items": [DEEP]}

HOSTILE = [
    ([], 400), (7, 400), ("x", 400), (None, 400), ({}, 400), ({"type": "Person"}, 400),
    (annotated(motivation="replying"), 400),
    (annotated() | {"@context": "https://evil.example/context.jsonld"}, 415),
    (annotated() | {"@context": {"body": "https://evil.example/"}}, 415),
    (annotated() | {"@context": [[], 7, {"@import": "https://evil.example/"}]}, 415),
    (annotated(canonical="javascript:alert(1)"), 400),
    (annotated(canonical=["https://a.example/"]), 400),
    (annotated(via={"id": "https://a.example/"}), 400),
    (annotated(id="data:text/html,x"), 400),
    (annotated(id="https://a.example/" + "x" * 2_000), 400),
    (annotated(rights=["https://a.example/"] * 600), 400),
    (annotated(tagging("no such rating")), 400),
    (annotated(tagging("false"), tagging("true")), 400),
    (annotated({"type": "TextualBody", "purpose": "describing", "value": "x" * 100_000}), 201),
    (annotated(commenting("x" * 30_000)), 400),
    (annotated(*[linking(f"https://a.example/{n}") for n in range(60)]), 400),
    (annotated(linking("javascript:alert(1)")), 400),
    (annotated(linking("https://a.example/", stance=[["refutes"]])), 201),  # type: ignore[arg-type]
    (annotated(*[{"purpose": "classifying", "value": f"t{n}"} for n in range(30)]), 400),
    (annotated(body=DEEP), 400),
    (annotated(body=[{"value": {"@language": "de", "@value": {"x": []}}}, [[]], 7, None]), 201),
    (annotated(body={"type": {"@id": []}, "purpose": {"x": 1}, "value": [1]}), 201),
    (annotated(created="9999-99-99", creator=[[{"name": {}}]], motivation=[{"a": 1}, 7]), 201),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "status"), HOSTILE, ids=lambda one: str(one)[-40:])
def test_hostile_json_ld_is_refused_or_means_nothing(
    reviewer: Caller, monkeypatch: pytest.MonkeyPatch, sent: Any, status: int
) -> None:
    """A9, A40, A41: and no context, source or address in it is ever asked for."""

    def nowhere(*_: object, **__: object) -> None:
        raise AssertionError("asked for an address of the body")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    answer = reviewer.post(HERE, sent)
    assert answer.status == status, answer.raw[:300]
    assert Claim.objects.count() == (status == 201)


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"\xff", b'{"type": "Annotation", "type": "Annotation"}', b'{"id": "\\u0000"}',
        b'{"id": "\\ud800"}', b'{"a": NaN}', b"[" * 100_000, b'{"a": 1e999}', b"",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(reviewer: Caller, raw: bytes) -> None:
    answer = reviewer.post(HERE, raw=raw, kind="application/ld+json")
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["%00", "..%2f", "x" * 5_000, "é", "%ff", "a%0d%0aX: y"])
def test_a_hostile_name_is_not_there(reviewer: Caller, project: Project, name: str) -> None:
    assert reviewer.get(f"{HERE}{name}").status in (400, 404)
