"""Doing once what is sent twice: the answer is kept in the transaction of what was done."""

from django.utils import timezone

from annotations.models import Answer, User
from annotations.rules.refusals import Unprocessable


def begin_answer(user: User, key: str, request: str) -> tuple[Answer, bool]:
    """The answer under this key, and whether it was given before. Expects a transaction.

    Whoever comes second waits here until the first has an answer, or has been refused.
    """
    new = Answer(user=user, key=key, request=request)
    Answer.objects.bulk_create([new], ignore_conflicts=True)
    answer = Answer.objects.get(user=user, key=key)
    if answer.request != request:
        raise Unprocessable(
            "This Idempotency-Key was sent with another request. Make a new key for a new request.",
            field="Idempotency-Key",
        )
    return answer, answer.status != 0


def keep_answer(answer: Answer, *, status: int, etag: str, body: bytes) -> None:
    """Keep what was answered, to be given again."""
    answer.status, answer.etag, answer.body = status, etag, body
    answer.save(update_fields=["status", "etag", "body"])


def forget_answers() -> int:
    """Delete the answers that nobody asks for again; returns their number."""
    return Answer.objects.filter(made_at__lt=timezone.now() - Answer.KEPT).delete()[0]
