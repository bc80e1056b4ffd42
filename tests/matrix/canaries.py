"""A project with one claim in each state, and a word of its own in everything that is said of it.

Whoever finds the word has seen the thing.
"""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from annotations.actions.articles import import_article
from annotations.actions.asking import ask_again
from annotations.actions.claims import add_appearance, mark_claim, set_aside
from annotations.actions.comments import comment, edit_comment
from annotations.actions.gold import set_gold
from annotations.actions.handing_out import assign
from annotations.actions.holds import lift_hold, place_hold
from annotations.actions.imports import start_import
from annotations.actions.projects import create_project, edit_project, set_role
from annotations.actions.publishers import ask_publisher
from annotations.actions.rating_maps import map_rating
from annotations.actions.revisions import revise_article
from annotations.actions.rulings import correct_ruling, publish_ruling, withdraw_ruling
from annotations.actions.tokens import make_token
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.actions.webhooks import make_webhook, send_test
from annotations.models import Article, Claim, Event, Project, Rating, Reattachment, User
from annotations.rules.anchors import find_once
from annotations.rules.publishers import Asking
from annotations.rules.ratings import Look, RatingOnScale
from annotations.rules.sight import Looker, Thing
from annotations.rules.states import RULED, VERDICTS_ARE_IN, State
from annotations.rules.verdicts import EvidenceGiven, Judgement
from annotations.rules.webhooks import Kind, Wish
from tests.conftest import person
from tests.matrix.scene import session_of

CANARY = re.compile(r"qq[a-z]+qq|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNGIVEN = "qqungivenqq"  # a rating that nobody gave: a rating named more often than it was given


@dataclass(frozen=True)
class Canary:
    """What a word is a part of, and of the claim in which state."""

    thing: Thing
    part: str
    state: State


@dataclass
class Scene:
    """The people, each with a session; the claims by state, with all that is of them by name."""

    blind: bool
    sessions: dict[Looker, str] = field(default_factory=dict)
    canaries: dict[str, Canary] = field(default_factory=dict)
    things: dict[State, dict[str, Any]] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)

    @property
    def there(self) -> set[tuple[Thing, State]]:
        """What there is to see; every claim has a state."""
        kept = {(one.thing, one.state) for one in self.canaries.values()}
        return kept | {(Thing.STATE, state) for state in State}

    def word(self, thing: Thing, part: str, state: State) -> str:
        made = f"qq{part}{state.replace('_', '')}qq"
        self.canaries[made] = Canary(thing, part, state)
        return made

    def kept(self, thing: Thing, part: str, state: State, pk: Any) -> None:
        """The id of a thing tells of it as well."""
        self.canaries[str(pk)] = Canary(thing, part, state)


def rated(state: State) -> str:
    """The rating that the verdicts on the claim in a state give, and no others."""
    return f"qqrating{state.replace('_', '')}qq"


# A gold item does not wait for a ruling; the disputed claim does.
GOLD = {State.MARKED, State.IN_REVIEW, State.AGREED, State.SET_ASIDE}
GIVEN = [one for one in State if one not in (State.MARKED, State.SET_ASIDE)]
NAMES = ["true", *map(rated, GIVEN[:3]), UNGIVEN, *map(rated, GIVEN[3:]), "false"]
SCALE = [
    RatingOnScale(name, name, f"What {n} means.", 5 - n / 2, Look.TRUE)
    for n, name in enumerate(NAMES)
]
TEXT = "The council spends more than ever\n\nIn 2024 the city spent {}.\n"
PLACES = [f"{n} million on item {n}" for n in range(len(State))]


def made(*, blind: bool) -> Scene:
    """The scene. In a blind project the claims without a ruling are gold items as well."""
    scene = Scene(blind)
    people = {
        Looker.STRANGER: person("stranger", "Osprey", staff=True),
        Looker.BLIND: person("finch", "Finch", staff=True),
        Looker.JUDGED: person("judge", "Judge"),
        Looker.MODERATOR: person("robin", "Robin", staff=True),
        Looker.OWNER: person("birch", "Birch", staff=True),
    }
    User.objects.filter(username="finch").update(is_superuser=True)
    owner = people[Looker.OWNER]
    project = create_project(
        actor=owner, slug="council", name="Council budget", verdicts_required=3, scale=SCALE
    )
    wish = Wish("https://desk.example/", kinds=tuple(Kind))
    webhook, _ = make_webhook(project.pk, wish, actor=owner)
    for looker, role in ((Looker.MODERATOR, "moderator"), (Looker.JUDGED, "reviewer")):
        set_role(project.pk, people[looker].pk, role, actor=owner)
    text = TEXT.format(", ".join(PLACES))
    article = import_article(project.pk, actor=owner, text=text, slug="council-spends-more")
    moved = import_article(project.pk, actor=owner, text=text, slug="council-spends-again")
    for state in State:
        claim_in(state, scene, project, (article, moved), people)
    revised = revise_article(
        moved.pk,
        actor=owner,
        text=text.replace("million on", "thousand on"),
        based_on=moved.revisions.get().pk,
    )
    set_role(project.pk, people[Looker.BLIND].pk, "reviewer", actor=owner)
    for looker, slug in ((Looker.STRANGER, "harbour"), (Looker.BLIND, "museum")):
        create_project(actor=people[looker], slug=slug, name=slug.capitalize())
    if not blind:
        edit_project(project.pk, actor=owner, blind=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for one in Reattachment.objects.select_related("claim"):
        scene.things[State(one.claim.state)]["reattachment"] = one.pk
    robin = people[Looker.MODERATOR]
    job = start_import(project.pk, actor=robin, format="csv", name="claims.csv", content=[b"x"])
    refused = Claim.objects.get(pk=scene.things[State.MARKED]["claim"]).statement
    job.refusals.create(line=2, sentence="This claim takes no verdicts.", what=refused)
    scene.shared = {
        "project": project.slug,
        "project_id": project.pk,
        "article": article.slug,
        "article_id": article.pk,
        "moved": moved.slug,
        "revision": article.revisions.get().pk,
        "revised": revised.pk,
        "rating": Rating.objects.get(project=project, slug=UNGIVEN).pk,
        "token": make_token(people[Looker.JUDGED], "nightly", actor=people[Looker.JUDGED])[0].pk,
        "import": job.pk,
        "rating_map": map_rating(project.pk, "Pants on fire", "false", actor=robin).pk,
        "account": people[Looker.JUDGED].pk,
        "webhook": webhook.pk,
        "delivery": send_test(project.pk, webhook.pk, actor=owner).pk,
        "app": "annotations",
        "one": 1,
        "two": 2,
    }
    scene.sessions = {looker: session_of(one) for looker, one in people.items()}
    return scene


def claim_in(
    state: State,
    scene: Scene,
    project: Project,
    articles: tuple[Article, Article],
    people: dict[Looker, User],
) -> None:
    """A claim taken to a state, judged there by a reviewer who judges no other, and by the judge.

    A colleague's draft names the reviewer's source first.
    """
    owner, robin = people[Looker.OWNER], people[Looker.MODERATOR]
    name, judged = f"who{state.replace('_', '')}", state != State.MARKED
    first = person(name, scene.word(Thing.REVIEWERS, "who", state) if judged else name)
    colleague, third = person(f"{name}-drafts", f"{name} D"), person(f"{name}-third", f"{name} T")
    for one in (first, colleague, third):
        set_role(project.pk, one.pk, "reviewer", actor=owner)
    claim, place = marked(state, scene, articles, robin)
    draft = drafted(state, scene, claim, colleague)
    things = {"claim": claim.pk, "place": place, "draft": draft.pk}
    if state == State.MARKED:
        things["loan"] = assign(claim.pk, colleague.pk, actor=robin).pk
        things["hold"] = lifted(claim, owner)
    if judged:
        things |= judged_by(state, scene, claim, first)
        if state == State.DISPUTED:
            submit_verdict(claim.pk, other("false"), actor=third)
        elif state in VERDICTS_ARE_IN | RULED:
            submit_verdict(claim.pk, other(rated(state)), actor=third)
        rating = "false" if state == State.SET_ASIDE else rated(state)
        submit_verdict(claim.pk, other(rating), actor=people[Looker.JUDGED])
    things |= talked(state, scene, claim, first if judged else robin, robin)
    if scene.blind and state in GOLD:
        explanation = scene.word(Thing.GOLD, "explanation", state)
        things["gold"] = set_gold(claim.pk, "true", explanation, actor=robin).pk
        scene.kept(Thing.GOLD, "gold", state, things["gold"])
    if state == State.SET_ASIDE:
        set_aside(claim.pk, "opinion", actor=robin, note=scene.word(Thing.LOG, "aside", state))
    if state in RULED:
        things |= ruled(state, scene, claim, things["piece"], robin)
    claim.refresh_from_db()
    assert claim.state == state
    scene.things[state] = things


def lifted(claim: Claim, actor: User) -> Any:
    """A hold that was: what it was on is read again."""
    hold = place_hold(
        claim=claim.pk, actor=actor, kind="withhold", authority="A court", ground="An order",
        ordered_on=datetime.date(2026, 2, 11),
    )  # fmt: skip
    return lift_hold(hold.pk, actor=actor, because="It was set aside.").pk


def marked(
    state: State, scene: Scene, articles: tuple[Article, Article], actor: User
) -> tuple[Claim, Any]:
    """A claim on words of the one article, and on the same words of the other."""
    article, moved = articles
    quote = PLACES[list(State).index(state)]
    start = find_once(article.revisions.get().text, quote)
    place = mark_claim(
        article.pk, start, start + len(quote), actor=actor,
        statement=scene.word(Thing.CLAIM, "statement", state),
        claimant=scene.word(Thing.CLAIM, "claimant", state),
    )  # fmt: skip
    scene.kept(Thing.CLAIM, "claim", state, place.claim_id)
    scene.kept(Thing.CLAIM, "place", state, place.pk)
    add_appearance(place.claim_id, moved.pk, start, start + len(quote), actor=actor)
    return place.claim, place.pk


def source_of(state: State) -> str:
    return f"https://example.org/{state.replace('_', '-')}"


def drafted(state: State, scene: Scene, claim: Claim, actor: User) -> Any:
    def word(part: str) -> str:
        return scene.word(Thing.DRAFTS, f"draft{part}", state)

    evidence = (
        EvidenceGiven(stance="refutes", address=source_of(state), title=word("title")),
        EvidenceGiven(stance="refutes", address=f"https://{word('host')}.example/"),
    )
    given = Judgement("true", word("rationale"), "low", evidence)
    draft = save_draft(claim.pk, given, actor=actor)
    scene.kept(Thing.DRAFTS, "draft", state, draft.pk)
    return draft


def judged_by(state: State, scene: Scene, claim: Claim, actor: User) -> dict[str, Any]:
    """Two versions of a verdict. A ruling rests on the first piece of the newer one."""

    def word(part: str, thing: Thing = Thing.VERDICTS) -> str:
        return scene.word(thing, part, state)

    rests = {State.WITHDRAWN: Thing.EARLIER}.get(state, Thing.RULING)
    ground = rests if state in RULED else Thing.VERDICTS
    evidence = (
        EvidenceGiven(
            stance="supports", address=source_of(state), quote=word("ground", ground)
        ),
        EvidenceGiven(
            stance="supports", address=f"https://{word('host')}.example/", title=word("title"),
            quote=word("quote"), note=word("note"),
        ),
    )  # fmt: skip
    if state in GIVEN:
        word("rating")
    rating = rated(state) if state in GIVEN else "false"
    older = Judgement(rating, word("older"), "low", evidence[:1])
    submit_verdict(claim.pk, older, actor=actor)
    newer = Judgement(rating, word("rationale"), "high", evidence)
    verdict = submit_verdict(claim.pk, newer, actor=actor)
    scene.kept(Thing.VERDICTS, "verdict", state, verdict.pk)
    piece, unused = verdict.evidence.order_by("position")
    return {
        "verdict": verdict.pk,
        "piece": piece.pk,
        "unused": unused.pk,
        "source": piece.source_id,
        "unused_source": unused.source_id,
    }


def other(rating: str) -> Judgement:
    evidence = (EvidenceGiven(stance="context", address="https://example.org/context"),)
    return Judgement(rating, "It says so.", "high", evidence)


def talked(
    state: State, scene: Scene, claim: Claim, actor: User, moderator: User
) -> dict[str, Any]:
    """A remark, what it said before it was changed, and a question to the reviewers."""
    was, says = scene.word(Thing.LOG, "was", state), scene.word(Thing.COMMENTS, "remark", state)
    remark = comment(claim.pk, was, actor=actor)
    edit_comment(remark.pk, says, actor=actor)
    scene.kept(Thing.COMMENTS, "comment", state, remark.pk)
    if state != State.MARKED:
        ask_again(claim.pk, scene.word(Thing.COMMENTS, "question", state), actor=moderator)
    event = Event.objects.filter(claim_id=claim.pk, verb="edit_comment").get()
    return {"comment": remark.pk, "event": event.pk}


def ruled(state: State, scene: Scene, claim: Claim, piece: Any, moderator: User) -> dict[str, Any]:
    """A ruling, a request to the publisher, and what came of the ruling."""

    def word(part: str, thing: Thing = Thing.RULING) -> str:
        return scene.word(thing, part, state)

    said: dict[str, Any] = {"actor": moderator, "rating": "true", "evidence": [piece]}
    summary = word("summary", Thing.RULING if state == State.PUBLISHED else Thing.EARLIER)
    first = publish_ruling(claim.pk, summary=summary, reason=word("reason", Thing.REASON), **said)
    asked = word("asked", Thing.REQUESTS)
    asking = Asking("Example Times", "editors", datetime.date(2026, 2, 11), asked)
    request = ask_publisher(claim.pk, asking, actor=moderator)
    if state == State.CORRECTED:
        correct_ruling(
            claim.pk, summary=word("corrected"), note=word("notice"), correction="substantial",
            **said,
        )  # fmt: skip
    if state == State.WITHDRAWN:
        withdraw_ruling(claim.pk, actor=moderator, note=word("notice"))
    last = claim.rulings.get(superseded_at=None)
    return {"first": first.pk, "ruling": last.pk, "request": request.pk}
