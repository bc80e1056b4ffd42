"""Each address × each person × each method: what is done, and what is not.

An address that the table does not name fails the build, and so does a name without an address.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client, override_settings

from annotations.models import Event
from tests.matrix.routes import METHODS, filled, routes
from tests.matrix.scene import Scene, scene
from tests.matrix.table import CASES, Case
from tests.matrix.who import Outcome, Person
from tests.matrix.written import DOCUMENT, written

__all__ = ["scene"]
pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
OUTCOMES = {
    400: Outcome.UNREAD,
    401: Outcome.SIGN_IN,
    403: Outcome.REFUSED,
    404: Outcome.MISSING,
    405: Outcome.NO_METHOD,
    409: Outcome.NOT_NOW,
    410: Outcome.HELD,
    422: Outcome.UNREAD,
    451: Outcome.HELD,
}


def said(value: Any, things: dict[str, Any]) -> Any:
    """A body with the scene's things in the place of their names."""
    if isinstance(value, dict):
        return {key: said(one, things) for key, one in value.items()}
    if isinstance(value, list):
        return [said(one, things) for one in value]
    if isinstance(value, str) and value.startswith("@"):
        return str(things[value[1:]])
    return value


def answered(client: Client, case: Case, method: str, scene: Scene) -> Any:
    address = filled(routes()[case.route], [str(scene.things[one]) for one in case.things])
    body = said(dict(case.body or {}), scene.things)
    if method in ("GET", "HEAD"):
        return client.generic(method, address, QUERY_STRING=urlencode(body))
    asked = {name[1:]: body.pop(name) for name in [*body] if name.startswith("?")}
    address += f"?{urlencode(asked)}" if asked else ""
    if case.route.startswith(("api:", "annotated:")):
        sent, kind = json.dumps(body) if body else "", "application/json"
    else:
        sent, kind = urlencode(body, doseq=True), FORM
    return client.generic(method, address, sent, content_type=kind, headers={"If-Match": "*"})


def outcome(client: Client, who: Person, answer: Any) -> Outcome | int:
    """What became of it. Who is signed in and still sent to sign in is shown what stands there."""
    if answer.status_code == 302 and "/login/" in urlsplit(answer.headers["Location"]).path:
        if who == Person.ANYBODY:
            return Outcome.SIGN_IN
        answer = client.get(answer.headers["Location"])
    if answer.status_code < 400:
        return Outcome.DONE
    status: int = answer.status_code
    return OUTCOMES.get(status, status)


def test_every_address_is_in_the_table() -> None:
    assert set(routes()) == {case.route for case in CASES}


def differences(route: str, scene: Scene) -> Iterator[str]:
    """What is not as the table says, and what left a trace in the log without being done."""
    for case in (one for one in CASES if one.route == route):
        for who in Person:
            with scene.asked_by(who) as client:
                answer = answered(client, case, case.method, scene)
                found = outcome(client, who, answer)
                logged = Event.objects.filter(pk__gt=scene.newest_event).exists()
            asked = f"{case.method} {answer.request['PATH_INFO']} by {who}"
            if found != case.answers[who]:
                yield f"{asked}: {found}, and not {case.answers[who]}"
            if logged and found != Outcome.DONE:
                yield f"{asked}: in the log"


@pytest.mark.parametrize("route", sorted({case.route for case in CASES}))
def test_what_a_person_may_is_done_and_nothing_else(route: str, scene: Scene) -> None:
    with override_settings(DEMO=True):
        found = list(differences(route, scene))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("route", sorted({case.route for case in CASES}))
def test_there_is_no_other_method(route: str, scene: Scene) -> None:
    """Tried by those who may most. HEAD is as GET, or not there."""
    cases = [case for case in CASES if case.route == route]
    for method in {*METHODS} - {case.method for case in cases}:
        for who in (Person.OWNER, Person.ROOT):
            with scene.asked_by(who) as client:
                found = outcome(client, who, answered(client, cases[0], method, scene))
            as_get = {cases[0].answers[who]} if is_shown(cases[0], method, who) else set()
            assert found in {Outcome.NO_METHOD} | as_get, (method, who)


def is_shown(case: Case, method: str, who: Person) -> bool:
    """Whether a method that is not there may be answered as GET is."""
    return case.method == "GET" and (method == "HEAD" or case.answers[who] != Outcome.DONE)


def test_the_document_is_what_the_table_says() -> None:
    again = "Write it anew: .venv/bin/python -m tests.matrix.written"
    assert DOCUMENT.read_text("utf-8") == written(), again
