"""Pages that say no: what they say, and what they never do."""

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
