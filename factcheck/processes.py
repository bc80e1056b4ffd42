"""What the machine says of its processes: which are alive, and whose they are.

Linux tells it in /proc; elsewhere `ps` is asked. A process id alone proves nothing, since ids
are used again: every question here also looks at the command or at its working folder.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()


@dataclass(frozen=True)
class Process:
    """One running process: its id, its process group, the command it was started by."""

    pid: int
    group: int
    command: str


def everyone() -> Iterator[Process]:
    """All processes that are alive and visible; those that end meanwhile are left out."""
    if HAS_PROC:
        for folder in PROC.iterdir():
            if folder.name.isdigit() and (process := _from_proc(int(folder.name))):
                yield process
        return
    listing = subprocess.run(
        ["ps", "-axo", "pid=,pgid=,stat=,command="], capture_output=True, text=True, check=False
    ).stdout
    for line in listing.splitlines():
        pid, group, state, command = (*line.split(maxsplit=3), "", "", "", "")[:4]
        if not state.startswith("Z"):
            yield Process(int(pid), int(group), command)


def find(pid: int) -> Process | None:
    """The living process of this id; a zombie is not living."""
    if HAS_PROC:
        return _from_proc(pid)
    return next((process for process in everyone() if process.pid == pid), None)


def _from_proc(pid: int) -> Process | None:
    try:
        # The name in brackets may hold blanks and brackets: what follows the last one is safe.
        state, _parent, group = (
            (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[:3]
        )
        command = (PROC / str(pid) / "cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    if state in "ZX":
        return None
    return Process(pid, int(group), os.fsdecode(command.replace(b"\0", b" ")).strip())


def works_in(pid: int, folder: Path) -> bool:
    """Whether this process lives and has `folder` as its working folder (or in its command)."""
    if HAS_PROC:
        try:
            return (PROC / str(pid) / "cwd").readlink() == folder.resolve()
        except OSError:
            return False
    process = find(pid)
    return process is not None and str(folder) in process.command


def wait_for_end(pids: Iterable[int], seconds: float) -> bool:
    """Wait until none of these is alive; False when the time ran out."""
    waiting, deadline = set(pids), time.monotonic() + seconds
    while waiting := {pid for pid in waiting if find(pid)}:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def send(pids: Iterable[int], what: signal.Signals) -> None:
    """Signal each of these; those that have ended or belong to another user are passed over."""
    for pid in pids:
        try:
            os.kill(pid, what)
        except (ProcessLookupError, PermissionError):
            continue
