"""Articles edited as newsrooms edit them, with the truth about where every mark went.

Made of the seeds' own prose and of a small grammar of news; the same for the same seed. An edit
works on paragraphs of tracked code points, so that the truth is known and not guessed.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from factcheck.local import ROOT
from tests.rules.edits import NEW, fresh

Tracked = tuple[tuple[str, int], ...]
WHO = """the mayor|the council|the finance minister|the chamber of commerce|a spokesman for the port
the central bank|Ms Okafor|Mr Łukasz Wójcik|the statistics office|the opposition""".replace(
    "\n", "|"
)
WHAT = """spending on schools|the price of bread|the number of new homes|unemployment in the region
the budget for the river bank|exports to the east|the fare for a single ticket|rents in the old town
the share of wind power|the debt of the hospitals""".replace("\n", "|")
HOW = "rose by|fell by|grew by|shrank by|was cut by|went up by"
WHEN = "last year|in May|since 2019|over the winter|within a decade|in the first quarter"
THEN = """The office gave no reason for it.|The figures are from {who}.|It is the third such report.
Nobody expected that, {who} said.|“We don't know why,” {who} told reporters.
That is more than {who} had promised.|The rules on it don't change before the election.""".replace(
    "\n", "|"
)


@dataclass(frozen=True)
class Edited:
    """The old and the new text, and where each code point of the old one went."""

    old: str
    new: str
    where: dict[int, int]

    def truth(self, start: int, end: int) -> int | None:
        """Where the words of a mark start now; None if they did not stay whole and together."""
        at = self.where.get(start)
        whole = at is not None and all(
            self.where.get(n) == at + n - start for n in range(start, end)
        )
        return at if whole else None


def prose() -> list[list[str]]:
    """The paragraphs of each seed's article."""
    texts = sorted((ROOT / "seeds").glob("*/article.txt"))
    return [text.read_text("utf-8").strip().split("\n\n") for text in texts]


def article(dice: random.Random, seeds: list[list[str]]) -> list[str]:
    """Paragraphs of one article: in one of four a seed's own, or else made up with some prose."""
    if dice.random() < 0.25:
        return dice.choice(seeds)
    made = [f"{phrase(WHAT, dice).capitalize()} {phrase(HOW, dice)} {dice.randint(2, 40)}%"]
    for _ in range(dice.randint(6, 14)):
        made.append(" ".join(sentence(dice) for _ in range(dice.randint(1, 4))))
        if dice.random() < 0.2:
            made.append(dice.choice(dice.choice(seeds)))
    return made


def sentence(dice: random.Random) -> str:
    if dice.random() < 0.4:
        return phrase(THEN, dice).replace("{who}", phrase(WHO, dice))
    words = f"{phrase(WHAT, dice)} {phrase(HOW, dice)} {dice.randint(2, 40)}% {phrase(WHEN, dice)}"
    return f"{words[0].upper()}{words[1:]}, {phrase(WHO, dice)} said."


def phrase(words: str, dice: random.Random) -> str:
    return dice.choice(words.split("|"))


def tracked(paragraphs: list[str]) -> list[Tracked]:
    at, made = 0, []
    for paragraph in paragraphs:
        made.append(tuple((letter, at + n) for n, letter in enumerate(paragraph)))
        at += len(paragraph) + 2
    return made


def plain(paragraph: Tracked) -> str:
    return "".join(letter for letter, _ in paragraph)


def replaced(paragraph: Tracked, start: int, end: int, words: str) -> Tracked:
    return paragraph[:start] + fresh(words) + paragraph[end:]


def unheard(text: list[Tracked], dice: random.Random) -> str:
    """A sentence that the text does not have: of one written again nobody knows if it stayed."""
    words = sentence(dice)
    known = any(words in plain(one).translate(STRAIGHT) for one in text)
    return unheard(text, dice) if known else words


STRAIGHT = str.maketrans("’\n", "' ")


# ---------- one edit each: paragraphs in, paragraphs out ----------


def correct_a_figure(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    places = [
        (n, match.span()) for n, one in enumerate(text) for match in re.finditer(r"\d+", plain(one))
    ]
    if places:
        n, (start, end) = dice.choice(places)
        text[n] = replaced(text[n], start, end, str(int(plain(text[n])[start:end]) + 1))
    return text


def insert_a_paragraph(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    words = f"{unheard(text, dice)} {unheard(text, dice)}"
    text.insert(dice.randint(1, len(text)), fresh(words))
    return text


def insert_a_sentence(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    n = dice.randrange(1, len(text))
    text[n] = text[n] + fresh(f" {unheard(text, dice)}")
    return text


def delete_a_paragraph(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    del text[dice.randrange(1, len(text))]
    return text


def delete_a_sentence(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    n = dice.randrange(1, len(text))
    ends = [0, *(match.end() for match in re.finditer(r"[.!?]”?(?: |$)", plain(text[n])))]
    k = dice.randrange(len(ends) - 1) if len(ends) > 1 else 0
    text[n] = text[n][: ends[k]] + text[n][ends[k + 1] :] if len(ends) > 2 else text[n]
    return text


def cut_to_length(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    return text[: max(3, len(text) - dice.randint(1, 4))]


def move_a_paragraph(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    moved = text.pop(dice.randrange(1, len(text)))
    text.insert(dice.randint(1, len(text)), moved)
    return text


def retitle(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    told = plain(text[0]).lower()
    topics = [topic for topic in WHAT.split("|") if topic not in told]
    text[0] = fresh(f"{phrase(WHO, dice).capitalize()} answers for {dice.choice(topics)}")
    return text


def fix_a_typo(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    n = dice.randrange(len(text))
    words = [match.span() for match in re.finditer(r"[^\W\d]{4,}", plain(text[n]))]
    if words:
        start, end = dice.choice(words)
        at = dice.randrange(start + 1, end - 1)
        letters = plain(text[n])[at : at + 2]
        if letters != letters[::-1]:
            text[n] = replaced(text[n], at, at + 2, letters[::-1])
    return text


def curl_the_quotes(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    curly = {"'": "’", '"': "”"}
    return [tuple((curly.get(c, c), NEW if c in curly else n) for c, n in one) for one in text]


def rewrap(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    """Every paragraph gets line breaks where a column of about sixty letters ends."""
    made = []
    for one in text:
        letters, column = [], 0
        for letter, origin in one:
            column += 1
            wraps = letter == " " and column > 60
            letters.append(("\n", NEW) if wraps else (letter, origin))
            column = 0 if wraps else column
        made.append(tuple(letters))
    return made


def rewrite(text: list[Tracked], dice: random.Random) -> list[Tracked]:
    """Five edits of different kinds, one after the other."""
    for edit in dice.sample(SINGLE, k=5):
        text = edit(text, dice) if len(text) > 4 else text
    return text


SINGLE: list[Callable[[list[Tracked], random.Random], list[Tracked]]] = [
    correct_a_figure, insert_a_paragraph, insert_a_sentence, delete_a_paragraph, delete_a_sentence,
    cut_to_length, move_a_paragraph, retitle, fix_a_typo, curl_the_quotes, rewrap,
]  # fmt: skip
KINDS = {edit.__name__.replace("_", " "): edit for edit in [*SINGLE, rewrite]}


def edited(kind: str, seed: int, seeds: list[list[str]]) -> Edited:
    dice = random.Random(f"{kind} {seed}")  # noqa: S311 (a seed is wanted, not a secret)
    paragraphs = article(dice, seeds)
    first = tracked(paragraphs)
    breaks = (("\n", NEW), ("\n", NEW))
    letters = [
        one for n, part in enumerate(KINDS[kind](first, dice)) for one in (breaks * bool(n) + part)
    ]
    return Edited(
        "\n\n".join(paragraphs),
        "".join(letter for letter, _ in letters),
        {origin: at for at, (_, origin) in enumerate(letters) if origin != NEW},
    )


def marks(text: str, dice: random.Random, count: int = 20) -> Iterator[tuple[int, int]]:
    """Marks as reviewers make them: figures, some words, sentences."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    ends = [m.end() for m in re.finditer(r"[.!?]”?(?=\s|$)|\n\n", text)]
    for _ in range(count):
        first = dice.randrange(len(words))
        start, end = words[first]
        if dice.random() < 0.4:  # to the end of the sentence
            end = next((at for at in ends if at >= end), end)
        else:
            end = words[min(len(words) - 1, first + dice.choice([0, 1, 2, 4, 7]))][1]
        while text[end - 1] in ".,\n" and end - start > 1:
            end -= 1
        if "\n" not in text[start:end]:
            yield start, end
