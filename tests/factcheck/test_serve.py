"""A production start as docs/deployment.md tells it: migrate, collect the static files, serve."""

import contextlib
import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from annotations.rules.demo import PEOPLE
from factcheck import demo_data, serve
from factcheck.postgres import hold
from factcheck.refusal import Refusal
from tests.factcheck.conftest import PATIENCE, ROOT, bare_environment, end_of, free_port

HOST = {"Host": "check.example.org", "X-Forwarded-Proto": "https"}


@pytest.fixture
def site(var: Path) -> Iterator[int]:
    """The port of a production server with an empty database."""
    share = hold(var)
    environment = bare_environment(
        SECRET_KEY="a secret of some length, made up for this test alone",
        ALLOWED_HOSTS="check.example.org",
        DATABASE_URL=share.address,
        MIGRATION_DATABASE_URL=share.owners_address,
        STATIC_ROOT=str(var / "static"),
        TRUST_PROXY="1",
    )
    for words in ["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"]:
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)
    port = free_port()
    command = [sys.executable, "-m", "factcheck.serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        end_of(server)
        share.release()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if ask(port, "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The production server did not answer.")


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={**HOST, **headers})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read().decode(errors="replace")
    finally:
        connection.close()


def test_production_refuses_a_database_that_the_demo_has_filled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo_data, "connect", lambda: contextlib.nullcontext(None))
    monkeypatch.setattr(demo_data, "can_rewrite_the_log", lambda _: False)
    monkeypatch.setattr(demo_data, "accounts", lambda _: {*PEOPLE, "editor"})
    with pytest.raises(Refusal, match="holds the demo's accounts"):
        serve.look_at_the_database()
    monkeypatch.setattr(demo_data, "accounts", lambda _: {"editor", "moderator"})
    serve.look_at_the_database()


def test_a_start_as_the_owner_of_the_tables_warns_that_the_log_is_open(
    demo_var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = hold(demo_var)
    try:
        for address, is_open in ((share.address, False), (share.owners_address, True)):
            monkeypatch.setenv("DATABASE_URL", address)
            with demo_data.connect() as connection:
                assert demo_data.can_rewrite_the_log(connection) is is_open
    finally:
        share.release()


def test_a_role_without_rights_is_told_how_it_gets_them(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    share = hold(var)
    try:
        with psycopg.connect(share.owners_address, autocommit=True) as connection:
            connection.execute("CREATE TABLE annotations_user (username text)")
        monkeypatch.setenv("DATABASE_URL", share.address)
        serve.look_at_the_database()
    finally:
        share.release()
    assert "Run ./run migrate with MIGRATION_DATABASE_URL" in capsys.readouterr().err


def test_production_serves_its_own_host_with_hashed_assets_and_none_of_the_demo(site: int) -> None:
    status, headers, page = ask(site, "/")
    assert status == 200
    assert "max-age=31536000" in headers["strict-transport-security"]
    assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert assets
    for asset in assets:
        status, headers, _ = ask(site, asset)
        assert (asset, status) == (asset, 200)
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", asset)
        assert "immutable" in headers["cache-control"]
    for name in ("Heron", "Larch", "Wren", "Alder"):
        assert name not in ask(site, "/login/")[2]
    assert ask(site, "/login/demo/")[0] in (404, 405)
    assert ask(site, "/", Host="evil.example.org")[0] == 400
    status, headers, _ = ask(site, "/", **{"X-Forwarded-Proto": "http"})
    assert (status, headers["location"]) == (301, "https://check.example.org/")
