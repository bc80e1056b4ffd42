"""Carrying marks over to a new text: each gets one of five results, and doubt waits for a person.

The difference of the two texts says where a mark's words are now; they are searched for only where
it says that they changed. A place is sure if the words are the same, half of the neighbourhood (32
code points on each side) is still there, and no other place could be meant; see docs/anchoring.md.
Offsets are code points, `[start, end)`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from annotations.rules.anchors import CONTEXT
from annotations.rules.diffs import CJK, SENTENCES, Change, Run, between, changes, joined, runs
from annotations.rules.graphemes import widened
from annotations.rules.places import (
    CHANCE,
    EDGE,
    FAR,
    LANDMARK,
    WIDE_LANDMARK,
    Landmarks,
    Mapping,
    Reach,
    Texts,
    TooMuch,
    common_prefix,
    common_suffix,
    edges,
)

ALIKE = 0.5  # of two texts, as the share of code points that stay: below, the quote is gone
LEFT_OVER = 0.6  # of a quote out of which words were only taken: below, the quote is gone
LONGEST_COMPARED = 40_000  # code points of a quote and what replaced it
LONGEST_SENTENCE = 2_000
LONGEST_SHOWN = 60
QUOTATION_MARKS = '"“”„«»‹›「」'
LETTER = re.compile(rf"[^\W{CJK}]")
NUMBER_BEFORE = re.compile(r"\d[.,]?$")
NUMBER_AFTER = re.compile(r"[.,]?\d")
FULL_STOP = re.compile(r"[.!?…][\"”’)]*\s|[。！？]|\n\n")
BREAK = re.compile(r"\n")
PIECE = re.compile(r"[^\s](?:[^\n]*[^\s])?")


class Result(StrEnum):
    EXACT = "exact"
    MOVED = "moved"
    REVIEW = "review"
    AMBIGUOUS = "ambiguous"
    ORPHAN = "orphan"

    @property
    def waits(self) -> bool:
        """Whether a person has to decide."""
        return self not in (Result.EXACT, Result.MOVED)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the new text, and its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of one mark.

    `place` is where it stands (exact, moved) or may stand (review). `candidates` are the places of
    an ambiguous one, the likeliest first; `fragments` the pieces of a quote that a break splits.
    """

    result: Result
    reason: str
    place: Place | None = None
    candidates: tuple[Place, ...] = ()
    fragments: tuple[Place, ...] = ()


def carry(old: str, new: str, marks: Iterable[tuple[int, int]]) -> list[Carried]:
    """What becomes of each mark `(start, end)` of the old text in the new one, in their order."""
    carrier = Carrier(old, new)
    return [carrier.carry(start, end) for start, end in marks]


class Carrier:
    """Two texts and their difference, asked mark by mark."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.texts = Texts(old, new, refined(old, new, runs(old, new)))
        self.forth = self.texts.forth

    @cached_property
    def landmarks(self) -> Landmarks:
        return Landmarks(self.old, self.new, LANDMARK)

    @cached_property
    def wide_landmarks(self) -> Landmarks:
        return Landmarks(self.old, self.new, WIDE_LANDMARK)

    @cached_property
    def pasted(self) -> Mapping:
        """What was cut out whole and pasted elsewhere."""
        return Mapping(sorted(self.texts.cut_and_pasted(), key=lambda run: run.old))

    @cached_property
    def elsewhere(self) -> Mapping:
        """What stands elsewhere, whatever stands at its old place now."""
        return Mapping(sorted(self.texts.carried_off(self.landmarks), key=lambda run: run.old))

    def carry(self, start: int, end: int) -> Carried:
        """What becomes of the mark; it waits where telling places apart would take too long."""
        if self.old == self.new:
            return self.carried(Result.EXACT, start, end, "The text is the same.")
        try:
            return self.decided(start, end)
        except TooMuch:
            at = self.forth.image(start, end)
            if at is None:
                return Carried(
                    Result.ORPHAN,
                    "The text changed or repeats itself so much that these words were not "
                    "searched for. Attach the mark by hand.",
                )
            return self.carried(
                Result.REVIEW, at, at + end - start, "These words stand too often to be certain."
            )

    def decided(self, start: int, end: int) -> Carried:
        size = end - start
        at = self.forth.image(start, end)
        if at is None:
            at = self.slid(start, end)
        if at is None:
            return self.searched(start, end)
        if self.torn(start, at) or self.torn(end, at + size):
            reason = "The words stand, and the word that they are part of changed."
            return self.carried(Result.REVIEW, at, at + size, reason)
        if self.is_in_another_sentence(start, end):
            reason = "The words stand, and now in another sentence."
            return self.carried(Result.REVIEW, at, at + size, reason)
        if 2 * self.kept_around(start, end) < self.neighbourhood(start, end):
            return self.uprooted(start, at, size)
        return self.unrivalled(start, at, size) or self.carried(
            Result.EXACT, at, at + size, "The words and their neighbourhood are whole."
        )

    def carried(self, result: Result, start: int, end: int, reason: str) -> Carried:
        return Carried(result, reason, self.place(start, end))

    def place(self, start: int, end: int) -> Place:
        return Place(start, end, self.new[start:end])

    # ---------- where the difference says that the words are whole ----------

    def neighbourhood(self, start: int, end: int) -> int:
        """How many code points stand around a mark, at most 32 on each side."""
        return min(CONTEXT, start) + min(CONTEXT, len(self.old) - end)

    def kept_around(self, start: int, end: int) -> int:
        """How many of them stay."""
        return sum(self.forth.kept(*side) for side in self.sides(start, end))

    def sides(self, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
        return (max(0, start - CONTEXT), start), (end, min(end + CONTEXT, len(self.old)))

    def uprooted(self, start: int, at: int, size: int) -> Carried:
        """The result for whole words in a neighbourhood that is not: did it move, or they?"""
        searched = self.searched(start, start + size)
        if searched.result is Result.MOVED:
            return searched
        there = sum(
            max(self.forth.kept(*side), self.pasted.kept(*side))
            for side in self.sides(start, start + size)
        )
        if 2 * there >= self.neighbourhood(start, start + size):
            reason = "The words are whole, and the text around them stands elsewhere."
            return self.unrivalled(start, at, size) or self.carried(
                Result.MOVED, at, at + size, reason
            )
        reason = "The words stand, and the text around them was rewritten."
        return self.unrivalled(start, at, size) or self.carried(
            Result.REVIEW, at, at + size, reason
        )

    def slid(self, start: int, end: int) -> int | None:
        """The quote's place where an insertion may as well have gone to its other side.

        From `said the council` to `said the mayor and the council`, the difference may put the new
        words before `the` or after it.
        """
        _, _, new_start, new_end = self.around(start, end)
        quote = self.old[start:end]
        places = [at for at in (new_start, new_end - len(quote)) if self.new.startswith(quote, at)]
        return places[0] if len(places) == 1 and places[0] >= 0 else None

    def around(self, start: int, end: int) -> tuple[int, int, int, int]:
        return self.forth.around(start, end, len(self.old), len(self.new))

    def torn(self, old: int, new: int) -> bool:
        """Whether an end of a mark cuts a word in one text only, or a word whose rest changed."""
        cut = cuts_word(self.old, old), cuts_word(self.new, new)
        return cut[0] != cut[1] or (
            cut[0] and self.old[old - 1 : old + 1] != self.new[new - 1 : new + 1]
        )

    def is_in_another_sentence(self, start: int, end: int) -> bool:
        """Whether right beside the words the rest of their sentence gave way to another one."""
        run = self.forth.run(start, end)
        if run is None:
            return False
        before, after = self.forth.neighbours(run, len(self.old), len(self.new))
        first, last = edges(self.old[start:end])
        return (
            start - run.old < CHANCE
            and self.sentence_start(start) < run.old
            and self.gives_way(before, run, first < min(EDGE, end - start))
        ) or (
            run.old_end - end < CHANCE
            and run.old_end < self.sentence_end(end)
            and self.gives_way(run, after, last < min(EDGE, end - start))
        )

    def gives_way(self, before: Run, after: Run, few: bool) -> bool:
        """Whether a sentence ends in what came between two runs.

        Where only a few words of the mark belong to the sentence, more than a sign that went or
        came is enough.
        """
        came = self.new[before.new_end : after.new]
        size = max(len(came), after.old - before.old_end)
        return (few and size >= CHANCE) or FULL_STOP.search(came) is not None

    def unrivalled(self, start: int, at: int, size: int) -> Carried | None:
        """None if no other place could be meant, or else the ambiguous result."""
        end, own = start + size, self.reach(start, start + size, at)
        left, right = self.doubtful(start, end, own)
        there, here = self.texts.rivals(start, at, size, own, left=left, right=right)
        if not there and not here:
            return None
        reason = (
            "The words stand in several places that fit equally well."
            if there
            else "The words stood in several places, and this one may be left of another."
        )
        whole = [one for one in sorted(there) if self.new[one : one + size] == self.old[start:end]]
        places = tuple(self.place(one, one + size) for one in (at, *whole))
        return Carried(Result.AMBIGUOUS, reason, candidates=places)

    def doubtful(self, start: int, end: int, own: Reach) -> tuple[bool, bool]:
        """On which sides the context of a quote may have a twin: on none for nearly every mark."""
        edge = min(end - start, EDGE)
        return (
            own.left < CONTEXT
            or (own.left < FAR and not self.has_landmark(start - own.left, start + edge)),
            own.right < CONTEXT
            or (own.right < FAR and not self.has_landmark(end - edge, end + own.right)),
        )

    def has_landmark(self, start: int, end: int) -> bool:
        return self.landmarks.within(start, end) or self.wide_landmarks.within(start, end)

    def runs_of(self, start: int, end: int, at: int) -> Iterator[Run]:
        """What stays or moved as a whole with the mark, from `start` to `at`."""
        for mapping in (self.forth, self.elsewhere):
            run = mapping.run(start, end)
            if run and run.new - run.old == at - start:
                yield run

    # ---------- where it says that they changed ----------

    def searched(self, start: int, end: int) -> Carried:
        quote = self.old[start:end]
        changed = self.changed(start, end)
        found = self.found(start, end)
        if len(found) == 1 and changed is None:
            at = next(iter(found))
            if self.is_moved(start, end, at, found[at]):
                reason = "The words are whole and stand elsewhere."
                return self.unrivalled(start, at, len(quote)) or self.carried(
                    Result.MOVED, at, at + len(quote), reason
                )
            reason = "The same words stand elsewhere, in other surroundings."
            return self.carried(Result.REVIEW, at, at + len(quote), reason)
        if found:
            likeliest = sorted(found, key=lambda at: -found[at].context)
            places = [self.place(at, at + len(quote)) for at in likeliest]
            if changed and changed.place:
                places.insert(0, changed.place)
                reason = (
                    f"The words changed here and stand elsewhere as they were. {changed.reason}"
                )
            else:
                reason = "The words went from here and stand in several other places."
            return Carried(Result.AMBIGUOUS, reason, candidates=tuple(places))
        return changed or Carried(Result.ORPHAN, "The words are gone from the text.")

    def found(self, start: int, end: int) -> dict[int, Reach]:
        """The places of the same words that are no other passage's and have enough in common."""
        quote, size = self.old[start:end], end - start
        cut, moved = self.pasted.image(start, end), self.elsewhere.image(start, end)
        places = [at for at in (cut, moved) if at is not None]
        if moved is None or any(self.doubtful(start, end, self.reach(start, end, moved))):
            places += self.texts.occurrences(self.new, quote)
        enough = min(CONTEXT, self.neighbourhood(start, end) // 2 + size)
        found: dict[int, Reach] = {}
        for at in places:
            reach = self.reach(start, end, at)
            fits = at == cut or reach.context + size >= enough
            if fits and not self.texts.taken(start, at, size):
                found[at] = reach
        return found

    def reach(self, start: int, end: int, at: int) -> Reach:
        for run in self.runs_of(start, end, at):
            return Reach(
                FAR if run.old == run.new == 0 else start - run.old,
                FAR if run.old_end == len(self.old) and run.new_end == len(self.new)
                else run.old_end - end,
            )  # fmt: skip
        return self.texts.reach(start, at, end - start)

    def is_moved(self, start: int, end: int, at: int, reach: Reach) -> bool:
        """Whether the words were cut here and pasted there, and not written there anew."""
        if self.torn(start, at) or self.torn(end, at + end - start):
            return False
        if at == self.pasted.image(start, end):
            return True
        first, last = start - min(reach.left, start), end + min(reach.right, len(self.old) - end)
        before, after = self.sentence_start(start) - first, last - self.sentence_end(end)
        return (
            2 * self.kept_around(start, end) < self.neighbourhood(start, end) <= 2 * reach.context
            and min(before, after) >= 0
            and max(before, after) >= EDGE
            and not self.is_quoted(at - (start - first), at + (last - start))
        )

    def sentence_start(self, at: int) -> int:
        """Where the sentence around an offset of the old text starts, blanks left out."""
        window = self.old[max(0, at - LONGEST_SENTENCE) : at]
        ends = [match.end() for match in SENTENCES.finditer(window)]
        return at - len(window) + (ends[-1] if ends else 0)

    def sentence_end(self, at: int) -> int:
        match = SENTENCES.search(self.old, max(0, at - 1), at + LONGEST_SENTENCE)
        return match.start() if match else min(len(self.old), at + LONGEST_SENTENCE)

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether a stretch of the new text is set in quotation marks: then it may be cited."""
        return self.new[start - 1 : start] in QUOTATION_MARKS or (
            self.new[end : end + 1] in QUOTATION_MARKS
        )

    def changed(self, start: int, end: int) -> Carried | None:
        """The review of what stands in the place of the words now; None if they are gone."""
        _, _, new_start, new_end = self.around(start, end)
        new_start, new_end = self.narrowed(self.old[start:end], new_start, new_end)
        quote, now = self.old[start:end], self.new[new_start:new_end]
        if not self.stands_for(quote, now, start, end):
            return None
        place = self.place(new_start, new_end)
        if BREAK.search(now) and not BREAK.search(quote):
            return Carried(
                Result.REVIEW,
                "A paragraph break now splits the words.",
                place,
                fragments=tuple(self.fragments(new_start, new_end)),
            )
        return Carried(Result.REVIEW, described(quote, now), place)

    def narrowed(self, quote: str, start: int, end: int) -> tuple[int, int]:
        """The part of a stretch of the new text that looks like the quote, without blanks around.

        It is only ever proposed to a person.
        """
        if len(quote) + end - start > LONGEST_COMPARED:
            return start, start
        now = self.new[start:end]
        if len(now) > 2 * len(quote):
            self.texts.spend(len(now) * len(quote) // 64)
            best = fuzz.partial_ratio_alignment(quote, now)
            if best is None:
                return start, start
            start, end = start + best.dest_start, start + best.dest_end
            while start and cuts_word(self.new, start):
                start -= 1
            while end < len(self.new) and cuts_word(self.new, end):
                end += 1
            now = self.new[start:end]
        start += len(now) - len(now.lstrip())
        return start, max(start, end - len(now) + len(now.rstrip()))

    def stands_for(self, quote: str, now: str, start: int, end: int) -> bool:
        """Whether words in the place of a quote are the quote, changed: alike, or a new figure."""
        if not now:
            return False
        stays = LCSseq.similarity(quote, now)
        if stays == len(now):
            return stays > LEFT_OVER * len(quote)
        if stays >= ALIKE * max(len(quote), len(now)):
            return True
        figures = all(any(map(str.isdigit, words)) for words in (quote, now))
        around = 2 * self.kept_around(start, end) >= self.neighbourhood(start, end)
        return figures and around and max(len(quote), len(now)) <= CONTEXT

    def fragments(self, start: int, end: int) -> Iterator[Place]:
        """The pieces of a stretch of the new text between its breaks."""
        for match in PIECE.finditer(self.new, start, end):
            yield self.place(match.start(), match.end())


def refined(old: str, new: str, same: Sequence[Run]) -> list[Run]:
    """The runs, each grown into a replaced word for as long as the letters stay."""
    found: list[Run] = []
    for before, after in between(same, len(old), len(new)):
        a, b = old[before.old_end : after.old], new[before.new_end : after.new]
        if a and b:
            head = common_prefix(a, 0, b, 0)
            tail = common_suffix(a[head:], len(a) - head, b[head:], len(b) - head)
            found.append(Run(before.old_end, before.new_end, head))
            found.append(Run(after.old - tail, after.new - tail, tail))
        found.append(after)
    return joined(run for run in found if run.size)


def cuts_word(text: str, at: int) -> bool:
    """Whether an offset lies inside a word, a number or a letter with its signs."""
    near = text[max(0, at - CONTEXT) : at]  # all that is read: a letter may have a million signs
    before, after = near[-2:], text[at : at + 2]
    if not before or not after:
        return False
    if widened(near + after, len(near), len(near) + 1)[0] < len(near):
        return True
    return bool(
        (LETTER.match(before[-1]) and LETTER.match(after[0]))
        or (NUMBER_BEFORE.search(before) and NUMBER_AFTER.match(after))
    )


def described(quote: str, now: str) -> str:
    """The sentence that says how words changed."""
    differences = [one for one in changes(quote, now) if one.change is not Change.EQUAL]
    if not differences:
        return "The words changed."
    largest = max(
        differences, key=lambda one: one.old_end - one.old_start + one.new_end - one.new_start
    )
    more = len(differences) - 1
    was = shortened(quote[largest.old_start : largest.old_end])
    becomes = shortened(now[largest.new_start : largest.new_end])
    sentence = {
        Change.REPLACED: f"{was} became {becomes}",
        Change.INSERTED: f"{becomes} was put in",
        Change.DELETED: f"{was} was taken out",
    }[largest.change]
    if more:
        sentence += f", and {more} more change{'s' if more > 1 else ''}"
    return f"{sentence}."


def shortened(words: str) -> str:
    """Words between quotation marks, as people write them: only what nobody sees is spelt out."""
    words = words.strip() or words
    most = words if len(words) <= LONGEST_SHOWN else f"{words[: LONGEST_SHOWN - 1]}…"
    return "“" + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in most) + "”"
