"""`./run bench carrying`: marks carried over newsroom edits, beside the usual rule.

The usual rule takes the best fuzzy match near the old place, whatever it is worth: the way of
annotation tools that score quote, context and distance and keep the winner. For each kind of edit:
precision is the share of silently carried marks that stand on their own words, recall the share of
the marks whose words stayed whole that were carried silently. `--write` puts the table in the docs.
"""

import argparse
import os
import platform
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from annotations.rules.carrying import carry
from factcheck.local import ROOT
from tests.benchmarks.newsroom import KINDS, edited, marks, prose, sentence

DOCS = ROOT / "docs" / "anchoring.md"
NEAR = 3_000  # code points around the old place that the usual rule searches first


@dataclass
class Tally:
    """What became of the marks of one kind of edit."""

    marks: int = 0
    whole: int = 0  # marks whose words stayed whole
    ours: Counter[str] = field(default_factory=Counter)
    usual: Counter[str] = field(default_factory=Counter)

    def figures(self, of: Counter[str]) -> tuple[float, float]:
        """Precision and recall."""
        right, wrong = of["right"], of["wrong"]
        return right / (right + wrong or 1), right / (self.whole or 1)


def usual_rule(old: str, new: str, start: int, end: int) -> int:
    """Where the best fuzzy match starts, scored by quote, context and distance."""
    quote, prefix, suffix = old[start:end], old[max(0, start - 32) : start], old[end : end + 32]
    places = [match.start() for match in re.finditer(re.escape(quote), new)]
    if not places:
        first = max(0, start - NEAR)
        best = fuzz.partial_ratio_alignment(quote, new[first : end + NEAR])
        places = [first + best.dest_start] if best else [0]

    def score(at: int) -> float:
        before, after = new[max(0, at - 32) : at], new[at + len(quote) : at + len(quote) + 32]
        near = 1 - min(1, abs(at - start) / (len(new) or 1))
        return fuzz.ratio(prefix, before) * 0.2 + fuzz.ratio(suffix, after) * 0.2 + near * 2

    return max(places, key=score)


def measured(articles: int, seed: int) -> Iterator[tuple[str, Tally]]:
    seeds = prose()
    for kind in KINDS:
        tally = Tally()
        for number in range(articles):
            made = edited(kind, seed * 1_000_000 + number, seeds)
            chosen = list(marks(made.old, random.Random(number)))  # noqa: S311
            for mark, carried in zip(chosen, carry(made.old, made.new, chosen), strict=True):
                truth = made.truth(*mark)
                tally.marks += 1
                tally.whole += truth is not None
                if carried.result.waits or carried.place is None:
                    tally.ours["waits"] += 1
                else:
                    tally.ours["right" if carried.place.start == truth else "wrong"] += 1
                found = usual_rule(made.old, made.new, *mark)
                tally.usual["right" if found == truth else "wrong"] += 1
        yield kind, tally


def table(tallies: list[tuple[str, Tally]]) -> str:
    lines = [
        "| edit | marks | words whole | precision | recall | usual rule: precision | recall |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    total = Tally()
    for kind, tally in tallies:
        lines.append(row(kind, tally))
        total.marks += tally.marks
        total.whole += tally.whole
        total.ours += tally.ours
        total.usual += tally.usual
    return "\n".join([*lines, row("**all**", total)])


def row(kind: str, tally: Tally) -> str:
    figures = (*tally.figures(tally.ours), *tally.figures(tally.usual))
    shown = " | ".join(f"{figure:.4f}" for figure in figures)
    return f"| {kind} | {tally.marks:,} | {tally.whole:,} | {shown} |"


def speed() -> str:
    """A megabyte with 5,000 marks, and the same text read once as the measure of the machine."""
    dice = random.Random(1)  # noqa: S311
    text = ""
    paragraphs = []
    while len(text) < 1_000_000:
        paragraphs += [" ".join(sentence(dice) for _ in range(4)) for _ in range(500)]
        text = "\n\n".join(paragraphs)
    chosen = list(marks(text, dice, 5_000))
    scattered = text
    for _ in range(200):
        at = scattered.index(" ", dice.randrange(len(scattered) - 200))
        scattered = f"{scattered[:at]} indeed{scattered[at:]}"
    half = text.index("\n\n", len(text) // 2)
    edits = {
        "one edit": f"{text[:half]} Indeed.{text[half:]}",
        "200 scattered edits": scattered,
        "the second half before the first": f"{text[half + 2 :]}\n\n{text[:half]}",
    }
    lines = ["| 1 MB, 5,000 marks | seconds of one core | carried silently |", "|---|---:|---:|"]
    for name, new in edits.items():
        began = time.process_time()
        results = carry(text, new, chosen)
        took = time.process_time() - began
        silent = sum(not one.result.waits for one in results)
        lines.append(f"| {name} | {took:.2f} | {silent:,} of {len(chosen):,} |")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="./run bench carrying", description=__doc__)
    reader.add_argument("--articles", type=int, default=300, help="a kind of edit (300)")
    reader.add_argument("--seed", type=int, default=1, help="of the randomness (1)")
    reader.add_argument("--write", action="store_true", help="put the tables in docs/anchoring.md")
    asked = reader.parse_args(words)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    tables = f"{table(list(measured(asked.articles, asked.seed)))}\n\n{speed()}\n\n({machine})"
    sys.stdout.write(tables + "\n")
    if asked.write:
        before, _, rest = DOCS.read_text("utf-8").partition("<!-- made by the benchmark -->\n")
        _, end, after = rest.partition("<!-- end -->")
        made = f"{before}<!-- made by the benchmark -->\n{tables}\n{end}{after}"
        DOCS.write_text(made, "utf-8")
    return 0
