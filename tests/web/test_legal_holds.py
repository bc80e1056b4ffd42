"""A legal hold keeps what it is on from whom it says, on every door, and tells them why."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.actions.gold import set_gold
from annotations.actions.handing_out import assign
from annotations.actions.holds import lift_hold, place_hold
from annotations.actions.publishers import ask_publisher
from annotations.actions.rulings import correct_ruling
from annotations.actions.verdicts import submit_verdict
from annotations.api.urls import urlpatterns
from annotations.models import Article, Claim, Event, Evidence, LegalHold, Ruling, User
from annotations.rules.publishers import Asking
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound, Unprocessable
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.actions.given import judgement, marked

pytestmark = pytest.mark.django_db

Publish = Callable[..., Claim]
DAY = datetime.date(2026, 2, 11)
ORDER: dict[str, Any] = {
    "authority": "District court of Example",
    "ground": "Interim injunction 4 O 12/26",
    "ordered_on": DAY,
    "notice": "We have appealed.",
}
CANARY = EvidenceGiven(
    stance="supports", address="https://canary.example.org/report", title="canary: the source",
    publisher="Canary Gazette", quote="canary: the passage", note="canary: the note",
)  # fmt: skip
STATUS = {"restrict": 451, "withhold": 451, "withdraw": 410}
SEEN_BY = {
    "restrict": {"finch", "robin", "birch"},
    "withhold": {"robin", "birch"},
    "withdraw": {"finch", "robin", "birch"},
}
EVERYBODY = ("anybody", "stranger", "finch", "robin", "birch")


@pytest.fixture
def held(article: Article, publish: Publish, robin: User) -> Claim:
    """A claim that was corrected, with a canary in all that is known of it."""
    Article.objects.filter(pk=article.pk).update(publisher="canary: the publisher")
    claim = publish(
        article, "spent 12% more", statement="canary: the claim", claimant="Canary Claimant",
        summary="canary: the summary", given=Judgement("true", "canary: why", "high", (CANARY,)),
    )  # fmt: skip
    evidence = Evidence.objects.filter(rulings__claim=claim).values_list("pk", flat=True)
    correct_ruling(
        claim.pk, actor=robin, rating="false", summary="canary: corrected",
        evidence=list(evidence), note="canary: the correction", correction="rating_changed",
    )  # fmt: skip
    asking = Asking("Canary Times", "editors", DAY, "canary: what it was asked")
    ask_publisher(claim.pk, asking, actor=robin)
    return claim


@pytest.fixture
def enter(request: pytest.FixtureRequest) -> Callable[[str], Client]:
    def sign_in(name: str) -> Client:
        client = Client()
        if name != "anybody":
            client.force_login(request.getfixturevalue(name))
        return client

    return sign_in


def place(claim: Claim, kind: str, on: str, actor: User) -> LegalHold:
    where = {"claim": claim.pk} if on == "claim" else {"article": place_of(claim).article_id}
    return place_hold(actor=actor, kind=kind, **where, **ORDER)


def place_of(claim: Claim) -> Any:
    return claim.appearances.select_related("article").get()


def direct(claim: Claim) -> list[str]:
    """The addresses of the claim itself, by page and by API."""
    old = Ruling.objects.filter(claim=claim).order_by("number")[0]
    return [
        f"/claims/{claim.pk}/",
        f"/claims/{claim.pk}/rulings/1/",
        f"/api/v1/claims/{claim.pk}/",
        f"/api/v1/rulings/{old.pk}/",
    ]


def of_the_article(claim: Claim) -> list[str]:
    slug = place_of(claim).article.slug
    return [f"/articles/{slug}/", f"/api/v1/articles/{slug}/", f"/api/v1/articles/{slug}/record/"]


def doors(claim: Claim) -> list[str]:
    """Every address at which anything of a claim could be read."""
    at, piece = place_of(claim), Evidence.objects.filter(verdict__claim=claim)[0]
    things = {
        "project": claim.project.slug, "export": claim.project.slug, "article": at.article.slug,
        "record": at.article.slug, "revision": at.revision_id, "claim": claim.pk,
        "appearance": at.pk, "verdict": piece.verdict_id, "one-evidence": piece.pk,
        "source": piece.source_id, "ruling": claim.rulings.get(number=1).pk,
        "publisher-correction": claim.publisher_corrections.get().pk,
    }  # fmt: skip
    lists = [one.name for one in urlpatterns if "<" not in str(one.pattern) and one.name]
    one_by_one = [
        reverse(f"api:{name}", args=[thing]) for name, thing in things.items()
    ]  # fmt: skip
    work = f"/workbench/{at.article.slug}/"
    return [
        f"/claims/{claim.pk}/publisher/", *direct(claim), *of_the_article(claim), *one_by_one,
        *(reverse(f"api:{name}") for name in lists if name not in ("nothing", "docs")),
        f"/api/v1/claims/?article={at.article.slug}", "/api/v1/claims/?rating=false",
        f"/api/v1/rulings/?claim={claim.pk}", f"/api/v1/evidence/?claim={claim.pk}",
        f"/api/v1/revisions/?article={at.article.slug}",
        f"/api/v1/appearances/?revision={at.revision_id}",
        "/", "/corrections/", "/desk/", work, f"{work}list/", f"{work}claims/{claim.pk}/",
        f"{work}revisions/1/text/",
    ]  # fmt: skip


def read(client: Client, address: str) -> bytes:
    answer = client.get(address)
    streamed = getattr(answer, "streaming", False)
    body: bytes = b"".join(answer) if streamed else answer.content
    headers = {name: one for name, one in answer.headers.items() if name != "RateLimit"}
    return repr(headers).encode() + body


@pytest.mark.parametrize("on", ["claim", "article"])
@pytest.mark.parametrize("kind", SEEN_BY)
@pytest.mark.parametrize("name", EVERYBODY)
def test_what_is_held_is_on_no_door_but_for_those_who_may_read_it(
    name: str, kind: str, on: str, held: Claim, enter: Callable[[str], Client], birch: User
) -> None:
    place(held, kind, on, birch)
    client = enter(name)
    if name in SEEN_BY[kind]:
        for address in direct(held):
            assert b"canary" in read(client, address).lower(), address
        return
    for address in doors(held):
        found = read(client, address).lower()
        if on == "claim":  # the article's own publisher is not held with a claim of it
            found = found.replace(b"canary: the publisher", b"")
        assert b"canary" not in found, address
    told = direct(held) + (of_the_article(held) if on == "article" else [])
    for address in told:
        answer = client.get(address)
        assert answer.status_code == STATUS[kind], address
        for words in ("District court of Example", "Interim injunction 4 O 12/26", "appealed"):
            assert words in answer.text, address
        assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
        assert "public" not in answer["Cache-Control"]
        link = '<https://localhost/>; rel="blocked-by"'
        blocked = answer.headers.get("Link", "").replace(
            "http://127.0.0.1:8000", "https://localhost"
        )
        assert blocked == (link if STATUS[kind] == 451 else ""), address


def test_the_problem_holds_the_public_notice(held: Claim, client: Client, birch: User) -> None:
    place(held, "restrict", "claim", birch)
    answer = client.get(f"/api/v1/claims/{held.pk}/")
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["title"]) == (451, "Not available for legal reasons")
    assert body["hold"]["authority"] == "District court of Example"
    assert body["hold"]["ordered_on"] == "2026-02-11"
    assert set(body["hold"]) == {
        "kind", "authority", "ground", "ordered_on", "notice", "placed_on",
    }  # fmt: skip


def test_a_hold_on_what_is_not_public_tells_readers_nothing(
    article: Article, mark: Publish, client: Client, birch: User, finch: User
) -> None:
    claim = mark(article, "spent 12% more")
    place_hold(actor=birch, kind="withhold", claim=claim.pk, **ORDER)
    assert client.get(f"/claims/{claim.pk}/").status_code == 404
    assert client.get(f"/api/v1/claims/{claim.pk}/").status_code == 404
    client.force_login(finch)
    assert client.get(f"/api/v1/claims/{claim.pk}/").status_code == 451
    assert client.get(f"/workbench/{article.slug}/claims/{claim.pk}/").status_code == 451


def test_whom_a_held_claim_was_lent_to_or_taught_reads_nothing_of_it_any_more(
    article: Article, client: Client, finch: User, robin: User, birch: User
) -> None:
    lent = marked(article, robin, statement="canary: lent")
    assign(lent.pk, finch.pk, actor=robin)
    golden = marked(article, robin)
    set_gold(golden.pk, "true", "canary: the answer", actor=robin)
    submit_verdict(golden.pk, judgement(), actor=finch)
    client.force_login(finch)
    doors = ("/desk/", "/api/v1/assignments/", "/api/v1/gold/")
    told = (b"canary", str(lent.pk).encode(), str(golden.pk).encode())

    def tells() -> list[bool]:
        return [any(word in client.get(door).content for word in told) for door in doors]

    assert tells() == [True, True, True]
    for claim in (lent, golden):
        place(claim, "withhold", "claim", birch)
    assert tells() == [False, False, False]


def test_a_lifted_hold_keeps_nothing_and_both_are_in_the_log(
    held: Claim, client: Client, birch: User
) -> None:
    before = read(client, f"/api/v1/claims/{held.pk}/")
    log = list(Event.objects.order_by("pk").values())
    hold = place(held, "withdraw", "claim", birch)
    with pytest.raises(Unprocessable, match="Say why"):
        lift_hold(hold.pk, actor=birch, because=" ")
    lift_hold(hold.pk, actor=birch, because="The injunction was set aside.")
    assert read(client, f"/api/v1/claims/{held.pk}/") == before
    assert client.get(f"/claims/{held.pk}/").status_code == 200
    assert list(Event.objects.order_by("pk").values())[: len(log)] == log
    placed, lifted = Event.objects.order_by("pk")[len(log) :]
    assert (placed.verb, (placed.after or {})["kind"]) == ("place_hold", "withdraw")
    assert (lifted.verb, lifted.reason) == ("lift_hold", "The injunction was set aside.")
    with pytest.raises(Conflict, match="lifted already"):
        lift_hold(hold.pk, actor=birch, because="Again.")


def test_only_an_owner_places_and_lifts(
    held: Claim, birch: User, robin: User, finch: User, stranger: User
) -> None:
    for other in (robin, finch):
        with pytest.raises(NotAllowed, match="project's owner"):
            place(held, "restrict", "claim", other)
    with pytest.raises(NotFound):
        place(held, "restrict", "claim", stranger)
    hold = place(held, "restrict", "article", birch)
    for other in (robin, finch):
        with pytest.raises(NotAllowed, match="project's owner"):
            lift_hold(hold.pk, actor=other, because="No.")
    with pytest.raises(NotFound):
        lift_hold(hold.pk, actor=stranger, because="No.")
    with pytest.raises(Conflict, match="stands over this already"):
        place(held, "withdraw", "article", birch)
    place(held, "withdraw", "claim", birch)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"kind": "hide"}, {"kind"}),
        ({"authority": " "}, {"authority"}),
        ({"ground": ""}, {"ground"}),
        ({"ordered_on": None}, {"ordered_on"}),
        ({"notice": "\x00"}, {"notice"}),
        ({"kind": "", "authority": "", "ground": ""}, {"kind", "authority", "ground"}),
        ({"claim": None}, {"claim"}),
    ],
)
def test_what_a_hold_lacks_is_told_at_its_field(
    given: dict[str, Any], fields: set[str], held: Claim, birch: User
) -> None:
    whole = {"kind": "restrict", "claim": held.pk, **ORDER}
    with pytest.raises(Malformed) as refused:
        place_hold(actor=birch, **(whole | given))
    assert set(refused.value.problems) == fields
    assert not LegalHold.objects.exists()


def test_the_strictest_of_two_holds_is_the_one_that_is_told(
    held: Claim, client: Client, birch: User
) -> None:
    place(held, "restrict", "article", birch)
    place(held, "withdraw", "claim", birch)
    assert client.get(f"/claims/{held.pk}/").status_code == 410
    assert client.get(of_the_article(held)[0]).status_code == 451
