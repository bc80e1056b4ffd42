"""What everyone may read of what an event tells of: all that ever leaves by a webhook.

It is asked of the same QuerySet methods as the readers' pages, as nobody, at the moment of sending.
So no verdict, no draft and nothing that a legal hold keeps back is in it, whatever was true when
the event was written.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from annotations.formats.claimreview import Reported, Review, claim_review
from annotations.models.appearances import Appearance
from annotations.models.articles import Article
from annotations.models.claims import Claim
from annotations.models.events import Event
from annotations.models.holds import LegalHold
from annotations.models.publishers import PublisherCorrection
from annotations.models.rulings import Ruling

MOST_PLACES = 20  # places of one claim that are listed
READER = AnonymousUser()

News = dict[str, Any]


def news_of(event: Event) -> News | None:
    """The facts, with the addresses of the thing for people; None where nothing is public."""
    return NEWS[event.object_kind](event)


def _of_ruling(event: Event) -> News | None:
    claims = Claim.objects.public(READER).select_related("project", "claimant")
    claim = claims.filter(rulings=event.object_id).first()
    if claim is None:
        return None
    places = list(Appearance.objects.places_of(claim.pk, READER)[:MOST_PLACES])
    review = review_of(claim, list(Ruling.objects.on_claim(claim.pk)), places, settings.SITE_URL)
    return {
        "claim": claim.pk,
        "ruling": event.object_id,
        "number": (event.after or {})["number"],
        "address": _page("claim", claim.pk),
        "claim_review": claim_review(review) if review else None,
    }


def _of_hold(event: Event) -> News | None:
    hold = LegalHold.objects.over_what_is_public().filter(pk=event.object_id).first()
    if hold is None:
        return None
    article = hold.article.slug if hold.article else None
    return {
        "hold": hold.pk,
        "kind": hold.kind,
        "claim": hold.claim_id,
        "article": article,
        "authority": hold.authority,
        "ground": hold.ground,
        "ordered_on": hold.ordered_on,
        "notice": hold.notice,
        "address": _page("article", article) if article else _page("claim", hold.claim_id),
    }


def _of_request(event: Event) -> News | None:
    requests = PublisherCorrection.objects.readable_by(READER).in_full()
    one = requests.filter(pk=event.object_id).first()
    if one is None:
        return None
    return {
        "publisher_correction": one.pk,
        "claim": one.claim_id,
        "article": one.article.slug,
        "publisher": one.publisher,
        "asked_on": one.asked_on,
        "outcome": one.outcome,
        "outcome_on": one.outcome_on,
        "outcome_address": one.outcome_address,
        "address": _page("claim", one.claim_id),
    }


def _of_article(event: Event) -> News | None:
    article = Article.objects.public(READER).filter(pk=event.object_id).first()
    if article is None:
        return None
    return {
        "article": article.slug,
        "revision": (event.after or {})["revision"],
        "number": (event.after or {})["number"],
        "address": _page("article", article.slug),
    }


NEWS: dict[str, Callable[[Event], News | None]] = {
    "ruling": _of_ruling,
    "legalhold": _of_hold,
    "publishercorrection": _of_request,
    "article": _of_article,
}


def _page(name: str, *named: object) -> str:
    return settings.SITE_URL + reverse(name, args=named)


def review_of(
    claim: Claim, rulings: Sequence[Ruling], places: Sequence[Appearance], site: str
) -> Review | None:
    """What ClaimReview says of a claim; None where no ruling is in force."""
    current = rulings[0]
    if current.rating is None:
        return None
    values = [one["value"] for one in current.scale if one["value"] is not None]
    claimant = claim.claimant
    return Review(
        address=site + reverse("claim", args=[claim.pk]),
        statement=claim.statement,
        rating=current.rating_name,
        definition=current.rating_definition,
        value=current.rating.value,
        best=max(values, default=None),
        worst=min(values, default=None),
        summary=current.summary,
        desk=claim.project.name,
        site=site + "/",
        published=rulings[-1].made_at,
        changed=current.made_at,
        claimant=claimant.name if claimant else "",
        claimant_role=claimant.role if claimant else "",
        claimant_wikidata=claimant.wikidata_id if claimant else "",
        said_on=claim.said_on,
        first_address=claim.first_address,
        appearances=[
            Reported(
                one.article.title, one.article.address, one.article.publisher, one.article.date
            )
            for one in places
            if one.article_is_public
        ],
    )
