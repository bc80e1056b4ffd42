"""`./run export` and `./run import`: a corpus goes out as a file and comes in again."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotations.actions import imports
from annotations.actions.bringing_in import Bringing
from annotations.models import Article, Claim, Import, Project, User, Verdict
from tests.actions.given import judged, marked

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path, project: Project, article: Article, finch: User, maple: User) -> Path:
    judged(marked(article, finch), (finch, "true"), (maple, "false"))
    path = tmp_path / "council.zip"
    run("export", "council", "--format", "brat", "--output", str(path))
    return path


def test_a_corpus_goes_into_another_project(file: Path, other_project: Project) -> None:
    said = run("import", "harbour", str(file), "--format", "brat")
    assert "New: 1 articles, 1 claims, 2 verdicts." in said
    assert Claim.objects.filter(project=other_project).count() == 1
    assert Verdict.objects.filter(project=other_project).count() == 2
    again = run("import", "harbour", str(file), "--format", "brat")
    assert "New: 0 articles, 0 claims, 0 verdicts. There already: 4." in again


class Killed(BaseException):
    """As `kill -9`: nobody tidies up."""


@pytest.mark.parametrize("ended", [KeyboardInterrupt, Killed])
def test_one_that_was_stopped_goes_on_where_it_was(
    ended: type[BaseException], tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "claims.csv"
    lines = [f"Item {n} costs {n} million." for n in range(6)]
    path.write_text("statement\n" + "".join(f"{one}\n" for one in lines), "utf-8")
    words = ("import", "council", str(path), "--format", "csv")
    bring = Bringing.bring
    monkeypatch.setattr(imports, "MOST_AT_ONCE", 1)

    def stopped(self: Bringing, found: Any) -> Any:
        if Claim.objects.count() == 3:
            raise ended
        return bring(self, found)

    with monkeypatch.context() as patch:
        patch.setattr(Bringing, "bring", stopped)
        with pytest.raises((CommandError, Killed)) as told:
            run(*words)
    job = Import.objects.get()
    assert (job.progress, job.claims) == ("running", 3)
    if ended is KeyboardInterrupt:
        assert str(told.value) == f"Stopped. Go on with: --resume {job.pk}"
    assert "6 claims, 0 verdicts. There already: 0." in run(*words, "--resume", str(job.pk))
    assert sorted(Claim.objects.values_list("statement", flat=True)) == lines
    assert Import.objects.get().progress == "done"


def test_what_is_refused_is_told_line_by_line(tmp_path: Path, project: Project) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("statement,rating\nPrices doubled.,true\n,true\nRents fell.,\n", "utf-8")
    said = run("import", "council", str(path), "--format", "csv", "--as", "robin")
    assert "2 claims, 1 verdicts" in said
    assert "Refused: 1." in said
    assert "\n  3: " in said
    assert Import.objects.get().started_by.username == "robin"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("import", "nowhere", "x", "--format", "csv"), "There are: council"),
        (("import", "council", "/nowhere.csv", "--format", "csv"), "No such file"),
        (("import", "council", "x", "--format", "odt"), "There are: "),
        (("import", "council", "x", "--format", "csv", "--as", "nobody"), "no account “nobody”"),
        (("import", "council", __file__, "--format", "csv", "--as", "finch"), "for moderators"),
        (("export", "council", "--format", "odt"), "There are: "),
        (("export", "council", "--format", "csv", "--output", "/nowhere/x"), "No such file"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    words: tuple[str, ...], says: str, project: Project
) -> None:
    with pytest.raises(CommandError, match=says):
        run(*words)
    assert not Import.objects.exists()


def test_a_file_has_its_name_once_it_is_whole(
    tmp_path: Path, project: Project, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before")
    run("export", "council", "--format", "jsonl", "--output", str(path))
    assert path.read_text().startswith('{"record"')
    assert list(tmp_path.iterdir()) == [path]
