"""What is told to webhooks is delivered by the worker, without being asked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from annotations.actions.webhooks import send_test
from annotations.jobs.webhooks import deliver_webhooks
from annotations.models import Article, Delivery, Project, User
from tests.actions.given import claim_in
from tests.hooks import hooked, states, told
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with receiving() as made:
        yield made


def work() -> None:
    """A real worker does all that waits, and ends."""

    def whole() -> None:
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()) as its:
            its.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)

    def in_a_thread() -> None:
        try:
            whole()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(in_a_thread).result()


def waiting() -> list[ProcrastinateJob]:
    jobs = ProcrastinateJob.objects.filter(task_name="deliver_webhooks", status="todo")
    return list(jobs.order_by("pk"))


@pytest.mark.usefixtures("queue")
def test_the_worker_delivers_what_was_published(
    project: Project, article: Article, receiver: Receiver, finch: User, maple: User, robin: User,
    birch: User,
) -> None:  # fmt: skip
    hooked(project, birch, receiver.address)
    claim_in("published", article, first=finch, second=maple, moderator=robin)
    assert len(waiting()) == 1
    work()
    assert [one["type"] for one in told(receiver)] == ["ruling.published"]
    assert states() == ["delivered"]
    assert waiting() == []


@pytest.mark.usefixtures("queue")
def test_what_is_to_be_tried_again_soon_has_a_run_of_its_own_and_one_alone(
    project: Project, article: Article, receiver: Receiver, finch: User, maple: User, robin: User,
    birch: User,
) -> None:  # fmt: skip
    receiver.status = 500
    hooked(project, birch, receiver.address)
    claim_in("published", article, first=finch, second=maple, moderator=robin)
    work()
    (run,) = waiting()
    assert run.scheduled_at
    assert timedelta() < run.scheduled_at - timezone.now() < timedelta(seconds=6)
    assert deliver_webhooks.func() == 0
    assert waiting() == [run]


@pytest.mark.usefixtures("queue")
def test_what_is_due_later_waits_for_the_run_of_its_minute(
    project: Project, birch: User, receiver: Receiver
) -> None:
    webhook = hooked(project, birch, receiver.address)[0]
    send_test(project.pk, webhook.pk, actor=birch)
    Delivery.objects.update(due_at=timezone.now() + timedelta(minutes=2))
    assert len(waiting()) == 1
    assert deliver_webhooks.func(timestamp=0) == 0
    assert len(waiting()) == 1
