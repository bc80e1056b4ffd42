"""A corpus handed out over HTTP and brought in again, each beside COPY of the same.

The site is served as `./run serve` serves it, from a database of its own; the corpus comes back to
an empty one. Run as a program on a site, this makes what the measure needs and prints it in JSON.
"""

import http.client
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from factcheck import processes
from factcheck.postgres import stop_unused
from tests.benchmarks.figures import Figure
from tests.drills.site import Site, make_tables
from tests.factcheck.conftest import PATIENCE, make_var

ROUNDS = 3
MOST_MEMORY, FIRST_BYTE = 150, 200  # the goals: megabytes of a server's process, milliseconds
LOG = ("annotations_event", "annotations_link")
MODULE = "tests.benchmarks.files"


@dataclass
class Export:
    """What one export over HTTP took: milliseconds to its first byte and to its last."""

    first: float
    whole: float
    size: int


def exported(port: int, token: str, slug: str, into: Path | None = None) -> Export:
    """Have a project in the native format, as a program would."""
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-Proto": "https"}
    start, size, first = time.perf_counter(), 0, 0.0
    caller.request("GET", f"/api/v1/projects/{slug}/export/?format=jsonl", headers=headers)
    answer = caller.getresponse()
    assert answer.status == 200, answer.read(300)
    with (into or Path(os.devnull)).open("wb") as file:
        while piece := answer.read1(1 << 20):
            first = first or time.perf_counter() - start
            size += len(piece)
            file.write(piece)
    took = time.perf_counter() - start
    caller.close()
    return Export(first * 1000, took * 1000, size)


def copied(connection: psycopg.Connection[Any], statement: str) -> float:
    """Milliseconds that a COPY takes whose bytes are thrown away."""
    start = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as lines:
        for _ in lines:
            pass
    return (time.perf_counter() - start) * 1000


def peak(pid: int) -> float:
    """The most memory that a process has had so far, in megabytes (Linux)."""
    for line in (processes.PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def of_web(site: Site) -> float:
    """The most that any process of the web server has had."""
    group = site.running["web"].pid
    return max(peak(one.pid) for one in processes.everyone() if one.group == group)


def export_measured(site: Site, made: dict[str, str], file: Path) -> Figure:
    """By turns, three times; the file of the last is kept."""
    site.start("web")
    exported(site.port, made["token"], made["slug"], file)
    ours, limit = [], []
    with psycopg.connect(site.share.address, autocommit=True) as connection:
        copied(connection, made["statement"])
        for _ in range(ROUNDS):
            ours.append(exported(site.port, made["token"], made["slug"]))
            limit.append(copied(connection, made["statement"]))
    first, memory = statistics.median(one.first for one in ours), of_web(site)
    note = (
        f"{ours[0].size / 1e6:,.0f} MB; first byte {first:.0f} ms of {FIRST_BYTE}, "
        f"memory of a process {memory:.0f} MB of {MOST_MEMORY}"
    )
    took = statistics.median(one.whole for one in ours)
    return Figure(
        "export", "COPY of the same JSON", took, statistics.median(limit), 1.5, note,
        {"first_byte_ms": first, "memory_mb": memory},
    )  # fmt: skip


def import_measured(site: Site, file: Path) -> Iterator[Figure]:
    """Once: it is long. COPY writes the same rows, with their keys, indexes and checks."""
    came = json.loads(site.run(MODULE, "bring", str(file)).stdout)
    assert not came["refused"], came
    with psycopg.connect(site.share.owners_address) as connection:
        took = rows_copied(connection)
    whole = sum(took.values())
    rest = whole - sum(took[table] for table in LOG)
    note = f"{came['articles'] / came['ms'] * 1000:,.0f} articles a second, {came['memory']:.0f} MB"
    for against, limit in (("COPY of all its rows", whole), ("COPY without the log", rest)):
        more = {"memory_mb": came["memory"]}
        yield Figure("import", against, came["ms"], limit, 4.0, note, more)


def rows_copied(connection: psycopg.Connection[Any]) -> dict[str, float]:
    """Milliseconds that COPY takes for the rows of each table, and for the check of their keys.

    They are taken out first and put back into empty tables, whose triggers of ours are off.
    """
    took: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'annotations\\_%'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            with (
                (Path(folder) / table).open("wb") as file,
                cursor.copy(copy(table, "TO STDOUT")) as rows,
            ):
                for piece in rows:
                    file.write(piece)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE".encode())
        for table in tables:
            with (
                (Path(folder) / table).open("rb") as file,
                clocked(took, table),
                cursor.copy(copy(table, "FROM STDIN")) as rows,
            ):
                while piece := file.read(1 << 18):
                    rows.write(piece)
        with clocked(took, "keys"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    return took


def copy(table: str, way: str) -> bytes:
    return f"COPY {table} {way} (FORMAT binary)".encode()


@contextmanager
def clocked(took: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    took[name] = (time.perf_counter() - start) * 1000


@contextmanager
def a_site() -> Iterator[Site]:
    """A site that is thrown away."""
    var = make_var()
    try:
        with Site(var, production=True) as site:
            yield site
    finally:
        stop_unused(var)
        shutil.rmtree(var)


def measured(articles: int, names: set[str]) -> Iterator[Figure]:
    """The export, the import, or both."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.jsonl"
        with a_site() as site:
            made = json.loads(site.run(MODULE, "fill", str(articles)).stdout)
            if "export" in names:
                yield export_measured(site, made, file)
            else:
                site.start("web")
                exported(site.port, made["token"], made["slug"], file)
        if "import" in names:
            with a_site() as site:
                yield from import_measured(site, file)


# ---------- on the site itself ----------


def fill(articles: int) -> dict[str, str]:
    """A corpus, with its owner's token and the COPY that its export is held against."""
    from django.db import connection

    from annotations.actions.tokens import make_token
    from annotations.models import User
    from annotations.models.records import ALL, parameters
    from tests.benchmarks.corpus import make_corpus

    project = make_corpus(articles)
    owner = User.objects.get(username=f"{project.slug}-owner")
    asked = parameters(owner, drafts=False) | {"project": project.pk}
    statement = connection.ops.compose_sql(f"COPY ({ALL}) TO STDOUT", asked)  # type: ignore[attr-defined]
    _, token = make_token(owner, "bench", actor=owner)
    return {"slug": project.slug, "token": token, "statement": statement}


def bring(file: Path) -> dict[str, float]:
    """Bring a file into a new project, as a worker does."""
    from annotations.actions.imports import run_import, start_import
    from annotations.actions.projects import create_project
    from annotations.models import User

    owner = User.objects.create(username="newcomer", pseudonym="Newcomer")
    project = create_project(actor=owner, slug="bench", name="Bench", blind=False)
    with file.open("rb") as content:
        job = start_import(
            project.pk, actor=owner, format="jsonl", name=file.name, by_a_job=False,
            content=iter(lambda: content.read(1 << 18), b""),
        )  # fmt: skip
    start = time.perf_counter()
    job = run_import(job.pk)
    took = (time.perf_counter() - start) * 1000
    memory = peak(os.getpid())
    return {"ms": took, "articles": job.articles, "refused": job.refused, "memory": memory}


if __name__ == "__main__":
    make_tables()
    word, what = sys.argv[1:]
    sys.stdout.write(json.dumps(fill(int(what)) if word == "fill" else bring(Path(what))))
