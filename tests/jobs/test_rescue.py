"""The jobs of a worker that was killed are taken up by the next one."""

import logging
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from annotations.jobs.rescue import MOST_ATTEMPTS, rescue_stalled_jobs
from tests.jobs.running import run_job


def job_in_hand(*, beat: timedelta | None, attempts: int = 0) -> int:
    """A job that a worker has begun, whose heart last beat so long ago; None: no such worker."""
    with connection.cursor() as cursor:
        worker = None
        if beat is not None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
                [timezone.now() - beat],
            )
            worker = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO procrastinate_jobs "
            "(queue_name, task_name, status, attempts, worker_id) "
            "VALUES ('default', 'clear_ended_sessions', 'doing', %s, %s) RETURNING id",
            [attempts, worker],
        )
        number: int = cursor.fetchone()[0]
    return number


def rescue() -> int:
    rescued: int = run_job(rescue_stalled_jobs)
    return rescued


@pytest.mark.usefixtures("queue")
def test_a_job_of_a_dead_worker_waits_again_and_one_of_a_living_worker_goes_on() -> None:
    dead = job_in_hand(beat=timedelta(minutes=2))
    gone = job_in_hand(beat=None)
    living = job_in_hand(beat=timedelta(seconds=5))
    assert rescue() == 2
    states = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert states == {dead: "todo", gone: "todo", living: "doing"}
    assert ProcrastinateJob.objects.get(pk=dead).attempts == 1


@pytest.mark.usefixtures("queue")
def test_a_job_that_brings_every_worker_down_is_given_up_and_kept() -> None:
    deadly = job_in_hand(beat=timedelta(minutes=2), attempts=MOST_ATTEMPTS - 1)
    rescue()
    assert ProcrastinateJob.objects.get(pk=deadly).status == "failed"
    assert rescue() == 0


def test_the_workers_log_is_quiet_unless_something_is_wrong() -> None:
    assert logging.getLogger("procrastinate.blueprints").getEffectiveLevel() == logging.WARNING


def test_a_command_prints_nothing_about_jobs() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
