"""A text as a file has it, and as it is here: LF for its line ends, no byte order mark."""

import re
from bisect import bisect_left

from annotations.formats.given import PlaceGiven
from annotations.formats.offsets import Offsets


class Raw:
    """Offsets in the file's text, `offsets`, become places in `text`."""

    def __init__(self, raw: str) -> None:
        bom = [0] if raw.startswith("\ufeff") else []
        self.gone = [*bom, *(one.start() for one in re.finditer("\r\n", raw))]
        self.offsets = Offsets(raw)
        self.text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def moved(self, place: PlaceGiven) -> PlaceGiven:
        """The place in `text` of one in the file's text."""
        return PlaceGiven(
            place.start - bisect_left(self.gone, place.start),
            place.end - bisect_left(self.gone, place.end),
        )
