"""Counting requests, exactly, for all processes that serve the site."""

import uuid
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from annotations.models import Counter
from annotations.rules.limits import Policy, Spent

KEPT = timedelta(hours=1)

# One statement: whoever counts the same at once waits for no more than it.
COUNT = """
INSERT INTO annotations_counter AS here (who, since, used) VALUES (%(who)s, %(now)s, 1)
ON CONFLICT (who) DO UPDATE SET (since, used) = (
    SELECT CASE WHEN goes_on THEN here.since ELSE excluded.since END,
           CASE WHEN goes_on THEN here.used + 1 ELSE 1 END
      FROM (SELECT here.since > %(last)s AND here.since < %(next)s AS goes_on) window_of_now)
RETURNING since, used
"""


def count(who: str, policy: Policy) -> Spent:
    """Count a request of somebody. Belongs outside of any transaction: what is refused counts."""
    now = timezone.now()
    around = {"last": now - policy.window, "now": now, "next": now + policy.window}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"who": digest_of(who, policy), **around})
        since: datetime
        since, used = cursor.fetchone()
    return Spent(policy, used, since + policy.window, now)


def digest_of(who: str, policy: Policy) -> uuid.UUID:
    """What somebody is called in the table of a policy."""
    return uuid.UUID(bytes=salted_hmac(policy.name, who, algorithm="sha256").digest()[:16])


def forget_counters() -> int:
    """Delete what was counted in windows that are over; returns how many."""
    return Counter.objects.filter(since__lt=timezone.now() - KEPT).delete()[0]
