"""Whoever reads again what the feed names, and only that, has what an export gives them now."""

import datetime
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from annotations.actions.articles import edit_article, import_article
from annotations.actions.asking import ask_again, ask_for_another, ask_no_more
from annotations.actions.claims import (
    add_appearance,
    edit_claim,
    mark_claim,
    move_appearance,
    remove_appearance,
    restore,
    set_aside,
    unmark_claim,
)
from annotations.actions.comments import comment
from annotations.actions.gold import set_gold, unset_gold
from annotations.actions.holds import lift_hold, place_hold
from annotations.actions.people import edit_account
from annotations.actions.projects import edit_project, set_role
from annotations.actions.publishers import ask_publisher, edit_publisher_correction
from annotations.actions.ratings import add_rating, edit_rating, retire_rating
from annotations.actions.revisions import let_go, reattach, revise_article
from annotations.actions.rulings import correct_ruling, publish_ruling, withdraw_ruling
from annotations.actions.sources import edit_source
from annotations.actions.verdicts import (
    bring_verdict,
    confirm_verdict,
    discard_draft,
    save_draft,
    submit_verdict,
)
from annotations.models import (
    Appearance,
    Article,
    Claim,
    GoldItem,
    LegalHold,
    Project,
    PublisherCorrection,
    Rating,
    Reattachment,
    Source,
    User,
    Verdict,
)
from annotations.rules.publishers import Asking
from annotations.rules.refusals import Refusal
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.actions.given import evidence_on
from tests.conftest import person
from tests.models.mirrors import Mirror, committed

SENTENCES = [
    "The council spent 12% more in 2024.", "Café prices doubled in the same year.",
    "The harbour costs 3 million.", "Rents fell by half.", "The school has forty pupils.",
    "Nobody noticed it at all.", "The bridge was closed for a year.", "Buses run every hour.",
]  # fmt: skip
ROUNDS = 40
SOURCES = ["https://city.example/budget", "https://a.example/1", "https://b.example/2"]


class Desk:
    """People who do whatever comes to their mind; what the rules refuse does not happen."""

    def __init__(self, seed: int, projects: list[Project], people: list[User], root: User) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.projects, self.people, self.root = projects, people, root
        self.done: Counter[str] = Counter()

    def act(self) -> None:
        """One thing, by somebody."""
        act = self.chance.choice(ACTS)
        try:
            with transaction.atomic():
                act(self)
        except (Refusal, IndexError):
            return
        finally:
            committed()
        self.done[act.__name__] += 1

    def one(self, rows: Any) -> Any:
        return self.chance.choice(list(rows.order_by("pk")))

    def text(self) -> str:
        return "\n\n".join(self.chance.sample(SENTENCES, self.chance.randint(3, 6)))

    @property
    def somebody(self) -> User:
        return self.chance.choice(self.people)

    @property
    def project(self) -> Project:
        return self.projects[0] if self.chance.random() < 0.9 else self.projects[1]

    @property
    def claim(self) -> Claim:
        found: Claim = self.one(Claim.objects.all())
        return found

    @property
    def judgement(self) -> Judgement:
        cited = self.chance.sample(SOURCES, self.chance.randint(1, 2))
        evidence = tuple(EvidenceGiven(stance="supports", address=one) for one in cited)
        return Judgement(self.chance.choice(["true", "false"]), "It says so.", "high", evidence)

    def span(self, article: Article) -> tuple[int, int]:
        text = article.revisions.order_by("-number")[0].text
        sentence = self.chance.choice([one for one in SENTENCES if one in text])
        start = text.index(sentence)
        return start, start + len(sentence) - 1

    def imports(self) -> None:
        import_article(self.project.pk, actor=self.somebody, text=self.text())

    def describes(self) -> None:
        facts = {self.chance.choice(["title", "note"]): f"Words {self.chance.random()}"}
        edit_article(self.one(Article.objects.all()).pk, actor=self.somebody, **facts)

    def revises(self) -> None:
        article = self.one(Article.objects.all())
        text = self.text()
        revise_article(article.pk, actor=self.somebody, text=text,
                       based_on=article.revisions.order_by("-number")[0].pk)  # fmt: skip

    def marks(self) -> None:
        article = self.one(Article.objects.all())
        mark_claim(article.pk, *self.span(article), actor=self.somebody)

    def adds_a_place(self) -> None:
        claim, article = self.claim, self.one(Article.objects.all())
        add_appearance(claim.pk, article.pk, *self.span(article), actor=self.somebody)

    def moves(self) -> None:
        place = self.one(Appearance.objects.current())
        move_appearance(place.pk, *self.span(place.article), actor=place.marked_by)

    def removes_a_place(self) -> None:
        place = self.one(Appearance.objects.current())
        remove_appearance(place.pk, actor=place.claim.marked_by)

    def unmarks(self) -> None:
        claim = self.one(Claim.objects.filter(verdicts__isnull=True))
        unmark_claim(claim.pk, actor=claim.marked_by)

    def changes_words(self) -> None:
        claim = self.claim
        edit_claim(claim.pk, actor=claim.marked_by, statement=f"That {self.chance.random()}.")

    def drafts(self) -> None:
        save_draft(self.claim.pk, self.judgement, actor=self.somebody)

    def discards(self) -> None:
        draft = self.one(Verdict.objects.filter(submitted_at=None))
        discard_draft(draft.claim_id, actor=draft.reviewer)

    def judges(self) -> None:
        submit_verdict(self.claim.pk, self.judgement, actor=self.somebody)

    def confirms(self) -> None:
        stale = self.one(Verdict.objects.stale())
        confirm_verdict(stale.claim_id, actor=stale.reviewer)

    def brings(self) -> None:
        reviewer, actor = self.somebody, self.somebody
        bring_verdict(self.claim.pk, self.judgement, reviewer=reviewer, actor=actor)

    def publishes(self) -> None:
        claim = self.one(Claim.objects.filter(state__in=["agreed", "disputed"]))
        publish_ruling(claim.pk, actor=self.somebody, rating="true", summary="It is so.",
                       evidence=[evidence_on(claim)[0].pk], reason="It is better.")  # fmt: skip

    def corrects(self) -> None:
        claim = self.one(Claim.objects.filter(state="published"))
        correct_ruling(claim.pk, actor=self.somebody, rating="mostly-true", summary="Nearly.",
                       evidence=[evidence_on(claim)[0].pk], note="A figure.",
                       correction="substantial")  # fmt: skip

    def withdraws(self) -> None:
        claim = self.one(Claim.objects.filter(state__in=["published", "corrected"]))
        withdraw_ruling(claim.pk, actor=self.somebody, note="It was another claim.")

    def asks_a_publisher(self) -> None:
        claim = self.one(Claim.objects.filter(state__in=["published", "corrected"]))
        asking = Asking("Times", "editors", datetime.date(2026, 1, 2), "To say 11%.")
        ask_publisher(claim.pk, asking, actor=self.somebody)

    def hears_of_a_publisher(self) -> None:
        one = self.one(PublisherCorrection.objects.all())
        edit_publisher_correction(one.pk, {"asked": "To say 10%."}, actor=self.somebody)

    def sets_aside(self) -> None:
        set_aside(self.claim.pk, "opinion", actor=self.somebody)

    def takes_back(self) -> None:
        restore(self.one(Claim.objects.filter(state="set_aside")).pk, actor=self.somebody)

    def wants_another(self) -> None:
        ask_for_another(self.claim.pk, actor=self.somebody)

    def wants_no_more(self) -> None:
        ask_no_more(self.claim.pk, actor=self.somebody)

    def remarks(self) -> None:
        comment(self.claim.pk, "A remark.", actor=self.somebody)

    def questions(self) -> None:
        ask_again(self.claim.pk, "Which?", actor=self.somebody)

    def holds(self) -> None:
        thing = self.chance.choice([self.claim, self.one(Article.objects.all())])
        on: Any = {"claim" if isinstance(thing, Claim) else "article": thing.pk}
        place_hold(actor=self.somebody, kind=self.chance.choice(["restrict", "withhold"]),
                   authority="A court", ground="A law", ordered_on=datetime.date(2026, 1, 2),
                   **on)  # fmt: skip

    def lifts(self) -> None:
        lift_hold(self.one(LegalHold.objects.standing()).pk, actor=self.somebody, because="Over.")

    def views_a_source(self) -> None:
        view = self.chance.choice(["reliable", "unreliable", "mixed", ""])
        edit_source(self.one(Source.objects.all()).pk, actor=self.somebody, reliability=view)

    def casts(self) -> None:
        role = self.chance.choice(["reviewer", "reviewer", "moderator", None])
        set_role(self.project.pk, self.somebody.pk, role, actor=self.people[0])

    def settles(self) -> None:
        wish: Any = self.chance.choice(
            [{"blind": False}, {"blind": True}, {"blind": True}, {"verdicts_required": 1},
             {"verdicts_required": 2}, {"name": f"Desk {self.chance.randint(1, 9)}"},
             {"gold_every": self.chance.randint(2, 9)}]
        )  # fmt: skip
        edit_project(self.project.pk, actor=self.people[0], **wish)

    def gilds(self) -> None:
        set_gold(self.claim.pk, "true", "It is.", actor=self.somebody)

    def ungilds(self) -> None:
        unset_gold(self.one(GoldItem.objects.all()).claim_id, actor=self.somebody)

    def rates_anew(self) -> None:
        n = self.chance.randint(1, 3)
        add_rating(self.projects[0].pk, actor=self.people[0], slug=f"half-{n}", value=0.11 * n,
                   name=f"Half {n}", definition="Some of it.", look="misleading")  # fmt: skip

    def words_a_rating(self) -> None:
        one = self.one(Rating.objects.filter(project=self.projects[0], retired_at=None))
        edit_rating(one.pk, actor=self.people[0], definition=f"As {self.chance.random()}.")

    def retires(self) -> None:
        one = self.one(Rating.objects.filter(slug__startswith="half-"))
        retire_rating(one.pk, "misleading", actor=self.people[0])

    def renames(self) -> None:
        one = self.somebody
        edit_account(one.pk, actor=self.root, pseudonym=f"{one.username}{self.chance.random()}")

    def reattaches(self) -> None:
        one = self.one(Reattachment.objects.waiting())
        places = [] if self.chance.random() < 0.5 else [self.span(one.article)]
        reattach(one.pk, actor=self.somebody, places=places)

    def gives_up(self) -> None:
        let_go(self.one(Reattachment.objects.waiting()).pk, actor=self.somebody)


RARELY: list[Callable[[Desk], None]] = [
    Desk.casts, Desk.settles, Desk.rates_anew, Desk.words_a_rating, Desk.retires, Desk.renames,
    Desk.imports, Desk.gilds, Desk.ungilds, Desk.wants_another, Desk.wants_no_more,
]  # fmt: skip
OFTEN: list[Callable[[Desk], None]] = [
    Desk.describes, Desk.revises, Desk.marks, Desk.adds_a_place, Desk.moves, Desk.unmarks,
    Desk.removes_a_place, Desk.changes_words, Desk.drafts, Desk.discards, Desk.judges, Desk.judges,
    Desk.judges, Desk.judges, Desk.confirms, Desk.brings, Desk.publishes, Desk.publishes,
    Desk.corrects, Desk.withdraws, Desk.asks_a_publisher, Desk.hears_of_a_publisher,
    Desk.sets_aside, Desk.takes_back, Desk.remarks, Desk.questions, Desk.holds, Desk.lifts,
    Desk.views_a_source, Desk.reattaches, Desk.gives_up,
]  # fmt: skip
ACTS = [*RARELY, *OFTEN, *OFTEN, *OFTEN]


@pytest.fixture
def root(db: None) -> User:
    made = person("root", "Root")
    User.objects.filter(pk=made.pk).update(is_superuser=True)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("seed", range(2))
def test_a_mirror_that_reads_what_it_is_told_has_what_an_export_gives(
    seed: int, project: Project, other_project: Project, finch: User, maple: User, robin: User,
    birch: User, stranger: User, root: User,
) -> None:  # fmt: skip
    desk = Desk(seed, [project, other_project], [birch, robin, finch, maple, stranger], root)
    for _ in range(3):
        import_article(project.pk, actor=robin, text=desk.text())
    import_article(other_project.pk, actor=stranger, text=desk.text())
    committed()
    followers: list[Any] = [AnonymousUser(), finch, maple, robin, birch, stranger]
    mirrors = [Mirror(one, desk.chance) for one in followers]
    for mirror in mirrors:
        mirror.begin()
    for _ in range(ROUNDS):
        for _ in range(desk.chance.randint(1, 6)):
            desk.act()
        mirror = desk.chance.choice(mirrors)
        mirror.follow()
        assert mirror.records == mirror.fresh(), (mirror.person, desk.done)
    for mirror in mirrors:
        mirror.follow()
        assert mirror.records == mirror.fresh()
