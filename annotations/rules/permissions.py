"""Who may do what, and when: one table of role and verb, one of verb and the claim's state.

Reads agree with it in the QuerySet methods.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from annotations.rules.states import (
    BEFORE_A_RULING,
    PUBLIC,
    RULED,
    State,
)


class Role(StrEnum):
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    OWNER = "owner"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Verb(StrEnum):
    MARK = "mark"
    EDIT_CLAIM = "edit_claim"
    UNMARK = "unmark"
    MOVE_PLACE = "move_place"
    REMOVE_PLACE = "remove_place"
    JUDGE = "judge"
    COMMENT = "comment"
    REMOVE_COMMENT = "remove_comment"
    IMPORT_ARTICLE = "import_article"
    EDIT_ARTICLE = "edit_article"
    REVISE_ARTICLE = "revise_article"
    REATTACH = "reattach"
    EDIT_SOURCE = "edit_source"
    SET_ASIDE = "set_aside"
    RESTORE = "restore"
    ASK_REVIEWERS = "ask_reviewers"
    ASK_FOR_ANOTHER = "ask_for_another"
    ASK_NO_MORE = "ask_no_more"
    RULE = "rule"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    ASK_PUBLISHER = "ask_publisher"
    SEE_ALL_VERDICTS = "see_all_verdicts"
    TAKE_WORK = "take_work"
    ASSIGN = "assign"
    SET_GOLD = "set_gold"
    EDIT_PROJECT = "edit_project"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_SCALE = "manage_scale"
    HOLD = "hold"
    MANAGE_WEBHOOKS = "manage_webhooks"
    IMPORT_FILE = "import_file"
    IMPORT_RECORDS = "import_records"
    MAP_RATINGS = "map_ratings"


REVIEWER_VERBS = frozenset(
    {
        Verb.MARK,
        Verb.EDIT_CLAIM,
        Verb.UNMARK,
        Verb.MOVE_PLACE,
        Verb.REMOVE_PLACE,
        Verb.JUDGE,
        Verb.COMMENT,
        Verb.REMOVE_COMMENT,
        Verb.TAKE_WORK,
    }
)
MODERATOR_VERBS = REVIEWER_VERBS | {
    Verb.IMPORT_ARTICLE,
    Verb.EDIT_ARTICLE,
    Verb.REVISE_ARTICLE,
    Verb.REATTACH,
    Verb.EDIT_SOURCE,
    Verb.SET_ASIDE,
    Verb.RESTORE,
    Verb.ASK_REVIEWERS,
    Verb.ASK_FOR_ANOTHER,
    Verb.ASK_NO_MORE,
    Verb.RULE,
    Verb.CORRECT,
    Verb.WITHDRAW,
    Verb.ASK_PUBLISHER,
    Verb.SEE_ALL_VERDICTS,
    Verb.ASSIGN,
    Verb.SET_GOLD,
    Verb.IMPORT_FILE,
    Verb.MAP_RATINGS,
}
OWNER_VERBS = MODERATOR_VERBS | {
    Verb.EDIT_PROJECT,
    Verb.MANAGE_MEMBERS,
    Verb.MANAGE_SCALE,
    Verb.HOLD,
    Verb.MANAGE_WEBHOOKS,
    Verb.IMPORT_RECORDS,
}

TABLE: dict[Role, frozenset[Verb]] = {
    Role.REVIEWER: REVIEWER_VERBS,
    Role.MODERATOR: MODERATOR_VERBS,
    Role.OWNER: OWNER_VERBS,
}

# A reviewer edits and removes only marks and comments of their own.
OWN_ONLY: dict[Role, frozenset[Verb]] = {
    Role.REVIEWER: frozenset(
        {
            Verb.EDIT_CLAIM,
            Verb.UNMARK,
            Verb.MOVE_PLACE,
            Verb.REMOVE_PLACE,
            Verb.REMOVE_COMMENT,
        }
    ),
    Role.MODERATOR: frozenset(),
    Role.OWNER: frozenset(),
}

SOMEBODY_ELSES = "Somebody else marked this claim, so a moderator has to {} it."
RULING = "Ruling on a claim is for moderators. Ask one of the project's."
ASKING = "Asking the reviewers again is for moderators. Ask one of the project's."

SENTENCES: dict[Verb, str] = {
    Verb.MARK: "Marking claims is for members of the project.",
    Verb.EDIT_CLAIM: SOMEBODY_ELSES.format("change"),
    Verb.UNMARK: SOMEBODY_ELSES.format("remove"),
    Verb.MOVE_PLACE: SOMEBODY_ELSES.format("change"),
    Verb.REMOVE_PLACE: SOMEBODY_ELSES.format("remove"),
    Verb.JUDGE: "Giving verdicts is for members of the project.",
    Verb.IMPORT_ARTICLE: "Bringing in articles is for moderators. Ask one of the project's.",
    Verb.EDIT_ARTICLE: "Changing an article's details is for moderators. Ask one of the project's.",
    Verb.REVISE_ARTICLE: "Bringing in a new text is for moderators. Ask one of the project's.",
    Verb.REATTACH: "Finding a mark's new place is for moderators. Ask one of the project's.",
    Verb.EDIT_SOURCE: "Changing a source is for moderators. Ask one of the project's.",
    Verb.SET_ASIDE: "Setting a claim aside is for moderators. Ask one of the project's.",
    Verb.RESTORE: "Taking a claim back into review is for moderators. Ask one of the project's.",
    Verb.COMMENT: "Commenting is for members of the project.",
    Verb.REMOVE_COMMENT: "Somebody else wrote this comment, so a moderator has to remove it.",
    Verb.ASK_REVIEWERS: ASKING,
    Verb.ASK_FOR_ANOTHER: ASKING,
    Verb.ASK_NO_MORE: ASKING,
    Verb.RULE: RULING,
    Verb.CORRECT: RULING,
    Verb.WITHDRAW: RULING,
    Verb.ASK_PUBLISHER: "Requests to publishers are for moderators. Ask one of the project's.",
    Verb.SEE_ALL_VERDICTS: "Seeing every verdict is for moderators.",
    Verb.TAKE_WORK: "Taking work is for members of the project.",
    Verb.ASSIGN: "Handing out work is for moderators. Ask one of the project's.",
    Verb.IMPORT_FILE: "Bringing in files is for moderators. Ask one of the project's.",
    Verb.IMPORT_RECORDS: "Bringing records back under their own names is for the project's owner.",
    Verb.MAP_RATINGS: "Saying what foreign ratings are here is for the project's moderators.",
    Verb.SET_GOLD: "Gold items are for moderators.",
    Verb.EDIT_PROJECT: "Changing the project is for its owner.",
    Verb.MANAGE_MEMBERS: "Members are managed by the project's owner.",
    Verb.HOLD: "Legal holds are placed and lifted by the project's owner.",
    Verb.MANAGE_WEBHOOKS: "Webhooks are managed by the project's owner.",
    Verb.MANAGE_SCALE: "The rating scale is managed by the project's owner.",
}


# Readers see a place of a claim with a ruling at once: to add one there takes who rules.
TAKES: dict[Verb, dict[State, Verb]] = {Verb.MARK: dict.fromkeys(RULED, Verb.RULE)}


def in_all_but(states: Collection[State], sentence: str) -> dict[State, str]:
    """The sentence for every state but these."""
    return dict.fromkeys(set(State) - set(states), sentence)


NOT_LENT = in_all_but(BEFORE_A_RULING, "This claim is settled or set aside, so it is not lent out.")
NOBODY_TO_ASK = {
    **dict.fromkeys(
        RULED, "This claim has a ruling, so its reviewers are done. Correct the ruling instead."
    ),
    State.MARKED: "Nobody has judged this claim yet, so there is nobody to ask.",
    State.SET_ASIDE: "This claim is set aside. Take it back into review first.",
}
NOTHING_PUBLISHED = in_all_but(
    PUBLIC, "This claim has no published ruling, so there is nothing to change."
)
PLACES_STAY = dict.fromkeys(
    RULED, "This claim has a ruling, so its places stay. Correct the ruling instead."
)

# In which states of a claim a verb is not possible, and what is said there. What is not named is.
CLOSED: dict[Verb, dict[State, str]] = {
    Verb.EDIT_CLAIM: dict.fromkeys(
        RULED, "This claim has a ruling, so its words stay. Correct the ruling instead."
    ),
    Verb.UNMARK: in_all_but(
        {State.MARKED, State.SET_ASIDE},
        "This claim can no longer be removed. A moderator can set it aside.",
    ),
    Verb.MOVE_PLACE: PLACES_STAY,
    Verb.REMOVE_PLACE: PLACES_STAY,
    Verb.JUDGE: {
        State.SET_ASIDE: "This claim is set aside, so it takes no verdicts. "
        "Ask a moderator to take it back.",
        State.WITHDRAWN: "The ruling on this claim was withdrawn, so it takes no verdicts.",
    },
    Verb.TAKE_WORK: NOT_LENT,
    Verb.ASSIGN: NOT_LENT,
    Verb.SET_GOLD: in_all_but(
        BEFORE_A_RULING,
        "Only a claim without a ruling can be a gold item: a ruling shows the answer.",
    ),
    Verb.SET_ASIDE: {
        **dict.fromkeys(
            RULED, "Only a claim without a ruling can be set aside. Withdraw the ruling instead."
        ),
        State.SET_ASIDE: "This claim is set aside already.",
    },
    Verb.RESTORE: in_all_but(
        {State.SET_ASIDE}, "Only a claim that was set aside can be taken back into review."
    ),
    Verb.ASK_REVIEWERS: NOBODY_TO_ASK,
    Verb.ASK_FOR_ANOTHER: {
        **NOBODY_TO_ASK,
        State.IN_REVIEW: "This claim waits for a verdict already.",
    },
    Verb.ASK_NO_MORE: NOBODY_TO_ASK,
    Verb.RULE: {
        State.MARKED: "This claim has no verdict yet. A ruling follows from the verdicts.",
        State.IN_REVIEW: "This claim waits for more verdicts. A ruling follows when they are in.",
        State.PUBLISHED: "This claim has a ruling. Correct it instead.",
        State.CORRECTED: "This claim has a ruling. Correct it instead.",
        State.WITHDRAWN: "The ruling on this claim was withdrawn.",
        State.SET_ASIDE: "This claim is set aside. Take it back into review first.",
    },
    Verb.CORRECT: NOTHING_PUBLISHED,
    Verb.WITHDRAW: NOTHING_PUBLISHED,
    Verb.ASK_PUBLISHER: in_all_but(
        PUBLIC, "A publisher is asked on the ground of a ruling in force, and this claim has none."
    ),
}


def may(role: str | None, verb: Verb, *, own: bool = True) -> bool:
    """Whether a member with `role` may do `verb`; `own` says that the thing is the member's."""
    if role is None:
        return False
    known = Role(role)
    return verb in TABLE[known] and (own or verb not in OWN_ONLY[known])


def may_found(roles: Iterable[str], *, is_superuser: bool) -> bool:
    """Whether somebody with these roles may begin a project: who owns one, and who looks after the
    site."""
    return is_superuser or any(may(role, Verb.EDIT_PROJECT) for role in roles)


def taken(verb: Verb, state: str) -> Verb:
    """The verb whose right it takes to do this one to a claim in `state`."""
    return TAKES.get(verb, {}).get(State(state), verb)


def closed(verb: Verb, state: str) -> str | None:
    """Why nobody can do `verb` to a claim in `state`; None where it is possible."""
    return CLOSED.get(verb, {}).get(State(state))


def may_now(role: str | None, verb: Verb, state: str, *, own: bool = True) -> bool:
    """Whether a member with `role` may do `verb` to a claim in `state`, the member's if `own`."""
    return may(role, taken(verb, state), own=own) and closed(verb, state) is None
