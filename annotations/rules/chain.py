"""The chain of the log: what is hashed, and what a chain that does not hold tells.

A link's hash is the SHA-256 of the canonical JSON (RFC 8785) of its event, its place in its chain
and the hash of the link before it. The database makes the links as it commits (`link_events` in
the migrations); here they are made again from the rows, by other code, and compared.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

SITE = uuid.UUID(int=0)  # the chain of what belongs to no project
GENESIS = "0" * 64  # what the first link of a chain follows


class Logged(NamedTuple):
    """An event as the database spells it; `before` and `after` are canonical JSON."""

    id: str
    action: str
    actor: str | None
    after: str | None
    at: str
    before: str | None
    chain: str
    claim: str | None
    kind: str
    object: str
    private: str | None


class Linked(NamedTuple):
    """A link; `parts` has the first 8 digits of the hash of each part of its event."""

    event: str
    chain: str
    sequence: int
    previous: str
    hash: str
    parts: str


class Head(NamedTuple):
    """The last link of a chain at a time, as it was published."""

    chain: str
    sequence: int
    hash: str
    at: str


class Tampering(StrEnum):
    PAYLOAD = "payload"
    TIMESTAMP = "timestamp"
    ACTOR = "actor"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    FORK = "fork"
    GENESIS = "genesis"
    TAIL = "tail cut off"
    BACKUP = "old backup"
    TRIGGER = "trigger"
    ROW = "row without its event"


class Finding(NamedTuple):
    """One thing that is wrong: its kind, where, and the sentence that says it."""

    kind: Tampering
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"[{self.kind}] {self.place}: {self.sentence}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _quoted(word: str | None) -> str:
    return "null" if word is None else f'"{word}"'


def parts_of(event: Logged) -> dict[str, str]:
    """What an event tells, by the names it has in the chain, each as canonical JSON.

    The words are ids, slugs and times, in which nothing has to be escaped.
    """
    return {
        "action": _quoted(event.action),
        "actor": _quoted(event.actor),
        "after": "null" if event.after is None else event.after,
        "at": _quoted(event.at),
        "before": "null" if event.before is None else event.before,
        "chain": _quoted(event.chain),
        "claim": _quoted(event.claim),
        "object": f'{{"id":"{event.object}","kind":"{event.kind}"}}',
        "private": "null" if event.private is None else f'"{digest(event.private)}"',
    }


def payload(event: Logged, sequence: int, previous: str) -> str:
    """What is hashed: the canonical JSON of an event in its place."""
    told = parts_of(event)
    return (
        f'{{"action":{told["action"]},"actor":{told["actor"]},"after":{told["after"]},'
        f'"at":{told["at"]},"before":{told["before"]},"chain":{told["chain"]},'
        f'"claim":{told["claim"]},"object":{told["object"]},"previous":"{previous}",'
        f'"private":{told["private"]},"sequence":{sequence}}}'
    )


def short_parts(event: Logged) -> list[str]:
    return [digest(part)[:8] for part in parts_of(event).values()]


# How a part of an event is called in a finding, in the order of the parts.
CALLED = {
    "action": (Tampering.PAYLOAD, "what was done"),
    "actor": (Tampering.ACTOR, "the actor"),
    "after": (Tampering.PAYLOAD, "what it tells of after"),
    "at": (Tampering.TIMESTAMP, "the time"),
    "before": (Tampering.PAYLOAD, "what it tells of before"),
    "chain": (Tampering.REORDERED, "the project"),
    "claim": (Tampering.PAYLOAD, "the claim"),
    "object": (Tampering.PAYLOAD, "the object"),
    "private": (Tampering.PAYLOAD, "the sealed part"),
}


@dataclass
class Verifier:
    """Walks chains in their order, and tells what does not hold.

    Memory is that of the findings, whatever the length of the log.
    """

    heads: Iterable[Head] = ()
    own_heads: frozenset[tuple[str, int, str]] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    links: int = 0
    chains: int = 0

    def __post_init__(self) -> None:
        self._heads: dict[tuple[str, int], list[Head]] = {}
        for head in self.heads:
            self._heads.setdefault((head.chain, head.sequence), []).append(head)
        self._wrong: list[tuple[Linked, Logged]] = []
        self._chain, self._next, self._previous = "", 1, ""

    def findings(self, rows: Iterable[tuple[Linked | None, Logged | None]]) -> Iterator[Finding]:
        """What is wrong with `rows`: each link with its event, by chain and sequence.

        A link whose event is gone comes with None, and so does an event without a link.
        """
        for link, event in rows:
            if link is None:
                if event is not None:
                    yield self._unlinked(event)
                continue
            self.links += 1
            if link.chain != self._chain:
                self.chains += 1
                self._chain, self._next, self._previous = link.chain, 1, GENESIS
            yield from self._in_place(link)
            yield from self._holds(link, event)
            yield from self._as_published(link)
        yield from self._changed()
        yield from self._missing_heads()

    def _place(self, chain: str, sequence: int, event: str = "") -> str:
        name = self.names.get(chain, chain)
        return f"{name}, link {sequence}" + (f" (event {event})" if event else "")

    def _in_place(self, link: Linked) -> Iterator[Finding]:
        place = self._place(link.chain, link.sequence, link.event)
        if link.sequence < self._next:
            yield Finding(Tampering.FORK, place, "there is another link of this number")
        elif link.sequence > self._next:
            last = link.sequence - 1
            gone = f"link {last} is" if last == self._next else f"links {self._next} to {last} are"
            yield Finding(Tampering.DELETED, place, f"{gone} gone before it")
            self._previous = ""
        elif link.sequence == 1 and link.previous != GENESIS:
            yield Finding(Tampering.GENESIS, place, "the chain does not begin where chains do")
            self._previous = ""

    def _holds(self, link: Linked, event: Logged | None) -> Iterator[Finding]:
        follows, self._previous = self._previous, link.hash
        self._next = link.sequence + 1
        place = self._place(link.chain, link.sequence, link.event)
        if event is None:
            yield Finding(Tampering.DELETED, place, "its event is gone")
        elif digest(payload(event, link.sequence, link.previous)) != link.hash or not sound(event):
            self._wrong.append((link, event))
            self._previous = ""  # what the next one should follow is not known
        elif follows and link.previous != follows:
            told = f"it follows another link {link.sequence - 1} than the one that stands here"
            yield Finding(Tampering.FORK, place, told)

    def _as_published(self, link: Linked) -> Iterator[Finding]:
        for head in self._heads.pop((link.chain, link.sequence), ()):
            if head.hash != link.hash:
                yield Finding(
                    Tampering.FORK,
                    self._place(link.chain, link.sequence, link.event),
                    f"at {head.at} another hash was published for it: "
                    "the chain was rewritten from here or from before",
                )

    def _changed(self) -> Iterator[Finding]:
        """Events that are not what their links were made of: exchanged, moved or changed."""
        home = {link.parts: link for link, _ in self._wrong}
        for link, event in self._wrong:
            place = self._place(link.chain, link.sequence, link.event)
            short = short_parts(event)
            was = [link.parts[n : n + 8] for n in range(0, len(link.parts), 8)]
            other = home.get("".join(short))
            if short == was and link.sequence == 1 and link.previous != GENESIS:
                continue  # told as a changed genesis
            if short == was:
                told = "it was made for another place, or was itself rewritten"
                yield Finding(Tampering.REORDERED, place, told)
                continue
            if other is not None:
                there = self._place(other.chain, other.sequence)
                yield Finding(Tampering.REORDERED, place, f"its event is the one of {there}")
                continue
            differ = [
                called
                for called, now, then in zip(CALLED.values(), short, was, strict=False)
                if now != then
            ]
            for kind in dict.fromkeys(kind for kind, _ in differ):
                words = " and ".join(word for one, word in differ if one is kind)
                yield Finding(kind, place, f"{words} was changed after it was written")

    def _unlinked(self, event: Logged) -> Finding:
        name = self.names.get(event.chain, event.chain)
        place = f"{name}, event {event.id}"
        return Finding(Tampering.INSERTED, place, "it has no link: it came past the chain")

    def _missing_heads(self) -> Iterator[Finding]:
        for (chain, sequence), heads in sorted(self._heads.items()):
            for head in heads:
                known = (chain, sequence, head.hash) in self.own_heads
                kind = Tampering.TAIL if known else Tampering.BACKUP
                why = (
                    "the end of the chain was cut off after that"
                    if known
                    else "this database is older than that: a backup was restored, "
                    "or the end was cut off with what was published here"
                )
                told = f"it was published at {head.at} and is not here: {why}"
                yield Finding(kind, self._place(chain, sequence), told)


def sound(event: Logged) -> bool:
    """Whether what stands in the JSON columns is JSON, so that no two events read the same."""
    try:
        for told in (event.before, event.after):
            if told is not None:
                json.loads(told)
    except ValueError:
        return False
    return True
