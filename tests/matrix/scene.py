"""One project with everything in it, its people, and others: what the addresses are tried on."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from annotations.actions.articles import import_article
from annotations.actions.asking import ask_for_another
from annotations.actions.assignments import take
from annotations.actions.claims import add_appearance
from annotations.actions.comments import comment
from annotations.actions.gold import set_gold
from annotations.actions.handing_out import hold_back
from annotations.actions.holds import place_hold
from annotations.actions.imports import cancel_import, start_import
from annotations.actions.projects import create_project, set_role
from annotations.actions.publishers import ask_publisher
from annotations.actions.rating_maps import map_rating
from annotations.actions.revisions import revise_article
from annotations.actions.tokens import make_token
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.actions.webhooks import make_webhook, send_test
from annotations.models import Event, Import, Project, Rating, User
from annotations.rules.demo import PEOPLE
from annotations.rules.publishers import Asking
from annotations.rules.webhooks import Wish
from tests.actions.given import claim_in, evidence_on, judged, judgement, marked
from tests.conftest import TEXT, person
from tests.matrix.who import Person

PASSWORD = "a password for the matrix"
OTHER = "The harbour was dredged\n\nThe harbour cost 3 million, and nobody knows why.\n"


@dataclass
class Scene:
    """Who asks, with a session each, and what the things are called in addresses and bodies."""

    sessions: dict[Person, str]
    things: dict[str, Any]
    newest_event: int
    client: Client = field(default_factory=Client)

    @contextmanager
    def asked_by(self, who: Person) -> Iterator[Client]:
        """A browser of this person; nothing that it does stays."""
        self.client.cookies.clear()
        if who in self.sessions:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        with transaction.atomic():
            yield self.client
            transaction.set_rollback(True)


def made() -> Scene:
    """The scene. Maple is the author of what one person made; who asks has not judged it."""
    maple, second = person("maple", "Maple"), person("second", "Second")
    maple.set_password(PASSWORD)
    maple.save()
    owner = person("birch", "Birch", staff=True)
    people = {
        Person.ELSEWHERE: person("stranger", "Osprey", staff=True),
        Person.FORMER: person("former", "Former", staff=True),
        Person.ROOT: person("root", "Root", staff=True),
        Person.REVIEWER: person("finch", "Finch"),
        Person.AUTHOR: maple,
        Person.MODERATOR: person("robin", "Robin", staff=True),
        Person.OWNER: owner,
    }
    User.objects.filter(username="root").update(is_superuser=True)
    demo = next(iter(PEOPLE))
    person(demo, PEOPLE[demo].pseudonym)
    project = create_project(actor=owner, slug="council", name="Council budget")
    for one, role in (
        (maple, "reviewer"),
        (second, "reviewer"),
        (people[Person.REVIEWER], "reviewer"),
        (people[Person.FORMER], "moderator"),
        (people[Person.MODERATOR], "moderator"),
    ):
        set_role(project.pk, one.pk, role, actor=owner)
    create_project(actor=people[Person.ELSEWHERE], slug="harbour", name="Harbour works")
    things = {"demo": demo, **things_of(project, people, second)}
    sessions = {who: session_of(one) for who, one in people.items()}
    set_role(project.pk, people[Person.FORMER].pk, None, actor=owner)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return Scene(sessions, things, Event.objects.latest("pk").pk)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def things_of(project: Project, people: dict[Person, User], second: User) -> dict[str, Any]:
    """What stands in the project: an article that readers see, and one that they do not."""
    maple, robin = people[Person.AUTHOR], people[Person.MODERATOR]
    article = import_article(project.pk, actor=robin, text=TEXT, slug="council-spends-more")
    hidden = import_article(project.pk, actor=robin, text=OTHER, slug="harbour-was-dredged")
    claims = {
        state: claim_in(state, article, first=maple, second=second, moderator=robin)
        for state in ("marked", "in_review", "disputed", "published", "withdrawn", "set_aside")
    }
    spent = claims["marked"].appearances.get()
    further = add_appearance(claims["marked"].pk, article.pk, 0, 11, actor=maple)
    drafted, agreed = marked(article, maple), marked(article, maple)
    draft = save_draft(drafted.pk, judgement("true", "https://draft.example/"), actor=maple)
    kept = "https://agreed.example/"
    verdict = submit_verdict(agreed.pk, judgement("true", kept), actor=maple)
    submit_verdict(agreed.pk, judgement("true", kept), actor=second)
    awaited = judged(marked(article, maple), (maple, "true"), (second, "true"))
    ask_for_another(awaited.pk, actor=robin)
    held = claim_in("published", article, first=maple, second=second, moderator=robin)
    hold = place_hold(
        claim=held.pk, actor=people[Person.OWNER], kind="withhold", authority="A court",
        ground="An order", ordered_on=datetime.date(2026, 2, 11),
    )  # fmt: skip
    golden, queued = marked(article, maple), marked(article, maple)
    hold_back(queued.pk, actor=robin)
    homeless = marked(hidden, maple, "The harbour cost 3 million")
    submit_verdict(homeless.pk, judgement("true", kept), actor=maple)
    first = hidden.revisions.get()
    revise_article(
        hidden.pk, actor=robin, text=OTHER.replace("3 million", "4 million"), based_on=first.pk
    )
    waiting = homeless.reattachments.get()
    piece, shown = evidence_on(agreed)[0], evidence_on(claims["published"])[0]
    owner, wish = people[Person.OWNER], Wish("https://desk.example/", kinds=("hold.placed",))
    webhook = make_webhook(project.pk, wish, actor=owner)[0]
    asking = Asking("Example Times", "editors", datetime.date(2026, 2, 11), "To say 11%.")
    return {
        **{state: claim.pk for state, claim in claims.items()},
        "agreed": agreed.pk,
        "drafted": drafted.pk,
        "held_back": queued.pk,
        "golden": golden.pk,
        "gold": set_gold(golden.pk, "true", "It says so.", actor=robin).pk,
        "loan": take(claims["marked"].pk, actor=maple).pk,
        "held": held.pk,
        "hold": hold.pk,
        "import": brought_in(project, robin).pk,
        "stopped_import": cancel_import(brought_in(project, robin).pk, actor=robin).pk,
        "rating_map": map_rating(project.pk, "Pants on fire", "false", actor=robin).pk,
        "awaited": awaited.pk,
        "homeless": homeless.pk,
        "project": project.slug,
        "project_id": project.pk,
        "article": article.slug,
        "article_id": article.pk,
        "revision": article.revisions.get().pk,
        "hidden": hidden.slug,
        "hidden_id": hidden.pk,
        "hidden_revision": hidden.revisions.get(number=2).pk,
        "place": spent.pk,
        "further": further.pk,
        "public_place": claims["published"].appearances.get().pk,
        "reattachment": waiting.pk,
        "proposed": "-".join(str(one) for one in waiting.places[0]),
        "comment": comment(claims["disputed"].pk, "It adds up.", actor=maple).pk,
        "draft": draft.pk,
        "verdict": verdict.pk,
        "piece": piece.pk,
        "public_piece": shown.pk,
        "grounds": evidence_on(claims["disputed"])[0].pk,
        "source": piece.source_id,
        "public_source": shown.source_id,
        "ruling": claims["published"].rulings.get().pk,
        "request": ask_publisher(claims["published"].pk, asking, actor=robin).pk,
        "webhook": webhook.pk,
        "delivery": send_test(project.pk, webhook.pk, actor=owner).pk,
        "first_ruling": 1,
        "two": 2,
        "rating": Rating.objects.get(project=project, slug="true").pk,
        "event": Event.objects.filter(project=project).earliest("id").pk,
        "token": make_token(maple, "nightly", actor=maple)[0].pk,
        "account": maple.pk,
        "app": "annotations",
        "words": "some words",
    }


def brought_in(project: Project, actor: User) -> Import:
    return start_import(
        project.pk, actor=actor, format="csv", name="claims.csv", content=[b"statement\nSo.\n"]
    )


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None, quick_passwords: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Scene]:
    """The scene, made once for all the tests of a module, and then as if it had never been."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made()
        transaction.set_rollback(True)
