"""Bringing in what a file gives: articles, their claims, and what was said of them.

Each thing is known by the key its format gives it, so that a file that comes again changes
nothing. What is wrong with one thing costs that thing alone: every step is a savepoint, and its
refusal is told. A verdict stands in the name that the file gives, under an account nobody signs in
with; one whose rating nobody has mapped yet waits for a map.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import TypeVar

from django.db import DataError, IntegrityError, transaction

from annotations.actions.articles import canonical_of, import_article
from annotations.actions.brought import Brought, said_of
from annotations.actions.claims import mark_claim
from annotations.actions.log import plain
from annotations.actions.outsiders import outsider
from annotations.actions.restoring import Restoring
from annotations.actions.verdicts import bring_verdict
from annotations.formats.contract import Record
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    VerdictGiven,
    verdict_from,
)
from annotations.formats.quotes import Quotes
from annotations.models import (
    Article,
    Claim,
    Import,
    Origin,
    Project,
    Rating,
    RatingMap,
    Revision,
    User,
    Verdict,
    WaitingVerdict,
)
from annotations.rules import words
from annotations.rules.claims import ClaimKind
from annotations.rules.imports import heard
from annotations.rules.refusals import Conflict, NotFound, Refusal, Unprocessable
from annotations.rules.verdicts import Judgement

Made = TypeVar("Made")

LONGEST_CALLED = 100

CHANGED = (
    "This article was brought in before, and has other words here now. Bring its new text in as a "
    "revision first; its claims can follow then."
)

NOT_HERE = (
    "The file has no text of “{}”, and the project has no such article. Bring the article in first."
)
REMARK = "Remarks on a claim that rate nothing."
MAPPED_TO_NOTHING = "Verdicts of a rating that is left out by this project's maps."


class Bringing:
    """One import's way of bringing things in: by whom, from which format, with which ratings."""

    def __init__(self, job: Import, format_name: str) -> None:
        self.job, self.project, self.actor = job, job.project, job.started_by
        self.format_name = format_name
        self.ratings = ratings_of(job.project)
        self.left_out: Counter[str] = Counter()
        self.restoring = Restoring(job)

    def restore(self, records: Sequence[Record]) -> list[Brought]:
        """Bring records back, each whole or not at all. Call it in a transaction."""
        return self.restoring.restore(records)

    def bring(self, found: Found) -> Brought:
        """Bring in an article with all that the file says of it. Call it in a transaction."""
        brought, given = Brought(), found.article
        what = given.title or given.address or given.key
        article = self._attempt(brought, what, lambda: self._article(given, brought))
        if article is not None:
            place = Standing(article, given)
            for claim in given.claims:
                self._claim(place, claim, brought)
        return brought

    def _attempt(self, brought: Brought, what: str, make: Callable[[], Made]) -> Made | None:
        try:
            with transaction.atomic():
                return make()
        except Refusal as refusal:
            brought.refused.append((refusal.sentence, what))
        except (IntegrityError, DataError) as error:
            brought.refused.append((said_of(error), what))
        return None

    def _article(self, given: ArticleGiven, brought: Brought) -> Article:
        """The article that is meant, made if the project has none."""
        known = Origin.objects.filter(
            project=self.project, format=self.job.format, article_key=given.key, claim=None
        ).select_related("article")
        origin = known.first()
        article = origin.article if origin else self._same(given)
        if article is None and not given.text:
            raise NotFound(NOT_HERE.format(given.address or given.key))
        if article is None:
            article = import_article(
                self.project.pk,
                actor=self.actor,
                text=given.text,
                media_type=given.media_type,
                title=given.title or called(given),
                publisher=given.publisher,
                author=given.author,
                address=given.address,
                language=given.language,
                date=given.date,
            )
            if given.kept:
                article.kept = {self.job.format: plain(given.kept)}
                article.save(update_fields=["kept"])
            brought.articles += 1
        else:
            brought.unchanged += 1
        if origin is None:
            self._remember(given.key, "", article, None)
        return article

    def _same(self, given: ArticleGiven) -> Article | None:
        """The project's article that bears this key as its id, or has this very text; for a file
        without texts, the one of this address.
        """
        mine = Article.objects.filter(project=self.project)
        by_id = mine.filter(pk=known).first() if (known := as_id(given.key)) else None
        if by_id is not None:
            return by_id
        if not given.text:
            return mine.at_address(given.address).order_by("id").first()
        text, _ = canonical_of(given.text, given.media_type, ())
        return mine.filter(revisions__sha256=text.sha256).order_by("id").first()

    def _claim(self, place: "Standing", claim: ClaimGiven, brought: Brought) -> None:
        what = claim.statement or claim.key
        made = self._attempt(brought, what, lambda: self._marked(place, claim, brought))
        if made is None:
            return
        for verdict in claim.verdicts:
            self._attempt(brought, what, lambda one=verdict: self._verdict(made, one, brought))  # type: ignore[misc]

    def _marked(self, place: "Standing", claim: ClaimGiven, brought: Brought) -> Claim:
        key = place.given.key
        known = Origin.objects.filter(
            project=self.project, format=self.job.format, article_key=key, claim_key=claim.key
        ).select_related("claim")
        origin = known.first()
        if origin is not None and origin.claim is not None:
            brought.unchanged += 1
            return origin.claim
        known_id = as_id(claim.key)
        if known_id and (found := Claim.objects.filter(project=self.project, pk=known_id).first()):
            brought.unchanged += 1
            return found
        made = self._mark(place, claim)
        brought.claims += 1
        self._remember(key, claim.key, place.article, made)
        return made

    def _mark(self, place: "Standing", claim: ClaimGiven) -> Claim:
        claim = place.placed(claim)
        first, *further = claim.places
        appearance = mark_claim(
            place.article.pk,
            first.start,
            first.end,
            actor=self.actor,
            statement=claim.statement,
            kind=claim.kind if claim.kind in set(ClaimKind) else ClaimKind.FACTUAL,
            claimant=claim.claimant,
            claimant_role=claim.claimant_role,
            said_on=claim.said_on,
            topics=claim.topics,
            further=[(one.start, one.end) for one in further],
        )
        made = appearance.claim
        if claim.first_address or claim.kept:
            made.first_address = claim.first_address[:2000]
            made.kept = {self.job.format: plain(claim.kept)} if claim.kept else {}
            made.save(update_fields=["first_address", "kept"])
        return made

    def _verdict(self, claim: Claim, given: VerdictGiven, brought: Brought) -> None:
        if not given.rating.strip():
            self.left_out[REMARK] += 1
            return
        by = given.by.strip()[:200] or self.format_name
        if self._is_there(claim, by):
            brought.unchanged += 1
            return
        known = heard(given.rating)
        if known not in self.ratings:
            _wait(self.job, claim, replace(given, by=by), known)
            brought.waiting += 1
        elif rating := self.ratings[known]:
            _bring(claim, replace(given, by=by), rating, self.project, self.actor)
            brought.verdicts += 1
        else:
            self.left_out[MAPPED_TO_NOTHING] += 1

    def _is_there(self, claim: Claim, by: str) -> bool:
        """Whether a verdict of that name stands on the claim, or waits there for a map."""
        own = Verdict.objects.filter(claim=claim, submitted_at__isnull=False)
        return (
            own.filter(reviewer__outside__name=by).exists()
            or own.filter(reviewer__pseudonym=by).exists()
            or WaitingVerdict.objects.filter(claim=claim, by=by).exists()
        )

    def _remember(self, article_key: str, key: str, article: Article, claim: Claim | None) -> None:
        Origin.objects.get_or_create(
            project=self.project,
            format=self.job.format,
            article_key=article_key,
            claim_key=key,
            defaults={"article": article, "claim": claim},
        )


def called(given: ArticleGiven) -> str:
    """What an article without a title is called: by its first words."""
    text, page = canonical_of(given.text, given.media_type, ())
    first = text.blocks[0]
    return page.title or words.shortened(text.text[first.start : first.end], LONGEST_CALLED)


class Standing:
    """An article as it stands here, for the claims of a file that count in its own text."""

    def __init__(self, article: Article, given: ArticleGiven) -> None:
        self.article, self.given = article, given
        newest = Revision.objects.filter(article=article).order_by("-number")
        if given.text:
            text, _ = canonical_of(given.text, given.media_type, ())
            self.is_same = newest.values_list("sha256")[:1].get()[0] == text.sha256
        else:
            self.quotes = Quotes(newest.values_list("text", flat=True)[:1].get())

    def placed(self, claim: ClaimGiven) -> ClaimGiven:
        """The claim with its places in the article's newest text."""
        if not self.given.text:
            claim = self.quotes.claim(claim)
        elif not self.is_same:
            raise Conflict(CHANGED)
        if not claim.places:
            raise Unprocessable("No place of the text is given for this claim.", field="places")
        return replace(claim, places=tuple(moved(one, self.given.text) for one in claim.places))


def ratings_of(project: Project) -> dict[str, str]:
    """The slug of the project's rating by the words for it, as `heard` hears them; the empty slug
    where verdicts of a word are left out. Its own names and slugs are words for themselves.
    """
    own = Rating.objects.in_use(project)
    meant = {heard(word): one.slug for one in own for word in (one.name, one.slug)}
    maps = RatingMap.objects.filter(project=project).select_related("rating__replaced_by")
    for one in maps:
        meant[one.heard] = one.rating.counts_as.slug if one.rating else ""
    return meant


def bring_waiting(waiting: WaitingVerdict, rating: str, actor: User) -> Verdict:
    """Bring in a verdict that waited, now that its rating is known."""
    given = verdict_from(waiting.given)
    verdict = _bring(waiting.claim, given, rating, waiting.project, actor)
    waiting.delete()
    return verdict


def _bring(
    claim: Claim, given: VerdictGiven, rating: str, project: Project, actor: User
) -> Verdict:
    return bring_verdict(
        claim.pk,
        Judgement(rating, given.rationale, "", given.evidence),
        reviewer=outsider(project, given.by, actor),
        actor=actor,
        at=given.at,
    )


def _wait(job: Import, claim: Claim, given: VerdictGiven, known: str) -> None:
    WaitingVerdict.objects.create(
        project=job.project, of=job, claim=claim, word=given.rating[:200], heard=known[:200],
        by=given.by, given=plain(asdict(given)),
    )  # fmt: skip


def moved(place: PlaceGiven, text: str) -> PlaceGiven:
    """The same words in the canonical text, which has no byte order mark and LF for line ends."""
    if "\r" not in text and not text.startswith("\ufeff"):
        return place
    start, end = (at - lost_before(at, text) for at in (place.start, place.end))
    return PlaceGiven(start, end)


def lost_before(at: int, text: str) -> int:
    """How many code points before `at` the canonical text has not."""
    return text.count("\r\n", 0, at) + text.startswith("\ufeff")


def as_id(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
