"""In a blind project nobody learns of another's verdict before their own: at every address."""

import json

import pytest

from annotations.actions.asking import ask_again, ask_for_another
from annotations.actions.comments import comment
from annotations.actions.revisions import revise_article
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Claim, Event, Project, Source, User, Verdict
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.api.conftest import Calling, evidence_of, judgement, mark
from tests.conftest import TEXT

# Everything that maple's verdict on the claim consists of (see `half_judged`).
CANARY = b"canary"
STATES = ("marked", "in_review", "agreed", "disputed", "published", "withdrawn", "set_aside")


def every_read(claim: Claim, verdict: Verdict) -> list[str]:
    """Each address of this door at which the verdict could show, with every filter there is."""
    piece = verdict.evidence.get()
    address = Source.objects.get(evidence=piece).address
    article = claim.appearances.all()[0].article
    filters = {
        "claims": [
            "", f"article={article.slug}", "kind=factual", "rating=misleading", "page_size=1",
            *(f"state={state}" for state in STATES),
        ],
        "verdicts": [
            "", f"claim={claim.pk}", "condition=current", "condition=draft", "project=council",
            "stale=true", "stale=false",
        ],
        "reattachments": ["", f"claim={claim.pk}", "settled=false", "why=review"],
        "evidence": ["", f"claim={claim.pk}", f"source={piece.source_id}", "stance=refutes"],
        "sources": ["", "project=council", f"address={address}"],
        "rulings": ["", f"claim={claim.pk}"],
        "appearances": ["", f"claim={claim.pk}"],
        "comments": ["", f"claim={claim.pk}", "asks_me=true", "kind=question"],
        "projects": [""],
        "articles": [""],
        "revisions": [""],
    }  # fmt: skip
    return [f"{name}/?{query}" for name, queries in filters.items() for query in queries] + [
        f"claims/{claim.pk}/",
        f"verdicts/{verdict.pk}/",
        f"evidence/{piece.pk}/",
        f"sources/{piece.source_id}/",
        f"articles/{article.slug}/",
        f"articles/{article.slug}/record/",
        "projects/council/",
        "projects/council/export/?format=jsonl",
        *(f"reattachments/{one.pk}/" for one in claim.reattachments.all()),
        *(f"revisions/{one.pk}/" for one in article.revisions.all()),
    ]


def test_the_second_reviewer_learns_nothing_of_the_first_verdict(
    calling: Calling, finch: User, robin: User, half_judged: Claim
) -> None:
    """A54: what every address answers is the same with and without the verdict."""
    verdict = Verdict.objects.get(claim=half_judged)
    comment(half_judged.pk, "A canary.", actor=verdict.reviewer)
    ask_again(half_judged.pk, "Which canary?", actor=robin)
    reads = every_read(half_judged, verdict)
    caller = calling(finch)
    for path in reads:
        raw = caller.get(path).raw.lower()
        asked = path.encode()
        assert CANARY not in raw.replace(asked, b""), path
        for told in (b"in_review", b"maple's", str(verdict.pk).encode()):
            assert told not in raw.replace(asked, b""), path
    shown = caller.get(f"claims/{half_judged.pk}/").body
    assert shown["state"] is None
    assert caller.get("claims/?state=in_review").ids == []
    assert caller.get("claims/?state=marked").ids == []


def test_that_a_further_verdict_was_asked_for_is_told_to_those_who_rule(
    calling: Calling, finch: User, maple: User, robin: User, birch: User, half_judged: Claim
) -> None:
    submit_verdict(half_judged.pk, judgement("true", "third"), actor=robin)
    reads = [f"claims/{half_judged.pk}/", "claims/", "articles/council-spends-more/record/"]
    before = [calling(finch).get(path).raw for path in reads]
    ask_for_another(half_judged.pk, actor=birch)
    assert [calling(finch).get(path).raw for path in reads] == before
    told = {
        who.pseudonym: calling(who).get(reads[0]).body["verdicts_wanted"]
        for who in (finch, maple, robin, birch)
    }
    assert told == {"Finch": None, "Maple": None, "Robin": 3, "Birch": 3}


def test_what_is_answered_does_not_change_when_another_judges(
    calling: Calling, finch: User, maple: User, robin: User, claim: Claim, article: Article
) -> None:
    """Nothing that finch can ask, no list's length and no cursor, moves with maple's verdict."""
    text, seen = TEXT.replace("12%", "13%"), article.revisions.get().pk
    revise_article(article.pk, actor=robin, text=text, based_on=seen)
    reads = [
        "reattachments/", f"reattachments/{claim.reattachments.get().pk}/", "verdicts/?stale=true",
        "claims/?page_size=1", f"claims/{claim.pk}/", "verdicts/", "evidence/", "sources/",
        "rulings/", "appearances/", "projects/", "articles/", "projects/council/export/",
        "articles/council-spends-more/record/", "comments/",
    ] + [f"claims/?state={state}" for state in STATES]  # fmt: skip
    caller = calling(finch)

    def answers() -> list[tuple[int, bytes]]:
        return [(one.status, one.raw) for one in map(caller.get, reads)]

    before = answers()
    save_draft(claim.pk, judgement(word="canary"), actor=maple)
    assert answers() == before
    submit_verdict(claim.pk, judgement(word="canary"), actor=maple)
    assert answers() == before
    comment(claim.pk, "A canary.", actor=maple)
    ask_again(claim.pk, "Which canary?", actor=robin)
    assert answers() == before


def test_that_anothers_verdict_is_stale_is_told_only_where_the_verdict_is(
    calling: Calling, finch: User, robin: User, half_judged: Claim, article: Article
) -> None:
    """A new text changed the judged words: who has not judged learns of neither."""
    text = TEXT.replace("never spent this much on schools", "never spent so much on schools")
    seen = article.revisions.get().pk
    revise_article(article.pk, actor=robin, text=text, based_on=seen)
    verdict = Verdict.objects.stale().get()
    caller, moderator = calling(finch), calling(robin)
    for path in every_read(half_judged, verdict):
        raw = caller.get(path).raw.lower().replace(path.encode(), b"")
        assert CANARY not in raw, path
        assert b"is_stale" not in raw, path
        assert str(verdict.pk).encode() not in raw, path
    assert caller.get("verdicts/?stale=true").ids == []
    assert moderator.get("verdicts/?stale=true").ids == [str(verdict.pk)]
    submit_verdict(half_judged.pk, judgement(), actor=finch)
    assert caller.get("verdicts/?stale=true").ids == [str(verdict.pk)]


def test_after_the_own_verdict_the_other_is_seen(
    calling: Calling, finch: User, half_judged: Claim
) -> None:
    submit_verdict(half_judged.pk, judgement(), actor=finch)
    caller = calling(finch)
    assert len(caller.get(f"verdicts/?claim={half_judged.pk}").ids) == 2
    assert caller.get(f"claims/{half_judged.pk}/").body["state"] == "disputed"
    assert CANARY in caller.get("articles/council-spends-more/record/").raw
    assert CANARY in caller.get("projects/council/export/").raw


def test_a_draft_of_ones_own_opens_nothing(
    calling: Calling, finch: User, half_judged: Claim
) -> None:
    save_draft(half_judged.pk, judgement(word="mine"), actor=finch)
    assert len(calling(finch).get("verdicts/").ids) == 1
    assert CANARY not in calling(finch).get("articles/council-spends-more/record/").raw


def test_in_an_open_project_reviewers_see_each_other(
    calling: Calling, finch: User, half_judged: Claim, project: Project
) -> None:
    Project.objects.filter(pk=project.pk).update(blind=False)
    caller = calling(finch)
    assert len(caller.get("verdicts/").ids) == 1
    assert caller.get(f"claims/{half_judged.pk}/").body["state"] == "in_review"


def test_moderator_and_owner_see_every_submitted_verdict(
    calling: Calling, robin: User, birch: User, half_judged: Claim
) -> None:
    for person in (robin, birch):
        caller = calling(person)
        assert caller.get(f"claims/{half_judged.pk}/").body["state"] == "in_review"
        for path in ("verdicts/", "evidence/", "sources/", "articles/council-spends-more/record/"):
            assert CANARY in caller.get(path).raw, path


def test_a_source_that_another_used_first_is_described_as_one_cited_it_oneself(
    calling: Calling, finch: User, half_judged: Claim
) -> None:
    """The shared row holds the hidden verdict's words, and its age would tell of it as well."""
    address = Source.objects.get().address
    piece = EvidenceGiven(stance="context", address=address, title="My own words")
    save_draft(half_judged.pk, Judgement(evidence=(piece,)), actor=finch)
    shown = calling(finch).get("sources/").body["results"]
    assert [one["title"] for one in shown] == ["My own words"]
    assert shown[0]["publisher"] == ""
    assert Source.objects.get().pk.version == 4


def test_a_source_that_only_a_hidden_verdict_uses_is_not_found_by_its_id(
    calling: Calling, finch: User, claim: Claim, half_judged: Claim
) -> None:
    source = Source.objects.get()
    sent = {"claim": str(claim.pk), "evidence": [{"stance": "context", "source": str(source.pk)}]}
    assert calling(finch).post("verdicts/", sent).status == 400


def test_a_ruling_does_not_open_the_verdicts_it_was_made_from(
    calling: Calling, article: Article, robin: User, finch: User, maple: User, birch: User
) -> None:
    """A reviewer who gave none reads the ruling as everybody does, and stays blind."""
    made = mark(article, "Café prices", finch)
    submit_verdict(made.pk, judgement("false", "one"), actor=maple)
    submit_verdict(made.pk, judgement("false", "canary"), actor=birch)
    sent = {"claim": str(made.pk), "rating": "false", "summary": "S", "reason": "canary reason",
            "evidence": evidence_of(made)[:1]}  # fmt: skip
    assert calling(robin).post("rulings/", sent).status == 201
    caller = calling(finch)
    for path in ("claims/", "verdicts/", "evidence/", "sources/", "rulings/",
                 "articles/council-spends-more/record/", "projects/council/export/"):  # fmt: skip
        assert CANARY not in caller.get(path).raw, path
    assert [one["verdict"] for one in caller.get("evidence/").body["results"]] == [None]


@pytest.fixture
def secret_draft(claim: Claim, finch: User) -> Verdict:
    return save_draft(claim.pk, judgement("true", "canary"), actor=finch)


def test_a_draft_is_in_nothing_that_others_get(
    calling: Calling, secret_draft: Verdict, maple: User, robin: User, birch: User,
    stranger: User, claim: Claim, published: object,
) -> None:  # fmt: skip
    """A52: reviewers, moderators, owners, strangers, readers; and no export, not even one's own."""
    reads = every_read(claim, secret_draft)
    for person in (maple, robin, birch, stranger, None):
        caller = calling(person)
        for path in reads:
            raw = caller.get(path).raw.lower().replace(path.encode(), b"")
            assert CANARY not in raw, (person, path)
    own = calling(secret_draft.reviewer)
    assert CANARY in own.get("verdicts/").raw
    assert CANARY in own.get("articles/council-spends-more/record/").raw
    assert CANARY not in own.get("projects/council/export/").raw
    assert CANARY.decode() not in json.dumps(list(Event.objects.values("before", "after")))


def test_a_draft_that_was_thrown_away_leaves_its_source_to_nobody_else(
    calling: Calling, secret_draft: Verdict, finch: User, maple: User, robin: User
) -> None:
    assert calling(finch).delete(f"verdicts/{secret_draft.pk}/").status == 204
    assert Source.objects.count() == 1
    # Not even to whom it came from: that it is missing for the next one would tell of a first one.
    for person in (finch, maple, robin):
        assert calling(person).get("sources/").ids == []


def test_people_appear_under_their_pseudonym_alone(
    calling: Calling, published: object, robin: User, birch: User
) -> None:
    """A53."""
    User.objects.update(first_name="Realname", last_name="Surname", email="m@il.example")
    for person in (None, robin, birch):
        caller = calling(person)
        for path in ("claims/", "verdicts/", "evidence/", "sources/", "rulings/", "projects/",
                     "articles/", "articles/council-spends-more/record/",
                     "projects/council/export/"):  # fmt: skip
            raw = caller.get(path).raw
            for told in (b"Realname", b"Surname", b"m@il", b'"finch"', b'"maple"', b'"robin"'):
                assert told not in raw, (path, told)
