"""A folder of local data for each test, and commands run as on a machine with nothing set up."""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from factcheck.postgres import stop_unused

ROOT = Path(__file__).resolve().parent.parent.parent
SET_UP = (
    "SECRET_KEY", "DATABASE_URL", "MIGRATION_DATABASE_URL", "ALLOWED_HOSTS", "FACTCHECK_DEMO",
    "SITE_URL", "LOG_LEVEL",
)  # fmt: skip

PATIENCE = 60  # seconds after which a test gives up; no test waits for it on a machine that works

Command = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]


def bare_environment(**more: str) -> dict[str, str]:
    """This process's environment without anything that a person would have set up."""
    kept = {name: value for name, value in os.environ.items() if name not in SET_UP}
    return {**kept, **more}


def make_var() -> Path:
    """Under /tmp and open to walk through: pytest's own folders are closed to other users."""
    folder = Path(tempfile.mkdtemp(prefix="factcheck-test-", dir="/tmp"))  # noqa: S108 (mkdtemp)
    folder.chmod(0o755)
    return folder


@pytest.fixture
def var() -> Iterator[Path]:
    """An empty folder for local data, whose server is stopped in the end."""
    folder = make_var()
    yield folder
    stop_unused(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def first_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data that a first demo makes and Ctrl-C leaves: made once for all test processes."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    with (shared / "first-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared / "first-demo"
        if not made.exists():
            folder = make_var()
            demo = start_demo(folder, free_port())
            wait_until_up(demo)
            demo.send_signal(signal.SIGINT)
            assert end_of(demo)[0] == 0
            folder.rename(made) if folder.stat().st_dev == shared.stat().st_dev else shutil.move(
                folder, made
            )
    return made


@pytest.fixture
def demo_var(first_demo: Path, var: Path) -> Path:
    """A copy of the first demo's data, of this test's own."""
    subprocess.run(["cp", "-a", f"{first_demo}/.", str(var)], check=True)
    return var


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def demo(demo_var: Path, port: int) -> Iterator[Start]:
    """Starts a demo on the test's data and port, and waits until it is up unless told not to."""
    started: list[subprocess.Popen[str]] = []

    def start(*, wait: bool = True, **environment: str) -> subprocess.Popen[str]:
        started.append(start_demo(demo_var, port, **environment))
        if wait:
            wait_until_up(started[-1])
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.communicate()
    subprocess.run(
        [sys.executable, "-m", "factcheck.stop"],
        cwd=ROOT,
        env=bare_environment(FACTCHECK_VAR=str(demo_var)),
        check=True,
        capture_output=True,
    )


def start_demo(var: Path, port: int, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "factcheck.demo", "--port", str(port)],
        cwd=ROOT,
        env=bare_environment(FACTCHECK_VAR=str(var), **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_up(demo: subprocess.Popen[str]) -> str:
    """Read what the demo says up to its last line; a demo that ends instead fails the test."""
    assert demo.stdout
    said = []
    for line in demo.stdout:
        said.append(line)
        if line.startswith("Ctrl-C"):
            return "".join(said)
    raise AssertionError(f"The demo ended: {''.join(said)}{demo.communicate()[1]}")


def end_of(demo: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, and what it still said to stdout and stderr."""
    said, complained = demo.communicate(timeout=PATIENCE)
    return demo.returncode, said, complained


@pytest.fixture
def command() -> Command:
    """Runs a module of the project with nothing set up but what is given."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=bare_environment(**environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run


def free_port() -> int:
    """A port below those that the system hands out: nobody is given it before it is bound."""
    while True:
        number = 10_000 + secrets.randbelow(20_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", number))
            return number
