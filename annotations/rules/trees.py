"""The tree of a page as the HTML standard builds it, and what is too tangled for one.

justhtml builds it. A few kilobytes can ask for a tree of any size: an open `<i>` is opened anew in
every paragraph after it, and `</b>` rearranges what is open. That work is counted while it is done.
"""

from justhtml import Node
from justhtml.parser.engine import ParseEngine, compile_raw_engine_plan

from annotations.rules.refusals import Malformed

MOST_TAGS = 150_000
DEEPEST = 500  # Chromium shows words that are hidden deeper than 512
MOST_WORK = 5_000_000
A_COPY = 20  # the work of an element, where one step along what is open is 1
ROUNDS = 8  # along what is open, for one tag that ends in the wrong order


def tree_of(html: str, field: str) -> Node:
    """The document; refuses what nests too deep, or has more tags than can be read in seconds."""
    if (tags := html.count("<")) > MOST_TAGS:
        raise Malformed(
            f"This page has {tags:,} tags; {MOST_TAGS:,} is the most. "
            "Take only the article out of it, or paste its text.",
            field=field,
        )
    return Builder(html, field).parse()


class Builder(ParseEngine):
    __slots__ = ("field", "work")

    def __init__(self, html: str, field: str) -> None:
        super().__init__(html, fragment=False, plan=compile_raw_engine_plan(fragment=False))
        self.field = field
        self.work = 0

    def _parse_start_tag(self, pos: int, end: int) -> int:
        if max(len(self._stack), len(self._active_formatting)) > DEEPEST:
            raise Malformed(
                f"The tags of this page stand in one another more than {DEEPEST} deep. "
                "Paste its text instead.",
                field=self.field,
            )
        return super()._parse_start_tag(pos, end)

    def _reconstruct_active_formatting(self) -> None:
        self.spend(A_COPY * len(self._active_formatting))
        super()._reconstruct_active_formatting()

    def _adoption_agency(
        self, subject: str, *, tag_start: int | None = None, tag_end: int | None = None
    ) -> None:
        if self._stack[-1].name != subject:
            self.spend(ROUNDS * len(self._stack))
        super()._adoption_agency(subject, tag_start=tag_start, tag_end=tag_end)

    def spend(self, work: int) -> None:
        self.work += work
        if self.work > MOST_WORK:
            raise Malformed(
                "The bold, italic and link tags of this page are left open or closed in the "
                "wrong order too often. Paste its text instead.",
                field=self.field,
            )
