"""Bringing in the files that somebody has sent."""

import uuid

from procrastinate.contrib.django import app

from annotations.actions.imports import JOB as BRING_FILE_IN
from annotations.actions.imports import run_import
from annotations.actions.rating_maps import JOB as BRING_MAPPED
from annotations.actions.rating_maps import bring_mapped


@app.task(name=BRING_FILE_IN)
def bring_file_in(import_id: str) -> str:
    """Bring a file in to its end; returns how the import stands then."""
    return str(run_import(uuid.UUID(import_id)).progress)


@app.task(name=BRING_MAPPED)
def bring_mapped_verdicts(map_id: str) -> int:
    """Bring in the verdicts that waited for a map; returns how many came."""
    return bring_mapped(uuid.UUID(map_id))
