"""What the answers of the document have in common: the headers that tell what is left, the
refusals that any request may meet, and an example of each shape and of each refusal.

The examples are answers that the API has given, one for each shape (`examples.json`); a test holds
every one of them to its schema.
"""

import json
from pathlib import Path
from typing import Any

from annotations.api.openapi import REFUSALS
from annotations.api.problems import MEDIA_TYPE, problem

SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("examples.json").read_text("utf-8"))
ANY = (406, 429, 503)  # what any request may meet
WITH_A_BODY = (411,)
LEFT = ("RateLimit-Policy", "RateLimit")
LATER = (429, 503)  # what says when to come back
HEADERS = {
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": "How many requests there may be in how many seconds, of a person or an "
        'address: `"person";q=1200;w=60`.',
    },
    "RateLimit": {
        "schema": {"type": "string"},
        "description": "How many are left, and the seconds until there are all again: "
        '`"person";r=1180;t=42`.',
    },
    "Retry-After": {
        "schema": {"type": "integer", "minimum": 1},
        "description": "Seconds to wait before it is sent again.",
    },
    "ETag": {
        "schema": {"type": "string"},
        "description": "What If-Match asks for at the next change; of things that have versions.",
    },
}
VERSION = '"5f0c2d1e8b7a9c34"'
HERE = "/api/v1/claims/"  # in the examples of refusals


def with_what_all_have(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: the document with what no view says of itself."""
    components, used = result["components"], set()
    known = examples(components["schemas"])
    for operations in result["paths"].values():
        for method, operation in operations.items():
            answers = operation["responses"]
            for status in (*ANY, *(WITH_A_BODY if "requestBody" in operation else ())):
                answers[str(status)] = {}
            for status, answer in answers.items():
                if status >= "400":
                    answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
                    continue
                headers = answer.setdefault("headers", {})
                headers |= pointed("headers", *LEFT)
                if method != "get" and status in ("200", "201"):
                    headers |= pointed("headers", "ETag")
                for content in answer.get("content", {}).values():
                    shape = content["schema"].get("$ref", "").rpartition("/")[2]
                    if shape in known:
                        content["examples"] = pointed("examples", shape)
                        used.add(shape)
            operation["responses"] = dict(sorted(answers.items()))
    components["headers"] = HEADERS
    components["examples"] = {name: {"value": known[name]} for name in sorted(used)}
    components["responses"] = {f"Problem{status}": refusal(status) for status in REFUSALS}
    return result


def refusal(status: int) -> dict[str, Any]:
    """What is answered with that status, by whatever operation."""
    headers = (*LEFT, "Retry-After") if status in LATER else LEFT
    content = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {"refused": {"value": problem(status, REFUSALS[status], HERE)}},
    }
    return {
        "description": REFUSALS[status],
        "headers": pointed("headers", *headers),
        "content": {MEDIA_TYPE: content},
    }


def pointed(part: str, *names: str) -> dict[str, dict[str, str]]:
    """References to components, each under its own name."""
    return {name: {"$ref": f"#/components/{part}/{name}"} for name in names}


def examples(schemas: dict[str, Any]) -> dict[str, Any]:
    """Every example by its name: the shapes, a page of each, and answers in bulk."""
    made = dict(SHAPES)
    refused = problem(422, REFUSALS[422], HERE)
    for name in schemas.keys() - made.keys():
        if thing := SHAPES.get(name.removesuffix("Page")):
            made[name] = {"next": None, "results": [thing]}
        elif thing := SHAPES.get(name.removesuffix("Answers")):
            made[name] = {
                "done": 1,
                "refused": 1,
                "answers": [
                    {"status": 200, "etag": VERSION, "result": thing, "problem": None},
                    {"status": 422, "etag": None, "result": None, "problem": refused},
                ],
            }
    return made
