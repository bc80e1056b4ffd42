"""What comes next for a claim, as its page says it."""

from annotations.rules.states import State

WHAT_NEXT = {
    State.MARKED: "Nobody has given a verdict yet. A ruling follows from the verdicts.",
    State.IN_REVIEW: "More verdicts are to come. A ruling follows when they are in.",
    State.AGREED: "The verdicts agree. A ruling can be published.",
    State.DISPUTED: "The verdicts differ. A ruling needs the reason for your choice.",
    State.PUBLISHED: "Readers see the ruling. It can be corrected or withdrawn, never changed.",
    State.CORRECTED: "Readers see the corrected ruling. It can be corrected again or withdrawn.",
    State.WITHDRAWN: "The ruling was withdrawn, and its page says so. Nothing follows.",
    State.SET_ASIDE: "The claim is out of review. It can be taken back.",
}
