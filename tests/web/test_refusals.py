"""Pages that say no: what they say, and what they never do."""

import html
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client


def test_a_database_that_does_not_answer_is_503_with_when_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(connection, "cursor", gone)
    client = Client(raise_request_exception=False)
    page = client.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "2")
    assert "The database does not answer just now" in page.content.decode()
    ready = client.get("/readyz")
    assert (ready.status_code, ready["Retry-After"]) == (503, "2")
    assert client.get("/healthz").status_code == 200


FIELDS = {f"field-{n}": "x" for n in range(1001)}
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=part"


def in_parts(*values: bytes, head: bytes = b"") -> bytes:
    name = b'--part\r\nContent-Disposition: form-data; name="username"\r\n'
    return b"".join(name + head + b"\r\n" + one + b"\r\n" for one in values) + b"--part--\r\n"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, urlencode(FIELDS).encode()),
        (PARTS, in_parts(*[b"x"] * 1001)),
        (FORM, b"username=" + b"x" * 11 * 2**20),
        (PARTS, in_parts(b"x" * 11 * 2**20)),
        (PARTS, in_parts(b"eHh4" * 4 * 2**20, head=b"Content-Transfer-Encoding: base64\r\n")),
    ],
    ids=["1001 fields", "1001 parts", "a large field", "a large part", "base64"],
)
@pytest.mark.django_db
def test_a_form_of_too_much_is_refused_as_that(client: Client, kind: str, body: bytes) -> None:
    """A43."""
    answer = client.post("/login/", body, content_type=kind)
    assert answer.status_code == 413
    assert "A form takes 10 MB and 1,000 fields. Go back and send less at once." in html.unescape(
        answer.content.decode()
    )
    fragment = client.post("/login/", body, content_type=kind, headers={"HX-Request": "true"})
    assert fragment.status_code == 413
    assert "<html" not in fragment.content.decode()
