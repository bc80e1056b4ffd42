"""Imports: a file is taken in whole, and brought in by a job that can be stopped and taken up.

The job brings in a little at a time, each time in one transaction with the note of how far it is,
so that one that is killed goes on where it was, and nothing comes twice.
"""

import hashlib
import logging
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from annotations.actions.access import project_for
from annotations.actions.bringing_in import Bringing, ratings_of
from annotations.actions.brought import Brought
from annotations.actions.log import record
from annotations.formats import contract, jsonl
from annotations.formats.contract import ReadAsked
from annotations.formats.given import Found, Piece, Recorded, Refused
from annotations.formats.offsets import Unit
from annotations.models import Import, ImportPart, ImportRefusal, User
from annotations.rules import words
from annotations.rules.imports import (
    CAN_GO_ON,
    MOST_BYTES,
    MOST_REFUSALS,
    OPEN,
    PART,
    SHOWN_OF_A_REFUSAL,
    TOO_LARGE,
    Progress,
)
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed, NotFound, Refusal, TooLarge

JOB = "bring_file_in"
A_WHILE = 1.0  # seconds of work between two notes of how far it is
MOST_AT_ONCE = 200  # things of a file between two notes
MOST_RECORDS, MOST_OF_RECORDS = 50, 4 * 1024 * 1024  # put back at once, and bytes of them

log = logging.getLogger(__name__)

COUNTS = ("articles", "claims", "verdicts", "waiting", "unchanged")


@transaction.atomic
def start_import(
    project_id: uuid.UUID,
    *,
    actor: User,
    format: str,
    name: str,
    content: Iterable[bytes],
    unit: str = "",
    by_a_job: bool = True,
) -> Import:
    """Take a file in, and have it brought in by a job. `content` comes in pieces of any size.

    Without a job, whoever starts it calls `run_import`. `unit` says what the offsets of a file
    count, where its format cannot tell.
    """
    reader = contract.reader(format)
    project = project_for(project_id, actor, verb_of(format))
    contract.unit_told(reader, unit)
    job = Import.objects.create(
        project=project,
        started_by=actor,
        format=reader.SLUG,
        unit=unit,
        name=words.line(name, "name", longest=200) or f"file.{reader.ENDING}",
        size=0,
        sha256="",
    )
    job.size, job.sha256 = _keep(job, content)
    if not job.size:
        raise Malformed("The file is empty.", field="file")
    job.save(update_fields=["size", "sha256"])
    _tell("start_import", job, actor)
    if by_a_job:
        _have_it_done(job)
    return job


@transaction.atomic
def cancel_import(import_id: uuid.UUID, *, actor: User) -> Import:
    """Stop an import; what has been brought in stays, and it can be taken up again."""
    job = _locked(import_id, actor)
    if job.progress not in OPEN:
        raise Conflict("This import has ended already.")
    _end(job, Progress.CANCELLED)
    _tell("cancel_import", job, actor)
    return job


@transaction.atomic
def resume_import(import_id: uuid.UUID, *, actor: User, by_a_job: bool = True) -> Import:
    """Take an import up again where it stopped; `by_a_job` as in `start_import`.

    Who does it here and now may take up one that is open, too: what was at it may have been
    killed. If it was not, one of the two finds the file read further than it knows, and stops.
    """
    job = _locked(import_id, actor)
    if job.progress in OPEN and not by_a_job:
        return job
    if job.progress not in CAN_GO_ON:
        raise Conflict("This import is under way, or has come to its end.")
    job.progress, job.ended_at, job.why = Progress.WAITING, None, ""
    job.save(update_fields=["progress", "ended_at", "why"])
    _tell("resume_import", job, actor)
    if by_a_job:
        _have_it_done(job)
    return job


def run_import(import_id: uuid.UUID, *, told: Callable[[Import], None] | None = None) -> Import:
    """Bring a file in to its end, as far as it was not yet; `told` hears each time how far it is.

    Where another worker is at it, or it was cancelled meanwhile, it is left as it is.
    """
    job = Import.objects.select_related("project", "started_by").get(pk=import_id)
    try:
        return _run(job, told)
    except Refusal as refusal:
        return _failed(job, refusal.sentence)
    except Exception:
        _failed(job, f"Something of ours went wrong after {job.read:,} things of the file.")
        raise


def _run(job: Import, told: Callable[[Import], None] | None) -> Import:
    reader, file = contract.reader(job.format), PartsOfAFile(job)
    asked = ReadAsked(
        name=job.name,
        unit=Unit(job.unit) if job.unit else None,
        ratings=ratings_of(job.project).keys(),
    )
    pieces = reader.read(file, asked)
    deque(islice(pieces, job.read), maxlen=0)
    asked.left_out.clear()  # it was counted when it was read the first time
    found = together(pieces)
    at_its_end = False
    while not at_its_end:
        with transaction.atomic():
            now = Import.objects.select_for_update().get(pk=job.pk)
            if now.progress not in OPEN or now.read != job.read:
                return now
            require_still(job)
            bringing = Bringing(job, reader.NAME)
            at_its_end = _some(job, bringing, found)
            job.left_out = dict(Counter(job.left_out) + bringing.left_out + asked.left_out)
            asked.left_out.clear()
            job.bytes_read = job.size if at_its_end else min(file.count, job.size)
            if at_its_end:
                _end(job, Progress.DONE)
                job.parts.all().delete()
                _tell("end_import", job, job.started_by)
            else:
                job.progress = Progress.RUNNING
            job.save()
        if told is not None:
            told(job)
    return job


def together(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Things of a file as they are dealt with: records many at once, all else one by one."""
    some: list[Piece] = []
    size = 0
    for one in pieces:
        some.append(one)
        size += one.size if isinstance(one, Recorded) else 0
        if isinstance(one, Found) or len(some) == MOST_RECORDS or size >= MOST_OF_RECORDS:
            yield some
            some, size = [], 0
    if some:
        yield some


def _some(job: Import, bringing: Bringing, found: Iterator[list[Piece]]) -> bool:
    """Deal with things of the file for a while; says whether nothing was left of it."""
    stop, refused = time.monotonic() + A_WHILE, []
    at_its_end = True
    for some in islice(found, MOST_AT_ONCE):
        at_its_end = False
        job.read += len(some)
        records = [one.record for one in some if isinstance(one, Recorded)]
        restored = iter(bringing.restore(records))
        for one in some:
            if isinstance(one, Refused):
                refused.append((one.line, one.sentence, one.what))
                continue
            brought = next(restored) if isinstance(one, Recorded) else bringing.bring(one)
            _count(job, brought)
            refused += [(one.line, sentence, what) for sentence, what in brought.refused]
        if records or time.monotonic() > stop:
            break
    _note(job, refused)
    return at_its_end


def _count(job: Import, brought: Brought) -> None:
    for name in COUNTS:
        setattr(job, name, getattr(job, name) + getattr(brought, name))


def _note(job: Import, refused: list[tuple[int, str, str]]) -> None:
    """Keep what was refused, up to a number that nobody reads through."""
    room = max(MOST_REFUSALS - job.refused, 0)
    job.refused += len(refused)
    ImportRefusal.objects.bulk_create(
        ImportRefusal(of=job, line=line, sentence=sentence, what=what[:SHOWN_OF_A_REFUSAL])
        for line, sentence, what in refused[:room]
    )


def require_still(job: Import) -> None:
    """Refuse to go on in the name of somebody who may no longer bring files in."""
    project_for(job.project_id, job.started_by, verb_of(job.format))


def verb_of(format: str) -> Verb:
    """What it takes to bring a file in: the native format speaks in people's own names."""
    return Verb.IMPORT_RECORDS if format == jsonl.SLUG else Verb.IMPORT_FILE


class PartsOfAFile:
    """The file of an import, read from its parts one after the other."""

    def __init__(self, job: Import) -> None:
        rows = ImportPart.objects.filter(of=job).order_by("number")
        self.numbers = iter(list(rows.values_list("number", flat=True)))
        self.rows, self.kept, self.count = rows, b"", 0

    def read(self, size: int = -1) -> bytes:
        while not self.kept or (size < 0 and self.numbers):
            number = next(self.numbers, None)
            if number is None:
                break
            self.kept += bytes(self.rows.values_list("content", flat=True).get(number=number))
        size = len(self.kept) if size < 0 else size
        found, self.kept = self.kept[:size], self.kept[size:]
        self.count += len(found)
        return found


def _keep(job: Import, content: Iterable[bytes]) -> tuple[int, str]:
    """Keep the file in parts; its size in bytes and its SHA-256."""
    digest, size, number, waiting = hashlib.sha256(), 0, 0, bytearray()
    for piece in content:
        size += len(piece)
        if size > MOST_BYTES:
            raise TooLarge(TOO_LARGE, field="file")
        digest.update(piece)
        waiting += piece
        while len(waiting) >= PART:
            ImportPart.objects.create(of=job, number=number, content=bytes(waiting[:PART]))
            del waiting[:PART]
            number += 1
    if waiting:
        ImportPart.objects.create(of=job, number=number, content=bytes(waiting))
    return size, digest.hexdigest()


def _have_it_done(job: Import) -> None:
    """In this transaction: a job that is not committed is none."""
    app.configure_task(name=JOB, lock=f"import {job.pk}").defer(import_id=str(job.pk))


def _locked(import_id: uuid.UUID, actor: User) -> Import:
    job = Import.objects.of(actor).select_for_update(of=("self",)).filter(pk=import_id).first()
    if job is None:
        raise NotFound("There is no such import.")
    return job


def _end(job: Import, how: Progress) -> None:
    job.progress, job.ended_at = how, timezone.now()
    job.save(update_fields=["progress", "ended_at"])


@transaction.atomic
def _failed(job: Import, why: str) -> Import:
    now = Import.objects.select_for_update().get(pk=job.pk)
    if now.progress in OPEN:
        now.why = why
        now.save(update_fields=["why"])
        _end(now, Progress.FAILED)
        _tell("fail_import", now, now.started_by)
    return now


def _tell(verb: str, job: Import, actor: User) -> None:
    counts = {name: getattr(job, name) for name in (*COUNTS, "refused", "read")}
    record(
        verb,
        job,
        actor=actor,
        project=job.project_id,
        after={"format": job.format, "size": job.size, "sha256": job.sha256} | counts,
    )
