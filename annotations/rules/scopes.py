"""What a token is for: a bound on what its person may do with it, never more than the person may.

Two tables. One says which scope each address of the API takes for each of its methods that change
something; what is not named there is open to no token. The other follows from the table of
permissions, since one address may do more than one verb. Reading takes no scope but the one that
every token has.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum

from annotations.rules.permissions import MODERATOR_VERBS, OWN_ONLY, REVIEWER_VERBS, Role, Verb
from annotations.rules.refusals import Malformed, NotAllowed


class Scope(StrEnum):
    READ = "read"
    REVIEW = "review"
    MODERATE = "moderate"
    MANAGE = "manage"


ALL = tuple(Scope)

# By method and name of the address, as in annotations/api/urls.py and annotated/urls.py.
ADDRESSES: dict[Scope, frozenset[str]] = {
    Scope.READ: frozenset({"POST tokens", "POST revoke-token"}),  # see `refuse_wider`
    Scope.REVIEW: frozenset(
        {
            "POST claims", "PATCH claim", "DELETE claim",
            "POST many-claims", "PATCH many-claims", "POST many-appearances", "POST many-verdicts",
            "POST appearances", "PATCH appearance", "DELETE appearance",
            "POST verdicts", "PUT verdict", "PATCH verdict", "DELETE verdict", "POST submit",
            "POST container", "PUT annotation", "DELETE annotation",
            "POST comments", "PATCH comment", "POST remove-comment",
            "POST assignments", "POST next", "POST prolong", "POST give-back", "POST skip",
        }
    ),
    Scope.MODERATE: frozenset(
        {
            "POST articles", "PATCH article", "POST revise", "POST preview",
            "POST reattach", "POST let-go", "PATCH source", "PATCH many-sources",
            "POST set-aside", "POST restore",
            "POST ask-again", "POST ask-for-another", "POST ask-no-more",
            "POST put-back", "POST reassign", "POST take-back",
            "POST gold", "PATCH one-gold-item", "POST unset-gold",
            "POST rulings", "POST correct", "POST withdraw",
            "POST publisher-corrections", "PATCH publisher-correction",
            "POST imports", "POST cancel-import", "POST resume-import",
            "POST rating-maps", "DELETE rating-map",
        }
    ),
    Scope.MANAGE: frozenset(
        {
            "POST projects", "PATCH project", "POST members",
            "POST ratings", "PATCH rating", "POST retire",
            "POST webhooks", "PATCH webhook", "DELETE webhook", "POST rotate",
            "POST test-webhook", "POST replay", "POST replay-one",
            "POST holds", "POST lift",
        }
    ),
}  # fmt: skip
TAKEN_AT = {address: scope for scope, named in ADDRESSES.items() for address in named}


DAYS, MOST_DAYS = 90, 365  # that a token lives: unless it is said, and at most


class OutOfScope(NotAllowed):
    """The person may, and not with this token. `scope` is the one that it lacks."""

    def __init__(self, scope: Scope | None):
        self.scope = scope
        super().__init__(
            f"This token lacks the scope “{scope}”. Send one that has it."
            if scope
            else "No token may do this, whatever its scopes."
        )


def in_order(given: Iterable[str]) -> list[Scope]:
    """The scopes of a token to be: those that are named, and reading, which every one implies."""
    named = set(given)
    if not named or named - set(Scope):
        raise Malformed(f"Choose one or more of {', '.join(Scope)}.", field="scopes")
    return [one for one in Scope if one in named | {Scope.READ}]


def taken_at(method: str, address: str) -> Scope | None:
    """The scope that a change takes at an address; None where no token may."""
    return TAKEN_AT.get(f"{method} {address}")


def taken_by(verb: Verb, *, own: bool = True) -> Scope:
    """The scope of a verb: that of the first role that may do it."""
    if verb in REVIEWER_VERBS and (own or verb not in OWN_ONLY[Role.REVIEWER]):
        return Scope.REVIEW
    return Scope.MODERATE if verb in MODERATOR_VERBS else Scope.MANAGE


def refuse_outside(held: Collection[str], scope: Scope | None) -> None:
    """Refuse what takes a scope that is not held."""
    if scope is None or scope not in held:
        raise OutOfScope(scope)


def refuse_wider(held: Collection[str], wanted: Collection[str]) -> None:
    """Refuse to make or to end a token that may more than the one it is done with."""
    wider = [one for one in wanted if one not in held]
    if wider:
        raise NotAllowed(
            f"This token lacks the scope “{wider[0]}”, so it makes and ends none that has it.",
            field="scopes",
        )


def life(days: int) -> timedelta:
    """How long a token lives."""
    if not 1 <= days <= MOST_DAYS:
        raise Malformed(f"A token lives 1 to {MOST_DAYS} days.", field="days")
    return timedelta(days=days)
