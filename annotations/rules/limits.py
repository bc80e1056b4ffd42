"""How often one may ask the API: by the minute, and by whom it is counted.

What an answer says of it is `RateLimit-Policy` and `RateLimit`, structured fields as in
draft-ietf-httpapi-ratelimit-headers.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from annotations.rules.refusals import Refusal

WINDOW = timedelta(minutes=1)
SUBNET = 64  # bits of an IPv6 address that are one customer's, who varies the rest


@dataclass(frozen=True, slots=True)
class Policy:
    """So many requests in a window, which begins with the first of them."""

    name: str
    quota: int
    window: timedelta = WINDOW


@dataclass(frozen=True, slots=True)
class Spent:
    """What somebody has had of a policy: this request is the `used`th since the window began."""

    policy: Policy
    used: int
    ends_at: datetime
    now: datetime

    @property
    def is_over(self) -> bool:
        return self.used > self.policy.quota

    @property
    def wait(self) -> int:
        """Whole seconds until the next window, one at least."""
        return max(1, math.ceil((self.ends_at - self.now).total_seconds()))

    def headers(self) -> Iterator[tuple[str, str]]:
        """What the answer says, also of how long to wait where there is nothing left."""
        policy, left = self.policy, max(0, self.policy.quota - self.used)
        seconds = int(policy.window.total_seconds())
        yield "RateLimit-Policy", f'"{policy.name}";q={policy.quota};w={seconds}'
        yield "RateLimit", f'"{policy.name}";r={left};t={self.wait}'
        if self.is_over:
            yield "Retry-After", str(self.wait)


class TooMany(Refusal):
    """More requests than there may be in a window."""

    status = 429
    title = "Too many requests"

    def __init__(self, spent: Spent):
        quota, seconds = spent.policy.quota, int(spent.policy.window.total_seconds())
        super().__init__(
            f"These were more than {quota:,} requests in {seconds} seconds. "
            f"Wait {spent.wait} seconds and send it again."
        )


def client_address(remote: str, forwarded: str = "") -> str:
    """The address that a request is counted by.

    `forwarded` is the X-Forwarded-For of a proxy that is trusted, empty where none is: only its
    last address is that proxy's own word, those before it are whatever the client has sent.
    """
    last = forwarded.rpartition(",")[2].strip()
    return counted_as(without_port(last)) or counted_as(remote) or remote


def counted_as(address: str) -> str:
    """An address of the internet as it is counted; empty if it is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    rest = 128 - SUBNET
    return f"{IPv6Address(int(found) >> rest << rest)}/{SUBNET}"


def without_port(address: str) -> str:
    """`192.0.2.1:4711` and `[2001:db8::1]:4711` as some proxies write them, without the port."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
