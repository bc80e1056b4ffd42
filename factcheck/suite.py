"""`./run test [pytest args]`: the whole test suite, browser tests included, by one command."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from factcheck.local import ROOT, prepare, run
from factcheck.refusal import Refusal

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROMIUMS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
BROWSERS = ROOT / ".venv" / "browsers"
COVERAGE = "--coverage"


def main(words: list[str]) -> int:
    """Run pytest in the local environment; `--coverage` measures branches as well."""
    # A production machine's own settings have no place in tests: they get a secret of their own.
    os.environ.pop("SECRET_KEY", None)
    os.environ["FACTCHECK_DEMO"] = "1"
    os.environ.pop("ALLOWED_HOSTS", None)
    prepare()
    os.environ["CHROMIUM"] = find_chromium() or get_chromium()
    if COVERAGE not in words:
        return attend([sys.executable, "-m", "pytest", *spread(words)])
    words = [word for word in words if word != COVERAGE]
    coverage = [sys.executable, "-m", "coverage"]
    code = attend([*coverage, "run", "-m", "pytest", *spread(words)])
    attend([*coverage, "combine", "-q"])
    attend([*coverage, "report", "--skip-covered", "--show-missing"])
    return code


def spread(words: list[str]) -> list[str]:
    """The arguments of pytest: a worker a core, at most four, unless the words say otherwise."""
    if any(word.startswith(("-n", "--numprocesses", "--dist", "--pdb", "--co")) for word in words):
        return words
    return ["-n", str(min(4, os.cpu_count() or 1)), *words]


def attend(command: list[str]) -> int:
    """Run in the foreground until its end: Ctrl-C is the command's own, SIGTERM is handed on."""
    child = subprocess.Popen(command, cwd=ROOT)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the terminal has told the child as well: let it clear up
            continue


def find_chromium() -> str | None:
    """Path of a Chromium that is there already; CHROMIUM names one of one's own choice."""
    named = os.environ.get("CHROMIUM")
    on_path = [found for name in CHROMIUMS if (found := shutil.which(name))]
    own = sorted(map(str, BROWSERS.glob("chromium-*/chrome-*/chrome")))
    own += sorted(map(str, BROWSERS.glob("chromium-*/chrome-mac*/*.app/Contents/MacOS/*")))
    for path in filter(None, (named, *on_path, *MAC_CHROMIUMS, *own)):
        if os.access(path, os.X_OK) and Path(path).is_file():
            return path
    return None


def get_chromium() -> str:
    """Install a Chromium and give its path."""
    install_chromium()
    if found := find_chromium():
        return found
    raise Refusal(
        "The browser tests need a Chromium, and none could be installed. Install the package "
        "`chromium` (or Google Chrome), or set CHROMIUM=/path/to/it, and start again."
    )


def install_chromium() -> None:
    """The system's package where we are root, else Playwright's own build."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write("Installing the package chromium for the browser tests …\n")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in ["update"], ["install", "-y", "chromium"]:
            command = ["apt-get", "-qq", *words]
            subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
        if find_chromium():
            return
    sys.stderr.write("Installing Playwright's Chromium for the browser tests …\n")
    environment = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(BROWSERS)}
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, env=environment, stdout=sys.stderr, check=False)


if __name__ == "__main__":
    run(main)
