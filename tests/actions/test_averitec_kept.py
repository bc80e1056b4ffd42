"""A file of AVeriTeC goes through the database and comes out as it was, to the byte."""

import json

import pytest

from annotations.actions.imports import run_import, start_import
from annotations.actions.rating_maps import map_rating
from annotations.formats.contract import WriteAsked
from annotations.models import Import, Project, User
from annotations.models.exports import exported
from tests.formats.test_averitec import MAP, one_record

pytestmark = pytest.mark.django_db


def file_of(*numbers: int) -> bytes:
    return json.dumps([one_record(n) for n in numbers], indent=4).encode()


def brought(project: Project, actor: User, content: bytes) -> Import:
    job = start_import(
        project.pk, actor=actor, format="averitec", name="dev.json", content=[content]
    )
    return run_import(job.pk)


@pytest.fixture
def mapped(project: Project, robin: User) -> Project:
    for label, rating in MAP.items():
        map_rating(project.pk, label, rating, actor=robin)
    return project


def out(project: Project, person: User) -> bytes:
    return b"".join(exported(project, person, "averitec", WriteAsked()))


def test_what_came_in_goes_out_to_the_byte_and_twice_changes_nothing(
    mapped: Project, robin: User
) -> None:
    content = file_of(*range(20))
    job = brought(mapped, robin, content)
    assert [one.sentence for one in job.refusals.all()] == []
    assert (job.articles, job.claims) == (20, 20)
    assert out(mapped, robin) == content
    again = brought(mapped, robin, content)
    assert (again.articles, again.claims, again.verdicts, again.refused) == (0, 0, 0, 0)
    assert out(mapped, robin) == content


def test_a_record_that_a_file_has_twice_goes_out_twice_beside_the_first(
    mapped: Project, robin: User
) -> None:
    job = brought(mapped, robin, file_of(1, 2, 3, 2))
    assert (job.articles, job.claims) == (3, 4)
    assert out(mapped, robin) == file_of(1, 2, 2, 3)
