"""The claims that wait for a moderator, by state: for the index and for the tabs of the list."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, OrderBy, QuerySet, Value, When

from annotations.models import Claim, Project, User
from annotations.rules.states import State

# Where a moderator looks first; the states that wait for a ruling stand foremost.
ORDER = (
    State.DISPUTED,
    State.AGREED,
    State.IN_REVIEW,
    State.MARKED,
    State.PUBLISHED,
    State.CORRECTED,
    State.WITHDRAWN,
    State.SET_ASIDE,
)
WAITING = ORDER[:2]
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as it is drawn: icon and word, bold when somebody has to act."""

    state: State

    @property
    def label(self) -> str:
        return self.state.label

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    @property
    def icon(self) -> str:
        return "s-" + self.state.value.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Pile(Shown):
    """The claims of one state."""

    count: int


@dataclass(frozen=True, slots=True)
class Waiting:
    piles: list[Pile]
    claims: list[tuple[Claim, Shown]]

    @property
    def number(self) -> int:
        return sum(pile.count for pile in self.piles if pile.waits)


def moderated_claims(person: User) -> QuerySet[Claim]:
    return Claim.objects.filter(project__in=Project.objects.moderated_by(person))


def piles(person: User) -> list[Pile]:
    """How many claims stand in each state, in a moderator's order: one query over an index."""
    grouped = moderated_claims(person).order_by().values_list("state").annotate(Count("pk"))
    counted = dict(grouped)
    return [Pile(state, counted.get(state.value, 0)) for state in ORDER]


def disputed_first() -> OrderBy:
    """A moderator's order, to sort by. Meant for what waits: a sort of what a filter leaves."""
    place = Case(
        *(When(state=state, then=Value(n)) for n, state in enumerate(ORDER)),
        output_field=IntegerField(),
    )
    return place.asc()


def what_waits(person: User) -> Waiting:
    """The piles, and the first few claims that wait for a ruling."""
    waiting = moderated_claims(person).filter(state__in=WAITING)
    first = waiting.order_by(disputed_first(), "-id").select_related("project")[:SHOWN]
    return Waiting(piles(person), [(claim, Shown(State(claim.state))) for claim in first])
