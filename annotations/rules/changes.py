"""The change feed: whom each verb of the log is told, under which word, and where a caller stands.

What is told is which articles to read again. A change is told to who may see it, as things are
now, if they could see it when it was made as well; whatever becomes visible later becomes so by
another change, which is told. So nobody learns from the feed of what is hidden from them, and
nobody misses what is not.
"""

import base64
import binascii
import struct
import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from annotations.rules.refusals import Malformed

MOST_ARTICLES = 100  # that one change names; beyond, the project is read again as a whole
MOST_PROJECTS = 200  # that one cursor follows

# Of each project the number of the last link that was dealt with.
Positions = Mapping[uuid.UUID, int]


class Tells(StrEnum):
    """Whose record a change changes."""

    NOBODY = "no record"
    ARTICLE = "who reads the article"
    CLAIM = "who reads the claim"
    PLACE = "who reads the claim, or read it before it stood in an article that is held"
    RULING = "who reads the claim; it may show the desk's view of a source elsewhere, too"
    REMOVED = "who reads the claim, or read it before it was removed"
    STATE = "who is told the states that follow from verdicts"
    VERDICT = "who sees the verdict; one's own shows the others'"
    HOLD = "from whom the hold keeps what it is on, if they would read it"
    SOURCE = "who sees evidence with the desk's view of the source"
    SCALE = "who reads the project"
    SETTINGS = "who reads the project, or works in it, by what changed"
    ROLE = "the person whose role it is"
    NAME = "who reads the person's name in the project"


class What(StrEnum):
    """What happened, in the words of the feed."""

    ARTICLE_IMPORTED = "article.imported"
    ARTICLE_CHANGED = "article.changed"
    ARTICLE_REVISED = "article.revised"
    CLAIM_MARKED = "claim.marked"
    CLAIM_CHANGED = "claim.changed"
    CLAIM_REMOVED = "claim.removed"
    CLAIM_SET_ASIDE = "claim.set_aside"
    CLAIM_RESTORED = "claim.restored"
    CLAIM_MOVED_ON = "claim.moved_on"
    PLACE_ADDED = "place.added"
    PLACE_CHANGED = "place.changed"
    PLACE_REMOVED = "place.removed"
    VERDICT_SUBMITTED = "verdict.submitted"
    RULING_PUBLISHED = "ruling.published"
    RULING_CORRECTED = "ruling.corrected"
    RULING_WITHDRAWN = "ruling.withdrawn"
    PUBLISHER_ASKED = "publisher.asked"
    PUBLISHER_CHANGED = "publisher.changed"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    SOURCE_CHANGED = "source.changed"
    SCALE_CHANGED = "scale.changed"
    PROJECT_CHANGED = "project.changed"
    PROJECT_OPENED = "project.opened"
    PROJECT_CLOSED = "project.closed"
    ROLE_CHANGED = "role.changed"
    PERSON_RENAMED = "person.renamed"


# What is in no record: work that is lent, comments, gold, files on their way, accounts and doors.
# What a new text does to each place (`carry`, `lose_place`) is told with the text.
UNTOLD = (
    "ask_again", "assign", "cancel_import", "carry", "comment", "create_project", "edit_account",
    "edit_comment", "edit_webhook", "end_import", "fail_import", "forget_token", "hold_back",
    "let_go", "lose_place", "make_account", "make_token", "make_webhook", "map_rating", "put_back",
    "reassign", "remove_comment", "remove_webhook", "replay_deliveries", "resume_import",
    "revoke_token", "rotate_webhook_secret", "set_gold", "set_password", "start_import",
    "switch_off_webhook", "take_back", "test_webhook", "unmap_rating", "unset_gold",
)  # fmt: skip

TOLD = {
    "import_article": (Tells.ARTICLE, What.ARTICLE_IMPORTED),
    "edit_article": (Tells.ARTICLE, What.ARTICLE_CHANGED),
    "revise_article": (Tells.ARTICLE, What.ARTICLE_REVISED),
    "mark": (Tells.CLAIM, What.CLAIM_MARKED),
    "edit_claim": (Tells.CLAIM, What.CLAIM_CHANGED),
    "unmark": (Tells.REMOVED, What.CLAIM_REMOVED),
    "set_aside": (Tells.CLAIM, What.CLAIM_SET_ASIDE),
    "restore": (Tells.CLAIM, What.CLAIM_RESTORED),
    "restate": (Tells.STATE, What.CLAIM_MOVED_ON),
    "ask_for_another": (Tells.STATE, What.CLAIM_MOVED_ON),
    "ask_no_more": (Tells.STATE, What.CLAIM_MOVED_ON),
    "add_appearance": (Tells.PLACE, What.PLACE_ADDED),
    "move_appearance": (Tells.CLAIM, What.PLACE_CHANGED),
    "remove_appearance": (Tells.REMOVED, What.PLACE_REMOVED),
    "reattach": (Tells.PLACE, What.PLACE_ADDED),
    "submit_verdict": (Tells.VERDICT, What.VERDICT_SUBMITTED),
    "revise_verdict": (Tells.VERDICT, What.VERDICT_SUBMITTED),
    "confirm_verdict": (Tells.VERDICT, What.VERDICT_SUBMITTED),
    "bring_verdict": (Tells.VERDICT, What.VERDICT_SUBMITTED),
    "publish": (Tells.RULING, What.RULING_PUBLISHED),
    "bring_ruling": (Tells.RULING, What.RULING_PUBLISHED),
    "correct": (Tells.RULING, What.RULING_CORRECTED),
    "withdraw": (Tells.RULING, What.RULING_WITHDRAWN),
    "ask_publisher": (Tells.CLAIM, What.PUBLISHER_ASKED),
    "edit_publisher_correction": (Tells.CLAIM, What.PUBLISHER_CHANGED),
    "place_hold": (Tells.HOLD, What.HOLD_PLACED),
    "lift_hold": (Tells.HOLD, What.HOLD_LIFTED),
    "edit_source": (Tells.SOURCE, What.SOURCE_CHANGED),
    "add_rating": (Tells.SCALE, What.SCALE_CHANGED),
    "edit_rating": (Tells.SCALE, What.SCALE_CHANGED),
    "retire_rating": (Tells.SCALE, What.SCALE_CHANGED),
    "edit_project": (Tells.SETTINGS, What.PROJECT_CHANGED),
    "set_role": (Tells.ROLE, What.ROLE_CHANGED),
    "rename_person": (Tells.NAME, What.PERSON_RENAMED),
    "erase_person": (Tells.NAME, What.PERSON_RENAMED),
}
PUBLISHING = ("publish", "bring_ruling")  # by the first of them readers see a claim

# Of these verbs it depends on what they changed who is told; where the thing is gone, what it was
# is all that is left.
BY_WHAT_CHANGED = ("edit_article", "edit_project", "unmark", "remove_appearance")
FOR_READERS = frozenset({"name", "description"})
FOR_MEMBERS = FOR_READERS | {"blind"}
MEMBERS_ALONE = frozenset({"note"})  # of what is known of an article

Facts = Mapping[str, Any] | None


def tells(verb: str) -> Tells:
    return TOLD[verb][0] if verb in TOLD else Tells.NOBODY


def settings_tell(before: Facts, after: Facts, *, member: bool) -> bool:
    """Whether a change of a project's settings changes what somebody reads."""
    return bool(_changed(before, after) & (FOR_MEMBERS if member else FOR_READERS))


def article_tells(before: Facts, after: Facts, *, member: bool) -> bool:
    """Whether a change of what is known of an article changes what somebody reads."""
    return member or bool(_changed(before, after) - MEMBERS_ALONE)


def revisions_of(before: Facts) -> list[uuid.UUID]:
    """The texts in which what was removed stood: of a place, or of a claim with its places."""
    was = before or {}
    places = was.get("appearances", [was])
    return [uuid.UUID(one["revision"]) for one in places if "revision" in one]


def _changed(before: Facts, after: Facts) -> set[str]:
    was, now = before or {}, after or {}
    return {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}


# ---------- cursors ----------

VERSION = b"\x01"
ONE = struct.Struct(">16sQ")
NO_CURSOR = (
    "This is not a cursor of yours. Send the one that came with the page before, or “now”, or "
    "leave it out."
)


def packed(positions: Positions) -> bytes:
    """Where a caller stands, in bytes whose number tells how many projects there are, no more."""
    return VERSION + b"".join(ONE.pack(one.bytes, last) for one, last in positions.items())


def unpacked(given: bytes) -> dict[uuid.UUID, int]:
    if given[:1] != VERSION or len(given) % ONE.size != 1:
        raise Malformed(NO_CURSOR, field="after")
    return {uuid.UUID(bytes=one): last for one, last in ONE.iter_unpack(given[1:])}


def written(closed: bytes) -> str:
    """A cursor as it stands in an address."""
    return base64.urlsafe_b64encode(closed).decode().rstrip("=")


def read(cursor: str) -> bytes:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise Malformed(NO_CURSOR, field="after") from None
