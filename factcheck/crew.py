"""The programs that a demo starts beside itself, and finding them again after a kill.

Each is a process group of its own, so that Ctrl-C reaches the demo alone, which ends them in
order. Their groups are written down; a process is only ended as a leftover when its group is one
of these and its command runs this very environment's Python.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from factcheck import processes
from factcheck.local import ROOT

GRACE = 2.0  # seconds between asking and killing
PR_SET_PDEATHSIG = 1


class Crew:
    """What one demo has started, in the order of starting."""

    def __init__(self, var: Path, address: str) -> None:
        self.var = var
        self.address = address
        self.members: dict[str, subprocess.Popen[bytes]] = {}
        self._write_down()

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start one program; what it says goes to a log beside the data."""
        with self.log(name).open("wb") as log:
            self.members[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509 (no threads run yet)
            )
        self._write_down()

    def log(self, name: str) -> Path:
        return self.var / f"{name}.log"

    def fallen(self) -> str | None:
        """The name of a program that has ended by itself."""
        return next((name for name, one in self.members.items() if one.poll() is not None), None)

    def last_words(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-12:])

    def stop(self) -> None:
        """End all of them: asked first, killed after the grace."""
        end_groups({one.pid for one in self.members.values()})
        for one in self.members.values():
            one.wait()
        self.members.clear()
        record(self.var).unlink(missing_ok=True)

    def _write_down(self) -> None:
        groups = [one.pid for one in self.members.values()]
        fresh = record(self.var).with_suffix(".new")
        fresh.write_text(
            json.dumps({"pid": os.getpid(), "address": self.address, "groups": groups})
        )
        fresh.rename(record(self.var))


def record(var: Path) -> Path:
    return var / "demo.json"


def read_record(var: Path) -> dict[str, Any]:
    """What the last demo wrote down: `pid`, `address`, `groups`; nothing if it ended well."""
    try:
        found = json.loads(record(var).read_text())
        return {
            "pid": int(found["pid"]),
            "address": str(found["address"]),
            "groups": [*found["groups"]],
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {"pid": 0, "address": "", "groups": []}


def end_leftovers(var: Path) -> int:
    """End what a killed demo has left running; says how many processes that were."""
    ended = end_groups(set(read_record(var)["groups"]))
    record(var).unlink(missing_ok=True)
    return ended


def end_groups(groups: set[int]) -> int:
    """End our own processes of these groups, asking first; says how many they were."""
    ours = _ours(groups)
    processes.send(ours, signal.SIGTERM)
    if not processes.wait_for_end(ours, GRACE):
        left = _ours(groups)
        processes.send(left, signal.SIGKILL)
        processes.wait_for_end(left, 1)
    return len(ours)


def is_ours(process: processes.Process) -> bool:
    """Whether it runs the Python of this environment. Another program's id may be an old one's."""
    return process.command.startswith(sys.executable)


def _ours(groups: set[int]) -> list[int]:
    if not groups:
        return []
    return [one.pid for one in processes.everyone() if one.group in groups and is_ours(one)]


def _die_with_parent() -> Any:  # noqa: ANN401
    """On Linux a killed demo takes its programs with it; elsewhere the next start ends them."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent ended before this was asked for
            os._exit(1)

    return in_child
