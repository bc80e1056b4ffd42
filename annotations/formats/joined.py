"""Articles of files that name them again with every mark: those that follow one another are one.

What a file says of an article further on comes as that article once more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from annotations.formats.given import ArticleGiven, ClaimGiven, Found, Refused

MOST = 10_000  # marks that are held at once


def joined(found: Iterable[Found | Refused]) -> Iterator[Found | Refused]:
    """The same with one article, and one claim of each key, for all that follow one another."""
    held: list[Found] = []
    for one in found:
        if isinstance(one, Refused):
            yield one
            continue
        if held and (one.article.key != held[0].article.key or len(held) >= MOST):
            yield _one(held)
            held = []
        held.append(one)
    if held:
        yield _one(held)


def _one(held: list[Found]) -> Found:
    article: ArticleGiven = held[0].article
    claims: dict[str, list[ClaimGiven]] = {}
    for claim in chain.from_iterable(one.article.claims for one in held):
        claims.setdefault(claim.key, []).append(claim)
    return Found(held[0].line, replace(article, claims=tuple(map(_claim, claims.values()))))


def _claim(same: list[ClaimGiven]) -> ClaimGiven:
    """One claim of several marks: as the first has it, with the quotes and verdicts of all."""
    return replace(
        same[0],
        quotes=tuple(dict.fromkeys(chain.from_iterable(one.quotes for one in same))),
        verdicts=tuple(dict.fromkeys(chain.from_iterable(one.verdicts for one in same))),
    )
