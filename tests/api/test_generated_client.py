"""The OpenAPI document is good enough that a generator's client works as it comes out."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from annotations.actions.tokens import make_token
from annotations.api.schema import described
from annotations.models import Article, User
from tests.conftest import TEXT

NAME = "generated_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the package that the generator made of the document, without a warning."""
    folder = tmp_path_factory.mktemp("client")
    document, settings = folder / "openapi.json", folder / "settings.json"
    document.write_text(json.dumps(described()))
    settings.write_text(json.dumps({"post_hooks": []}))
    made = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("openapi-python-client")), "generate"),
            *("--path", document, "--config", settings, "--output-path", folder / NAME),
            *("--meta", "none", "--fail-on-warning"),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield NAME
    for one in [name for name in sys.modules if name.split(".")[0] == NAME]:
        del sys.modules[one]


@pytest.fixture
def of_client(generated: str) -> Any:
    """A module of the client: `of_client("api.claims.claims_list")`."""

    def module(name: str) -> ModuleType:
        return importlib.import_module(f"{generated}.{name}")

    return module


def test_a_generated_client_does_a_reviewers_work(
    of_client: Any, live_server: LiveServer, article: Article, finch: User
) -> None:
    secret = make_token(finch, "client", actor=finch)[1]
    signed_in = of_client("client").AuthenticatedClient(base_url=live_server.url, token=secret)
    with signed_in as client:
        works(client, of_client, article)


def works(client: Any, of_client: Any, article: Article) -> None:
    models, claims = of_client("models"), "api.claims."

    # Marks two claims: each comes back as what the document calls a claim.
    mark, ids = of_client(f"{claims}claim_mark"), []
    for words in ("The city council spent 12% more in 2024", "Café prices doubled"):
        at = article.revisions.get().text.index(words)
        given = models.ClaimGiven(article=article.slug, start=at, end=at + len(words), quote=words)
        made = mark.sync(client=client, body=given)
        assert isinstance(made, models.Claim)
        assert made.statement == words
        assert made.appearances[0].quote in TEXT
        ids.append(made.id)

    # Lists them a page at a time, the newest first.
    listed = of_client(f"{claims}claims_list")
    first = listed.sync(client=client, page_size=1, project="council")
    assert [one.id for one in first.results] == ids[1:]
    cursor = first.next_.split("cursor=")[1].split("&")[0]
    last = listed.sync(client=client, page_size=1, project="council", cursor=cursor)
    assert [one.id for one in last.results] == ids[:1]
    assert last.next_ is None

    # Gives a verdict with a piece of evidence.
    piece = models.PieceGiven(
        stance=models.StanceEnum.REFUTES,
        address="https://example.org/budget",
        quote="It fell by 3%.",
    )
    verdict = models.VerdictGiven(
        claim=ids[0], rating="false", rationale="It fell.", evidence=[piece], submit=True
    )
    given = of_client("api.verdicts.verdict_give").sync(client=client, body=verdict)
    assert isinstance(given, models.Verdict)
    assert (given.rating, given.evidence[0].quote) == ("false", "It fell by 3%.")

    # A refusal has its type too, and says at which field.
    wrong = models.ClaimGiven(article=article.slug, start=0, end=3, quote="Nope")
    refused = mark.sync_detailed(client=client, body=wrong)
    assert refused.status_code == 422
    assert isinstance(refused.parsed, models.Problem)
    assert [one.field for one in refused.parsed.errors] == ["quote"]
