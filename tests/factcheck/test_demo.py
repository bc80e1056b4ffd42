"""The demo: what it says, what it refuses, and that it leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from annotations.rules.demo import PEOPLE
from factcheck import demo_data, processes
from factcheck.crew import end_leftovers, record
from factcheck.postgres import hold
from factcheck.refusal import Refusal
from tests.factcheck.conftest import PATIENCE, Command, Start, end_of, start_demo, wait_until_up


def started_by(var: Path) -> list[int]:
    """The processes that the demo of this folder has started."""
    groups = set(json.loads(record(var).read_text())["groups"])
    return [one.pid for one in processes.everyone() if one.group in groups]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        return bool(answer.status == 200)


def test_it_says_its_address_and_its_accounts(demo_var: Path, port: int) -> None:
    demo = start_demo(demo_var, port, DEMO_PASSWORD="a password of one's own")
    try:
        said = wait_until_up(demo)
    finally:
        demo.send_signal(signal.SIGINT)
        end_of(demo)
    assert f"http://127.0.0.1:{port}" in said
    assert "a password of one's own" in said
    for name, one in PEOPLE.items():
        words = [name, "shown", "as", one.pseudonym, one.role]
        assert words in [line.split() for line in said.splitlines()]


@pytest.mark.parametrize("what", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_and_leaves_nothing_behind(
    demo: Start, demo_var: Path, port: int, what: signal.Signals
) -> None:
    running = demo()
    pids = [
        *started_by(demo_var),
        int((demo_var / "postgres" / "postmaster.pid").read_text().split()[0]),
    ]
    assert len(pids) >= 4
    running.send_signal(what)
    code, _, complained = end_of(running)
    assert (code, complained) == (0, "")
    assert processes.wait_for_end(pids, PATIENCE)
    assert is_free(port)


def test_it_listens_on_the_loopback_only(demo: Start, port: int) -> None:
    demo()
    assert answers(port)
    with socket.socket() as other:
        # Were it bound to every address, this one would be taken as well.
        other.bind(("127.0.0.2" if sys.platform == "linux" else "::1", port))


def test_a_second_start_keeps_the_data_and_the_password(demo: Start, demo_var: Path) -> None:
    password = (demo_var / "demo-password").read_text()
    share = hold(demo_var)
    with psycopg.connect(share.owners_address, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7")
        running = demo()
        assert connection.execute("SELECT * FROM kept").fetchone() == (7,)
    share.release()
    running.send_signal(signal.SIGINT)
    assert end_of(running)[0] == 0
    assert (demo_var / "demo-password").read_text() == password


def test_a_killed_demo_is_healed_by_the_next_start(demo: Start, demo_var: Path, port: int) -> None:
    killed = demo()
    left = started_by(demo_var)
    killed.kill()
    killed.communicate()
    demo()
    assert answers(port)
    assert not set(left) & set(started_by(demo_var))
    assert processes.wait_for_end(left, PATIENCE)


def test_stop_ends_what_a_killed_demo_left(
    demo: Start, demo_var: Path, port: int, command: Command
) -> None:
    killed = demo()
    server = int((demo_var / "postgres" / "postmaster.pid").read_text().split()[0])
    left = [*started_by(demo_var), server]
    killed.kill()
    killed.communicate()
    done = command("-m", "factcheck.stop", FACTCHECK_VAR=str(demo_var))
    assert "The database is stopped." in done.stdout
    assert processes.wait_for_end(left, PATIENCE)
    assert is_free(port)


def test_stop_ends_a_demo_that_runs(demo: Start, demo_var: Path, command: Command) -> None:
    running = demo()
    done = command("-m", "factcheck.stop", FACTCHECK_VAR=str(demo_var))
    assert done.stdout.startswith("The demo is stopped.")
    assert end_of(running)[0] == 0


def test_stop_says_so_where_nothing_runs(var: Path, command: Command) -> None:
    done = command("-m", "factcheck.stop", FACTCHECK_VAR=str(var))
    assert (done.returncode, done.stdout) == (0, "Nothing was running.\n")


def test_a_foreign_process_with_a_remembered_id_is_left_alone(var: Path) -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as foreign:
        record(var).write_text(
            json.dumps({"pid": foreign.pid, "address": "", "groups": [foreign.pid]})
        )
        assert end_leftovers(var) == 0
        assert foreign.poll() is None
        foreign.kill()


def test_a_demo_that_runs_already_is_named(demo: Start, port: int) -> None:
    demo()
    second = demo(wait=False)
    code, _, complained = end_of(second)
    assert code == 1
    assert complained.startswith(f"The demo is running already, at http://127.0.0.1:{port}.")


def test_a_taken_port_is_refused_with_the_way_to_choose_another(
    var: Path, command: Command
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command("-m", "factcheck.demo", "--port", str(port), FACTCHECK_VAR=str(var))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is taken by another program.")
    assert "--port" in done.stderr
    assert not (var / "postgres").exists()


def test_a_port_that_does_not_exist_is_refused(var: Path, command: Command) -> None:
    done = command("-m", "factcheck.demo", "--port", "70000", FACTCHECK_VAR=str(var))
    assert (done.returncode, done.stderr.split(".")[0]) == (1, "Port 70000 does not exist")


def test_a_worker_that_falls_stops_the_demo_with_its_last_words(
    demo: Start, demo_var: Path
) -> None:
    running = demo()
    worker = next(
        one.pid
        for one in processes.everyone()
        if one.pid in started_by(demo_var) and "procrastinate" in one.command
    )
    os.kill(worker, signal.SIGKILL)
    code, said, _ = end_of(running)
    assert code == 1
    assert "The worker has ended by itself, so the demo stops." in said


def test_a_production_machine_gets_no_demo(var: Path, command: Command) -> None:
    given = {"SECRET_KEY": "a secret", "FACTCHECK_VAR": str(var)}
    done = command("-m", "factcheck.demo", "--port", "8999", **given)
    assert done.returncode == 1
    assert "SECRET_KEY is set, as on a production machine" in done.stderr


def test_a_database_with_accounts_of_its_own_is_refused(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = hold(var)
    try:
        with psycopg.connect(share.owners_address, autocommit=True) as connection:
            connection.execute("CREATE TABLE annotations_user AS SELECT 'ann' AS username")
        monkeypatch.setenv("DATABASE_URL", share.address)
        monkeypatch.setenv("MIGRATION_DATABASE_URL", share.owners_address)
        monkeypatch.setenv("SECRET_KEY", "x")
        monkeypatch.setenv("DEMO_PASSWORD", "x")
        with pytest.raises(Refusal, match=r"accounts of its own \(ann\)"):
            demo_data.fill(is_given=True)
    finally:
        share.release()


def test_a_database_that_cannot_be_reached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://x:secret-word@127.0.0.1:9/x")
    with pytest.raises(Refusal, match="DATABASE_URL cannot be reached") as refusal:
        demo_data.connect()
    assert "secret-word" not in str(refusal.value)


def test_an_address_that_cannot_be_read_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://x:secret-word@somewhere/x")
    with pytest.raises(Refusal, match="does not read as postgres://") as refusal:
        demo_data.connect()
    assert "secret-word" not in str(refusal.value)


CONNECTED = (
    "SELECT usename FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_what_serves_is_connected_as_the_webs_role_alone(demo: Start, demo_var: Path) -> None:
    demo()
    share = hold(demo_var)
    late = time.monotonic() + PATIENCE
    names: list[str] = []
    with psycopg.connect(share.owners_address, autocommit=True) as connection:
        while len(names) < 3 and time.monotonic() < late:  # two of the web's pool, and the worker
            time.sleep(0.1)
            names = [name for (name,) in connection.execute(CONNECTED)]
    share.release()
    assert len(names) >= 3
    assert set(names) == {"factcheck_web"}


REWRITING = [
    "UPDATE annotations_event SET verb = 'another'",
    "DELETE FROM annotations_event",
    "TRUNCATE annotations_event",
    "ALTER TABLE annotations_event DISABLE TRIGGER log_is_append_only",
    "DROP TABLE annotations_event CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE factcheck",
    "SET SESSION AUTHORIZATION factcheck",
    "CREATE OR REPLACE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "ALTER ROLE factcheck_web SUPERUSER",
    "COPY annotations_event TO PROGRAM 'cat'",
]


def test_whoever_has_the_webs_connection_cannot_touch_the_log(demo_var: Path) -> None:
    share = hold(demo_var)
    try:
        with psycopg.connect(share.address, autocommit=True) as connection:
            for statement in REWRITING:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.encode())
            assert connection.execute("SELECT count(*) > 0 FROM annotations_event").fetchone() == (
                True,
            )
    finally:
        share.release()
