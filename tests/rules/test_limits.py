"""By which address a request is counted, and what an answer says is left."""

from datetime import UTC, datetime, timedelta

import pytest

from annotations.rules.limits import Policy, Spent, client_address

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.9,192.0.2.1:4711", "192.0.2.1"),
        ("10.0.0.1", "[2001:db8:0:7::1]:4711", "2001:db8:0:7::/64"),
        ("10.0.0.1", "2001:DB8:0:7:ffff::9", "2001:db8:0:7::/64"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("10.0.0.1", "198.51.100.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.9,", "10.0.0.1"),
        ("10.0.0.1", "[[", "10.0.0.1"),
        ("", "", ""),
    ],
)
def test_a_request_is_counted_by_the_address_that_the_nearest_trusted_machine_saw(
    remote: str, forwarded: str, counted: str
) -> None:
    assert client_address(remote, forwarded) == counted


def test_the_headers_are_structured_fields() -> None:
    policy = Policy("person", 2)
    spent = Spent(policy, 2, NOW + timedelta(seconds=30.2), NOW)
    assert dict(spent.headers()) == {
        "RateLimit-Policy": '"person";q=2;w=60',
        "RateLimit": '"person";r=0;t=31',
    }
    over = Spent(policy, 3, NOW, NOW)
    assert over.is_over
    assert dict(over.headers())["Retry-After"] == "1"
