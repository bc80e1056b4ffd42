"""The programs of node that check the browser's part: biome and tsc, by package-lock.json."""

import hashlib
import shutil
import subprocess

from factcheck.local import ROOT
from factcheck.locks import locked

MODULES = ROOT / "node_modules"
BIN = MODULES / ".bin"
STAMP = MODULES / ".factcheck-installed"


def missing() -> str | None:
    """Why the programs are not there, after trying to install them; None where they are."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "node is not installed"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    MODULES.mkdir(exist_ok=True)
    with locked(ROOT / ".node.lock", seconds=300):
        if STAMP.exists() and STAMP.read_text() == wanted:
            return None
        done = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            return f"npm ci failed:\n{done.stderr.strip()}"
        STAMP.write_text(wanted)
    return None
