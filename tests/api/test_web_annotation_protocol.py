"""The Web Annotation Protocol (W3C, 2017): what a server has to do, line by line."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.actions.claims import mark_claim
from annotations.api.annotated import container
from annotations.models import Article, Claim, Project, Ruling, User
from tests.api.conftest import Answer, Caller, Calling

HERE = "/annotations/council/"
AT = f"http://testserver{HERE}"
LD = "application/ld+json"
PROFILED = f'{LD}; profile="http://www.w3.org/ns/anno.jsonld"'
PAGE = "http://testserver/articles/council-spends-more/"
WORDS = "The city council spent 12% more in 2024"
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
CONTAINER_LINKS = (
    '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"',
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"',
)
RESOURCE_LINK = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'


def tagging(rating: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "tagging", "value": rating}


def commenting(words: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "commenting", "value": words}


def linking(address: str, stance: str = "refutes") -> dict[str, Any]:
    return {"type": "SpecificResource", "purpose": "linking", "source": address, "stance": stance}


def on(words: str, **more: Any) -> dict[str, Any]:
    """A target on words of the article."""
    return {"source": PAGE, "selector": {"type": "TextQuoteSelector", "exact": words} | more}


def annotated(*bodies: dict[str, Any], words: str = WORDS, **more: Any) -> dict[str, Any]:
    made = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "motivation": "assessing" if bodies else "highlighting",
        "target": on(words),
    }
    return made | ({"body": list(bodies)} if bodies else {}) | more


JUDGED = (
    tagging("false"),
    commenting("The budget says 8 %."),
    linking("https://city.example/budget"),
)


def path(answer: Answer) -> str:
    return answer.headers["Location"].removeprefix("http://testserver")


def tag(answer: Answer) -> str:
    return answer.headers["ETag"]


def body_for(answer: Answer, purpose: str) -> list[str]:
    bodies = [one for one in answer.body["body"] if one.get("purpose") == purpose]
    return [one.get("value") or one["source"] for one in bodies]


@pytest.fixture
def reviewer(calling: Calling, finch: User, article: Article) -> Caller:
    return calling(finch)


@pytest.fixture
def made(reviewer: Caller) -> Answer:
    """finch's annotation with a whole verdict."""
    answer = reviewer.post(HERE, annotated(*JUDGED))
    assert answer.status == 201, answer.raw
    return answer


@pytest.fixture
def many(article: Article, finch: User, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Seven claims, and pages of three."""
    monkeypatch.setattr(container, "SIZE", 3)
    marks = [mark_claim(article.pk, n, n + 12, actor=finch) for n in range(7)]
    return [AT + str(one.claim.pk) for one in marks]


# Annotations


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_get_head_and_options_of_an_annotation_answer_200(
    reviewer: Caller, made: Answer, method: str
) -> None:
    answer = reviewer.send(method, path(made))
    assert answer.status == 200
    assert {one.strip() for one in answer.headers["Allow"].split(",")} == {
        "GET", "HEAD", "OPTIONS", "PUT", "DELETE",
    }  # fmt: skip
    assert RESOURCE_LINK in answer.headers["Link"]
    assert "Accept" in answer.headers["Vary"].split(", ")
    if method != "OPTIONS":
        assert tag(answer) == tag(reviewer.get(path(made)))
        assert tag(answer).startswith('"')
    assert bool(answer.raw) == (method == "GET")


ACCEPTED = [
    "", "*/*", "application/*", LD, PROFILED, "application/json", "text/html, */*;q=0.1",
    f'{LD}; profile="http://www.w3.org/ns/json-ld#expanded"', "text/turtle;q=1, application/json",
]  # fmt: skip


@pytest.mark.parametrize("accept", ACCEPTED)
def test_it_is_json_ld_with_the_profile_for_whoever_takes_it(
    reviewer: Caller, made: Answer, accept: str
) -> None:
    for address in (path(made), HERE, f"{HERE}?iris=1&page=0"):
        answer = reviewer.get(address, **({"Accept": accept} if accept else {}))
        assert (answer.status, answer.headers["Content-Type"]) == (200, PROFILED)


@pytest.mark.parametrize("accept", ["text/turtle", "text/html", f"{LD};q=0", "application/xml"])
def test_what_there_is_not_is_406(reviewer: Caller, made: Answer, accept: str) -> None:
    answer = reviewer.get(path(made), Accept=accept)
    assert answer.status == 406
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert RESOURCE_LINK in answer.headers["Link"]


@pytest.mark.parametrize(
    "kind", [LD, PROFILED, "application/json", "application/json;charset=utf-8"]
)
def test_an_annotation_is_sent_as_json_ld(reviewer: Caller, kind: str) -> None:
    assert reviewer.post(HERE, annotated(), kind=kind).status == 201


@pytest.mark.parametrize("kind", ["text/turtle", "text/plain", "multipart/form-data", ""])
def test_another_body_is_415(reviewer: Caller, made: Answer, kind: str) -> None:
    assert reviewer.post(HERE, annotated(), kind=kind).status == 415
    assert reviewer.put(path(made), annotated(), kind=kind).status == 415


def test_who_has_it_already_gets_304(reviewer: Caller, made: Answer) -> None:
    for address in (path(made), HERE, f"{HERE}?iris=0&page=0"):
        there = reviewer.get(address)
        for sent in (tag(there), f"W/{tag(there)}", '"other", ' + tag(there), "*"):
            for method in ("GET", "HEAD"):
                answer = reviewer.send(method, address, If_None_Match=sent)
                assert (answer.status, answer.raw, tag(answer)) == (304, b"", tag(there))
                assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert reviewer.get(address, If_None_Match='"other"').status == 200


def test_the_tag_changes_with_what_is_said(
    reviewer: Caller, made: Answer, calling: Calling, maple: User
) -> None:
    """And not with what others give: finch's annotation knows nothing of it."""
    again = reviewer.post("verdicts/", {
        "claim": made.body["id"].rpartition("/")[2], "rating": "true", "submit": False,
        "based_on": "*",
    })  # fmt: skip
    assert again.status == 201
    changed = reviewer.get(path(made))
    assert tag(changed) != tag(made)
    assert body_for(changed, "tagging") == ["true"]


# The container


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_the_container_says_what_it_is_on_every_answer(
    reviewer: Caller, article: Article, method: str
) -> None:
    answer = reviewer.send(method, HERE)
    assert answer.status == 200
    assert all(link in answer.headers["Link"] for link in CONTAINER_LINKS)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert answer.headers["Accept-Post"].startswith(PROFILED)
    if method != "OPTIONS":
        assert tag(answer).startswith('"')
        assert {"Accept", "Prefer"} <= set(answer.headers["Vary"].split(", "))


def test_so_do_its_refusals(reviewer: Caller, anyone: Caller, made: Answer) -> None:
    refused = [
        (reviewer.post(HERE, {"type": "Annotation"}), 400),
        (anyone.post(HERE, annotated()), 401),
        (reviewer.get(HERE, Accept="text/turtle"), 406),
        (reviewer.put(HERE, annotated()), 405),
        (reviewer.post(HERE, annotated(), kind="text/turtle"), 415),
    ]
    for answer, status in refused:
        assert answer.status == status
        assert all(link in answer.headers["Link"] for link in CONTAINER_LINKS)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_container_is_a_collection(reviewer: Caller, many: list[str]) -> None:
    answer = reviewer.get(HERE)
    assert answer.body["@context"] == [
        "http://www.w3.org/ns/anno.jsonld", "http://www.w3.org/ns/ldp.jsonld",
    ]  # fmt: skip
    assert answer.body["type"] == ["BasicContainer", "AnnotationCollection"]
    assert answer.body["total"] == 7
    assert answer.body["label"] == "Council budget"
    assert answer.body["first"] == f"{AT}?iris=0&page=0"
    assert answer.body["last"].startswith(f"{AT}?iris=0&page=2.")
    assert "items" not in answer.body


def test_an_empty_container_has_no_page(reviewer: Caller, article: Article) -> None:
    body = reviewer.get(HERE).body
    assert body["total"] == 0
    assert {"first", "last"}.isdisjoint(body)
    assert reviewer.get(f"{HERE}?iris=0&page=0").body["items"] == []


@pytest.mark.parametrize(
    ("included", "id"),
    [
        ("", "?iris=0"),
        (MINIMAL, ""),
        (IRIS, "?iris=1"),
        (DESCRIPTIONS, "?iris=0"),
        (f"{MINIMAL} {IRIS}", "?iris=1"),
        (f"{IRIS} {DESCRIPTIONS}", "?iris=0"),  # a server cannot honour both
    ],
)
def test_each_preference_has_its_own_id(
    reviewer: Caller, many: list[str], included: str, id: str
) -> None:
    prefer = {"Prefer": f'return=representation;include="{included}"'} if included else {}
    answer = reviewer.get(HERE, **prefer)
    assert answer.body["id"] == AT + id
    assert answer.headers["Content-Location"] == answer.body["id"]
    assert ("Preference-Applied" in answer.headers) == (
        " " not in included and included != "" or MINIMAL in included
    )


def test_who_prefers_addresses_gets_the_first_page_of_them(
    reviewer: Caller, many: list[str]
) -> None:
    first = reviewer.get(HERE, Prefer=f'return=representation; include="{IRIS}"').body["first"]
    assert first["type"] == "AnnotationPage"
    assert first["id"] == f"{AT}?iris=1&page=0"
    assert first["items"] == many[:3]
    assert first["next"].startswith(f"{AT}?iris=1&page=1.")


def test_who_prefers_descriptions_gets_the_first_page_of_them(
    reviewer: Caller, many: list[str]
) -> None:
    prefer = f'return=representation;include="{DESCRIPTIONS}"'
    first = reviewer.get(HERE, Prefer=prefer).body["first"]
    assert [one["id"] for one in first["items"]] == many[:3]
    assert first["items"][0]["target"][0]["selector"][1]["start"] == 0


def test_who_prefers_the_minimum_gets_no_annotation(reviewer: Caller, many: list[str]) -> None:
    answer = reviewer.get(HERE, Prefer=f'return=representation;include="{MINIMAL}"')
    assert isinstance(answer.body["first"], str)
    assert {"items", "contains"}.isdisjoint(answer.body)


@pytest.mark.parametrize("iris", ["0", "1"])
def test_the_pages_hold_every_annotation_once_in_order(
    reviewer: Caller, many: list[str], iris: str
) -> None:
    collection = reviewer.get(f"{HERE}?iris={iris}").body
    walked: list[str] = []
    pages: list[dict[str, Any]] = []
    address = collection["first"]
    while address:
        body = reviewer.get(address.removeprefix("http://testserver")).body
        assert body["id"] == address
        assert body["type"] == "AnnotationPage"
        assert body["partOf"]["id"] == collection["id"] == f"{AT}?iris={iris}"
        assert body["startIndex"] == len(walked)
        assert body.get("prev") == (pages[-1]["id"] if pages else None)
        walked += [one if iris == "1" else one["id"] for one in body["items"]]
        pages.append(body)
        address = body.get("next")
    assert walked == many
    assert pages[-1]["id"] == collection["last"]


def test_a_page_deep_down_asks_as_much_as_the_first(reviewer: Caller, many: list[str]) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert reviewer.get(address.removeprefix("http://testserver")).status == 200
        assert not any("COUNT(" in one["sql"] for one in queries)
        of_claims = [one["sql"] for one in queries if 'FROM "annotations_claim"' in one["sql"]]
        assert all(
            re.search(r"LIMIT \d+( OFFSET \d+)?$", one) for one in of_claims
        )  # nothing reads the pages before
        return len(queries)

    body = reviewer.get(HERE).body
    first, last = asked(body["first"]), asked(body["last"])
    assert last <= first + 2  # where the page before begins


def test_a_page_is_no_container(reviewer: Caller, many: list[str]) -> None:
    answer = reviewer.get(f"{HERE}?iris=1&page=0")
    assert "Link" not in answer.headers
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert reviewer.post(f"{HERE}?iris=1&page=0", annotated()).status == 405


@pytest.mark.parametrize(
    ("asked", "status"),
    [("page=7", 404), ("page=1.xyz", 400), ("page=-1", 404), ("page=0.AAAA", 404), ("iris=2", 400),
     ("iris=1&iris=0", 400), ("cursor=1", 400), ("page=99999999.AAAAAAAAAAAAAAAAAAAAAA", 404)],
)  # fmt: skip
def test_a_page_that_there_is_not_is_refused(
    reviewer: Caller, many: list[str], asked: str, status: int
) -> None:
    assert reviewer.get(f"{HERE}?{asked}").status == status


# Creating


def test_post_answers_201_with_the_place_of_the_new_annotation(
    reviewer: Caller, made: Answer
) -> None:
    claim = Claim.objects.get()
    assert made.headers["Location"] == made.body["id"] == f"{AT}{claim.pk}"
    assert made.headers["Content-Location"] == made.body["id"]
    assert made.headers["Content-Type"] == PROFILED
    there = reviewer.get(path(made))
    assert (there.body, tag(there)) == (made.body, tag(made))


def test_what_was_sent_is_said_again(made: Answer) -> None:
    body = made.body
    assert body["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (body["type"], body["motivation"]) == ("Annotation", "assessing")
    assert body["creator"] == {"type": "Person", "name": "Finch"}
    assert body_for(made, "tagging") == ["false"]
    assert body_for(made, "commenting") == ["The budget says 8 %."]
    assert body_for(made, "linking") == ["https://city.example/budget"]
    assert body_for(made, "describing") == [WORDS]
    (target,) = body["target"]
    quote, position = target["selector"]
    assert target["source"] == target["scope"] == PAGE
    assert (quote["exact"], position["end"] - position["start"]) == (WORDS, len(WORDS))
    assert quote["suffix"].startswith(" than in the year before")
    assert target["state"]["type"] == "TimeState"
    assert "/api/v1/revisions/" in target["state"]["cached"]


def test_an_id_that_was_sent_becomes_via(reviewer: Caller) -> None:
    answer = reviewer.post(HERE, annotated(id="https://notes.example/1"))
    assert answer.body["id"].startswith(AT)
    assert answer.body["via"] == "https://notes.example/1"
    further = annotated(id="https://notes.example/2", via="https://old.example/2")
    both = reviewer.post(HERE, further | {"target": on("Café prices doubled")})
    assert both.body["via"] == ["https://old.example/2", "https://notes.example/2"]


def test_canonical_is_kept_without_change(reviewer: Caller) -> None:
    answer = reviewer.post(
        HERE, annotated(canonical="urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df")
    )
    assert answer.body["canonical"] == "urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df"
    again = reviewer.put(path(answer), answer.body | {"canonical": "https://other.example/1"})
    assert again.status == 409
    assert again.field("canonical")
    assert reviewer.put(path(answer), answer.body).status == 200


def test_slug_names_the_annotation(reviewer: Caller, article: Article) -> None:
    answer = reviewer.post(HERE, annotated(), Slug='"my_first_annotation"')
    assert answer.headers["Location"] == answer.body["id"] == f"{AT}my_first_annotation"
    assert reviewer.get(f"{HERE}my_first_annotation").body == answer.body
    by_id = reviewer.get(f"{HERE}{Claim.objects.get().pk}")
    assert by_id.headers["Content-Location"] == by_id.body["id"] == answer.body["id"]


@pytest.mark.parametrize(
    "slug", ["taken", "../up", "a b", "é", "x" * 81, "0195a5f0-0000-7000-8000-000000000000", "."]
)
def test_a_slug_that_is_taken_or_no_name_is_left_aside(
    reviewer: Caller, article: Article, slug: str
) -> None:
    reviewer.post(HERE, annotated(), Slug="taken")
    answer = reviewer.post(HERE, annotated(words="Café prices doubled"), Slug=slug)
    assert answer.status == 201
    newest = Claim.objects.order_by("-pk")[0]
    assert answer.body["id"] == f"{AT}{newest.pk}"


def test_the_same_request_twice_makes_one(reviewer: Caller, article: Article) -> None:
    first, second = (
        reviewer.post(HERE, annotated(*JUDGED), Idempotency_Key="one") for _ in range(2)
    )
    assert Claim.objects.count() == 1
    for name in ("Location", "Content-Type", "ETag"):
        assert first.headers[name] == second.headers[name]
    assert (second.status, second.body) == (201, first.body)
    assert second.headers["Idempotency-Replayed"] == "true"


# Changing and removing


def test_put_answers_200_with_the_new_state(reviewer: Caller, made: Answer) -> None:
    changed = made.body | {"body": [
        {"type": "TextualBody", "purpose": "describing", "value": "Spending rose by 12 %."},
        {"type": "TextualBody", "purpose": "classifying", "value": "economy"},
        tagging("misleading"), commenting("By month it adds up."), JUDGED[2],
    ]}  # fmt: skip
    answer = reviewer.put(path(made), changed, If_Match=tag(made))
    assert answer.status == 200
    assert tag(answer) != tag(made)
    assert body_for(answer, "describing") == ["Spending rose by 12 %."]
    assert body_for(answer, "classifying") == ["economy"]
    assert body_for(answer, "tagging") == ["misleading"]
    assert reviewer.get(path(made)).body == answer.body
    given = Claim.objects.get().verdicts.order_by("version")
    assert list(given.values_list("rating__slug", flat=True)) == ["false", "misleading"]


def test_what_is_put_as_it_was_read_changes_nothing(reviewer: Caller, made: Answer) -> None:
    answer = reviewer.put(path(made), made.body, If_Match=tag(made))
    assert (answer.status, answer.body, tag(answer)) == (200, made.body, tag(made))
    assert Claim.objects.get().verdicts.count() == 1


def test_a_change_of_an_old_version_is_412(reviewer: Caller, made: Answer) -> None:
    changed = made.body | {"body": [tagging("true"), *JUDGED[1:]]}
    assert reviewer.put(path(made), changed, If_Match=tag(made)).status == 200
    late = reviewer.put(path(made), made.body, If_Match=tag(made))
    assert late.status == 412
    assert late.body["current"]["id"] == made.body["id"]
    assert reviewer.delete(path(made), If_Match=tag(made)).status == 412
    assert (
        reviewer.put(path(made), made.body, If_Match='"' + late.body["version"] + '"').status == 200
    )


def test_a_change_without_a_version_is_428(reviewer: Caller, made: Answer) -> None:
    assert reviewer.put(path(made), made.body, If_Match="").status == 428
    assert reviewer.delete(path(made), If_Match="").status == 428


def test_a_tag_that_was_weakened_on_its_way_still_matches(reviewer: Caller, made: Answer) -> None:
    assert reviewer.put(path(made), made.body, If_Match=f"W/{tag(made)}").status == 200


def test_delete_answers_204_and_the_address_is_gone_for_good(
    reviewer: Caller, article: Article, anyone: Caller
) -> None:
    answer = reviewer.post(HERE, annotated(), Slug="budget")
    named, by_id = path(answer), f"{HERE}{Claim.objects.get().pk}"
    gone = reviewer.delete(named, If_Match=tag(answer))
    assert (gone.status, gone.raw) == (204, b"")
    assert reviewer.get(HERE).body["total"] == 0
    for address in (named, by_id):
        refused = reviewer.get(address)
        assert (refused.status, refused.body["title"]) == (410, "Gone")
        assert anyone.get(address).status == 404
    again = reviewer.post(HERE, annotated(), Slug="budget")
    assert path(again) != named


def test_other_words_are_put_for_the_one_place(reviewer: Caller, made: Answer) -> None:
    moved = made.body | {"target": on("The city council spent 12% more")}
    answer = reviewer.put(path(made), moved, If_Match=tag(made))
    assert answer.status == 200
    assert answer.body["target"][0]["selector"][0]["exact"] == "The city council spent 12% more"


# Browsers of other sites


def test_a_browser_elsewhere_may_ask_and_read(anyone: Caller, made: Answer) -> None:
    for address, methods in ((HERE, {"GET", "POST"}), (path(made), {"PUT", "DELETE"})):
        answer = anyone.send("OPTIONS", address, Origin="https://notes.example",
                             Access_Control_Request_Method="PUT")  # fmt: skip
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert methods <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
        for name in ("Authorization", "Content-Type", "If-Match", "If-None-Match", "Prefer",
                     "Slug", "Idempotency-Key"):  # fmt: skip
            assert name in answer.headers["Access-Control-Allow-Headers"].split(", ")
        for name in ("ETag", "Link", "Location", "Allow", "Accept-Post", "Content-Location",
                     "Preference-Applied", "Vary"):  # fmt: skip
            assert name in answer.headers["Access-Control-Expose-Headers"].split(", ")


def test_what_is_refused_before_any_view_may_be_read_too(
    reviewer: Caller, made: Answer, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    answer = reviewer.get(path(made))
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (400, "*")


def test_no_other_address_lets_them(anyone: Caller, project: Project) -> None:
    for address in ("/api/v1/claims/", "/", "/healthz"):
        answer = anyone.get(address, Origin="https://notes.example")
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_session_changes_nothing_without_its_csrf_token(
    finch: User, article: Article, published: Ruling
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(finch)
    assert client.post(HERE, json.dumps(annotated()), content_type=LD).status_code == 403
    assert client.get(HERE).json()["total"] == 1
