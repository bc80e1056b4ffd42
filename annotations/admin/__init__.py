"""Moderation in Django's admin, on a site of its own. Each module registers its models."""

from annotations.admin import (
    articles,
    claims,
    holds,
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
    "log",
    "people",
    "projects",
    "ratings",
    "sources",
    "tokens",
]
