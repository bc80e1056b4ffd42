"""A receiver of requests on this machine: a real HTTP server in a thread, which answers as told."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """One request as it came in; the names of headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Script = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Receiver:
    """What came in, and what is answered: a status with headers and a body, or a script."""

    address: str
    got: list[Received] = field(default_factory=list)
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    script: Script | None = None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        self.receiver: Receiver = getattr(self.server, "receiver")  # noqa: B009
        super().setup()

    def answer(self) -> None:
        self.close_connection = True
        names = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(names.get("content-length", 0)))
        told = self.receiver
        told.got.append(Received(self.command, self.path, names, body))
        if told.script is not None:
            with suppress(OSError):  # whoever asked may have hung up
                told.script(self)
            return
        self.send_response(told.status)
        for name, value in {"Content-Length": str(len(told.body)), **told.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(told.body)

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing: pytest shows what is asserted."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A handshake that is refused is what some tests are about."""


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver at a free port."""
    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "http" if tls is None else "https"
    receiver = Receiver(f"{scheme}://127.0.0.1:{server.server_port}/hook")
    setattr(server, "receiver", receiver)  # noqa: B010
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
