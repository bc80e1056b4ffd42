"""Moderation in Django's admin, on a site of its own. Each module registers its models."""

from annotations.admin import (
    articles,
    claims,
    holds,
    imports,
    log,
    people,
    projects,
    ratings,
    sources,
    tokens,
)
from annotations.admin.site import desk

__all__ = [
    "articles",
    "claims",
    "desk",
    "holds",
    "imports",
    "log",
    "people",
    "projects",
    "ratings",
    "sources",
    "tokens",
]
