"""The heads of the log at their public address: what was published last, and nothing live."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from annotations.actions.projects import edit_project
from annotations.formats.heads import read_heads
from annotations.jobs.heads import publish_log_heads
from annotations.models import Link, Project, PublishedHead, User
from tests.models.past_the_orm import run

ADDRESS = "/log/heads.json"


@pytest.fixture
def grown(project: Project) -> Project:
    """The project, whose log has been linked as by a commit."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    return project


def test_nothing_is_shown_before_the_hour(client: Client, grown: Project) -> None:
    assert client.get(ADDRESS).json() == []
    assert publish_log_heads(timestamp=0) == 1
    shown = client.get(ADDRESS)
    assert shown.headers["Content-Type"] == "application/json"
    (head,) = shown.json()
    link = Link.objects.filter(chain=grown.pk).order_by("-sequence")[0]
    assert (head["chain"], head["sequence"], head["hash"]) == (
        str(grown.pk), link.sequence, link.hash,
    )  # fmt: skip
    assert set(head) == {"at", "chain", "hash", "sequence"}


def test_between_two_hours_the_address_stays_as_it_was(
    client: Client, grown: Project, birch: User
) -> None:
    publish_log_heads(timestamp=0)
    before = client.get(ADDRESS).content
    edit_project(grown.pk, actor=birch, name="Another")
    assert client.get(ADDRESS).content == before
    assert publish_log_heads(timestamp=0) == 1
    assert client.get(ADDRESS).content != before
    assert publish_log_heads(timestamp=0) == 0
    assert PublishedHead.objects.count() == 2


def test_the_verifier_reads_what_the_address_and_the_command_give(
    client: Client, grown: Project, tmp_path: Path, settings: Any
) -> None:
    settings.LOG_HEADS_FILE = str(tmp_path / "hourly")
    out, file = io.StringIO(), tmp_path / "heads"
    call_command("publish_log_head", stdout=out, to=str(file))
    heads = PublishedHead.objects.newest()
    hourly = (tmp_path / "hourly").read_text("utf-8")
    for text in (out.getvalue(), file.read_text("utf-8"), hourly, client.get(ADDRESS).text):
        assert [one[:3] for one in read_heads(text)] == [one[:3] for one in heads]
    assert json.loads(out.getvalue())["chain"] == str(grown.pk)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("publish_log_head", stdout=out, to=str(tmp_path / "no" / "file"))
