"""Signatures of webhooks: ours are those of Standard Webhooks; a receiver finds what is not."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from annotations.rules.signing import Forged, headers, new_secret, read, signature, verify, written

SECRET = read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BODY = '{"type":"ruling.published","data":{"address":"https://check.example/é"}}'.encode()


def sent(*keys: bytes) -> dict[str, str]:
    return headers(keys or [SECRET], "msg_1", NOW, BODY)


def test_the_signature_is_the_one_of_the_specification() -> None:
    made = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_librarys_receiver_takes_it() -> None:
    with time_machine.travel(NOW, tick=False):
        Webhook(written(SECRET)).verify(BODY, sent())
        with pytest.raises(WebhookVerificationError):
            Webhook(written(SECRET)).verify(BODY + b" ", sent())


def test_a_secret_is_of_a_length_that_the_specification_asks_for() -> None:
    assert 24 <= len(new_secret()) <= 64
    assert written(SECRET) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert read(written(SECRET)) == SECRET


def test_what_was_sent_is_taken() -> None:
    verify(SECRET, sent(), BODY, NOW)
    verify(SECRET, sent(), BODY, NOW + timedelta(minutes=5))
    verify(SECRET, sent(), BODY, NOW - timedelta(minutes=5))


def test_of_two_secrets_either_is_enough() -> None:
    old, new = new_secret(), new_secret()
    for one in (old, new):
        verify(one, sent(new, old), BODY, NOW)
    with pytest.raises(Forged):
        verify(old, sent(new), BODY, NOW)


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=6)])
def test_a49_an_old_stamp_or_one_of_the_future_is_refused(late: timedelta) -> None:
    with pytest.raises(Forged, match="too long ago"):
        verify(SECRET, sent(), BODY, NOW + late)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v2," + sent()["webhook-signature"][3:]},
        {"webhook-signature": sent()["webhook-signature"][3:]},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "9" * 30},
    ],
)
def test_a49_a_changed_header_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(Forged):
        verify(SECRET, sent() | changed, BODY, NOW)


def test_a49_a_changed_body_is_refused() -> None:
    with pytest.raises(Forged, match="No signature"):
        verify(SECRET, sent(), BODY.replace(b"published", b"withdrawn"), NOW)


def test_what_has_no_headers_is_refused() -> None:
    with pytest.raises(Forged, match="missing"):
        verify(SECRET, {}, BODY, NOW)
