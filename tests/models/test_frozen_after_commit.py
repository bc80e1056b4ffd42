"""What is frozen once its transaction has ended, tried on real connections."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from annotations.models import Article, Evidence, RulingEvidence, User, Verdict
from annotations.rules.states import State
from tests.actions.given import evidence_on, judged, marked, published

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ruling_gets_no_further_grounds_after_it_was_made(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"), (maple, "true"))
    ruling = published(claim, robin)
    other = evidence_on(claim)[1]
    with pytest.raises(IntegrityError, match="what_a_ruling_rests_on_is_frozen"):
        RulingEvidence.objects.create(
            project=claim.project, ruling=ruling, evidence=other, position=1
        )
    assert ruling.rests_on.count() == 1


def test_evidence_that_comes_while_its_verdict_is_submitted_makes_it_wait(
    article: Article, finch: User
) -> None:
    claim = judged(marked(article, finch), (finch, "true"))
    assert claim.state == State.IN_REVIEW
    given = evidence_on(claim)[0]
    draft = Verdict.objects.create(
        project=claim.project, claim=claim, reviewer=finch, version=2, rationale="So.",
        rating=given.verdict.rating,
    )  # fmt: skip
    waited = threading.Event()

    def submit() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '300ms'")
            Verdict.objects.filter(pk=draft.pk).update(submitted_at=timezone.now())
        except Exception:  # noqa: BLE001 (whatever it is called, it had to wait)
            waited.set()
        finally:
            connections.close_all()

    with transaction.atomic():
        Evidence.objects.create(
            project=claim.project, verdict=draft, source=given.source, position=0, stance="context"
        )
        thread = threading.Thread(target=submit)
        thread.start()
        thread.join()
    assert waited.is_set()
