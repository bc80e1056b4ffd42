"""Running an asynchronous job in a test: in a thread and on a connection of its own.

What it works on has to be committed. A browser test that ran before in this process leaves its
event loop running in the main thread, where no other can be started.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate.tasks import Task


def run_job(task: Task[Any, Any, Any]) -> Any:
    """What the job returns."""

    async def whole() -> Any:
        try:
            return await task.func(timestamp=0)
        finally:
            await sync_to_async(connections.close_all)()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(whole())).result()
