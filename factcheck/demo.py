"""`./run demo`: the whole workbench on this machine, in the foreground, with its demo accounts.

It listens on 127.0.0.1 only, since its accounts are open to everyone who reaches it.
"""

import argparse
import fcntl
import http.client
import os
import secrets
import signal
import socket
import sys
import time
from pathlib import Path

from annotations.rules.demo import PEOPLE
from factcheck import demo_data, local
from factcheck.crew import Crew, end_leftovers, read_record
from factcheck.locks import open_lock, take
from factcheck.postgres.places import make_folder
from factcheck.refusal import Refusal

HOST = "127.0.0.1"
START_SECONDS = 60
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WORDS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike


def main(words: list[str]) -> int:
    """Set everything up, serve until Ctrl-C, and leave nothing behind but the data."""
    for one in ENDINGS:  # SIGINT too: whatever starts this in the background may have it ignored
        signal.signal(one, signal.default_int_handler)
    port = _read_port(words)
    var = make_folder(local.var_folder())
    lock = open_lock(var / "demo.lock")  # held until the end of this process, however it ends
    if not take(lock, fcntl.LOCK_EX):
        raise Refusal(
            f"The demo is running already, at {read_record(var)['address']}. "
            "Open that address, or end it with ./run stop."
        )
    try:
        return _run(port, var)
    except KeyboardInterrupt:
        return 0


def _run(port: int, var: Path) -> int:
    if end_leftovers(var):
        _say("Ended what a killed demo had left running.")
    _refuse_taken(port)
    address = f"http://{HOST}:{port}"
    crew = Crew(var, address)
    try:
        _prepare(var, address)
        _start(crew, port)
        _await(crew, port)
        _greet(address)
        return _watch(crew)
    finally:
        for one in ENDINGS:
            signal.signal(one, signal.SIG_IGN)  # a second Ctrl-C must not cut the ending short
        crew.stop()


def _read_port(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    reader.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default 8000)")
    port: int = reader.parse_args(words).port
    if not 0 < port < 65536:
        raise Refusal(f"Port {port} does not exist. Choose one from 1024 to 65535: --port 8001.")
    return port


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Refusal(
                f"Port {port} is reserved for the system. "
                "Choose a higher one: ./run demo --port 8000."
            ) from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise Refusal(
                f"Port {port} is taken by another program. "
                f"Choose another port: ./run demo --port {other}."
            ) from None


def _prepare(var: Path, address: str) -> None:
    """The environment, the password and the data; after this the programs can start."""
    if os.environ.get("SECRET_KEY", "").strip() and os.environ.get("FACTCHECK_DEMO") != "1":
        raise Refusal(
            "SECRET_KEY is set, as on a production machine, and the demo's accounts are open to "
            "everyone. Unset SECRET_KEY to try the demo here, or use ./run serve."
        )
    is_given = bool(os.environ.get("DATABASE_URL", "").strip())
    local.prepare()
    os.environ.setdefault("SITE_URL", address)
    if not os.environ.get("DEMO_PASSWORD"):
        os.environ["DEMO_PASSWORD"] = local.kept(var / "demo-password", _make_password)
    demo_data.fill(is_given=is_given)


def _make_password() -> str:
    return "-".join("".join(secrets.choice(WORDS) for _ in range(4)) for _ in range(4))


def _start(crew: Crew, port: int) -> None:
    python = [sys.executable, "-m"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    web = [*python, "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    web += ["--workers", "1", "--blocking-threads", "8", "--no-ws", "--log-level", "error"]
    web += ["--workers-kill-timeout", "1", "factcheck.wsgi:application"]
    crew.start("web", web, {**environment, "FACTCHECK_SERVES": "1"})
    worker = [*python, "manage", "procrastinate", "worker", "--shutdown-graceful-timeout", "1"]
    worker += ["--concurrency", "4"]  # a long import holds up nothing else
    crew.start("worker", worker, environment)


def _await(crew: Crew, port: int) -> None:
    """Wait until the site says that it is well."""
    deadline = time.monotonic() + START_SECONDS
    while not _is_well(port):
        if name := crew.fallen():
            raise Refusal(f"The {name} ended while starting. It said:\n{crew.last_words(name)}")
        if time.monotonic() > deadline:
            raise Refusal(
                f"The site has not answered for {START_SECONDS} seconds. The web server's last "
                f"words ({crew.log('web')}):\n{crew.last_words('web')}"
            )
        time.sleep(0.03)


def _is_well(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(address: str) -> None:
    _say(f"\nFactcheck is running at {address}\n")
    for name, one in PEOPLE.items():
        _say(f"  {name:<10} shown as {one.pseudonym:<6} {one.role}")
    _say(f"\n  password of all four: {os.environ['DEMO_PASSWORD']}")
    _say(f"\nSign in as reviewer at {address}/login/ and open the article to mark its claims.")
    _say("Ctrl-C stops everything and keeps the data.")


def _watch(crew: Crew) -> int:
    """Stay until Ctrl-C, or until one of the programs ends by itself."""
    while not (name := crew.fallen()):
        time.sleep(0.2)
    _say(f"The {name} has ended by itself, so the demo stops. It said:\n{crew.last_words(name)}")
    return 1


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    local.run(main)
