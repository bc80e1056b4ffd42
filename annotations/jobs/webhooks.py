"""Delivering what webhooks are told. What is due stands in a table of its own, not in the queue.

The database asks for a run with every event that is told; a run every minute finds what a killed
worker has left, and what is to be tried again.
"""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from annotations.actions.delivering import deliver_due

SOON = 60  # seconds: what is due later is found by the run of its minute


@app.periodic(cron="* * * * *")
@app.task(name="deliver_webhooks")
def deliver_webhooks(timestamp: int = 0) -> int:
    """Deliver a batch of what is due, and ask for a further run where more is due soon.

    One such run waits at most. Returns how many were sent.
    """
    sent, wait = deliver_due()
    if wait is not None and wait < SOON:
        with suppress(AlreadyEnqueued):
            app.configure_task(
                "deliver_webhooks",
                queueing_lock="deliver_webhooks_soon",
                schedule_in={"seconds": wait},
            ).defer()
    return sent
