"""Legal holds: what keeps a claim or an article from whom, and what is said instead."""

import datetime
from dataclasses import asdict, dataclass
from enum import StrEnum

from annotations.rules.refusals import Refusal


class HoldKind(StrEnum):
    """`restrict`: for members alone. `withhold`: for moderators and owners alone. `withdraw`: gone
    for readers, for good as far as anybody knows; members still read it.
    """

    RESTRICT = "restrict"
    WITHHOLD = "withhold"
    WITHDRAW = "withdraw"


STATUS = {HoldKind.RESTRICT: 451, HoldKind.WITHHOLD: 451, HoldKind.WITHDRAW: 410}
# The one that says most, where several stand over a thing.
STRICTEST_FIRST = (HoldKind.WITHDRAW, HoldKind.WITHHOLD, HoldKind.RESTRICT)


@dataclass(frozen=True, slots=True)
class Notice:
    """What everyone may know of a hold. It names nothing of what the hold is on."""

    kind: str
    authority: str
    ground: str
    ordered_on: datetime.date
    notice: str
    placed_on: datetime.date


class Held(Refusal):
    """A hold keeps this from the person: 451, or 410. `offers["hold"]` is its public notice."""

    title = "Not available for legal reasons"

    def __init__(self, notice: Notice):
        self.status = STATUS[HoldKind(notice.kind)]
        self.notice = notice
        what = "was withdrawn" if self.status == 410 else "is not available"
        super().__init__(
            f"This {what} for legal reasons, on the demand of {notice.authority}.",
            offers={"hold": asdict(notice)},
        )
