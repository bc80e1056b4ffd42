"""Files are brought in whole or in part, once, by whoever may, and go on where they stopped."""

import orjson
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from annotations.actions import bringing_in, imports
from annotations.actions.articles import import_article
from annotations.actions.brought import Brought
from annotations.actions.imports import cancel_import, resume_import, run_import, start_import
from annotations.actions.projects import set_role
from annotations.actions.rating_maps import bring_mapped, map_rating, unmap_rating
from annotations.actions.rulings import publish_ruling
from annotations.formats import contract
from annotations.formats.contract import WriteAsked
from annotations.models import (
    Appearance,
    Article,
    Claim,
    Event,
    Import,
    ImportPart,
    Outsider,
    Project,
    User,
    Verdict,
    WaitingVerdict,
)
from annotations.models.imports import unmapped
from annotations.models.records import records_of
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound, TooLarge
from tests.actions import toy_format
from tests.actions.given import SPENT_MORE, judged, marked
from tests.actions.toy_format import article, claim

pytestmark = pytest.mark.django_db

SITE = "https://desk.example"
TEXT = "Prices doubled 😀 in a year.\r\nThe minister said so in the house."
SECOND = "Rents fell by half.\n\nNobody noticed."


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "readers", lambda: {"toy": toy_format})


def corpus(*verdicts: dict[str, str]) -> bytes:
    return article(
        "a1", TEXT,
        claim("c1", TEXT, "Prices doubled 😀", *verdicts, claimant="The minister"),
        claim("c2", TEXT, "said so", kept={"seen": [1, None]}),
        title="Prices",
    ) + article("a2", SECOND, claim("c1", SECOND, "Rents fell by half"))  # fmt: skip


def brought(project: Project, actor: User, content: bytes, unit: str = "") -> Import:
    job = start_import(
        project.pk, actor=actor, format="toy", name="corpus.toy", content=[content], unit=unit
    )
    return run_import(job.pk)


def came(job: Import) -> tuple[int, int, int, int, int]:
    return job.articles, job.claims, job.verdicts, job.unchanged, job.refused


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Article, Claim, Appearance, Verdict, Outsider))


# ---------- what comes ----------


def test_a_file_comes_with_its_articles_claims_and_verdicts(project: Project, robin: User) -> None:
    job = brought(project, robin, corpus({"rating": "TRUE ", "by": "Ann", "rationale": "It is."}))
    assert (job.progress, came(job)) == ("done", (2, 2 + 1, 1, 0, 0))
    place = Appearance.objects.get(claim__statement="said so")
    revision = Article.objects.get(title="Prices").revisions.get()
    assert revision.text == TEXT.replace("\r\n", "\n")
    assert revision.text[place.start : place.end] == place.quote == "said so"
    assert place.claim.kept == {"toy": {"seen": [1, None]}}
    verdict = Verdict.objects.get()
    assert verdict.reviewer.pseudonym == "Ann (brought in)"
    assert not verdict.reviewer.is_active
    assert verdict.brought_in_by == robin
    assert verdict.rating is not None
    assert verdict.rating.slug == "true"
    assert verdict.claim.state == "in_review"
    assert not ImportPart.objects.exists(), "the file is not kept once it is in"


def test_the_same_file_again_changes_nothing(project: Project, robin: User, birch: User) -> None:
    content = corpus({"rating": "true", "by": "Ann"}, {"rating": "who knows"})
    brought(project, robin, content)
    before, events = everything(), Event.objects.exclude(object_kind="import").count()
    again = brought(project, birch, content)
    assert came(again) == (0, 0, 0, 2 + 3 + 2, 0)
    assert everything() == before
    assert Event.objects.exclude(object_kind="import").count() == events
    assert WaitingVerdict.objects.count() == 1


def test_the_offsets_may_be_in_utf16_where_the_format_has_them(
    project: Project, robin: User
) -> None:
    one = claim("c1", TEXT, "in a year")
    in_utf16 = one | {"start": one["start"] + 1, "end": one["end"] + 1}
    brought(project, robin, article("a1", TEXT, in_utf16), unit="utf16")
    assert Appearance.objects.get().quote == "in a year"
    with pytest.raises(Malformed, match="Offsets of this format are in codepoint"):
        brought(project, robin, b"{}", unit="bytes")


def test_an_article_that_is_here_already_gets_the_claims(
    project: Project, article: Article, robin: User
) -> None:
    text = article.revisions.get().text
    content = toy_format.article("x", text, claim("c", text, "doubled"))
    job = brought(project, robin, content)
    assert came(job) == (0, 1, 0, 1, 0)
    assert Appearance.objects.get(quote="doubled").article == article


def test_an_article_without_a_title_is_called_by_its_first_words(
    project: Project, robin: User
) -> None:
    brought(project, robin, article("a1", TEXT) + article("a2", "Very " * 60))
    first, second = Article.objects.exclude(slug="council-spends-more").order_by("id")
    assert first.title == "Prices doubled 😀 in a year. The minister said so in the house."
    assert second.title.endswith("Very…")
    assert len(second.title) <= 100


def test_other_words_under_a_known_key_are_refused(project: Project, robin: User) -> None:
    brought(project, robin, article("a1", TEXT))
    job = brought(project, robin, article("a1", SECOND, claim("c", SECOND, "Rents")))
    assert "has other words here now" in job.refusals.get().sentence
    assert not Claim.objects.exists()


def test_a_verdict_of_an_own_export_is_known_as_the_reviewers(
    project: Project, article: Article, finch: User, robin: User
) -> None:
    own = judged(marked(article, finch), (finch, "true"))
    text = article.revisions.get().text
    given = claim(str(own.pk), text, "doubled", {"rating": "true", "by": "Finch"},
                  {"rating": "false", "by": "Ann"})  # fmt: skip
    job = brought(project, robin, toy_format.article(str(article.pk), text, given))
    assert came(job) == (0, 0, 1, 3, 0)
    assert Claim.objects.count() == 1


# ---------- what is refused ----------


def test_one_bad_line_in_a_hundred_costs_itself_alone(project: Project, robin: User) -> None:
    lines = [article(f"a{n}", f"Text {n}. {SECOND}") for n in range(100)]
    lines[41] = b'{"key": "a41", "te\n'
    lines[77] = article("a77", "")
    job = brought(project, robin, b"".join(lines))
    assert (job.articles, job.refused) == (98, 2)
    assert [(one.line, one.what[:12]) for one in job.refusals.all()] == [
        (42, '{"key": "a41'),
        (78, "a77"),
    ]


def test_a_bad_claim_costs_itself_and_a_bad_verdict_too(project: Project, robin: User) -> None:
    content = article(
        "a1", TEXT,
        claim("c1", TEXT, "Prices", statement="x" * 2_000),
        claim("c2", TEXT, "doubled", {"rating": "true", "by": "Ann", "rationale": "y" * 30_000},
              {"rating": "true", "by": "Ben"}),
    )  # fmt: skip
    job = brought(project, robin, content)
    assert came(job) == (1, 1, 1, 0, 2)
    assert Verdict.objects.get().reviewer.pseudonym == "Ben (brought in)"


def test_an_empty_file_and_one_that_is_too_large_are_refused(
    project: Project, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Malformed, match="empty"):
        brought(project, robin, b"")
    monkeypatch.setattr(imports, "MOST_BYTES", 10)
    with pytest.raises(TooLarge, match="larger than"):
        brought(project, robin, corpus())
    assert not Import.objects.exists()
    with pytest.raises(NotFound, match="There are: toy"):
        start_import(project.pk, actor=robin, format="odt", name="", content=[b"x"])


def test_bringing_files_in_is_for_moderators(
    project: Project, finch: User, robin: User, stranger: User
) -> None:
    with pytest.raises(NotAllowed, match="for moderators"):
        brought(project, finch, corpus())
    with pytest.raises(NotFound):
        brought(project, stranger, corpus())
    job = start_import(project.pk, actor=robin, format="toy", name="", content=[corpus()])
    for who in (finch, stranger):
        for act in (cancel_import, resume_import):
            with pytest.raises(NotFound):
                act(job.pk, actor=who)


# ---------- who said it ----------


def test_a_name_in_a_file_is_never_a_person_who_works_here(
    project: Project, finch: User, robin: User
) -> None:
    brought(project, robin, corpus({"rating": "true", "by": "Finch"}, {"rating": "true"}))
    names = sorted(one.reviewer.pseudonym for one in Verdict.objects.all())
    assert names == ["Finch (brought in)", "Toy (brought in)"]
    assert not Verdict.objects.filter(reviewer=finch).exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoe\u0301 Ünal", "Zoé Ünal"),
        ("अनिता", "अनिता"),
        ("\u202eAnn\u200b", "Ann"),
        ("<b>\t", "b"),
        ("🙂", "Somebody"),
        ("x" * 200, "x" * 40),
    ],
)
def test_a_pseudonym_made_of_a_name_hides_nothing(
    project: Project, robin: User, name: str, shown: str
) -> None:
    brought(project, robin, corpus({"rating": "true", "by": name}))
    assert Verdict.objects.get().reviewer.pseudonym == f"{shown} (brought in)"


def test_two_names_that_look_the_same_are_two_people(project: Project, robin: User) -> None:
    both = {"rating": "true", "by": "Ann"}, {"rating": "true", "by": "Ann\u200b"}
    brought(project, robin, corpus(*both))
    assert sorted(one.pseudonym for one in User.objects.filter(outside__isnull=False)) == [
        "Ann (brought in)", "Ann (brought in, 2)",
    ]  # fmt: skip


def test_who_brought_the_only_verdict_in_does_not_rule_on_it(
    project: Project, robin: User, birch: User
) -> None:
    verdict = {"rating": "true", "by": "Ann", "rationale": "It says so."}
    brought(project, robin, corpus(verdict, verdict | {"by": "Ben"}))
    ruled = Verdict.objects.all()[0].claim
    assert ruled.state == "agreed"
    with pytest.raises(NotAllowed, match="Yours is the only verdict"):
        publish_ruling(ruled.pk, actor=robin, rating="true", summary="So it is.", evidence=[])


# ---------- ratings of others ----------


def test_a_rating_that_nobody_has_mapped_waits_and_comes_with_its_map(
    project: Project, robin: User
) -> None:
    said = [{"rating": word, "by": word} for word in ("Pants on  Fire!", "pants on fire!", "Meh")]
    job = brought(project, robin, corpus(*said))
    assert (job.verdicts, job.waiting) == (0, 3)
    assert unmapped(project.pk) == [("Pants on  Fire!", 2), ("Meh", 1)]
    fire = map_rating(project.pk, "PANTS ON FIRE!", "false", actor=robin)
    assert unmapped(project.pk) == [("Meh", 1)], "what comes in soon waits for nobody"
    assert bring_mapped(fire.pk) == 2
    assert set(Verdict.objects.values_list("rating__slug", flat=True)) == {"false"}
    assert unmapped(project.pk) == [("Meh", 1)]
    map_rating(project.pk, "meh", "", actor=robin)
    assert not WaitingVerdict.objects.exists()
    again = brought(project, robin, corpus(*said))
    assert (again.verdicts, again.waiting) == (0, 0)
    unmap_rating(fire.pk, actor=robin)
    more = brought(project, robin, corpus(*said, {"rating": "pants on fire!", "by": "Ann"}))
    assert (more.verdicts, more.waiting) == (0, 1)


def test_a_map_leads_to_the_scale_and_is_made_by_moderators(
    project: Project, finch: User, robin: User
) -> None:
    with pytest.raises(Malformed, match="Choose one of: true"):
        map_rating(project.pk, "Meh", "pants", actor=robin)
    with pytest.raises(Malformed):
        map_rating(project.pk, " ", "true", actor=robin)
    with pytest.raises(NotAllowed, match="moderators"):
        map_rating(project.pk, "Meh", "true", actor=finch)


def test_a_waiting_verdict_whose_claim_takes_none_any_more_is_told_of(
    project: Project, robin: User
) -> None:
    from annotations.actions.claims import set_aside

    job = brought(project, robin, corpus({"rating": "Meh", "by": "Ann"}))
    set_aside(WaitingVerdict.objects.get().claim_id, "opinion", actor=robin)
    assert bring_mapped(map_rating(project.pk, "Meh", "true", actor=robin).pk) == 0
    job.refresh_from_db()
    assert job.refused == 1
    assert "set aside" in job.refusals.get().sentence
    assert not WaitingVerdict.objects.exists()


# ---------- stopping and going on ----------


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_AT_ONCE", 1)


def test_an_import_that_was_killed_goes_on_where_it_was(
    project: Project, robin: User, one_by_one: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = b"".join(article(f"a{n}", f"Text {n}. {SECOND}") for n in range(6))
    job = start_import(project.pk, actor=robin, format="toy", name="x", content=[lines])
    bring, seen = bringing_in.Bringing.bring, []

    def dying(self: bringing_in.Bringing, found: object) -> Brought:
        seen.append(found)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return bring(self, found)  # type: ignore[arg-type]

    monkeypatch.setattr(bringing_in.Bringing, "bring", dying)
    with pytest.raises(KeyboardInterrupt):
        run_import(job.pk)
    job.refresh_from_db()
    assert (job.progress, job.read, job.articles) == ("running", 3, 3)
    done = run_import(job.pk)
    assert (done.progress, done.articles, done.unchanged) == ("done", 6, 0)
    assert len(seen) == 7


def test_an_import_is_cancelled_and_taken_up_again(
    project: Project, robin: User, one_by_one: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start_import(project.pk, actor=robin, format="toy", name="x", content=[corpus()])
    cancel_import(job.pk, actor=robin)
    assert run_import(job.pk).articles == 0
    with pytest.raises(Conflict, match="ended already"):
        cancel_import(job.pk, actor=robin)
    resume_import(job.pk, actor=robin)
    assert run_import(job.pk).articles == 2
    with pytest.raises(Conflict, match="come to its end"):
        resume_import(job.pk, actor=robin)
    verbs = Event.objects.filter(object_id=job.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["start_import", "cancel_import", "resume_import", "end_import"]


def test_a_fault_of_ours_ends_the_import_with_a_sentence_and_can_be_taken_up(
    project: Project, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start_import(project.pk, actor=robin, format="toy", name="x", content=[corpus()])
    with monkeypatch.context() as patch:
        patch.setattr(imports, "_count", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            run_import(job.pk)
    job.refresh_from_db()
    assert (job.progress, job.read) == ("failed", 0)
    assert "of ours" in job.why
    assert not Article.objects.filter(title="Prices").exists(), "nothing is half there"
    resume_import(job.pk, actor=robin)
    assert run_import(job.pk).articles == 2


def test_who_leaves_the_project_brings_nothing_more_in(
    project: Project, robin: User, birch: User
) -> None:
    job = start_import(project.pk, actor=robin, format="toy", name="x", content=[corpus()])
    set_role(project.pk, robin.pk, None, actor=birch)
    ended = run_import(job.pk)
    assert (ended.progress, ended.articles) == ("failed", 0)
    assert ended.why


def test_the_job_is_there_once_the_import_is(project: Project, robin: User) -> None:
    job = start_import(project.pk, actor=robin, format="toy", name="x", content=[corpus()])
    queued = ProcrastinateJob.objects.filter(task_name="bring_file_in")
    assert [one.args for one in queued] == [{"import_id": str(job.pk)}]


def test_a_file_of_many_parts_is_read_as_one(
    project: Project, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "PART", 7)
    job = start_import(
        project.pk, actor=robin, format="toy", name="x", content=[corpus()[:50], corpus()[50:]]
    )
    assert job.parts.count() == -(-len(corpus()) // 7)
    assert imports.PartsOfAFile(job).read() == corpus()
    assert run_import(job.pk).articles == 2


# ---------- real formats ----------


def exported(project: Project, person: User, slug: str) -> bytes:
    records = (orjson.loads(line) for line in b"".join(records_of(project.pk, person)).splitlines())
    return b"".join(contract.writer(slug).write(records, WriteAsked(site=SITE, desk="Desk")))


READABLE = ["brat", "csv", "web-annotation"]


@pytest.mark.parametrize("slug", READABLE)
def test_what_a_project_wrote_changes_nothing_when_it_comes_back(
    slug: str, monkeypatch: pytest.MonkeyPatch, project: Project, article: Article, finch: User,
    maple: User, robin: User,
) -> None:  # fmt: skip
    monkeypatch.undo()
    judged(marked(article, finch), (finch, "true"), (maple, "false"))
    marked(article, finch, "Café prices doubled")
    before = everything()
    job = start_import(
        project.pk, actor=robin, format=slug, name="x", content=[exported(project, robin, slug)]
    )
    done = run_import(job.pk)
    told = [one.sentence for one in done.refusals.all()]
    assert (done.progress, told) == ("done", [])
    assert everything() == before
    assert done.unchanged > 2


@pytest.mark.parametrize("slug", READABLE)
def test_what_one_project_wrote_comes_into_another(
    slug: str, monkeypatch: pytest.MonkeyPatch, project: Project, other_project: Project,
    article: Article, finch: User, robin: User, stranger: User,
) -> None:  # fmt: skip
    monkeypatch.undo()
    judged(marked(article, finch), (finch, "true"))
    content = exported(project, robin, slug)
    text = article.revisions.get().text
    if slug == "web-annotation":  # it has no texts
        import_article(other_project.pk, actor=stranger, text=text, address="", slug="council-2")
        content = content.replace(b"/articles/council-spends-more/", b"/articles/council-2/")
    job = start_import(other_project.pk, actor=stranger, format=slug, name="x", content=[content])
    done = run_import(job.pk)
    assert [one.sentence for one in done.refusals.all()] == []
    assert (done.claims, done.verdicts) == (1, 1)
    came = Verdict.objects.get(project=other_project)
    assert came.reviewer.pseudonym == "Finch (brought in)"
    assert came.rating is not None
    assert came.rating.slug == "true"
    place = Appearance.objects.get(claim=came.claim)
    assert text[place.start : place.end] == place.quote == SPENT_MORE
