"""Short ways to say what the people of the cast do; every one goes through the actions."""

from annotations.actions.claims import mark_claim, set_aside
from annotations.actions.rulings import correct_ruling, publish_ruling, withdraw_ruling
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Event, Evidence, Ruling, User, Verdict
from annotations.rules.anchors import find_once
from annotations.rules.states import State
from annotations.rules.verdicts import EvidenceGiven, Judgement

SPENT_MORE = "spent 12% more in 2024"
BUDGET = "https://city.example/budget-2024"


def marked(article: Article, actor: User, quote: str = SPENT_MORE, **facts: str) -> Claim:
    """A claim on words that stand once in the article."""
    text = article.revisions.get(number=1).text
    start = find_once(text, quote)
    return mark_claim(article.pk, start, start + len(quote), actor=actor, **facts).claim  # type: ignore[arg-type]


def judgement(rating: str = "true", *addresses: str, rationale: str = "It says so.") -> Judgement:
    """A verdict ready to be submitted, with one source unless others are named."""
    evidence = tuple(
        EvidenceGiven(stance="supports", address=one) for one in addresses or (BUDGET,)
    )
    return Judgement(rating, rationale, "high", evidence)


def judged(claim: Claim, *verdicts: tuple[User, str]) -> Claim:
    """The claim after each of the verdicts, in order."""
    for user, rating in verdicts:
        submit_verdict(claim.pk, judgement(rating), actor=user)
    claim.refresh_from_db()
    return claim


def evidence_on(claim: Claim) -> list[Evidence]:
    """The evidence of the claim's current verdicts, oldest first."""
    verdicts = Verdict.objects.current().filter(claim=claim)
    return list(Evidence.objects.filter(verdict__in=verdicts).order_by("id"))


def published(claim: Claim, actor: User, rating: str = "true") -> Ruling:
    return publish_ruling(
        claim.pk,
        actor=actor,
        rating=rating,
        summary="The budget says so.",
        evidence=[evidence_on(claim)[0].pk],
        reason="The budget is the better source.",
    )


def corrected(claim: Claim, actor: User, rating: str = "mostly-true") -> Ruling:
    return correct_ruling(
        claim.pk,
        actor=actor,
        rating=rating,
        summary="The budget says 11%.",
        evidence=[evidence_on(claim)[0].pk],
        note="The figure was 11%.",
        correction="substantial",
    )


def claim_in(state: str, article: Article, *, first: User, second: User, moderator: User) -> Claim:
    """A claim taken to a state by its ordinary way."""
    claim = marked(article, first)
    if state in (State.MARKED, State.SET_ASIDE):
        if state == State.SET_ASIDE:
            set_aside(claim.pk, "opinion", actor=moderator)
    else:
        submit_verdict(claim.pk, judgement("true"), actor=first)
        if state != State.IN_REVIEW:
            other = "false" if state == State.DISPUTED else "true"
            submit_verdict(claim.pk, judgement(other), actor=second)
    if state in (State.PUBLISHED, State.CORRECTED, State.WITHDRAWN):
        published(claim, moderator)
    if state == State.CORRECTED:
        corrected(claim, moderator)
    if state == State.WITHDRAWN:
        withdraw_ruling(claim.pk, actor=moderator, note="It rests on a forged page.")
    claim.refresh_from_db()
    return claim


def told(claim: Claim) -> list[str]:
    """The verbs of a claim's log, oldest first."""
    return list(Event.objects.of_claim(claim.pk).order_by("id").values_list("verb", flat=True))
