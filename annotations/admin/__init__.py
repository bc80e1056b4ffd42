"""Moderation in Django's admin, on a site of its own. Each module registers its models."""

from annotations.admin import articles, claims, log, people, projects, ratings, sources, tokens
from annotations.admin.site import desk

__all__ = [
    "articles",
    "claims",
    "desk",
    "log",
    "people",
    "projects",
    "ratings",
    "sources",
    "tokens",
]
