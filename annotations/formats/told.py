"""A JSON object of a foreign file: what stands at a key, if it is of the right kind.

What is of another kind counts as absent, and a sentence says so; the rest of the object is read.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

Kind = TypeVar("Kind")

KINDS: dict[type, str] = {
    bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list",
    dict: "an object",
}  # fmt: skip


class Told:
    """An object of a file, and the `problems` that were met in it and in what it holds.

    `at` names it in their sentences, as in `questions[0].`; empty for the outermost.
    """

    def __init__(self, told: Mapping[str, Any], problems: list[str], at: str = "") -> None:
        self.told, self.problems, self.at = told, problems, at

    def text(self, key: str) -> str:
        """The text at `key`; empty where there is none, or null."""
        return self._of(str, key) or ""

    def whole(self, key: str) -> int | None:
        """The whole number at `key`."""
        found = self._of(int, key)
        if isinstance(found, bool):
            self._wrong(key, int, found)
            return None
        return found

    def items(self, key: str) -> list[Any]:
        return self._of(list, key) or []

    def inside(self, key: str) -> "Told":
        """The object at `key`; an empty one where there is none."""
        return Told(self._of(dict, key) or {}, self.problems, f"{self.at}{key}.")

    def objects(self, key: str) -> "list[Told]":
        """The objects of the list at `key`."""
        found = []
        for n, one in enumerate(self.items(key)):
            if isinstance(one, dict):
                found.append(Told(one, self.problems, f"{self.at}{key}[{n}]."))
            else:
                self._wrong(f"{key}[{n}]", dict, one)
        return found

    def texts(self, key: str) -> list[str]:
        """The texts of the list at `key`, or the one that stands there without a list."""
        if isinstance(one := self.told.get(key), str):
            return [one]
        found = []
        for n, one in enumerate(self.items(key)):
            if isinstance(one, str):
                found.append(one)
            else:
                self._wrong(f"{key}[{n}]", str, one)
        return found

    def _of(self, kind: type[Kind], key: str) -> Kind | None:
        found = self.told.get(key)
        if found is None or isinstance(found, kind):
            return found
        self._wrong(key, kind, found)
        return None

    def _wrong(self, key: str, kind: type, found: object) -> None:
        been = KINDS.get(type(found), "null")
        self.problems.append(f"“{self.at}{key}” has to be {KINDS[kind]}; it is {been}.")


def squeezed(words: str) -> str:
    """The words with one blank between each two."""
    return " ".join(words.split())
