"""A whole site in a folder: a database of its own, web server, worker, and people with tokens.

Its parts can be killed and started again. Run as a program on a site, this makes its tables and
fills them (`Site.filled`).
"""

import dataclasses
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factcheck import processes
from factcheck.postgres import hold
from factcheck.postgres.cluster import LOCAL_SETTINGS
from factcheck.postgres.places import make_folder
from factcheck.postgres.server import server_pid
from tests.factcheck.conftest import PATIENCE, ROOT, bare_environment, free_port

PYTHON = [sys.executable, "-m"]
SECRET = "a secret of some length, made up for a drill alone"
DEMO_WEB = [
    *PYTHON, "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8",
    "--no-ws", "--log-level", "error", "--workers-kill-timeout", "1", "factcheck.wsgi:application",
]  # fmt: skip
WORKER = [*PYTHON, "manage", "procrastinate", "worker", "--shutdown-graceful-timeout", "1"]
UNANSWERED = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Filled:
    """What the programs of the reviewers have to know."""

    tokens: list[str]
    article: str
    spans: list[Sequence[int]]


class Site:
    """Started whole but for its web server and worker; `with` ends all of it.

    `production`: the web server is that of `./run serve`, else it is started as the demo does.
    """

    def __init__(self, var: Path, *, production: bool = False) -> None:
        self.var, self.port = var, free_port()
        self.share = hold(var)
        self.data = self.share.place.data
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        web = [*PYTHON, "factcheck.serve", *address] if production else [*DEMO_WEB, *address]
        self.commands = {"web": web, "worker": WORKER}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = bare_environment(
            SECRET_KEY=SECRET,
            ALLOWED_HOSTS="127.0.0.1",
            DATABASE_URL=self.share.address,
            MIGRATION_DATABASE_URL=self.share.owners_address,
            STATIC_ROOT=str(make_folder(var / "static")),
            LOG_LEVEL="ERROR",
            RATE_LIMIT_PERSON="1000000",  # a few write here as fast as they can, for many
            **({"TRUST_PROXY": "1"} if production else {"FACTCHECK_DEMO": "1"}),
        )

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGTERM)
        for one in self.running.values():
            one.wait(PATIENCE)
        self.share.release()

    def filled(self, reviewers: int) -> Filled:
        """A project with its reviewers and an article."""
        told = json.loads(self.run("tests.drills.site", str(reviewers)).stdout)
        return Filled(**told)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A module of the project, as it runs on this site."""
        return subprocess.run(
            [*PYTHON, *words], cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE,
            check=words[-1] != "verify_log",
        )  # fmt: skip

    def start(self, name: str) -> None:
        """Start the database, the web or the worker, and wait for the first two."""
        if name == "database":
            self.share, before = hold(self.var), self.share
            before.release()
            return
        environment = self.environment
        if name == "web":
            environment = environment | {"FACTCHECK_SERVES": "1"}
        with (self.var / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands[name],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that it can be killed with all its processes
            )
        if name == "web":
            self._wait_for_web()

    def _wait_for_web(self) -> None:
        caller, deadline = Caller(self.port), time.monotonic() + PATIENCE
        while self.running["web"].poll() is None and time.monotonic() < deadline:
            with suppress(*UNANSWERED):
                if caller.ask("GET", "/readyz")[0] == 200:
                    caller.connection.close()
                    return
            time.sleep(0.05)
        raise TimeoutError((self.var / "web.log").read_text()[-2000:])

    def kill(self, name: str) -> None:
        """`kill -9` of every process of the database, of the web or of the worker."""
        if name != "database":
            one = self.running.pop(name)
            with suppress(ProcessLookupError):  # it has ended by itself
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()
            return
        first = server_pid(self.share.place)
        pids = self.of_database()
        pids.sort(key=lambda pid: pid != first)  # the parent first, or it would start anew
        processes.send(pids, signal.SIGKILL)
        processes.wait_for_end(pids, PATIENCE)

    def of_database(self) -> list[int]:
        """The ids of the database's processes."""
        everyone = [one.pid for one in processes.everyone()]
        return [pid for pid in everyone if processes.works_in(pid, self.data)]

    def busy(self) -> float:
        """Seconds of a core that the web server and the database have taken so far (Linux)."""
        groups = {one.pid for one in self.running.values()}
        web = [one.pid for one in processes.everyone() if one.group in groups]
        ticks = 0
        for pid in [*web, *self.of_database()]:
            with suppress(OSError):
                stat = (processes.PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
                ticks += int(stat[11]) + int(stat[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def raise_the_fallen(self) -> list[str]:
        """Start again what has ended by itself, as whatever watches over it would."""
        fallen = [name for name, one in self.running.items() if one.poll() is not None]
        for name in fallen:
            self.start(name)
        return fallen

    def configure(self, settings: str) -> None:
        """Run the database with these lines of postgresql.conf from now on."""
        (self.data / LOCAL_SETTINGS).write_text(settings)
        self.kill("database")
        self.start("database")


class Caller:
    """A program that calls the API with a token, over one connection as long as that holds."""

    def __init__(self, port: int, token: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.headers = {"Content-Type": "application/json", "X-Forwarded-Proto": "https"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, given: Any = None, **headers: str) -> tuple[int, bytes]:
        """The status and the body of the answer; raises one of `UNANSWERED` if there is none."""
        try:
            body = None if given is None else json.dumps(given)
            self.connection.request(method, path, body, self.headers | headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except UNANSWERED:
            self.connection.close()
            raise


def mark(article: str, span: Sequence[int], statement: str) -> dict[str, Any]:
    """The body of a mark."""
    return {"article": article, "start": span[0], "end": span[1], "statement": statement}


def judgement(claim: str, number: int, *, submit: bool) -> dict[str, Any]:
    """The body of a verdict with a piece of evidence, or of a draft of one."""
    source = f"https://example.org/sources/{number % 100}"
    return {
        "claim": claim,
        "rating": "true",
        "rationale": "What the source shows, in a sentence or two that a reader can follow.",
        "confidence": "high",
        "evidence": [{"stance": "supports", "address": source, "quote": "As it stands there."}],
        "submit": submit,
        "based_on": "*",  # one's own draft of before
    }


def fill(reviewers: int) -> Filled:
    """Make a project, its people, and an article to mark."""
    from annotations.actions.articles import import_article
    from annotations.actions.projects import create_project, set_role
    from annotations.actions.tokens import make_token
    from annotations.models import User

    people = [
        User.objects.create(username=f"drill-{n}", pseudonym=f"Drill {n}")
        for n in range(reviewers + 1)
    ]
    owner = people.pop()
    project = create_project(actor=owner, slug="drill", name="Drill")
    for one in people:
        set_role(project.pk, one.pk, "reviewer", actor=owner)
    words = [f"Item {n:04} costs {n} million." for n in range(500)]
    article = import_article(project.pk, actor=owner, text="A long list\n\n" + " ".join(words))
    text = article.revisions.get().text
    first = text.index(words[0])
    length = len(words[0])
    return Filled(
        [make_token(one, "drill", actor=one)[1] for one in people],
        article.slug,
        [(at, at + 9) for at in range(first, len(text) - length, length + 1)],
    )


def make_tables() -> None:
    """Set up Django in this program that runs on a site, and make the site's tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


if __name__ == "__main__":
    make_tables()
    sys.stdout.write(json.dumps(dataclasses.asdict(fill(int(sys.argv[1])))))
