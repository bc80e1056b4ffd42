"""Running an asynchronous job in a test's own thread, and so in its own transaction."""

import asyncio
from typing import Any

from asgiref.sync import async_to_sync
from procrastinate.tasks import Task


def run_job(task: Task[Any, Any, Any]) -> Any:
    """What the job returns.

    A browser test that ran before in this process leaves its event loop running under every later
    test; it is set aside for as long as the job takes.
    """
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return async_to_sync(task.func)(timestamp=0)
    finally:
        asyncio._set_running_loop(loop)
