"""What the API says of itself is true, whole, and readable."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import validate

from annotations.api.guide import ABOUT, ORDER
from annotations.api.problems import TITLES, problem
from annotations.api.urls import urlpatterns
from annotations.models import Claim, Project, Ruling, User, Verdict
from tests.api.conftest import Caller, Calling

UNDESCRIBED = {"schema", "docs", "nothing"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    from annotations.api.schema import described

    return dict(described())


def test_the_document_is_valid_and_comes_without_warnings(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", "/dev/null")


def test_it_is_served_to_everyone(anyone: Caller, document: dict[str, Any]) -> None:
    answer = anyone.get("schema/")
    assert answer.status == 200
    assert answer.body == document


def test_every_address_is_described(document: dict[str, Any]) -> None:
    described = {re.sub(r"\{\w+\}", "{}", path) for path in document["paths"]}
    for pattern in urlpatterns:
        if pattern.name not in UNDESCRIBED:
            path = "/api/v1/" + re.sub(r"<[^>]+>", "{}", str(pattern.pattern))
            assert path in described


def test_every_operation_stands_on_the_page(document: dict[str, Any]) -> None:
    tags = {
        tag
        for operations in document["paths"].values()
        for one in operations.values()
        for tag in one.get("tags", [])
    }
    assert tags - {"v1", "schemas"} <= set(ABOUT) == set(ORDER)


def test_every_operation_says_how_it_refuses_and_who_may(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            at = f"{method} {path}"
            assert operation["summary"], at
            assert operation["security"], at
            if path == "/api/v1/":
                continue
            refusals = {
                status: answer
                for status, answer in operation["responses"].items()
                if status >= "400"
            }
            assert refusals, at
            for answer in refusals.values():
                content = pointed(document, answer)["content"]
                assert list(content) == ["application/problem+json"], at
            if method in ("post", "put", "patch") and "requestBody" in operation:
                sent = operation["requestBody"]["content"]
                if list(sent) == ["application/octet-stream"]:
                    continue  # a file has no fields
                assert list(sent) == ["application/json"], at
                assert sent["application/json"]["examples"], at


def test_both_ways_of_signing_in_are_described(document: dict[str, Any]) -> None:
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}


def test_what_is_answered_is_as_described(
    document: dict[str, Any], calling: Calling, robin: User, published: Ruling, draft: Verdict,
    half_judged: Claim, finch: User,
) -> None:  # fmt: skip
    for person in (robin, finch):
        caller = calling(person)
        for path, operations in document["paths"].items():
            if "{" in path or path.count("/") != 4 or path.endswith(".json"):
                continue
            name = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            answer = caller.get(path)
            assert answer.status == 200, path
            if "$ref" in name:
                holds_to(document, name, answer.body)
    refusal = calling(None).get("claims/?x=1").body
    holds_to(document, {"$ref": "#/components/schemas/Problem"}, refusal)


def test_the_page_is_open_and_runs_nothing_of_others(client: Client, seeded: Project) -> None:
    answer = client.get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    for source in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert source.startswith(("/", "#")), source
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", page)
    anchors = set(re.findall(r'\bid="([^"]+)"', page))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in anchors, target


def test_every_kind_of_refusal_has_its_place_on_the_page(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    anchors = set(re.findall(r'\bid="([^"]+)"', page))
    for status in TITLES:
        assert problem(status, "", "")["type"].split("#")[1] in anchors


def test_the_first_commands_of_the_page_work_as_pasted(
    client: Client, calling: Calling, seeded: Project
) -> None:
    """The addresses and the body of each curl line, sent as they stand there."""
    import html
    import json

    page = html.unescape(client.get("/api/v1/docs/").content.decode())
    commands = re.findall(r"<code>((?:TOKEN=.*\n)?curl .*?)</code>", page, re.DOTALL)
    assert len(commands) == 4
    moderator = calling(User.objects.get(username="moderator"))
    for command in commands:
        address = re.search(r'"http://testserver(/[^"]*)"', command)
        assert address
        body = re.search(r"-d '(.*?)'", command, re.DOTALL)
        caller = moderator if "$TOKEN" in command else calling(None)
        if body:
            assert caller.post(address[1], json.loads(body[1])).status == 201
        else:
            assert caller.get(address[1]).status == 200


def pointed(document: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """What stands in its place, or what it points to in the document."""
    if "$ref" not in one:
        return one
    found: Any = document
    for name in one["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def answers_in(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every answer of every operation: where, its status, and what is said of it."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                yield f"{method} {path} {status}", status, pointed(document, answer)


def holds_to(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    jsonschema.Draft202012Validator(
        schema | {"components": document["components"]},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    ).validate(value)


def test_every_answer_in_json_has_an_example_that_is_as_its_schema_says(
    document: dict[str, Any],
) -> None:
    for at, status, answer in answers_in(document):
        for kind, content in answer.get("content", {}).items():
            schema = content["schema"]
            if "json" not in kind or (status < "400" and "$ref" not in schema):
                continue  # a file, the index, and the schema of the record
            assert content["examples"], at
            for example in content["examples"].values():
                value = pointed(document, example)["value"]
                holds_to(document, schema, value)
                names = pointed(document, schema).get("properties", {})
                missing = set(names) - set(value) if status < "400" else set()
                assert not missing, f"{at}: the example lacks {missing}"


def test_every_example_of_a_body_is_as_its_schema_says(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
            for example in (sent or {}).get("examples", {}).values():
                names = pointed(document, sent["schema"])["properties"]
                assert set(example["value"]) <= set(names), f"{method} {path}"
                holds_to(document, sent["schema"], example["value"])


def test_every_answer_tells_what_is_left_and_a_busy_one_when_to_come_back(
    document: dict[str, Any],
) -> None:
    for at, status, answer in answers_in(document):
        assert {"RateLimit", "RateLimit-Policy"} <= set(answer["headers"]), at
        assert ("Retry-After" in answer["headers"]) == (status in ("429", "503")), at
    for operations in document["paths"].values():
        for operation in operations.values():
            assert {"429", "503"} <= set(operation["responses"])


# Their answers show a secret, which is kept nowhere, so none can be given again.
TAKES_NO_KEY = {"token_make", "webhook_make", "webhook_rotate"}


def test_every_post_takes_a_key_that_has_it_done_once(document: dict[str, Any]) -> None:
    posts = [one["post"] for one in document["paths"].values() if "post" in one]
    without = {
        post["operationId"]
        for post in posts
        if "Idempotency-Key" not in {one["name"] for one in post.get("parameters", [])}
    }
    assert without == TAKES_NO_KEY
