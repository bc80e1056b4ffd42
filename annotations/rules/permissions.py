"""Who may do what: one table of role and verb. Reads agree with it in the QuerySet methods."""

from enum import StrEnum


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
    RULE = "rule"
    ASK_PUBLISHER = "ask_publisher"
    SEE_ALL_VERDICTS = "see_all_verdicts"
    TAKE_WORK = "take_work"
    ASSIGN = "assign"
    SET_GOLD = "set_gold"
    EDIT_PROJECT = "edit_project"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_SCALE = "manage_scale"
    HOLD = "hold"


REVIEWER_VERBS = frozenset(
    {
        Verb.MARK,
        Verb.EDIT_CLAIM,
        Verb.UNMARK,
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
    Verb.RULE,
    Verb.ASK_PUBLISHER,
    Verb.SEE_ALL_VERDICTS,
    Verb.ASSIGN,
    Verb.SET_GOLD,
}
OWNER_VERBS = MODERATOR_VERBS | {
    Verb.EDIT_PROJECT,
    Verb.MANAGE_MEMBERS,
    Verb.MANAGE_SCALE,
    Verb.HOLD,
}

TABLE: dict[Role, frozenset[Verb]] = {
    Role.REVIEWER: REVIEWER_VERBS,
    Role.MODERATOR: MODERATOR_VERBS,
    Role.OWNER: OWNER_VERBS,
}

# A reviewer edits and removes only marks and comments of their own.
OWN_ONLY: dict[Role, frozenset[Verb]] = {
    Role.REVIEWER: frozenset({Verb.EDIT_CLAIM, Verb.UNMARK, Verb.REMOVE_COMMENT}),
    Role.MODERATOR: frozenset(),
    Role.OWNER: frozenset(),
}

SENTENCES: dict[Verb, str] = {
    Verb.MARK: "Marking claims is for members of the project.",
    Verb.EDIT_CLAIM: "Somebody else marked this claim, so a moderator has to change it.",
    Verb.UNMARK: "Somebody else marked this claim, so a moderator has to remove it.",
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
    Verb.ASK_REVIEWERS: "Asking the reviewers again is for moderators. Ask one of the project's.",
    Verb.RULE: "Ruling on a claim is for moderators. Ask one of the project's.",
    Verb.ASK_PUBLISHER: "Requests to publishers are for moderators. Ask one of the project's.",
    Verb.SEE_ALL_VERDICTS: "Seeing every verdict is for moderators.",
    Verb.TAKE_WORK: "Taking work is for members of the project.",
    Verb.ASSIGN: "Handing out work is for moderators. Ask one of the project's.",
    Verb.SET_GOLD: "Gold items are for moderators.",
    Verb.EDIT_PROJECT: "Changing the project is for its owner.",
    Verb.MANAGE_MEMBERS: "Members are managed by the project's owner.",
    Verb.HOLD: "Legal holds are placed and lifted by the project's owner.",
    Verb.MANAGE_SCALE: "The rating scale is managed by the project's owner.",
}


def may(role: str | None, verb: Verb, *, own: bool = True) -> bool:
    """Whether a member with `role` may do `verb`; `own` says that the thing is the member's."""
    if role is None:
        return False
    known = Role(role)
    return verb in TABLE[known] and (own or verb not in OWN_ONLY[known])
