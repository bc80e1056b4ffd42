"""The one door to the outside network: whom it reaches, and how much it lets come back."""

import ast
import datetime
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from urllib3.util import parse_url

import annotations
from annotations.fetching import (
    Answer,
    Reach,
    Unreachable,
    fetch,
    refuse_another_peer,
    send,
    target_of,
)
from tests.receiver import Receiver, receiving

HERE = Reach(loopback=True)
OUTSIDE = Reach()
QUICK = Reach(loopback=True, seconds=0.3)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """To open a socket fails the test."""

    def opened(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", opened)


def leads_to(monkeypatch: pytest.MonkeyPatch, *machines: str) -> list[str]:
    """Every name leads to these machines; returns the names that are asked about."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        six = socket.AF_INET6, 1, 6, ""
        four = socket.AF_INET, 1, 6, ""
        return [(*(six if ":" in one else four), (one, port)) for one in machines]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_what_is_sent_arrives_and_the_answer_comes_back(receiver: Receiver) -> None:
    receiver.status, receiver.body = 201, b"made"
    receiver.headers = {"X-Seen": "yes"}
    answer = send("POST", receiver.address, headers={"A": "b"}, body=b"{}", reach=HERE)
    assert (answer.status, answer.body, answer.is_whole) == (201, b"made", True)
    assert answer.headers["x-seen"] == "yes"
    (got,) = receiver.got
    assert (got.method, got.path, got.body) == ("POST", "/hook", b"{}")
    assert (got.headers["a"], got.headers["user-agent"]) == ("b", "Factcheck")


@pytest.mark.usefixtures("no_socket")
@pytest.mark.parametrize(
    "address",
    [
        "https://2130706433/", "https://0177.0.0.1/", "https://127.1/", "https://127.0.0.1/",
        "https://①②⑦.⓪.⓪.①/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://0x7f000001/", "https://localhost/", "https://169.254.169.254/latest/",
        "http://good.example\\@evil.example/", "https://user@good.example/",
        "https://good.example#@evil.example\\/", "https://good.example /", "https:///etc/passwd",
        "file:///etc/passwd", "gopher://good.example/", "ftp://good.example/",
        "https://good.example:5432/", "https://good.example:25/", "https://good.example:8080/",
        "https://good.example:99999/", "https://[fe80::1%25eth0]/", "https://good.example:0/",
    ],
)  # fmt: skip
def test_a4_a7_a8_such_an_address_opens_no_connection(address: str) -> None:
    with pytest.raises(Unreachable):
        send("GET", address, reach=OUTSIDE)


@pytest.mark.usefixtures("no_socket")
@pytest.mark.parametrize(
    "machine",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200",  # noqa: S104
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1",
        "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "192.88.99.1", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:100.64.0.1",
        "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::",
        "2001::1", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
        "100::1", "5f00::1", "3fff::1", "4000::1",
    ],
)  # fmt: skip
def test_a4_a_name_that_leads_to_such_a_machine_opens_no_connection(
    machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, machine)
    with pytest.raises(Unreachable, match="no machine of the public internet"):
        send("GET", "https://site.example/", reach=OUTSIDE)


@pytest.mark.usefixtures("no_socket")
def test_a4_one_such_machine_among_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(Unreachable, match="no machine of the public internet"):
        send("GET", "https://site.example/", reach=OUTSIDE)


@pytest.mark.parametrize("machine", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111"])
def test_a_public_machine_is_called(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    leads_to(monkeypatch, machine)
    monkeypatch.setattr(socket.socket, "connect", lambda _, place: called.append(place[0]))
    monkeypatch.setattr(socket.socket, "getpeername", lambda _: ("127.0.0.1", 443))
    with pytest.raises(Unreachable, match="Another machine answered"):
        send("GET", "https://site.example/", reach=OUTSIDE)
    assert called == [machine]


def test_a6_the_address_that_was_looked_at_is_the_one_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = leads_to(monkeypatch, "127.0.0.1")
    port = int(receiver.address.rsplit(":")[2].split("/")[0])
    monkeypatch.setattr("annotations.rules.networks.PORTS", {port})
    assert send("GET", f"http://site.example:{port}/", reach=HERE).status == 204
    assert asked == ["site.example"]  # once: nothing resolves it again
    assert receiver.got[0].headers["host"] == f"site.example:{port}"


def test_where_one_address_of_a_name_is_dead_the_next_is_tried(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, "::1", "127.0.0.1")
    port = int(receiver.address.rsplit(":")[2].split("/")[0])
    monkeypatch.setattr("annotations.rules.networks.PORTS", {port})
    assert send("GET", f"http://site.example:{port}/", reach=HERE).status == 204


def test_a6_another_peer_is_refused(receiver: Receiver) -> None:
    port = int(receiver.address.rsplit(":")[2].split("/")[0])
    with (
        socket.create_connection(("127.0.0.1", port)) as made,
        pytest.raises(Unreachable, match="Another machine"),
    ):
        refuse_another_peer(made, "93.184.215.14")


def test_a7_what_two_parsers_read_in_two_ways_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = parse_url("https://evil.example/")
    monkeypatch.setattr("annotations.fetching.parse_url", lambda _: evil)
    with pytest.raises(Unreachable, match="two ways"):
        target_of("https://good.example/", OUTSIDE)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a5_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.headers = status, {"Location": receiver.address + "/further"}
    answer = send("POST", receiver.address, body=b"{}", reach=HERE)
    assert answer.status == status
    assert [one.path for one in receiver.got] == ["/hook"]


def leading(*places: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers the first request with a redirect to the first place, and so on; then with a page."""
    left = list(places)

    def script(handler: BaseHTTPRequestHandler) -> None:
        there = left.pop(0) if left else ""
        head = f"302 Found\r\nLocation: {there}" if there else "200 OK"
        body = "" if there else "a page"
        handler.wfile.write(
            f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )

    return script


def test_what_leads_on_is_read_where_it_stands(receiver: Receiver) -> None:
    receiver.script = leading("/second", "third?a=b", receiver.address + "/fourth")
    where, answer = fetch(receiver.address, reach=HERE)
    assert where == receiver.address + "/fourth"
    assert (answer.status, answer.body) == (200, b"a page")
    assert [one.path for one in receiver.got] == ["/hook", "/second", "/third?a=b", "/hook/fourth"]


def test_a5_a_fourth_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.script = leading("/2", "/3", "/4", "/5")
    with pytest.raises(Unreachable, match="more than 3 times"):
        fetch(receiver.address, reach=HERE)
    assert len(receiver.got) == 4


@pytest.mark.parametrize(
    "inside",
    [
        "https://127.0.0.1/", "http://[::1]/", "//169.254.169.254/latest/", "file:///etc/passwd",
        "gopher://127.0.0.1:25/", "http://site.example:5432/", "http://2130706433/", "https://[/",
        "http://good.example\\@127.0.0.1/", "http://private.example/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_a5_the_third_redirect_is_looked_at_like_the_first_address(
    inside: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(receiver.address.rsplit(":")[2].split("/")[0])
    real = socket.socket.connect

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        machine = "10.0.0.1" if host == "private.example" else "93.184.215.14"
        return [(socket.AF_INET, 1, 6, "", (machine, port))]

    def connect(self: socket.socket, place: tuple[str, int]) -> None:
        assert place == ("93.184.215.14", 80)
        real(self, ("127.0.0.1", port))  # the receiver plays the machine of the public internet

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr("annotations.fetching.refuse_another_peer", lambda *_: None)
    receiver.script = leading("/2", "//site.example/3", inside)
    with pytest.raises(Unreachable):
        fetch("http://site.example/", reach=OUTSIDE)
    assert [one.path for one in receiver.got] == ["/", "/2", "/3"]


def test_a5_what_was_encrypted_is_not_read_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = Answer(302, {"location": "http://site.example/"}, b"", True)
    monkeypatch.setattr("annotations.fetching.send", lambda *_, **__: moved)
    with pytest.raises(Unreachable, match="not encrypted"):
        fetch("https://site.example/", reach=OUTSIDE)


def test_a11_all_redirects_together_have_the_time_of_one(receiver: Receiver) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.15)
        leading("/again")(handler)

    receiver.script = slow
    with pytest.raises(Unreachable, match="No answer within"):
        fetch(receiver.address, reach=QUICK)
    assert len(receiver.got) < 4


def test_a11_what_is_fetched_is_cut_where_it_unpacks_to_too_much(receiver: Receiver) -> None:
    receiver.status, receiver.body = 200, gzip.compress(bytes(20_000_000))
    receiver.headers = {"Content-Encoding": "gzip"}
    _, answer = fetch(receiver.address, reach=HERE)
    assert (len(answer.body), answer.is_whole) == (10_000_000, False)


def test_no_proxy_of_the_environment_is_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert send("GET", receiver.address, reach=HERE).status == 204


def test_a11_what_unpacks_to_too_much_is_cut(receiver: Receiver) -> None:
    receiver.status, receiver.body = 200, gzip.compress(bytes(40_000_000))
    receiver.headers = {"Content-Encoding": "gzip"}
    answer = send("GET", receiver.address, reach=HERE)
    assert len(receiver.body) < 100_000
    assert (len(answer.body), answer.is_whole) == (10_000_000, False)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Chunk after chunk, for as long as anybody takes them."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"10000\r\n" + bytes(2**16) + b"\r\n")


def stuck_in_its_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    handler.rfile.read()  # until the other side has had enough


def stuck_in_its_body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\nbegun")
    handler.rfile.read()


def trickling(handler: BaseHTTPRequestHandler) -> None:
    """Each byte comes in time; all of them never do."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    handler.connection.settimeout(0.02)
    while True:
        handler.wfile.write(b".")
        try:
            if not handler.connection.recv(1):
                return
        except TimeoutError:
            continue


def test_a11_what_never_ends_is_cut(receiver: Receiver) -> None:
    receiver.script = endless
    answer = send("GET", receiver.address, reach=Reach(loopback=True, most=1_000_000))
    assert (len(answer.body), answer.is_whole) == (1_000_000, False)


def test_a11_headers_that_never_end_are_no_answer(receiver: Receiver) -> None:
    receiver.script = stuck_in_its_headers
    with pytest.raises(Unreachable, match="No answer within 0.3 seconds"):
        send("GET", receiver.address, reach=QUICK)


def test_a11_a_body_that_stops_is_what_has_come_of_it(receiver: Receiver) -> None:
    receiver.script = stuck_in_its_body
    answer = send("GET", receiver.address, reach=QUICK)
    assert (answer.status, answer.body, answer.is_whole) == (200, b"begun", False)


def test_a11_a_byte_now_and_then_is_cut_by_the_clock(receiver: Receiver) -> None:
    receiver.script = trickling
    answer = send("GET", receiver.address, reach=QUICK)
    assert answer.body.strip(b".") == b""
    assert not answer.is_whole


def test_a11_a_resolver_that_says_nothing_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: free.wait() and [])
    with pytest.raises(Unreachable, match="No answer within"):
        send("GET", "https://site.example/", reach=Reach(seconds=0.05))
    free.set()


def test_a_receiver_that_is_not_there_is_told_in_a_sentence() -> None:
    with receiving() as gone:
        pass
    with pytest.raises(Unreachable, match="Nothing listens there"):
        send("GET", gone.address, reach=HERE)


def test_a_name_that_does_not_exist_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="no such host name"):
        send("GET", "https://site.example/", reach=OUTSIDE)


def another_protocol(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")


def test_what_is_no_http_is_told_in_a_sentence(receiver: Receiver) -> None:
    receiver.script = another_protocol
    with pytest.raises(Unreachable, match="broke off"):
        send("GET", receiver.address, reach=HERE)


def certified(folder: Path, name: str) -> ssl.SSLContext:
    """A server's context with a certificate of its own for a name, kept as `cert.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day)
        .not_valid_after(day.replace(year=2120))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize(
    ("name", "is_trusted", "why"),
    [
        ("site.example", True, ""),
        ("site.example", False, "not to be trusted: self.signed"),
        ("other.example", True, "not to be trusted: Hostname mismatch"),
    ],
)
def test_a_certificate_is_verified_against_the_name(
    name: str, is_trusted: bool, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, "127.0.0.1")
    with receiving(certified(tmp_path, name)) as receiver:
        port = int(receiver.address.rsplit(":")[2].split("/")[0])
        monkeypatch.setattr("annotations.rules.networks.PORTS", {port})
        trust = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        reach = Reach(loopback=True, trust=trust if is_trusted else None)
        address = f"https://site.example:{port}/"
        if why:
            with pytest.raises(Unreachable, match=why):
                send("POST", address, body=b"{}", reach=reach)
            assert receiver.got == []
        else:
            assert send("POST", address, body=b"{}", reach=reach).status == 204


# What opens a connection, or may fetch by itself.
DOORS = {
    "socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp",
    "ftplib", "smtplib", "poplib", "imaplib", "telnetlib", "xmlrpc", "asyncio", "socketserver",
}  # fmt: skip
FETCHERS = {"fetch_url", "fetch_response", "urlopen", "urlretrieve", "feedparser"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_a10_nothing_else_in_the_app_opens_a_connection() -> None:
    app = Path(annotations.__path__[0])
    for source in app.rglob("*.py"):
        if source == app / "fetching.py":
            continue
        for name in imported(ast.parse(source.read_text("utf-8"))):
            opens = any(name == door or name.startswith(f"{door}.") for door in DOORS)
            assert not opens, f"{source}: {name}"
            assert name.rpartition(".")[2] not in FETCHERS, f"{source}: {name}"
