"""Taking up the jobs of a worker that was killed: they stay "doing", and no one else would."""

import logging

from procrastinate.contrib.django import app
from procrastinate.jobs import Status

MOST_ATTEMPTS = 5

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="rescue_stalled_jobs", queueing_lock="rescue_stalled_jobs")
async def rescue_stalled_jobs(timestamp: int) -> int:
    """Give the jobs of dead workers to the living; returns how many.

    A worker is dead when its heart has not beaten for half a minute. A job that has brought
    `MOST_ATTEMPTS` workers down is marked as failed instead.
    """
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        if job.attempts + 1 >= MOST_ATTEMPTS and job.id is not None:
            log.error("job %s (%s) failed: its worker died again", job.id, job.task_name)
            await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
        else:
            log.warning("job %s (%s) starts again: its worker died", job.id, job.task_name)
            await app.job_manager.retry_job(job)
    return len(stalled)
