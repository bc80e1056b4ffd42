"""A page of another site, in a real browser, works with the annotations of this one."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from annotations.actions.articles import import_article
from annotations.actions.projects import create_project
from annotations.actions.tokens import make_token
from annotations.models import Claim
from tests.conftest import TEXT, person

CLIENT = """
async ({container, token, article}) => {
    const ask = (method, address, body, headers = {}) => fetch(address, {
        method,
        headers: {
            Authorization: `Bearer ${token}`, "Content-Type": "application/ld+json", ...headers,
        },
        body: body && JSON.stringify(body),
    });
    const made = await ask("POST", container, {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        type: "Annotation",
        target: {
            source: article,
            selector: {type: "TextQuoteSelector", exact: "Café prices doubled 🇺🇦🇵🇱"},
        },
    }, {Slug: "prices"});
    const address = made.headers.get("Location");
    const read = await ask("GET", address);
    const annotation = await read.json();
    const statement = annotation.body.find((one) => one.purpose === "describing");
    statement.value = "Coffee costs twice as much.";
    const tag = {"If-Match": read.headers.get("ETag")};
    const changed = await ask("PUT", address, annotation, tag);
    const known = await ask("GET", address, undefined, {
        "If-None-Match": changed.headers.get("ETag"),
    });
    const late = await ask("DELETE", address, undefined, tag);
    const held = await (await ask("GET", container, undefined, {
        Prefer: 'return=representation;include="http://www.w3.org/ns/oa#PreferContainedIRIs"',
    })).json();
    const now = {"If-Match": changed.headers.get("ETag")};
    const gone = await ask("DELETE", address, undefined, now);
    const answers = [made, read, changed, known, late, gone];
    return {
        statuses: answers.map((one) => one.status),
        links: made.headers.get("Link"),
        allow: read.headers.get("Allow"),
        items: held.first.items,
        address,
    };
}
"""


class Elsewhere(BaseHTTPRequestHandler):
    """A site of its own, with one empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Notes</title>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.django_db(transaction=True)
def test_a_client_of_another_origin_creates_reads_changes_and_deletes(
    page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    birch = person("birch", "Birch")
    project = create_project(actor=birch, slug="council", name="Council budget")
    import_article(project.pk, actor=birch, text=TEXT, slug="council-spends-more")
    elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
    container = f"{live_server.url}/annotations/council/"
    try:
        page.goto(f"http://127.0.0.1:{elsewhere.server_port}/")
        told = page.evaluate(CLIENT, {
            "container": container,
            "token": make_token(birch, "test", actor=birch)[1],
            "article": f"{live_server.url}/articles/council-spends-more/",
        })  # fmt: skip
    finally:
        elsewhere.shutdown()
        elsewhere.server_close()
    assert told["statuses"] == [201, 200, 200, 304, 412, 204]
    assert told["address"] == f"{container}prices"
    assert told["items"] == [told["address"]]
    assert "ldp#BasicContainer" in told["links"]
    assert "PUT" in told["allow"]
    assert not Claim.objects.exists()
    assert all("favicon" in one or "412" in one for one in complaints), complaints
    complaints.clear()  # the browser tells of the refusal that was meant
