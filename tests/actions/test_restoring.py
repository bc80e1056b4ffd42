"""A corpus that went out in the native format comes back as it was, to the byte."""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from annotations.actions.imports import run_import, start_import
from annotations.actions.projects import create_project
from annotations.actions.revisions import revise_article
from annotations.actions.rulings import withdraw_ruling
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Event, Import, Link, Project, User, Verdict
from annotations.models.records import records_of
from annotations.rules.chain import Verifier
from annotations.rules.refusals import NotAllowed
from tests.actions.given import corrected, judged, judgement, marked, published
from tests.conftest import person
from tests.models.past_the_orm import run

pytestmark = pytest.mark.django_db


def exported(project: Project, who: User) -> bytes:
    return b"".join(records_of(project.pk, who))


def elsewhere(project: Project) -> tuple[Project, User]:
    """A new site, on which nobody and nothing is, with a project of the same name."""
    slug, name = project.slug, project.name
    connection.check_constraints()
    run("TRUNCATE annotations_user, annotations_project CASCADE")
    owner = person("owner", "Newcomer")
    return create_project(actor=owner, slug=slug, name=name), owner


def brought(project: Project, actor: User, content: bytes) -> Import:
    job = start_import(
        project.pk, actor=actor, format="jsonl", name="corpus.jsonl", content=[content]
    )
    return run_import(job.pk)


def refusals(job: Import) -> list[str]:
    return [one.sentence for one in job.refusals.all()]


@pytest.fixture
def whole(
    project: Project, article: Article, finch: User, maple: User, robin: User, birch: User
) -> Project:
    """Every state, three versions of a verdict, a correction, a withdrawal, a second text."""
    first = judged(marked(article, finch), (finch, "true"), (maple, "true"))
    submit_verdict(first.pk, judgement("true", rationale="It still says so."), actor=finch)
    submit_verdict(first.pk, judgement("true", rationale="It says so again."), actor=finch)
    published(first, robin)
    corrected(first, robin)
    second = judged(
        marked(article, finch, "Café prices doubled"), (finch, "true"), (maple, "false")
    )
    published(second, robin)
    withdraw_ruling(second.pk, actor=robin, note="It was another claim.")
    judged(marked(article, maple, "never spent this much"), (maple, "misleading"))
    marked(article, finch, "in the same year", claimant="The chamber", claimant_role="chamber")
    text = article.revisions.get().text
    revise_article(
        article.pk,
        actor=robin,
        text=text.replace("on Tuesday", "on Wednesday"),
        based_on=article.revisions.get().pk,
    )
    return project


def test_a_corpus_comes_back_to_the_byte(whole: Project, birch: User) -> None:
    before = exported(whole, birch)
    project, owner = elsewhere(whole)
    job = brought(project, owner, before)
    assert refusals(job) == []
    assert (job.progress, job.articles, job.claims, job.verdicts) == ("done", 1, 4, 7)
    assert exported(project, owner) == before
    connection.check_constraints()


def test_the_first_article_comes_back_to_the_byte(seeded: Project) -> None:
    owner = User.objects.get(username="owner")
    before = exported(seeded, owner)
    project, owner = elsewhere(seeded)
    job = brought(project, owner, before)
    assert refusals(job) == []
    assert exported(project, owner) == before


def test_who_ruled_may_bring_the_record_back(whole: Project, birch: User) -> None:
    """The ruling was made on others' verdicts, whoever carries them over."""
    before = exported(whole, birch)
    project, owner = elsewhere(whole)
    User.objects.filter(pk=owner.pk).update(pseudonym="Robin")
    assert refusals(brought(project, owner, before)) == []
    assert exported(project, owner) == before


def test_records_come_back_by_the_owner_alone(whole: Project, robin: User, birch: User) -> None:
    with pytest.raises(NotAllowed, match="for the project's owner"):
        brought(whole, robin, exported(whole, birch))


def test_what_is_here_and_the_same_is_passed_over(whole: Project, birch: User) -> None:
    content, events = exported(whole, birch), Event.objects.count()
    job = brought(whole, birch, content * 2)
    assert (job.articles, job.unchanged, job.refused) == (0, 2, 0)
    assert Event.objects.exclude(object_kind="import").count() == events


def test_what_is_here_and_differs_is_refused(whole: Project, birch: User) -> None:
    record = json.loads(exported(whole, birch))
    record["claims"][0]["statement"] = "Something else."
    job = brought(whole, birch, json.dumps(record).encode())
    assert "Nothing is overwritten" in refusals(job)[0]


def test_who_brought_a_verdict_is_known_and_the_name_is_the_reviewers(
    whole: Project, birch: User
) -> None:
    before = exported(whole, birch)
    project, owner = elsewhere(whole)
    brought(project, owner, before)
    verdict = Verdict.objects.filter(reviewer__pseudonym="Finch")[0]
    assert verdict.brought_in_by == owner
    assert not verdict.reviewer.is_active
    told = Event.objects.filter(object_id=verdict.pk).get()
    assert (told.verb, told.actor) == ("bring_verdict", owner)


def test_nothing_is_said_in_the_name_of_somebody_elses_project(whole: Project, birch: User) -> None:
    before = exported(whole, birch)
    project, owner = elsewhere(whole)
    person("another", "Maple")
    job = brought(project, owner, before)
    assert "Maple is somebody here who does not work in this project" in refusals(job)[0]
    assert not Article.objects.exists()
    assert not Claim.objects.exists()


Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, tuple[Change, str]] = {
    "a quote that is not the text": (
        lambda one: one["claims"][0]["appearances"][0].update(quote="x" * 21),
        "quote is the text it covers",
    ),
    "a text that is not its digest": (
        lambda one: one["revisions"][0].update(text="Another text."),
        "revision is named by its text",
    ),
    "a rating of another scale": (
        lambda one: one["claims"][0]["verdicts"][0].update(rating="pants"),
        "has no pants",
    ),
    "a ruling without a verdict": (
        lambda one: one["claims"][0].update(verdicts=[]),
        "ruling follows the verdicts",
    ),
    "a place that was carried from nowhere": (
        lambda one: one["claims"][0]["appearances"][0].update(
            carried="exact", carried_from=str(uuid.UUID(int=7))
        ),
        "place is carried from one of its claim",
    ),
    "a place in a text that is not there": (
        lambda one: one["claims"][0]["appearances"][0].update(revision=str(uuid.UUID(int=7))),
        "a text that it does not hold",
    ),
    "a verdict that nobody submitted": (
        lambda one: one["claims"][0]["verdicts"][0].update(submitted_at=None),
        "a draft of a verdict",
    ),
    "a claim whose state was kept from a reviewer": (
        lambda one: one["claims"][0].update(state=None),
        "may not see how its claims stand",
    ),
    "a text too long for its column": (
        lambda one: one["article"].update(publisher="x" * 201),
        "a value that cannot be stored",
    ),
    "an id that is none": (lambda one: one["article"].update(id="7"), "article.id"),
    "a day that is none": (lambda one: one["claims"][0].update(said_on="2025-02-30"), "said_on"),
    "a field that is none": (lambda one: one.update(more=1), "more"),
    "a version of the format to come": (lambda one: one.update(record=2), "record"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_record_that_does_not_hold_is_refused_whole(
    name: str, whole: Project, birch: User
) -> None:
    change, says = CHANGES[name]
    record = json.loads(exported(whole, birch))
    change(record)
    project, owner = elsewhere(whole)
    job = brought(project, owner, json.dumps(record).encode())
    assert job.refused == 1
    assert says in refusals(job)[0]
    assert not Article.objects.exists()


# ---------- many at once ----------


@pytest.fixture
def many(whole: Project, birch: User) -> list[dict[str, Any]]:
    """Nine records of their own, from one with every state; the articles stand in their order."""
    content = exported(whole, birch)
    record = json.loads(content)
    shared = set(
        re.findall(r'"(?:source|claimant)" ?: ?{"id" ?: ?"([0-9a-f-]{36})"', content.decode())
    )
    ids = set(re.findall(r'"id" ?: ?"([0-9a-f-]{36})"', content.decode()))
    made = []
    for n in range(9):
        written = content.decode()
        for one in ids - shared - {record["article"]["id"]}:
            written = written.replace(one, f"{n}{one[1:]}")
        written = written.replace(record["article"]["id"], f"{n}{record['article']['id'][1:]}")
        made.append(json.loads(written.replace("council-spends-more", f"council-{n}")))
    return made


def lines(records: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


def test_a_record_that_does_not_hold_costs_no_other_of_many(
    many: list[dict[str, Any]], whole: Project
) -> None:
    CHANGES["a text that is not its digest"][0](many[2])
    CHANGES["a place that was carried from nowhere"][0](many[5])
    project, owner = elsewhere(whole)
    job = brought(project, owner, lines(many))
    told = list(job.refusals.order_by("line").values_list("line", "sentence"))
    assert [line for line, _ in told] == [3, 6]
    assert "revision is named by its text" in told[0][1]
    assert "carried from one of its claim" in told[1][1]
    assert (job.articles, job.claims, job.verdicts, job.refused) == (7, 28, 49, 2)
    connection.check_constraints()
    logged = Event.objects.filter(verb="import_article").order_by("id")
    assert [one.after["slug"] for one in logged] == [f"council-{n}" for n in (0, 1, 3, 4, 6, 7, 8)]
    assert not list(Verifier().findings(Link.objects.stream()))
    kept = [json.loads(line) for line in exported(project, owner).splitlines()]
    assert kept == [one for n, one in enumerate(many) if n not in (2, 5)]


def test_records_are_put_back_by_sets_and_not_one_by_one(
    many: list[dict[str, Any]], whole: Project, django_assert_max_num_queries: Any
) -> None:
    project, owner = elsewhere(whole)
    with django_assert_max_num_queries(90):
        assert brought(project, owner, lines(many)).articles == 9


def test_a_record_that_comes_twice_in_one_file_is_passed_over_the_second_time(
    many: list[dict[str, Any]], whole: Project
) -> None:
    project, owner = elsewhere(whole)
    other = json.loads(json.dumps(many[0]))
    other["article"]["title"] = "Another title"
    job = brought(project, owner, lines([many[0], many[1], many[0], other]))
    assert (job.articles, job.unchanged, job.refused) == (2, 1, 1)
    assert "Nothing is overwritten" in refusals(job)[0]


def test_a_claim_that_stands_in_two_articles_comes_once(
    many: list[dict[str, Any]], whole: Project
) -> None:
    """Its verdicts and rulings come with the first record, its places with each."""
    first, second = many[:2]
    claim = json.loads(json.dumps(first["claims"][0]))
    for place, there in zip(claim["appearances"], second["claims"][0]["appearances"], strict=True):
        place.update(there)
    second["claims"] = [claim]
    project, owner = elsewhere(whole)
    job = brought(project, owner, lines([first, second]))
    assert (refusals(job), job.articles, job.claims) == ([], 2, 4)
    kept = [json.loads(line) for line in exported(project, owner).splitlines()]
    assert kept == [first, second]
