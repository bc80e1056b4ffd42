"""Every action as every role: done, refused with its sentence, or not found in another project."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from annotations.actions.articles import edit_article, import_article
from annotations.actions.assignments import skip, take, take_article, take_next
from annotations.actions.claims import (
    add_appearance,
    edit_claim,
    mark_claim,
    remove_appearance,
    restore,
    set_aside,
    unmark_claim,
)
from annotations.actions.gold import set_gold, unset_gold
from annotations.actions.handing_out import assign, assign_article, hold_back, put_back
from annotations.actions.imports import start_import
from annotations.actions.projects import edit_project, set_role
from annotations.actions.rating_maps import map_rating
from annotations.actions.ratings import edit_rating
from annotations.actions.rulings import withdraw_ruling
from annotations.actions.sources import edit_source
from annotations.actions.verdicts import discard_draft, save_draft, submit_verdict
from annotations.models import Article, Claim, Event, Project, Rating, Source, User, Verdict
from annotations.rules.permissions import SENTENCES, Verb
from annotations.rules.refusals import NotAllowed, NotFound
from tests.actions.given import claim_in, corrected, judgement, marked, published


@dataclass
class Scene:
    """A claim marked by Maple, and the people who may do something with it."""

    project: Project
    article: Article
    finch: User
    maple: User
    robin: User

    def claim(self, state: str = "marked") -> Claim:
        return claim_in(
            state, self.article, first=self.maple, second=self.finch, moderator=self.robin
        )


@pytest.fixture
def scene(project: Project, article: Article, finch: User, maple: User, robin: User) -> Scene:
    return Scene(project, article, finch, maple, robin)


@dataclass
class Act:
    """`prepare` sets the stage and gives what the actor then does."""

    prepare: Callable[[Scene], Callable[[User], object]]
    verb: Verb


def act(verb: Verb) -> Callable[[Callable[[Scene], Callable[[User], object]]], None]:
    def keep(prepare: Callable[[Scene], Callable[[User], object]]) -> None:
        ACTS[prepare.__name__] = Act(prepare, verb)

    return keep


ACTS: dict[str, Act] = {}


@act(Verb.MARK)
def mark(scene: Scene) -> Callable[[User], object]:
    return lambda actor: mark_claim(scene.article.pk, 0, 11, actor=actor)


@act(Verb.MARK)
def place(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: add_appearance(claim.pk, scene.article.pk, 0, 11, actor=actor)


@act(Verb.RULE)
def place_of_a_published_claim(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim("published")
    return lambda actor: add_appearance(claim.pk, scene.article.pk, 0, 11, actor=actor)


@act(Verb.EDIT_CLAIM)
def edit(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: edit_claim(claim.pk, actor=actor, statement="Another")


@act(Verb.UNMARK)
def unmark(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: unmark_claim(claim.pk, actor=actor)


@act(Verb.UNMARK)
def unplace(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    second = add_appearance(claim.pk, scene.article.pk, 0, 11, actor=scene.maple)
    return lambda actor: remove_appearance(second.pk, actor=actor)


@act(Verb.JUDGE)
def draft(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: save_draft(claim.pk, judgement(), actor=actor)


@act(Verb.JUDGE)
def submit(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: submit_verdict(claim.pk, judgement(), actor=actor)


@act(Verb.SET_ASIDE)
def lay_aside(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: set_aside(claim.pk, "opinion", actor=actor)


@act(Verb.RESTORE)
def take_back(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim("set_aside")
    return lambda actor: restore(claim.pk, actor=actor)


@act(Verb.RULE)
def publish(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim("disputed")
    return lambda actor: published(claim, actor)


@act(Verb.RULE)
def correct(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim("published")
    return lambda actor: corrected(claim, actor)


@act(Verb.RULE)
def withdraw(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim("published")
    return lambda actor: withdraw_ruling(claim.pk, actor=actor, note="It was wrong.")


@act(Verb.TAKE_WORK)
def take_from_the_queue(scene: Scene) -> Callable[[User], object]:
    scene.claim()
    return lambda actor: take_next(scene.project.pk, actor=actor)


@act(Verb.TAKE_WORK)
def take_a_claim(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: take(claim.pk, actor=actor)


@act(Verb.TAKE_WORK)
def take_an_article(scene: Scene) -> Callable[[User], object]:
    return lambda actor: take_article(scene.article.pk, actor=actor)


@act(Verb.TAKE_WORK)
def skip_a_claim(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: skip(claim.pk, "unclear", actor=actor)


@act(Verb.ASSIGN)
def hand_out(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: assign(claim.pk, scene.finch.pk, actor=actor)


@act(Verb.ASSIGN)
def hand_out_an_article(scene: Scene) -> Callable[[User], object]:
    return lambda actor: assign_article(scene.article.pk, scene.finch.pk, actor=actor)


@act(Verb.ASSIGN)
def keep_from_the_queue(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: hold_back(claim.pk, actor=actor)


@act(Verb.ASSIGN)
def let_into_the_queue(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    hold_back(claim.pk, actor=scene.robin)
    return lambda actor: put_back(claim.pk, actor=actor)


@act(Verb.SET_GOLD)
def gild(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    return lambda actor: set_gold(claim.pk, "true", "The budget says so.", actor=actor)


@act(Verb.SET_GOLD)
def ungild(scene: Scene) -> Callable[[User], object]:
    claim = scene.claim()
    set_gold(claim.pk, "true", "The budget says so.", actor=scene.robin)
    return lambda actor: unset_gold(claim.pk, actor=actor)


@act(Verb.IMPORT_FILE)
def bring_in_a_file(scene: Scene) -> Callable[[User], object]:
    return lambda actor: start_import(
        scene.project.pk, actor=actor, format="csv", name="", content=[b"x"]
    )


@act(Verb.IMPORT_RECORDS)
def bring_records_back(scene: Scene) -> Callable[[User], object]:
    return lambda actor: start_import(
        scene.project.pk, actor=actor, format="jsonl", name="", content=[b"x"]
    )


@act(Verb.MAP_RATINGS)
def map_a_rating(scene: Scene) -> Callable[[User], object]:
    return lambda actor: map_rating(scene.project.pk, "Pants on fire", "false", actor=actor)


@act(Verb.IMPORT_ARTICLE)
def bring_in(scene: Scene) -> Callable[[User], object]:
    return lambda actor: import_article(scene.project.pk, actor=actor, text="A headline")


@act(Verb.EDIT_ARTICLE)
def describe(scene: Scene) -> Callable[[User], object]:
    return lambda actor: edit_article(scene.article.pk, actor=actor, publisher="The Post")


@act(Verb.EDIT_SOURCE)
def source(scene: Scene) -> Callable[[User], object]:
    scene.claim("published")
    found = Source.objects.get()
    return lambda actor: edit_source(found.pk, actor=actor, reliability="mixed")


@act(Verb.EDIT_PROJECT)
def settle(scene: Scene) -> Callable[[User], object]:
    return lambda actor: edit_project(scene.project.pk, actor=actor, name="Other", blind=False)


@act(Verb.MANAGE_SCALE)
def rename_rating(scene: Scene) -> Callable[[User], object]:
    rating = Rating.objects.filter(project=scene.project)[0]
    return lambda actor: edit_rating(rating.pk, actor=actor, name="Right")


@act(Verb.MANAGE_MEMBERS)
def promote(scene: Scene) -> Callable[[User], object]:
    return lambda actor: set_role(scene.project.pk, scene.finch.pk, "moderator", actor=actor)


RANK = {"finch": 1, "robin": 2, "birch": 3}
NEEDED = {
    Verb.MARK: 1,
    Verb.JUDGE: 1,
    Verb.TAKE_WORK: 1,
    Verb.EDIT_PROJECT: 3,
    Verb.MANAGE_MEMBERS: 3,
    Verb.MANAGE_SCALE: 3,
    Verb.IMPORT_RECORDS: 3,
}  # the others need a moderator, since the mark is Maple's


@pytest.mark.parametrize("who", RANK)
@pytest.mark.parametrize("name", ACTS)
def test_a_role_does_what_it_may_and_is_refused_the_rest(
    name: str, who: str, scene: Scene, request: pytest.FixtureRequest
) -> None:
    actor: User = request.getfixturevalue(who)
    do, verb = ACTS[name].prepare(scene), ACTS[name].verb
    before = Event.objects.count()
    if RANK[who] >= NEEDED.get(verb, 2):
        do(actor)
        logged = 0 if name == "draft" or verb == Verb.TAKE_WORK else 1
        assert Event.objects.count() == before + logged
        assert all(event.actor == actor for event in Event.objects.order_by("-id")[:logged])
        return
    with pytest.raises(NotAllowed) as refused:
        do(actor)
    assert refused.value.sentence == SENTENCES[verb]
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.usefixtures("other_article")
def test_who_works_elsewhere_finds_nothing(name: str, scene: Scene, stranger: User) -> None:
    do = ACTS[name].prepare(scene)
    before = Event.objects.count()
    with pytest.raises(NotFound, match=r"^There is no such \w+\.$"):
        do(stranger)
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", ACTS)
def test_who_has_left_the_project_finds_nothing(name: str, scene: Scene, birch: User) -> None:
    do = ACTS[name].prepare(scene)
    set_role(scene.project.pk, scene.robin.pk, None, actor=birch)
    with pytest.raises(NotFound):
        do(scene.robin)


def test_a_reviewer_changes_and_removes_marks_of_ones_own(article: Article, finch: User) -> None:
    claim = marked(article, finch)
    edit_claim(claim.pk, actor=finch, statement="Another")
    unmark_claim(claim.pk, actor=finch)
    assert not Claim.objects.filter(pk=claim.pk).exists()


def test_a_draft_is_discarded_by_its_reviewer_alone(scene: Scene) -> None:
    claim = scene.claim()
    save_draft(claim.pk, judgement(), actor=scene.maple)
    with pytest.raises(NotFound, match="no draft of yours"):
        discard_draft(claim.pk, actor=scene.robin)
    discard_draft(claim.pk, actor=scene.maple)
    assert not Verdict.objects.exists()
