"""The units of a study of agreement: claims with the verdicts that count, grouped by PostgreSQL.

Whoever is shown anything of this has to be one who sees every verdict of the project
(`Verb.SEE_ALL_VERDICTS`): the figures tell of them.
"""

import datetime
import uuid
from collections import Counter, defaultdict

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from annotations.models.appearances import Appearance
from annotations.models.articles import Article
from annotations.models.claims import Claim
from annotations.models.people import User
from annotations.models.projects import Project, Rating
from annotations.models.verdicts import Verdict, VerdictQuerySet
from annotations.rules.days import begins, ends
from annotations.rules.refusals import Malformed
from annotations.rules.study import Study, Unit, study_of
from annotations.rules.unitizing import Mark
from annotations.rules.wanted import LeftOut, Wanted


def study_in(project: Project, wanted: Wanted) -> Study:
    """The study of a project: seven queries, whatever its size."""
    scale = [
        {"slug": one.slug, "name": one.name, "look": one.look, "value": one.value}
        for one in Rating.objects.in_use(project)
    ]
    titles = dict(Article.objects.filter(project=project).values_list("slug", "title"))
    if wanted.article and wanted.article not in titles:
        raise Malformed("There is no such article in this project.", field="article")
    units, left_out = units_in(project, wanted)
    marks = marks_in(project, wanted)
    return study_of(wanted.versions, units, scale, titles, left_out, marks)


def verdicts_in(project: Project, wanted: Wanted) -> VerdictQuerySet:
    """The submitted verdicts that are asked for, each with `left_out`."""
    found: VerdictQuerySet = Verdict.objects.filter(project=project).with_standing(wanted.versions)
    if wanted.article:
        found = found.filter(claim__in=Claim.objects.standing_in(slug=wanted.article))
    if wanted.reviewers:
        found = found.filter(reviewer__in=reviewers_of(project, wanted.reviewers))
    if wanted.since:
        found = found.filter(submitted_at__gte=begins(wanted.since))
    if wanted.until:
        found = found.filter(submitted_at__lte=ends(wanted.until))
    return found


def units_in(project: Project, wanted: Wanted) -> tuple[list[Unit], Counter[LeftOut]]:
    """The claims with a verdict that counts, and how many verdicts do not, by why; of drafts,
    nothing: four queries.
    """
    found = (
        verdicts_in(project, wanted)
        .values_list("claim", F("left_out"))
        .annotate(
            last=Max("submitted_at"),
            people=ArrayAgg("reviewer", order_by="reviewer"),
            ratings=ArrayAgg(Coalesce("rating__replaced_by", "rating"), order_by="reviewer"),
        )
        .order_by("claim")
    )
    scale = Rating.objects.in_use(project).values_list("pk", flat=True)
    places = {rating: n for n, rating in enumerate(scale)}
    names = dict(User.objects.filter(verdicts__project=project).values_list("pk", "pseudonym"))
    articles: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    stands = Appearance.objects.filter(project=project).values_list("claim", "article__slug")
    for claim, slug in stands.distinct().order_by():
        articles[claim].append(slug)
    units, left_out = [], Counter[LeftOut]()
    for claim, why, last, people, ratings in found:
        if why:
            left_out[LeftOut(why)] += len(people)
            continue
        given = zip(people, ratings, strict=True)
        units.append(
            Unit(
                claim,
                f"{last.astimezone(datetime.UTC):%Y-%m}",
                {names[who]: places[rating] for who, rating in given},
                articles[claim],
            )
        )
    return units, left_out


def marks_in(project: Project, wanted: Wanted) -> list[Mark]:
    """The marks in the newest texts, each by who made it; days play no part."""
    found = Appearance.objects.current().filter(project=project)
    if wanted.article:
        found = found.filter(article__slug=wanted.article)
    if wanted.reviewers:
        found = found.filter(marked_by__in=reviewers_of(project, wanted.reviewers))
    rows = found.values_list("article__slug", "marked_by__pseudonym", "start", "end").order_by()
    return [Mark(*row) for row in rows]


def reviewers_of(project: Project, pseudonyms: tuple[str, ...]) -> list[int]:
    """The people of these pseudonyms, who have given verdicts or are members; refuses others."""
    named = Q()
    for one in pseudonyms:
        named |= Q(pseudonym__iexact=one)
    here = Q(verdicts__project=project) | Q(memberships__project=project)
    found = dict(User.objects.filter(named, here).values_list("pk", "pseudonym").distinct())
    known = {one.casefold() for one in found.values()}
    if missing := [one for one in pseudonyms if one.casefold() not in known]:
        raise Malformed(
            f"There is no reviewer {missing[0][:60]} in this project.", field="reviewers"
        )
    return list(found)
