"""The OpenAPI document, laid out for reading: plain values for the page `docs.html`."""

import json
from typing import Any

# Given inside a body, and shown where that is.
INNER = {
    "PieceGiven", "ClaimantGiven", "PlaceGiven", "ClaimGiven", "AppearanceGiven", "VerdictGiven",
}  # fmt: skip
METHODS = ("get", "post", "put", "patch", "delete")
ORDER = (
    "projects", "ratings", "articles", "revisions", "claims", "appearances", "reattachments",
    "verdicts", "evidence", "sources", "rulings", "publisher-corrections", "comments",
    "assignments", "gold", "holds", "events", "changes", "formats", "imports", "rating-maps",
    "tokens",
)  # fmt: skip
ABOUT = {
    "projects": "A body of work: its members, its rating scale, and how much review a claim needs.",
    "ratings": "The scale that a project judges by. A retired rating counts as another since.",
    "holds": "Legal holds: what readers get instead of a claim or an article, and on what ground.",
    "articles": "A document under check, and the record of all that is known of it.",
    "revisions": "One frozen text of an article. Offsets count code points in it, [start, end).",
    "claims": "A statement under check: what was said, by whom, and where it stands.",
    "appearances": "The places where a claim stands. A claim has one or more.",
    "reattachments": "Places that a new text did not carry over by itself: a moderator decides.",
    "verdicts": "One reviewer’s judgement. In a blind project you see the others’ after your own.",
    "evidence": "How a verdict uses a source: what it says there, and which way that points.",
    "sources": "Documents outside the corpus, one for each address.",
    "comments": "What members write about a claim, and moderators’ questions. Readers see none.",
    "assignments": "Work that is lent to a reviewer for a time, and lapses by itself.",
    "gold": "Claims whose rating is known, mixed in to train or to measure reviewers.",
    "publisher-corrections": "What publishers were asked to correct, and what came of it. Public.",
    "events": "The log: who did what to which thing, and why. For moderators of their projects.",
    "changes": "What to read again since you last looked, so that a mirror misses nothing.",
    "formats": "What the corpus can be read from and written to, and what each of them drops.",
    "imports": "Files that are brought in by a job: how far it is, what came, what was refused.",
    "rating-maps": "What the ratings of other people are on a project’s own scale.",
    "tokens": "What programs sign in with: each with its scopes, its end and its last use.",
    "rulings": "What the project publishes. A ruling is followed by another, never changed.",
}


def guide(document: dict[str, Any]) -> list[dict[str, Any]]:
    """One section a resource, in the order in which work is done."""
    sections: dict[str, list[dict[str, Any]]] = {name: [] for name in ORDER}
    for path, operations in document["paths"].items():
        for method in METHODS:
            found = operations.get(method)
            if found and found.get("tags", [""])[0] in sections:
                sections[found["tags"][0]].append(operation(path, method, found, document))
    return [
        {"name": name, "about": ABOUT[name], "operations": in_order(operations)}
        for name, operations in sections.items()
    ]


def in_order(operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shorter addresses first, so that a list stands before what is in it."""
    return sorted(operations, key=lambda one: (one["path"].count("/"), one["path"]))


def operation(path: str, method: str, found: dict[str, Any], document: dict[str, Any]) -> Any:
    sent = found.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = list(sent.get("examples", {}).values())
    return {
        "id": found["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": found["summary"],
        "open": {} in found.get("security", []),
        "parameters": [
            row(
                one["name"],
                one["schema"],
                one.get("description", ""),
                one.get("required", False),
                document,
            )
            for one in found.get("parameters", [])
            if one["in"] != "path" and one["name"] != "If-None-Match"  # told once, for all
        ],
        "fields": fields(sent.get("schema"), document),
        "example": json.dumps(examples[0]["value"], indent=2, ensure_ascii=False)
        if examples
        else "",
        "answers": [
            {"status": status, "said": one["description"], "shape": shape_of(one)}
            for status, one in found["responses"].items()
            if status < "300"
        ],
    }


def shapes(document: dict[str, Any]) -> list[dict[str, Any]]:
    """What is shown, one entry a shape, with its fields."""
    return [
        {"name": name, "about": one.get("description", ""), "fields": fields(one, document)}
        for name, one in document["components"]["schemas"].items()
        if "properties" in one and (name in INNER or not name.endswith(("Given", "Change", "Page")))
    ]


def fields(schema: dict[str, Any] | None, document: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an object, whether it stands here or is pointed to."""
    if schema is None:
        return []
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    required = schema.get("required", [])
    rows = [
        row(name, one, one.get("description", ""), name in required, document)
        for name, one in schema.get("properties", {}).items()
    ]
    return sorted(rows, key=lambda one: not one["required"])


def row(
    name: str, schema: dict[str, Any], help_text: str, required: bool, document: dict[str, Any]
) -> dict[str, Any]:
    shape = pointed_to(schema)
    target = document["components"]["schemas"].get(shape, {})
    words = [word for word in target.get("enum", schema.get("enum", [])) if word]
    return {
        "name": name,
        "kind": "" if words else kind_of(schema),
        "shape": shape if "properties" in target else "",
        "words": words,
        "help": help_text.replace("`", ""),
        "required": required,
    }


def pointed_to(schema: dict[str, Any]) -> str:
    """The name of the shape that a schema points to, through lists and alternatives."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    for one in [schema.get("items", {}), *schema.get("allOf", []), *schema.get("oneOf", [])]:
        if one and (found := pointed_to(one)):
            return found
    return ""


KINDS = {"integer": "whole number", "boolean": "true or false", "number": "number", "null": "null"}
TEXTS = {"uuid": "id", "date": "day", "date-time": "time", "uri": "address"}


def kind_of(schema: dict[str, Any]) -> str:
    """What a value is, in a word or two."""
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return " or ".join(kind_of(schema | {"type": one}) for one in kind)
    if kind == "array":
        return "list of" if pointed_to(schema) else f"list of {kind_of(schema['items'])}s"
    if kind == "string":
        return TEXTS.get(schema.get("format", ""), "text")
    return KINDS.get(kind, "")


def shape_of(answer: dict[str, Any]) -> str:
    """The shape of an answer; for a page, the shape of what is in it."""
    content = answer.get("content", {}).get("application/json", {})
    return pointed_to(content.get("schema", {})).removesuffix("Page")
