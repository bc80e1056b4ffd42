"""Addresses of this site that formats write, and the ids in them when they come back."""

import re

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
CLAIM = re.compile(rf"https?://[^/?#]+/claims/({UUID})/?\Z")
ARTICLE = re.compile(r"https?://[^/?#]+/articles/([\w-]+)/?\Z")


def claim(site: str, claim_id: str) -> str:
    return f"{site}/claims/{claim_id}/"


def article(site: str, slug: str) -> str:
    return f"{site}/articles/{slug}/"


def revision(site: str, revision_id: str) -> str:
    return f"{site}/api/v1/revisions/{revision_id}/"


def annotations(site: str, project: str = "") -> str:
    """Where a project's annotations are, or those of all; the address ends in a slash."""
    return f"{site}/annotations/{project}/" if project else f"{site}/annotations/"


def claim_in(address: str) -> str:
    """The claim's id in the address of its page, here or on another site; empty if it is none."""
    found = CLAIM.match(address)
    return found[1] if found else ""


def article_in(address: str) -> str:
    """The article's slug in the address of its page, as `claim_in`."""
    found = ARTICLE.match(address)
    return found[1] if found else ""


def is_article(address: str) -> bool:
    return ARTICLE.match(address) is not None
