"""Making a cluster: initdb into a folder beside it, then one rename."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TypedDict

from factcheck.postgres.binaries import programs
from factcheck.postgres.places import Place, ServerUser, give
from factcheck.refusal import Refusal

SUPERUSER = "postgres"
OWNER = "factcheck"  # the role that owns the tables, and the name of the database
WEB = "factcheck_web"  # the role that the programs which serve connect as
LOCAL_SETTINGS = "local.conf"

SETTINGS = f"""
# Written by factcheck. Your own settings belong into {LOCAL_SETTINGS} beside this file.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
jit = off
include_if_exists = '{LOCAL_SETTINGS}'
"""

# Only whoever runs this server, and root, come in, by the socket and as any role.
ACCESS = "local all all peer map=keepers\nlocal replication all peer map=keepers\n"


def environment(**more: str) -> dict[str, str]:
    """What the programs of PostgreSQL get to see: nothing of the caller's PG* or locale."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", **more}


class Lent(TypedDict, total=False):
    """The arguments of Popen that run a program as another user."""

    user: int
    group: int
    extra_groups: list[int]


def lend(user: ServerUser) -> Lent:
    """Run a program as the server's user; nothing is lent where that is this user anyway."""
    if not user.is_another:
        return {}
    return {"user": user.uid, "group": user.gid, "extra_groups": []}


def make_cluster(place: Place) -> None:
    """Make the data folder if there is none; the caller holds the start lock."""
    if (place.data / "PG_VERSION").exists():
        return
    for half in place.home.glob("postgres.new-*"):  # what a killed predecessor left
        shutil.rmtree(half, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=place.home))
    give(fresh, place.user)
    _run_initdb(place, fresh)
    with (fresh / "postgresql.conf").open("a") as file:
        file.write(SETTINGS)
    (fresh / "pg_hba.conf").write_text(ACCESS)
    (fresh / "pg_ident.conf").write_text(
        "".join(f'keepers "{name}" all\n' for name in _keepers(place))
    )
    if place.data.exists():  # an empty or a half folder: it holds no PG_VERSION
        place.data.rename(place.home / f"postgres.unfinished-{fresh.name[-8:]}")
    fresh.rename(place.data)


def _run_initdb(place: Place, folder: Path) -> None:
    command = [str(programs(place) / "initdb"), "-D", str(folder), "-U", SUPERUSER]
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--locale=C", "--auth=peer", "--no-instructions"]
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env=environment(),
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us: what is half made is cleared next time
            check=False,
            **lend(place.user),
        )
        said.seek(0)
        words = said.read().decode(errors="replace")
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        last = "\n".join(words.strip().splitlines()[-4:])
        raise Refusal(f"The database could not be made in {place.home}. initdb said:\n{last}")


def _keepers(place: Place) -> list[str]:
    names = []
    for uid in {place.user.uid, 0}:
        try:
            names.append(pwd.getpwuid(uid).pw_name)
        except KeyError:
            continue
    return sorted(names)
