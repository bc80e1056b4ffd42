"""Addresses of sources: what is a link, and its one spelling.

A scheme other than http and https never becomes a link; where none is typed, it is https. Host
names are written in lower case and IDNA form, what is not ASCII is percent-encoded as browsers do
it, default ports and fragments go: the same document has the same address, and nothing invisible
hides in one. (Tracking parameters and archive wrappers are not folded yet.)
"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from annotations.rules.refusals import Malformed
from annotations.rules.words import refuse_too_long, refuse_unstorable

LONGEST = 2_000
FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"\u2028\u2029]")
# What people type who leave the scheme to the browser: www.example.org/report
BARE = re.compile(r"[^\s:/?#@]+\.[^\s:/?#@]+(?:[/?#]|\Z)")
# The last label is letters: an address in digits names a machine, not a site.
HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+"
    r"(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])\Z"
)
# IDNA 2003, which Python speaks, folds these four away; since IDNA 2008 they are letters of names.
LETTERS_SINCE_2008 = re.compile("[\u00df\u03c2\u200c\u200d]")
KEPT = "!#$%&'()*+,-./:;=?@[]_~"  # besides letters and digits; all else is percent-encoded
DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_address(value: str, field: str = "address") -> str:
    """The one spelling of a web address; refuses what is none, with a sentence at `field`."""
    refuse_unstorable(value, field)
    value = value.strip()
    if not value:
        raise Malformed("The address is missing. Paste the page's address.", field=field)
    refuse_too_long(value, field, LONGEST)
    if BARE.match(value):
        value = "https://" + value
    if found := FORBIDDEN.search(value):
        raise Malformed(
            f"An address cannot hold {found[0]!r}. Copy it again from the page.", field=field
        )
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise Malformed(
            "This is not an address. Copy it again from the page.", field=field
        ) from None
    if parts.scheme not in DEFAULT_PORTS:
        raise Malformed(
            "An address starts with https:// or http://. Copy it from the page.", field=field
        )
    if parts.username is not None or parts.password is not None:
        raise Malformed("The address holds a user name. Give it without one.", field=field)
    host = host_of(parts.hostname or "", field)
    place = host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    path, query = quote(parts.path or "/", safe=KEPT), quote(parts.query, safe=KEPT)
    made = urlunsplit((parts.scheme, place, path, query, ""))
    refuse_too_long(made, field, LONGEST)
    return made


def host_of(name: str, field: str) -> str:
    """The host in lower-case IDNA form; refuses names that no public document can have."""
    try:
        host = ".".join(map(_label, re.split("[.\u3002\uff0e\uff61]", name)))
    except UnicodeError:
        host = ""
    host = host.removesuffix(".").lower()
    if not HOST.fullmatch(host):
        raise Malformed(
            "The address names no public site. Give the page's full address.", field=field
        )
    return host


def _label(name: str) -> str:
    """One label of a host name in ASCII; raises UnicodeError where it can be none."""
    if name.isascii():
        return name
    if LETTERS_SINCE_2008.search(name):
        return "xn--" + name.lower().encode("punycode").decode()
    return name.encode("idna").decode()
