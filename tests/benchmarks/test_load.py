"""The measure of the load, with few writes: no time decides here. Long form: `./run bench load`."""

import pytest
from pytest_django.live_server_helper import LiveServer

from annotations.models import Claim, Verdict
from tests.benchmarks.load import under_load
from tests.drills.site import fill


@pytest.mark.django_db(transaction=True)
def test_reviewers_mark_draft_and_judge_and_each_write_is_timed(live_server: LiveServer) -> None:
    load = under_load(live_server.thread.port, fill(3), rate=40, seconds=0.6)
    assert load.errors == []
    assert len(load.all) == 24
    assert Claim.objects.count() == 12
    assert Verdict.objects.filter(submitted_at__isnull=False).count() == 12
    assert "24" in list(load.lines())[-2]
