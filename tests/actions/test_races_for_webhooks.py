"""Two workers at once, and a webhook that is removed as it is told: with real connections."""

import pytest
from django.utils import timezone

from annotations.actions.delivering import take_due
from annotations.actions.webhooks import remove_webhook
from annotations.models import Delivery, Event, Project, User, Webhook
from tests.actions.test_races import one_after_the_other, refusals, together
from tests.hooks import hooked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def webhook(project: Project, birch: User) -> Webhook:
    return hooked(project, birch, "https://desk.example/")[0]


def told(project: Project, birch: User) -> Event:
    made: Event = Event.objects.create(
        project=project, actor=birch, verb="publish", object_kind="ruling", object_id=project.pk
    )
    return made


def test_of_workers_who_look_at_once_each_takes_what_no_other_has(webhook: Webhook) -> None:
    for _ in range(4):
        Delivery.objects.create(webhook=webhook, kind="test", due_at=timezone.now())
    taken = together(take_due, take_due, take_due)
    assert refusals(taken) == []
    found = [one.pk for some in taken if isinstance(some, list) for one in some]
    assert len(found) == len(set(found)) == 4


def test_a_webhook_that_is_told_is_removed_after_it(
    project: Project, birch: User, webhook: Webhook
) -> None:
    results = one_after_the_other(
        lambda: told(project, birch), lambda: remove_webhook(project.pk, webhook.pk, actor=birch)
    )
    assert refusals(results) == []
    assert Event.objects.filter(verb="publish").exists()
    assert not Delivery.objects.exists()


def test_what_happens_while_a_webhook_is_removed_happens_all_the_same(
    project: Project, birch: User, webhook: Webhook
) -> None:
    results = one_after_the_other(
        lambda: remove_webhook(project.pk, webhook.pk, actor=birch), lambda: told(project, birch)
    )
    assert refusals(results) == []
    assert Event.objects.filter(verb="publish").exists()
    assert not Delivery.objects.exists()
