"""What becomes of a place when its article gets a new text, and of those that have to wait."""

from enum import StrEnum


class CameBy(StrEnum):
    """How a place came into a text: `exact` and `moved` by itself, `settled` by a person."""

    EXACT = "exact"
    MOVED = "moved"
    SETTLED = "settled"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Waits(StrEnum):
    """Why a place waits for a moderator."""

    REVIEW = "review"
    AMBIGUOUS = "ambiguous"
    ORPHAN = "orphan"

    @property
    def label(self) -> str:
        return {"review": "Text changed", "ambiguous": "Several places fit", "orphan": "Gone"}[
            self.value
        ]


class Outcome(StrEnum):
    """What was made of a place that waited; `carried`: a later text brought it back by itself."""

    REATTACHED = "reattached"
    LET_GO = "let_go"
    CARRIED = "carried"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()
