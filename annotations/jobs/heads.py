"""Publishing the heads of the log, every hour, so that nobody can rewrite it unseen."""

from procrastinate.contrib.django import app

from annotations.actions.heads import publish_heads


@app.periodic(cron="7 * * * *")
@app.task(name="publish_log_heads", queueing_lock="publish_log_heads")
def publish_log_heads(timestamp: int) -> int:
    """Publish the head of each chain that has grown; returns how many these were."""
    return len(publish_heads())
