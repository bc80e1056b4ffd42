"""Starting, holding and stopping one embedded server.

Whether it runs is decided by connecting to it, never by a pid file. Every process that uses it
holds a shared lock; the last one to let go stops it. Locks vanish with their process, so a killed
one is never waited for.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.pq import PGconn, Ping

from factcheck import processes
from factcheck.locks import locked, open_lock, take
from factcheck.postgres.binaries import programs
from factcheck.postgres.cluster import OWNER, SUPERUSER, WEB, environment, lend, make_cluster
from factcheck.postgres.places import PORT, Place, find_place
from factcheck.refusal import Refusal

START_SECONDS = 60  # a crash recovery may take a while
ORPHAN_SECONDS = 3  # how long the back ends of a killed server may take to notice
LOG_LIMIT = 5_000_000
PREDECESSOR = ("already exists", "pre-existing shared memory block", "still in use")


class Hold:
    """This process's share in a running server; `release` stops the server after the last one."""

    def __init__(self, place: Place, share: int) -> None:
        self.place = place
        self._share: int | None = share

    @property
    def address(self) -> str:
        """The `postgres://` address of the workbench's database as the web's role uses it."""
        return self._address(WEB)

    @property
    def owners_address(self) -> str:
        """The same for the owner of the tables, who alone may change them."""
        return self._address(OWNER)

    def _address(self, role: str) -> str:
        return f"postgres://{role}@/{OWNER}?host={quote(str(self.place.socket_folder))}"

    @property
    def programs(self) -> Path:
        return programs(self.place)

    def release(self) -> None:
        """Let go; whoever is the last stops the server and waits a little for its end."""
        if self._share is None:
            return
        share, self._share = self._share, None
        try:
            with locked(self.place.start_lock):
                if take(share, fcntl.LOCK_EX):
                    stop_server(self.place, seconds=2)
        finally:
            os.close(share)


def hold(var: Path) -> Hold:
    """Make sure that exactly one server runs for the folder `var`, and take a share in it."""
    place = find_place(var)
    with locked(place.start_lock, seconds=START_SECONDS + 30):
        share = open_lock(place.users_lock)
        # Never waits: the lock is only held alone by one who also holds the start lock.
        fcntl.flock(share, fcntl.LOCK_SH)
        try:
            if ping(place) is not Ping.OK:
                place.make_socket_folder()
                make_cluster(place)
                _start(place)
            _make_database(place)
        except BaseException:  # Ctrl-C as well: a server that nobody holds must not stay
            if take(share, fcntl.LOCK_EX):
                stop_server(place, seconds=2)
            os.close(share)
            raise
    return Hold(place, share)


def stop_unused(var: Path) -> bool | None:
    """Stop a server nobody holds: True if one was stopped, None if somebody still uses it."""
    if not var.exists():
        return False
    place = find_place(var)
    if not place.data.exists():
        return False
    with locked(place.start_lock):
        share = open_lock(place.users_lock)
        try:
            if take(share, fcntl.LOCK_EX):
                return stop_server(place, seconds=10)
            return None if server_pid(place) else False
        finally:
            os.close(share)


def ping(place: Place) -> Ping:
    """OK, REJECT (starting up or shutting down), or NO_RESPONSE: nobody is there."""
    folder = str(place.socket_folder).replace("\\", "\\\\").replace("'", "\\'")
    wish = f"host='{folder}' port={PORT} user={SUPERUSER} dbname=postgres connect_timeout=3"
    return Ping(PGconn.ping(wish.encode()))


def server_pid(place: Place) -> int | None:
    """The id of this data folder's living server. The pid file proposes, its process proves."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if pid > 0 and processes.works_in(pid, place.data) else None


def stop_server(place: Place, seconds: float) -> bool:
    """Ask the server to end at once but cleanly; the caller holds the start lock."""
    pid = server_pid(place)
    if pid is None:
        return False
    processes.send([pid], signal.SIGINT)
    return processes.wait_for_end([pid], seconds)


def _start(place: Place) -> None:
    """Start the server and wait until it answers; what a killed predecessor left is waited out."""
    began = time.monotonic()
    pid, offset = 0, 0
    while (state := ping(place)) is not Ping.OK:
        waited = time.monotonic() - began
        words = _last_words(place, offset)
        if waited > START_SECONDS:
            raise Refusal(f"The database has not answered for {START_SECONDS} seconds:\n{words}")
        if state is Ping.NO_RESPONSE and not (pid and processes.find(pid)):
            if pid and not any(sign in words for sign in PREDECESSOR):
                raise Refusal(f"The database did not start. Its log says:\n{words}")
            _clear_the_way(place, patient=waited < ORPHAN_SECONDS)
            offset = _log_size(place)
            pid = _launch(place)
        time.sleep(0.02)


def _clear_the_way(place: Place, *, patient: bool) -> None:
    """Before a start: end a server that no longer answers, and drop its socket's files.

    The folder is ours alone and nobody answers there, so its files are stale. The pid file stays:
    it leads the new server to the shared memory of old back ends, which must be gone first.
    """
    if (pid := server_pid(place)) is not None:
        if ping(place) is Ping.OK:
            return
        if not stop_server(place, seconds=10):
            processes.send([pid], signal.SIGQUIT)
            processes.wait_for_end([pid], 5)
    if not patient:
        orphans = [
            one.pid for one in processes.everyone() if processes.works_in(one.pid, place.data)
        ]
        processes.send(orphans, signal.SIGKILL)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (place.socket_folder / name).unlink(missing_ok=True)


def _launch(place: Place) -> int:
    """Start the server as nobody's child, with no pipe of ours, and say its process id."""
    folder = str(place.socket_folder).replace('"', '""')
    command = [str(programs(place) / "postgres"), "-D", str(place.data), "-p", str(PORT)]
    command += ["-c", f'unix_socket_directories="{folder}"']
    if _log_size(place) > LOG_LIMIT:
        shutil.move(place.log, place.log.with_suffix(".log.1"))
    with place.log.open("ab") as log:
        done = subprocess.run(
            # The shell ends at once, so that the server is left to the system, which reaps it.
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment(PG_GRANDPARENT_PID=_foreign_pid(place)),
            cwd="/",
            start_new_session=True,
            check=True,
            **lend(place.user),
        )
    return int(done.stdout)


def _foreign_pid(place: Place) -> str:
    """The process id in a stale pid file. PostgreSQL would take whoever has it now for a server;

    told that it is its own grandparent's, it knows the file for stale and checks the rest of it.
    """
    try:
        return str(int((place.data / "postmaster.pid").read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError):
        return "0"


def _make_database(place: Place) -> None:
    """The roles and the database, if a start cut short or an older version has not made them."""
    with psycopg.connect(
        host=str(place.socket_folder), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        name, web = sql.Identifier(OWNER), sql.Identifier(WEB)
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER not in roles:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(name))
        if WEB not in roles:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(web))
            # For the tests: they step down to the web's role, and tamper as nobody else could.
            connection.execute(sql.SQL("GRANT {} TO {}").format(web, name))
            connection.execute(
                sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(name)
            )
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [OWNER]
        ).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))


def _log_size(place: Place) -> int:
    return place.log.stat().st_size if place.log.exists() else 0


def _last_words(place: Place, offset: int) -> str:
    if not place.log.exists():
        return ""
    with place.log.open("rb") as log:
        log.seek(offset)
        return "\n".join(log.read().decode(errors="replace").splitlines()[-6:])
