"""The only door to the outside network.

Everything that the product asks of another machine goes through `send`. It resolves the name
itself, refuses where any address that the name has is not one of the public internet, connects to
the very address that was looked at, and verifies the certificate against the name. No redirect is
followed and no proxy is asked. Whatever comes back is read up to a size, counted after it was
unpacked, and up to a moment, counted from the first step to the last.

`fetch` is for what is read by its address, and follows redirects: each leads to another `send`.
"""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http.client import HTTPException
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.response import BaseHTTPResponse
from urllib3.util import parse_url

from annotations.rules.networks import is_loopback, is_public, sendable_address
from annotations.rules.refusals import Malformed

USER_AGENT = "Factcheck"
A_PIECE = 2**16
MOST_TRIED = 3  # addresses of one name
MOST_HOPS = 3  # redirects after one another
LEADS_ON = {301, 302, 303, 307, 308}
ANY_PACKING = {"Accept-Encoding": "gzip"}


class Unreachable(Exception):
    """Nothing was answered; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a request goes: whether to this machine too, for how long, for how many bytes, and
    whose certificates it trusts (the system's, if nothing is given).
    """

    loopback: bool = False
    seconds: float = 15.0
    most: int = 10_000_000
    trust: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `headers` have their names in lower case; `body` is unpacked, and only
    begun where not `is_whole`: it was too long, too slow, or broke off.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Target:
    """An address in the parts that a request is made of."""

    scheme: str
    host: str
    port: int
    path: str


def send(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    reach: Reach,
) -> Answer:
    """Send one request and read its answer; `Unreachable` where none came."""
    target = target_of(address, reach)
    with Watch(reach.seconds) as watch:
        connection = _connection(target, watch, reach)
        try:
            connection.request(
                method,
                target.path,
                body=body,
                headers={"User-Agent": USER_AGENT, **(headers or {})},
                preload_content=False,
            )
            response = connection.getresponse()
            if watch.is_over:  # the headers were cut off, which looks like their end
                raise TimeoutError
            return _read(response, watch, reach.most)
        except (HTTPError, HTTPException, OSError) as error:
            raise Unreachable(_why(error, watch, reach)) from error
        finally:
            connection.close()


def fetch(address: str, *, reach: Reach) -> tuple[str, Answer]:
    """Read what stands at an address: where it stood in the end, and the answer.

    Redirects are followed, at most `MOST_HOPS`, each looked at like the first address; the time is
    for all of them together, and what was asked for encrypted is not read in the clear.
    """
    ends = time.monotonic() + reach.seconds
    for _ in range(1 + MOST_HOPS):
        left = max(0.1, round(ends - time.monotonic(), 1))
        answer = send("GET", address, headers=ANY_PACKING, reach=replace(reach, seconds=left))
        further = answer.headers.get("location")
        if answer.status not in LEADS_ON or further is None:
            return address, answer
        address = _led_on(address, further)
    raise Unreachable(f"It leads on more than {MOST_HOPS} times.")


def _led_on(address: str, further: str) -> str:
    """Where a redirect leads; what is wrong with that address, `send` says."""
    try:
        there = urljoin(address, further)
    except ValueError as error:
        raise Unreachable("It leads on to what is no address.") from error
    if address.startswith("https:") and not there.startswith("https:"):
        raise Unreachable("It leads on from https to an address that is not encrypted.")
    return there


def target_of(address: str, reach: Reach) -> Target:
    """The parts of an address, if two parsers see the same ones and it may be sent to."""
    try:
        kept = sendable_address(address, loopback=reach.loopback)
        ours, theirs = urlsplit(kept), parse_url(kept)
    except (Malformed, LocationParseError) as error:
        raise Unreachable(str(error)) from error
    path = f"{ours.path}?{ours.query}" if ours.query else ours.path
    host = (theirs.host or "").strip("[]")
    if (ours.scheme, ours.hostname, ours.port, path) != (
        theirs.scheme,
        host,
        theirs.port,
        theirs.request_uri,
    ):
        raise Unreachable("This address can be read in two ways. Write it in another.")
    default = 443 if ours.scheme == "https" else 80
    return Target(ours.scheme, host, ours.port or default, path)


class Watch:
    """Ends a connection when its time is over, whatever still trickles in.

    It holds the socket by a descriptor of its own: TLS takes the first one over.
    """

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.is_over = False
        self.held: socket.socket | None = None
        self.timer = threading.Timer(seconds, self.end)
        self.timer.daemon = True

    def __enter__(self) -> "Watch":
        self.timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.timer.cancel()
        if self.held:
            self.held.close()

    def left(self) -> float:
        """The seconds that are left; none is over, since a socket takes 0 for another thing."""
        return max(0.001, self.ends - time.monotonic())

    def hold(self, connected: socket.socket) -> None:
        self.held = connected.dup()
        connected.settimeout(self.left())
        if self.is_over:
            self.end()

    def end(self) -> None:
        self.is_over = True
        if self.held:
            with suppress(OSError):  # closed by the other side, or by us, a moment ago
                self.held.shutdown(socket.SHUT_RDWR)


class Guarded(HTTPConnection):
    """A connection to an address that was looked at."""

    def __init__(self, *args: Any, watch: Watch, reach: Reach, **more: Any) -> None:
        super().__init__(*args, **more)
        self.watch, self.reach = watch, reach

    def _new_conn(self) -> socket.socket:
        return connected(self.host, self.port, self.watch, self.reach)


class GuardedTLS(Guarded, HTTPSConnection):
    """The same below TLS: `_new_conn` is where urllib3 gets its socket from."""


def _connection(target: Target, watch: Watch, reach: Reach) -> Guarded:
    if target.scheme == "http":
        return Guarded(target.host, target.port, watch=watch, reach=reach)
    trust = reach.trust or ssl.create_default_context()
    return GuardedTLS(target.host, target.port, watch=watch, reach=reach, ssl_context=trust)


def connected(host: str, port: int, watch: Watch, reach: Reach) -> socket.socket:
    """A socket to one of the addresses of a name, all of which have been looked at."""
    places = _resolved(host, port, watch)
    for machine in {str(place[0]) for _, place in places}:
        if not (is_public(machine) or (reach.loopback and is_loopback(machine))):
            raise Unreachable("This name leads to no machine of the public internet.")
    trouble: OSError = ConnectionError()
    tried = places[:MOST_TRIED]
    for n, (family, place) in enumerate(tried):
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(watch.left() / (len(tried) - n))  # one that is dead leaves some time
            made.connect(place)
            refuse_another_peer(made, str(place[0]))
            watch.hold(made)
        except BaseException as error:
            made.close()
            if not isinstance(error, OSError):
                raise
            trouble = error
        else:
            return made
    raise trouble


def refuse_another_peer(made: socket.socket, machine: str) -> None:
    """Whoever is at the other end has to be who was looked at."""
    if made.getpeername()[0] != machine:
        raise Unreachable("Another machine answered than was called.")


Place = tuple[socket.AddressFamily, Any]


def _resolved(host: str, port: int, watch: Watch) -> list[Place]:
    """The addresses of a name. The system's resolver knows no end, so it is not waited for."""
    found: SimpleQueue[list[Place] | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put([(row[0], row[4]) for row in rows])
        except OSError as error:
            found.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        places = found.get(timeout=watch.left())
    except Empty:
        raise TimeoutError from None
    if isinstance(places, OSError):
        raise places
    return places


def _read(response: BaseHTTPResponse, watch: Watch, most: int) -> Answer:
    body, is_whole = bytearray(), True
    try:
        for piece in response.stream(A_PIECE):
            body += piece
            if len(body) > most:
                is_whole = False
                break
    except (HTTPError, HTTPException, OSError):
        is_whole = False
    headers = {name.lower(): value for name, value in response.headers.items()}
    # The end of what was cut off looks like the end of an answer.
    return Answer(response.status, headers, bytes(body[:most]), is_whole and not watch.is_over)


def _why(error: Exception, watch: Watch, reach: Reach) -> str:
    if watch.is_over or isinstance(error, TimeoutError):
        return f"No answer within {reach.seconds:g} seconds."
    if isinstance(error, socket.gaierror):
        return "There is no such host name."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not to be trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return "It speaks no TLS that we trust."
    if isinstance(error, ConnectionRefusedError):
        return "Nothing listens there: the connection was refused."
    return "The connection broke off before there was an answer."
