"""Clearing away, by night or by the hour, what nobody can use any more."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from annotations.actions.answers import forget_answers
from annotations.actions.assignments import note_lapsed
from annotations.actions.delivering import forget_deliveries
from annotations.actions.limits import forget_counters
from annotations.actions.tokens import forget_ended_tokens

FINISHED_JOBS_KEPT = 7 * 24  # hours


@app.periodic(cron="17 3 * * *")
@app.task(name="clear_ended_sessions", queueing_lock="clear_ended_sessions")
def clear_ended_sessions(timestamp: int) -> None:
    """Delete the sessions that have expired."""
    call_command("clearsessions")


@app.periodic(cron="27 3 * * *")
@app.task(name="clear_ended_tokens", queueing_lock="clear_ended_tokens")
def clear_ended_tokens(timestamp: int) -> int:
    """Delete the tokens that ended long ago; returns their number."""
    return forget_ended_tokens()


@app.periodic(cron="47 3 * * *")
@app.task(name="clear_answers", queueing_lock="clear_answers")
def clear_answers(timestamp: int) -> int:
    """Delete the answers that were kept for a request to be sent again; returns their number."""
    return forget_answers()


@app.periodic(cron="32 3 * * *")
@app.task(name="note_lapsed_assignments", queueing_lock="note_lapsed_assignments")
def note_lapsed_assignments(timestamp: int) -> int:
    """Write down which loans have run out; they ended by themselves. Returns their number."""
    return note_lapsed()


@app.periodic(cron="42 3 * * *")
@app.task(name="clear_deliveries", queueing_lock="clear_deliveries")
def clear_deliveries(timestamp: int) -> int:
    """Delete what webhooks were told a month ago, and old secrets; returns how many deliveries."""
    return forget_deliveries()


@app.periodic(cron="52 * * * *")
@app.task(name="clear_counters", queueing_lock="clear_counters")
def clear_counters(timestamp: int) -> int:
    """Delete the counters of requests whose minute is long over; returns their number."""
    return forget_counters()


@app.periodic(cron="37 3 * * *")
@app.task(name="clear_finished_jobs", queueing_lock="clear_finished_jobs")
async def clear_finished_jobs(timestamp: int) -> None:
    """Delete the jobs that were done a week ago; failed ones stay, to be looked at."""
    await app.job_manager.delete_old_jobs(nb_hours=FINISHED_JOBS_KEPT)
