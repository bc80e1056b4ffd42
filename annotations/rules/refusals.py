"""Refusals: the sentences with which the product says no.

A rule or an action raises one; each door maps the class to its own kind of answer (an HTTP
status, a form error) in one place. A refusal names the field it belongs to, so that the sentence
can stand there; the empty name means the thing as a whole.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

Made = TypeVar("Made")


class Refusal(Exception):
    """A request that is turned down. `problems` maps a field's name to its sentence; `offers` says
    in values what the sentence says in words, for programs.
    """

    status = 400
    title = "The request was refused"

    def __init__(
        self,
        sentence: str = "",
        *,
        field: str = "",
        problems: Mapping[str, str] | None = None,
        offers: Mapping[str, object] | None = None,
    ):
        self.problems: dict[str, str] = dict(problems) if problems else {field: sentence}
        self.offers: dict[str, object] = dict(offers or {})
        self.sentence = sentence or " ".join(self.problems.values())
        super().__init__(self.sentence)


class Malformed(Refusal):
    """A value that is wrong by itself, whatever the rest of the world looks like."""

    status = 400
    title = "A value is not right"


class NotAllowed(Refusal):
    """The person may see the thing, and may not do this to it."""

    status = 403
    title = "Not allowed"


class NotFound(Refusal):
    """There is no such thing, or the person may not know of it: the two look the same."""

    status = 404
    title = "Not found"


class Conflict(Refusal):
    """The thing is not, or no longer, in a condition that admits this."""

    status = 409
    title = "Not possible now"


class TooLarge(Refusal):
    """More bytes than there may be."""

    status = 413
    title = "Too large"


class Unprocessable(Refusal):
    """Well formed, and at odds with the text or with what is still missing."""

    status = 422
    title = "Not complete"


class Problems(dict[str, str]):
    """Collects refusals, so that a form shows every one at its field at once."""

    def attempt(self, make: Callable[[], Made], otherwise: Made) -> Made:
        """What `make` returns; where it refuses, its problems are kept and `otherwise` stands."""
        try:
            return make()
        except Refusal as refusal:
            self.update(refusal.problems)
            return otherwise

    def refuse(self, kind: type[Refusal] = Malformed) -> None:
        """Raise all that was collected as one refusal; nothing if there is none."""
        if self:
            raise kind(problems=self)
