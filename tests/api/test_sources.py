"""Sources: their type, and the desk's view of them, which tells a blind reviewer nothing."""

from annotations.actions.sources import edit_source
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Project, Source, User, Verdict
from tests.api.conftest import Caller, Calling, judgement, mark

NOTE = "Corrects itself late."
VIEW = {"reliability": "mixed", "reliability_note": NOTE}
RECORD = "articles/council-spends-more/record/"


def views(caller: Caller) -> list[str]:
    """The desk's view of each source, which the list of sources and the record tell alike."""
    listed = [one["reliability"] for one in caller.get("sources/").body["results"]]
    verdicts = [one for claim in caller.get(RECORD).body["claims"] for one in claim["verdicts"]]
    sources = [piece["source"] for verdict in verdicts for piece in verdict["evidence"]]
    told = {source["id"]: source["reliability"] for source in sources}
    assert sorted(told.values()) == sorted(listed)
    return sorted(listed)


def test_a_moderator_gives_the_desks_view_and_others_are_told_who_does(
    calling: Calling, robin: User, finch: User, stranger: User, half_judged: Claim
) -> None:
    address = f"sources/{Source.objects.get().pk}/"
    submit_verdict(half_judged.pk, judgement(), actor=finch)
    given = calling(robin).patch(address, VIEW)
    assert (given.status, given.body | VIEW) == (200, given.body)
    refused = calling(finch).patch(address, {"reliability": "reliable"})
    assert refused.status == 403
    assert "for moderators" in refused.body["detail"]
    assert calling(stranger).patch(address, VIEW).status == 404
    assert calling(None).patch(address, VIEW).status == 401
    assert Source.objects.get(pk=given.body["id"]).reliability == "mixed"


def test_a_view_is_one_of_three_or_taken_back_with_its_note(
    calling: Calling, robin: User, half_judged: Claim
) -> None:
    caller, address = calling(robin), f"sources/{Source.objects.get().pk}/"
    caller.patch(address, VIEW)
    assert caller.patch(address, {"reliability": ""}).field("reliability")
    assert caller.patch(address, {"reliability": "splendid"}).field("reliability")
    assert caller.patch(address, {"reliability_note": "a\nb"}).field("reliability_note")
    taken = caller.patch(address, {"reliability": "", "reliability_note": ""})
    assert (taken.body["reliability"], taken.body["reliability_note"]) == ("", "")


def test_a_reviewer_says_what_kind_of_source_it_is(
    calling: Calling, finch: User, claim: Claim
) -> None:
    caller = calling(finch)
    piece = {"stance": "context", "address": "https://example.org/a", "type": "study"}
    made = caller.post("verdicts/", {"claim": str(claim.pk), "evidence": [piece]})
    assert made.body["evidence"][0]["type"] == "study"
    assert caller.get("sources/").body["results"][0]["type"] == "study"
    again = caller.patch(f"verdicts/{made.body['id']}/", {"rationale": "So far"})
    assert again.body["evidence"][0]["type"] == "study"
    bad = caller.post("verdicts/", {"claim": str(claim.pk), "evidence": [piece | {"type": "x"}]})
    assert bad.field("evidence.0.type")


def test_a_view_of_a_source_that_a_hidden_verdict_uses_tells_nothing_of_it(
    calling: Calling, article: Article, half_judged: Claim, finch: User, maple: User, robin: User
) -> None:
    """Finch uses the source by chance, on another claim: no door says that it was known before."""
    source = Source.objects.get()
    edit_source(source.pk, actor=robin, **VIEW)
    caller = calling(finch)
    assert views(caller) == []
    elsewhere = mark(article, "Café prices", finch)
    submit_verdict(elsewhere.pk, judgement("false", "canary"), actor=finch)
    assert Verdict.objects.filter(evidence__source=source).count() == 2
    assert views(caller) == [""]
    assert NOTE.encode() not in caller.get("projects/council/export/").raw
    assert views(calling(robin)) == views(calling(maple)) == ["mixed"]
    # A view that is given anew may come of Finch's own verdict.
    edit_source(source.pk, actor=robin, reliability="reliable")
    assert views(caller) == ["reliable"]


def test_a_view_is_known_once_the_verdict_is_that_it_was_given_on(
    calling: Calling, half_judged: Claim, finch: User, robin: User
) -> None:
    edit_source(Source.objects.get().pk, actor=robin, **VIEW)
    submit_verdict(half_judged.pk, judgement("false", "figures"), actor=finch)
    assert views(calling(finch)) == ["", "mixed"]


def test_everyone_knows_the_view_of_what_a_ruling_rests_on(
    calling: Calling, published: object, robin: User
) -> None:
    for source in Source.objects.submitted():
        edit_source(source.pk, actor=robin, **VIEW)
    shown = calling(None).get("sources/").body["results"]
    assert {one["reliability"] for one in shown} == {"mixed"}
    assert NOTE.encode() in calling(None).get(RECORD).raw


def test_in_an_open_project_every_member_knows_the_view(
    calling: Calling, half_judged: Claim, project: Project, finch: User, robin: User
) -> None:
    Project.objects.filter(pk=project.pk).update(blind=False)
    edit_source(Source.objects.get().pk, actor=robin, **VIEW)
    assert views(calling(finch)) == ["mixed"]
