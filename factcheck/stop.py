"""`./run stop`: end the demo of this checkout, or what is left of one that was killed."""

import fcntl
import os
import signal
import sys
from pathlib import Path

from factcheck import local, postgres, processes
from factcheck.crew import end_leftovers, is_ours, read_record
from factcheck.locks import open_lock, take


def main(_words: list[str]) -> int:
    """Say what was ended; only processes that are truly ours are touched."""
    var = local.var_folder()
    said = []
    if not var.exists():
        sys.stdout.write("Nothing was running.\n")
        return 0
    if stop_demo(var):
        said.append("The demo is stopped.")
    if count := end_leftovers(var):
        said.append(f"{count} processes that a killed demo had left are stopped.")
    ended = postgres.stop_unused(var)
    if ended:
        said.append("The database is stopped.")
    elif ended is None:
        said.append("The database goes on: another command of this checkout uses it.")
    sys.stdout.write(" ".join(said or ["Nothing was running."]) + "\n")
    return 0


def stop_demo(var: Path) -> bool:
    """End a demo that holds its lock, and so lives; it then ends its own programs."""
    lock = open_lock(var / "demo.lock")
    try:
        if take(lock, fcntl.LOCK_EX):
            return False
    finally:
        os.close(lock)
    demo = processes.find(read_record(var)["pid"])
    if demo is None or not is_ours(demo):
        return False
    processes.send([demo.pid], signal.SIGTERM)
    if not processes.wait_for_end([demo.pid], 8):
        processes.send([demo.pid], signal.SIGKILL)
    return True


if __name__ == "__main__":
    local.run(main)
