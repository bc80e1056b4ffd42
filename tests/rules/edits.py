"""Edits that know where every code point went, for texts full of repeated sentences."""

import random
import re
from dataclasses import dataclass
from functools import cached_property

# Each longer than the context that may be the same by chance: of two twins with less between them,
# nobody can tell which one moved.
SENTENCES = [
    "Prices rose 12% last year. ",
    "Prices rose 12% in May. ",
    "The mayor declined to comment on the plan for now. ",
    "Wages fell by 3% in May, he said. ",
    "The council spends more than ever on schools and roads. ",
    "“We have never spent this much on schools,” she told reporters. ",
    "The river stood at 4.5 metres on Monday, a record for the city of Łódź. ",
    "No comment. ",
    "It was 12%. ",
    "値上げはまだ続くという見方だ。",
    "The economy\n\n",
    "In sports\n\n",
]
UNHEARD = ["Zebra quilts jump. ", "Wholly xylophone sentences vex. ", "Kwyjibo\n\n"]
FIGURES = ["qux", "zyg", "7"]
NEW = -1
LONG = 16  # code points: a mark that reaches less far into a twin holds on to the rest of itself


@dataclass(frozen=True)
class Draft:
    """Sentences as lists of code points, each with its place in the first text, or NEW."""

    sentences: tuple[tuple[tuple[str, int], ...], ...]

    @classmethod
    def of(cls, sentences: list[str]) -> "Draft":
        at, made = 0, []
        for sentence in sentences:
            made.append(tuple((letter, at + n) for n, letter in enumerate(sentence)))
            at += len(sentence)
        return cls(tuple(made))

    @classmethod
    def of_twins(cls, dice: random.Random) -> "Draft":
        return cls.of(dice.choices(SENTENCES, k=dice.randint(3, 30)))

    @cached_property
    def text(self) -> str:
        return "".join(letter for sentence in self.sentences for letter, _ in sentence)

    @cached_property
    def where(self) -> dict[int, int]:
        """The place of each code point of the first text."""
        letters = (origin for sentence in self.sentences for _, origin in sentence)
        return {origin: at for at, origin in enumerate(letters) if origin != NEW}

    def edited(self, dice: random.Random) -> "Draft":
        """One edit: sentences go, come, move or are copied, or a word is another."""
        all_of = self.sentences
        start = dice.randrange(len(all_of) + 1)
        end = min(len(all_of), start + dice.randint(1, 3))
        before, some, after = all_of[:start], all_of[start:end], all_of[end:]
        match dice.choice(["delete", "insert", "move", "copy", "word"]):
            case "delete":
                return Draft(before + after)
            case "insert":
                return Draft((*before, fresh(dice.choice(UNHEARD)), *all_of[start:]))
            case "move":
                moved = self.moved(start, end, dice.randrange(len(before + after) + 1))
                return self if moved.could_be_another_move(self) else moved
            case "copy":
                at = dice.randrange(len(all_of) + 1)
                copies = tuple(fresh("".join(letter for letter, _ in one)) for one in some)
                return Draft(all_of[:at] + copies + all_of[at:])
        return Draft(before + tuple(reworded(one, dice) for one in some[:1]) + some[1:] + after)

    def moved(self, start: int, end: int, to: int) -> "Draft":
        rest = self.sentences[:start] + self.sentences[end:]
        return Draft(rest[:to] + self.sentences[start:end] + rest[to:])

    def could_be_another_move(self, first: "Draft") -> bool:
        """Whether another move of some sentences makes the same text, which nobody can tell."""
        count = len(first.sentences)
        return any(
            other.text == self.text and other.where != self.where
            for start in range(count)
            for end in range(start + 1, min(count, start + 3) + 1)
            for to in range(count - end + start + 1)
            for other in [first.moved(start, end, to)]
            if other.sentences != self.sentences
        )


def fresh(sentence: str) -> tuple[tuple[str, int], ...]:
    return tuple((letter, NEW) for letter in sentence)


def reworded(sentence: tuple[tuple[str, int], ...], dice: random.Random) -> tuple[
    tuple[str, int], ...
]:  # fmt: skip
    """The sentence with one word replaced by one that nothing else has."""
    words = list(re.finditer(r"\w+", "".join(letter for letter, _ in sentence)))
    if not words:
        return sentence
    word = dice.choice(words)
    return sentence[: word.start()] + fresh(dice.choice(FIGURES)) + sentence[word.end() :]


def marks_of(draft: Draft, dice: random.Random, count: int) -> list[tuple[int, int]]:
    """Marks of words of one sentence, or of whole sentences that begin and end with a long one."""
    sentences, at = [], 0
    for sentence in draft.sentences:
        words = re.finditer(r"[\w%]+", "".join(letter for letter, _ in sentence))
        if spans := [(at + word.start(), at + word.end()) for word in words]:
            sentences.append(spans)
        at += len(sentence)
    longer = [spans for spans in sentences if spans[-1][1] - spans[0][0] >= LONG]
    marks = []
    for _ in range(count if sentences else 0):
        if longer and dice.random() < 0.3:
            first = dice.randrange(len(longer))
            last = min(len(longer) - 1, first + dice.randint(0, 2))
            marks.append((longer[first][0][0], longer[last][-1][1]))
        else:
            spans = dice.choice(sentences)
            first, last = sorted(dice.choices(range(len(spans)), k=2))
            marks.append((spans[first][0], spans[last][1]))
    return marks


def truth_of(edited: Draft, mark: tuple[int, int]) -> int | None:
    """Where a mark of the first text starts now; None if its words did not stay together."""
    start, end = mark
    at = edited.where.get(start)
    if at is None or any(edited.where.get(n) != at + n - start for n in range(start, end)):
        return None
    return at
