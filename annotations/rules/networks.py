"""Where a request of ours may go: which addresses of the web, and which machines behind them.

The list is our own. `ipaddress.is_global` calls several ways to a private machine global
(`::127.0.0.1`, NAT64, 6to4), and has no opinion on a cloud's own addresses.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit, urlunsplit

from annotations.rules.addresses import FORBIDDEN, canonical_address
from annotations.rules.refusals import Malformed

PORTS = {80, 443}
ONLY_PORTS = "Only the ports 80 and 443 are reached. Give the address without a port."
THIS_MACHINE = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}

# IANA's registry of special-purpose addresses, and what is nobody's to receive on.
CLOSED_4 = [
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # the host of a machine at Azure
    )
]  # fmt: skip
# What is routed publicly lies in one block. All ways of writing an IPv4 address as an IPv6 one lie
# outside of it, but for 6to4 and Teredo.
OPEN_6 = ip_network("2000::/3")
CLOSED_6 = [
    ip_network(one)
    for one in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


def is_public(machine: str) -> bool:
    """Whether an address in digits is one of the public internet."""
    try:
        found: IPv4Address | IPv6Address = ip_address(machine)
    except ValueError:  # such as one with a zone
        return False
    if isinstance(found, IPv4Address):
        closed = any(found in block for block in CLOSED_4)
    else:
        closed = found not in OPEN_6 or any(found in block for block in CLOSED_6)
    return not closed and found.is_global


def is_loopback(machine: str) -> bool:
    return machine in {"127.0.0.1", "::1"}


def sendable_address(value: str, field: str = "address", *, loopback: bool = False) -> str:
    """The one spelling of an address that a request may be sent to; refuses any other.

    With `loopback` it may also be one of this machine, at any port: the demo and the tests.
    """
    if loopback and (local := _on_this_machine(value.strip())):
        return local
    kept = canonical_address(value, field)
    if (urlsplit(kept).port or 443) not in PORTS:
        raise Malformed(ONLY_PORTS, field=field)
    return kept


def _on_this_machine(value: str) -> str:
    """The spelling of an address of this machine; empty if it is none."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return ""
    machine = THIS_MACHINE.get(parts.hostname or "")
    if parts.scheme not in ("http", "https") or not machine or "@" in parts.netloc:
        return ""
    if FORBIDDEN.search(value) or not value.isascii():
        return ""
    host = f"[{machine}]" if ":" in machine else machine
    place = f"{host}:{port}" if port else host
    return urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))
