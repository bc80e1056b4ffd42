"""The session in docs/api.md goes as it stands there."""

import doctest
import io
import re
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from annotations.models import Article, User
from tests.api.conftest import Calling

SITE = "https://desk.example"
SESSION = re.compile(r"^```python\n(>>> .*?)^```", re.MULTILINE | re.DOTALL)


class Answered(io.BytesIO):
    """An answer as urllib hands it out."""

    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        super().__init__(body)
        self.status, self.headers = status, headers


def opened(request: urllib.request.Request) -> Answered:
    """What urllib would get from the site."""
    own = dict(request.header_items())
    answer = Client().generic(
        request.get_method(),
        request.full_url.removeprefix(SITE),
        request.data if isinstance(request.data, bytes) else b"",
        content_type=own.pop("Content-type"),
        headers=own,
    )
    body = b"".join(answer) if answer.streaming else answer.content
    headers = Message()
    for name, value in answer.headers.items():
        headers[name] = value
    if answer.status_code >= 400:
        raise urllib.error.HTTPError(
            request.full_url, answer.status_code, "", headers, io.BytesIO(body)
        )
    return Answered(answer.status_code, headers, body)


def test_the_session_in_the_docs_goes_as_it_stands(
    article: Article, calling: Calling, finch: User, maple: User, robin: User, birch: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("urllib.request.urlopen", opened)
    page = Path(settings.BASE_DIR, "docs", "api.md").read_text("utf-8")
    blocks = SESSION.findall(page)
    assert len(blocks) > 10
    names: dict[str, Any] = {
        "SITE": SITE,
        "REVIEWER": calling(finch).secret,
        "SECOND": calling(maple).secret,
        "MODERATOR": calling(robin).secret,
        "OWNER": calling(birch).secret,
    }
    session = doctest.DocTestParser().get_doctest("\n".join(blocks), names, "api.md", "api.md", 0)
    told: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(session, out=told.append)
    assert result.failed == 0, "".join(told)
