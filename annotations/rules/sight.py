"""Who sees what of a claim: one table of what there is to see, who looks, and the claim's state.

The QuerySet methods take their states from it. A legal hold keeps back more (`rules/holds.py`), and
one's own verdict, draft and comments one always sees.
"""

from enum import StrEnum

from annotations.rules.permissions import Role, Verb, may
from annotations.rules.states import BEFORE_A_RULING, RULED, State


class Looker(StrEnum):
    """A reviewer of an open project is one whose verdict is in."""

    READER = "reader"
    STRANGER = "member of another project"
    BLIND = "reviewer before the own verdict"
    JUDGED = "reviewer after it"
    MODERATOR = "moderator"
    OWNER = "owner"


class Thing(StrEnum):
    CLAIM = "statement, claimant and places"
    STATE = "state"
    REVIEWERS = "who judged it"
    VERDICTS = "others' verdicts: rating, rationale, evidence"
    DRAFTS = "others' drafts"
    RULING = "ruling in force, or why it was withdrawn"
    EARLIER = "rulings before it"
    REASON = "reason for the choice"
    COMMENTS = "comments and questions"
    GOLD = "answer of a gold item"
    LOG = "log"
    REQUESTS = "corrections asked of publishers"


Seen = dict[Looker, frozenset[State]]

EVERY = frozenset(State)
NEVER: frozenset[State] = frozenset()
CHANGED = RULED - {State.PUBLISHED}


def seen_in(
    *, readers: frozenset[State], blind: frozenset[State], judged: frozenset[State],
    moderators: frozenset[State] = EVERY,
) -> Seen:  # fmt: skip
    """A row of the table. Members of other projects see what readers see, owners what moderators
    do.
    """
    return {
        Looker.READER: readers,
        Looker.STRANGER: readers,
        Looker.BLIND: blind,
        Looker.JUDGED: judged,
        Looker.MODERATOR: moderators,
        Looker.OWNER: moderators,
    }


# In which states each sees it, where there is one. The states before a ruling, a ruling's reason
# and the names of those who judged would tell a blind reviewer of verdicts.
SIGHT: dict[Thing, Seen] = {
    Thing.CLAIM: seen_in(readers=RULED, blind=EVERY, judged=EVERY),
    Thing.STATE: seen_in(readers=RULED, blind=EVERY - BEFORE_A_RULING, judged=EVERY),
    Thing.REVIEWERS: seen_in(readers=RULED, blind=RULED, judged=EVERY),
    Thing.VERDICTS: seen_in(readers=NEVER, blind=NEVER, judged=EVERY),
    Thing.DRAFTS: seen_in(readers=NEVER, blind=NEVER, judged=NEVER, moderators=NEVER),
    Thing.RULING: seen_in(readers=RULED, blind=RULED, judged=RULED, moderators=RULED),
    Thing.EARLIER: seen_in(readers=CHANGED, blind=CHANGED, judged=CHANGED, moderators=CHANGED),
    Thing.REASON: seen_in(readers=NEVER, blind=NEVER, judged=RULED, moderators=RULED),
    Thing.COMMENTS: seen_in(readers=NEVER, blind=NEVER, judged=EVERY),
    Thing.GOLD: seen_in(readers=NEVER, blind=NEVER, judged=EVERY - RULED, moderators=EVERY - RULED),
    Thing.LOG: seen_in(readers=NEVER, blind=NEVER, judged=NEVER),
    Thing.REQUESTS: seen_in(readers=RULED, blind=RULED, judged=RULED, moderators=RULED),
}

# Who sees every verdict sees them before an own one.
SEES_ALL = tuple(role.value for role in Role if may(role, Verb.SEE_ALL_VERDICTS))


def seen(thing: Thing, looker: Looker) -> list[str]:
    """The states of a claim in which it is seen, for a query."""
    return sorted(state.value for state in SIGHT[thing][looker])


def sees(looker: Looker, thing: Thing, state: str) -> bool:
    return State(state) in SIGHT[thing][looker]


def looker_of(role: str | None, *, blind: bool, judged: bool) -> Looker:
    """As whom somebody looks who has this role in the claim's project, or none."""
    if role is None:
        return Looker.STRANGER
    if role != Role.REVIEWER:
        return Looker(role)
    return Looker.BLIND if blind and not judged else Looker.JUDGED
