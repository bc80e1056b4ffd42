"""Where the embedded PostgreSQL lives, whose it is, and by which folder it is reached."""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from factcheck.refusal import Refusal

PORT = 5432  # only the name of the socket's file: there is no TCP
LONGEST_SOCKET = 100  # the system's own limit is 104 to 108 bytes
# Where root's data go when the server's user cannot enter the checkout (say, under /root).
ELSEWHERE = (Path("/var/lib/factcheck"), Path("/var/tmp/factcheck"))  # noqa: S108 (owner is checked)
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class ServerUser:
    """The system user that the server runs as: never root, whom PostgreSQL refuses."""

    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        return self.uid != os.geteuid()

    def may_enter(self, folder: Path) -> bool:
        """Whether this user can walk down to `folder` by the plain permissions."""
        for step in (folder, *folder.parents):
            mode = step.stat()
            bit = stat.S_IXOTH
            if mode.st_uid == self.uid:
                bit = stat.S_IXUSR
            elif mode.st_gid == self.gid:
                bit = stat.S_IXGRP
            if not mode.st_mode & bit:
                return False
        return True


@dataclass(frozen=True)
class Place:
    """The folder of one embedded server; every path of the server follows from it."""

    home: Path
    user: ServerUser

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def start_lock(self) -> Path:
        return self.home / "postgres.lock"

    @property
    def users_lock(self) -> Path:
        return self.home / "postgres.users"

    @property
    def socket_folder(self) -> Path:
        """Beside the data; elsewhere where that path is too long or would be misread by libpq."""
        near = self.home / "postgres-socket"
        too_long = len(os.fsencode(near / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET
        if not too_long and "," not in str(near):
            return near
        # Always /tmp, not TMPDIR: every process of every environment has to find the same one.
        return Path("/tmp") / f"factcheck-{self.user.uid}-{digest(self.home)}"  # noqa: S108

    def make_socket_folder(self) -> None:
        """Mode 0700 and the server's: this folder is what keeps other users of the machine out."""
        folder = self.socket_folder
        try:
            folder.mkdir(mode=0o700)
            give(folder, self.user)
        except FileExistsError:
            pass
        found = folder.lstat()
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid != self.user.uid
            or found.st_mode & 0o077
        ):
            raise Refusal(
                f"{folder} is not a private folder of the database's user. "
                "Someone else may have made it: remove it, and start again."
            )


def digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def give(path: Path, user: ServerUser) -> None:
    """Make the server's user the owner of what this program made itself."""
    if user.is_another:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)


def make_folder(folder: Path) -> Path:
    """The folder for local data, or a sentence that says why it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refusal(
            f"Factcheck keeps its local data in {folder}, and cannot write there "
            f"({error.strerror}). Make that folder yours, or name another one: "
            "FACTCHECK_VAR=/a/folder/of/yours."
        ) from None
    return folder.resolve()


def find_place(var: Path) -> Place:
    """The place of the server whose data belong to the folder `var`.

    For root it may be outside `var`, where the server's user can go; a symbolic link in `var`
    then shows the way. The permissions of the user's own folders are never changed for it.
    """
    var = make_folder(var)
    if os.geteuid() != 0:
        return Place(var, ServerUser(os.geteuid(), os.getegid()))
    data = (var / "postgres").resolve()
    if (data / "PG_VERSION").exists():
        owner = data.stat()
        if owner.st_uid != 0:
            return Place(data.parent, ServerUser(owner.st_uid, owner.st_gid))
        return _take_over(Place(data.parent, _unprivileged(var)))
    user = _unprivileged(var)
    if user.may_enter(var):
        return Place(var, user)
    home = _make_elsewhere(digest(var))
    link = var / "postgres"
    link.unlink(missing_ok=True)
    link.symlink_to(home / "postgres")
    return Place(home, user)


def _take_over(place: Place) -> Place:
    """Data that a copy of the checkout gave to root go back to the server's user."""
    for path in (place.data, *place.data.rglob("*")):
        give(path, place.user)
    return place


def _unprivileged(var: Path) -> ServerUser:
    """The owner of the folder, if that is a known ordinary user, else the system's spare users."""
    owner = var.stat().st_uid
    for name in (owner, *UNPRIVILEGED):
        try:
            found = pwd.getpwuid(name) if isinstance(name, int) else pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return ServerUser(found.pw_uid, found.pw_gid)
    raise Refusal(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor "
        "`nobody` to run it. Start this command as an ordinary user, or set DATABASE_URL."
    )


def _make_elsewhere(name: str) -> Path:
    for parent in ELSEWHERE:
        try:
            for folder in (parent, parent / name):
                folder.mkdir(parents=True, exist_ok=True)
                if folder.stat().st_uid != 0:
                    raise PermissionError
                folder.chmod(0o755)  # our own folder, whatever the umask says
        except OSError:
            continue
        return parent / name
    raise Refusal(
        "The database's user cannot enter this checkout, and there is no room for the data in "
        f"{' or '.join(map(str, ELSEWHERE))}. Move the checkout out of root's home folder, "
        "or set DATABASE_URL."
    )
