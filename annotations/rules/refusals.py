"""Refusals: the sentences with which the product says no.

A rule or an action raises one; each door maps the class to its own kind of answer (an HTTP
status, a form error) in one place. A refusal names the field it belongs to, so that the sentence
can stand there; the empty name means the thing as a whole.
"""

from collections.abc import Iterable, Mapping


class Refusal(Exception):
    """A request that is turned down. `problems` maps a field's name to its sentence."""

    status = 400
    title = "The request was refused"

    def __init__(self, sentence: str = "", *, field: str = "", problems: Mapping[str, str] | None = None):
        self.problems: dict[str, str] = dict(problems) if problems else {field: sentence}
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


class Unprocessable(Refusal):
    """Well formed, and at odds with the text or with what is still missing."""

    status = 422
    title = "Not complete"


def gather(refusals: Iterable[Refusal], kind: type[Refusal] = Malformed) -> None:
    """Raise all of several refusals as one, so that a form shows each at its field."""
    problems: dict[str, str] = {}
    for refusal in refusals:
        problems.update(refusal.problems)
    if problems:
        raise kind(problems=problems)
