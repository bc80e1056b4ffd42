"""A figure beside its limit, for people and for machines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

INF = float("inf")


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    against: str
    ours: float
    limit: float
    goal: float
    note: str = ""
    more: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.ours / self.limit if self.limit else INF

    @property
    def met(self) -> bool:
        return self.ratio <= self.goal

    def plain(self) -> dict[str, Any]:
        """As JSON has it; a figure that is only told has no goal."""
        has_goal = self.goal != INF
        return {
            "name": self.name, "against": self.against, "ours": self.ours, "limit": self.limit,
            "ratio": self.ratio, "goal": self.goal if has_goal else None,
            "met": self.met if has_goal else None, "unit": "ms", "note": self.note, **self.more,
        }  # fmt: skip


def table(figures: list[Figure]) -> str:
    """The figures as lines of a table; a ratio above its goal is marked."""
    wide = max(len(one.name) for one in figures)
    lines = [f"{'what':<{wide}} {'against':<30} {'ours':>9} {'limit':>9} {'ratio':>6} {'goal':>6}"]
    for one in figures:
        goal = "" if one.goal == INF else f"{one.goal:.2f}"
        missed = "" if one.met else "  above the goal"
        lines.append(
            f"{one.name:<{wide}} {one.against:<30} {one.ours:>7.2f}ms {one.limit:>7.2f}ms "
            f"{one.ratio:>6.2f} {goal:>6}{missed}{'  ' + one.note if one.note else ''}"
        )
    return "\n".join(lines)


def told(figures: list[Figure], *, for_machines: bool, **corpus: int) -> str:
    """The table for people, or JSON that begins with how large the corpus was."""
    if for_machines:
        return json.dumps(corpus | {"figures": [one.plain() for one in figures]}) + "\n"
    return table(figures) + "\n"
