"""Addresses of sources: what becomes a link, and that each document has one spelling."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.rules.addresses import LONGEST, canonical_address
from annotations.rules.refusals import Malformed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://example.org", "https://example.org/"),
        ("  https://example.org/a \n", "https://example.org/a"),
        ("HTTPS://Example.ORG/Path?Q=1", "https://example.org/Path?Q=1"),
        ("https://example.org:443/", "https://example.org/"),
        ("http://example.org:80/", "http://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://example.org:/", "https://example.org/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#b", "https://example.org/a"),
        ("https://example.org/a#:~:text=b", "https://example.org/a"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org//a/../b", "https://example.org//a/../b"),
        ("https://example.org/a%20b%C3%A9", "https://example.org/a%20b%C3%A9"),
        ("https://example.org/a|b{c}", "https://example.org/a%7Cb%7Bc%7D"),
        ("https://münchen.de/", "https://xn--mnchen-3ya.de/"),
        ("https://MÜNCHEN.de/", "https://xn--mnchen-3ya.de/"),
        ("https://straße.de/", "https://xn--strae-oqa.de/"),
        ("https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/"),
        ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://example.org/Война?q=é", "https://example.org/%D0%92%D0%BE%D0%B9%D0%BD%D0%B0?q=%C3%A9"),
        ("https://example.org/\u202egpj.exe", "https://example.org/%E2%80%AEgpj.exe"),
        ("https://a_b.example.org/", "https://a_b.example.org/"),
        ("www.example.org/a?b", "https://www.example.org/a?b"),
        (" Example.org ", "https://example.org/"),
        ("münchen.de#rathaus", "https://xn--mnchen-3ya.de/"),
    ],
)  # fmt: skip
def test_a_document_has_one_spelling(typed: str, kept: str) -> None:
    assert canonical_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " \tjavascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "gopher://example.org/",
        "ftp://example.org/",
        "mailto:a@example.org",
        "blob:https://example.org/1",
        "view-source:https://example.org/",
        "//example.org/",
        "/path",
        "example",
        "example.org:8080",
        "a@example.org",
        "1.5",
        "https:example.org",
        "https:/example.org",
        "https:///example.org",
        "https://",
        "https://?q",
        "https://user@example.org/",
        "https://user:secret@example.org/",
        "https://@example.org/",
        "http://good\\@evil/",
        "https://example.org\\@evil.org/",
        "https:\\\\example.org/",
        "https://example.org/a b",
        "https://example.org/\x00",
        "https://example.org/\x7f",
        "https://example.org/\x85a",
        "https://example.org/\r\nX: y",
        "https://example.org/\u2028a",
        "https://example.org/\ud800",
        'https://example.org/"onclick=',
        "https://example.org/<script>",
        "https://localhost/",
        "https://localhost.:80/",
        "https://127.0.0.1/",
        "https://10.0.0.10/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://①②⑦.⓪.⓪.①⓪/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::1",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://example.org:８０８０/",
        "https://-example.org/",
        "https://exa mple.org/",
        "https://ex%61mple.org/",
        "https://a..org/",
        "https://.org/",
        f"https://{'a' * 64}.org/",
        f"https://{'a.' * 127}org/",
        "https://ℂ℀.org/",
        "",
        "   ",
        f"https://example.org/{'a' * LONGEST}",
        f"https://example.org/{'é' * 400}",
    ],
)
def test_what_is_no_web_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Malformed) as refused:
        canonical_address(typed, "evidence.0.address")
    assert re.search(r"[A-Z].+\.$", refused.value.problems["evidence.0.address"])


anything = st.text(st.characters(codec="utf-8"), max_size=60)
ends = st.sampled_from([".org", ".de/", ".рф/?"])
near = st.builds("https://{}{}{}".format, anything, ends, anything)


@given(st.one_of(anything, near))
def test_what_is_taken_stays_as_it_is_the_second_time(typed: str) -> None:
    try:
        once = canonical_address(typed)
    except Malformed:
        return
    assert canonical_address(once) == once
    assert re.fullmatch(r"https?://[a-z0-9_.-]+(:\d+)?/[!-~]*", once)
    assert len(once) <= LONGEST
    assert not set(once) & set('\\<>"^`{|}')
