"""Which version of a thing a change was made on, and what two people's changes come to.

A version is a digest of what can be changed of the thing: equal words are equal versions, and
nothing else about the thing (its state, who has judged it) shows in it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from annotations.rules.refusals import Conflict

MOST_HELD = 200_000


class Outdated(Conflict):
    """The change was made on a version that another change has followed since.

    `offers` has `version` and `current`: what the thing is now, as the log tells it.
    """

    title = "Changed meanwhile"


def version_of(values: Mapping[str, Any]) -> str:
    """The version of a thing with these values (as JSON holds them): 16 hexadecimal digits."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: as it was when the change was begun, as it is now, and as it was typed."""

    name: str
    base: Any
    theirs: Any
    mine: Any

    @property
    def is_disputed(self) -> bool:
        """Whether both changed it, each to something else."""
        return self.theirs != self.base and self.mine not in (self.base, self.theirs)

    @property
    def merged(self) -> Any:
        """Theirs where the person has left the field alone, else what the person typed."""
        return self.theirs if self.mine == self.base else self.mine


def as_begun(sent: str, names: Collection[str]) -> dict[str, str]:
    """What a form held when it was opened, out of the JSON text that it carried along.

    Only what it shows of `names`; nothing of a text that is not such a JSON text.
    """
    try:
        held = json.loads(sent[:MOST_HELD])
    except ValueError:
        return {}
    if not isinstance(held, dict):
        return {}
    return {name: held[name] for name in names if isinstance(held.get(name), str)}


def changed_at_once(
    sent: Mapping[str, str], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> list[Compared]:
    """What a form that came too late is told: `sent` carries along what it held when it was
    opened (`base`), `theirs` is what it would hold now, and `mine` what was typed into it.
    """
    return compared(as_begun(sent.get("base", ""), theirs), theirs, mine)


def held(values: Mapping[str, str]) -> str:
    """The JSON text of what a form holds as it is opened, to be carried along."""
    return json.dumps(values, ensure_ascii=False)


def compared(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> list[Compared]:
    """The fields that somebody changed, in the order of `theirs`.

    What `base` or `mine` does not name stays as it is in `theirs`.
    """
    rows = (
        Compared(name, base.get(name, now), now, mine.get(name, base.get(name, now)))
        for name, now in theirs.items()
    )
    return [one for one in rows if one.theirs != one.base or one.mine != one.base]
