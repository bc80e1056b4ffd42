"""The change feed: what changed in the records that a person reads, since they last asked.

It walks the links of each project's chain, which are numbered without a gap in the order in which
their transactions committed: what was passed can never be joined by an earlier one. Links are read
first, and who may see what afterwards, so that what becomes visible in between is told at the
latest by the change that made it so. Whom a change is told is `annotations/rules/changes.py`.
"""

import datetime
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Min, Q
from django.utils import timezone

from annotations.models.appearances import Appearance
from annotations.models.articles import Article, Revision
from annotations.models.bylines import BYLINES
from annotations.models.claims import Claim
from annotations.models.events import Event
from annotations.models.holds import LegalHold
from annotations.models.people import User
from annotations.models.projects import Project
from annotations.models.rulings import RulingEvidence
from annotations.models.verdicts import Evidence, Verdict
from annotations.rules.changes import (
    BY_WHAT_CHANGED,
    MOST_ARTICLES,
    MOST_PROJECTS,
    PUBLISHING,
    TOLD,
    Facts,
    Positions,
    Tells,
    What,
    article_tells,
    revisions_of,
    settings_tell,
    tells,
)
from annotations.rules.holds import HoldKind
from annotations.rules.permissions import Role
from annotations.rules.refusals import Malformed
from annotations.rules.sight import SEES_ALL

# How many links a page looks at: some for each change that is asked for, then once this many, so
# that what is hidden from a person makes no page of its own.
FOR_EACH = 4
LOOKED_AT = 10_000

HEADS = """
SELECT chain, coalesce((SELECT max(sequence) FROM annotations_link l WHERE l.chain = one.chain), 0)
  FROM unnest(%s::uuid[]) AS one (chain)
"""

LINKS = """
SELECT link.chain, link.sequence, event.id, event.verb, event.object_kind, event.object_id,
       event.claim_id, event.at, CASE WHEN event.verb = ANY(%s) THEN event.before END,
       CASE WHEN event.verb = ANY(%s) THEN event.after END
  FROM unnest(%s::uuid[], %s::bigint[]) WITH ORDINALITY AS seen (chain, last, place)
 CROSS JOIN LATERAL (
     SELECT l.chain, l.sequence, l.event_id FROM annotations_link l
      WHERE l.chain = seen.chain AND l.sequence > seen.last
      ORDER BY l.sequence LIMIT %s
 ) link
  JOIN annotations_event event ON event.id = link.event_id
 ORDER BY seen.place, link.sequence LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Logged:
    """A link with its event."""

    chain: uuid.UUID
    sequence: int
    event: int
    verb: str
    kind: str
    id: uuid.UUID
    claim: uuid.UUID | None
    at: datetime.datetime
    told_before: str | None
    told_after: str | None

    @property
    def tells(self) -> Tells:
        return tells(self.verb)

    @property
    def before(self) -> Facts:
        return None if self.told_before is None else json.loads(self.told_before)

    @property
    def after(self) -> Facts:
        return None if self.told_after is None else json.loads(self.told_after)


@dataclass(frozen=True, slots=True)
class Change:
    """What a person reads again: the records of `articles`, or (`whole`) the project's all.

    `event` and `sequence` are for us: both would tell how much there is that is not told.
    """

    project: Project
    what: What
    kind: str
    id: uuid.UUID
    at: datetime.datetime
    articles: tuple[str, ...] = ()
    whole: bool = False
    event: int = 0
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """A page: what changed, where the next one begins, and whether there is more already."""

    changes: list[Change]
    positions: Positions
    more: bool


def positions_now(projects: Iterable[Project]) -> dict[uuid.UUID, int]:
    """The last link of each of these projects: one query."""
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [[one.pk for one in projects]])
        return dict(cursor.fetchall())


def readable(person: User | AnonymousUser) -> list[Project]:
    """The projects whose changes a person follows at once, in the order of their making."""
    found = list(Project.objects.readable_by(person).order_by("pk")[: MOST_PROJECTS + 1])
    if len(found) > MOST_PROJECTS:
        raise Malformed(
            f"You read more than {MOST_PROJECTS} projects. Follow each by itself.", field="project"
        )
    return found


def changes_since(
    positions: Positions | None,
    person: User | AnonymousUser,
    projects: Collection[Project],
    *,
    everything: bool,
    most: int,
) -> Changes:
    """A page of what changed in these projects, each with the person's `role`.

    Without positions: from the beginning of each. A project without one is new to the person, and
    is read as a whole. `everything` says that these are all that the person reads: one that is not
    among them any more is told as closed.
    """
    known = {one.pk: one for one in projects}
    stands = dict.fromkeys(known, 0) if positions is None else dict(positions)
    changes: list[Change] = []
    if fresh := [one for one in projects if one.pk not in stands]:
        stands |= positions_now(fresh)
        changes += [_whole(one, What.PROJECT_OPENED) for one in fresh]
    if everything and (gone := stands.keys() - known.keys()):
        left = Project.objects.filter(pk__in=gone).order_by("pk")
        changes += [_whole(one, What.PROJECT_CLOSED) for one in left]
        stands = {one: last for one, last in stands.items() if one not in gone}
    found, walked, more = _walked({one: stands[one] for one in known}, person, known, most)
    return Changes(changes + found, stands | walked, more)


def _walked(
    stands: dict[uuid.UUID, int], person: User | AnonymousUser, known: dict[uuid.UUID, Project],
    most: int,
) -> tuple[list[Change], dict[uuid.UUID, int], bool]:  # fmt: skip
    """At most so many changes, where that leads, and whether more is there."""
    steps: list[tuple[Logged, Change | None]] = []
    reached, unread = stands, True
    for look in (FOR_EACH * (most + 1), LOOKED_AT):
        if unread and sum(one is not None for _, one in steps) <= most:
            rows = _links(reached, look + 1)
            unread = len(rows) > look
            told = Sight(rows[:look], person, known)
            steps += [(row, told.change(row)) for row in rows[:look]]
            reached = reached | {row.chain: row.sequence for row in rows[:look]}
    places = [n for n, (_, one) in enumerate(steps) if one is not None]
    if len(places) > most:
        steps, unread = steps[: places[most - 1] + 1], True
    changes = [one for _, one in steps if one is not None]
    return changes, stands | {row.chain: row.sequence for row, _ in steps}, unread


def _links(stands: Positions, most: int) -> list[Logged]:
    asked = list(BY_WHAT_CHANGED)
    with connection.cursor() as cursor:
        cursor.execute(LINKS, [asked, asked, [*stands], [*stands.values()], most, most])
        return [Logged(*row) for row in cursor.fetchall()]


def _whole(project: Project, what: What) -> Change:
    return Change(project, what, "project", project.pk, timezone.now(), whole=True)


class Sight:
    """What a person may know of what these links tell of: a number of queries that does not depend
    on theirs.
    """

    def __init__(
        self, rows: Collection[Logged], person: User | AnonymousUser,
        known: Mapping[uuid.UUID, Project],
    ) -> None:  # fmt: skip
        self.person, self.known = person, known
        self.rows: dict[Tells, list[Logged]] = defaultdict(list)
        for row in rows:
            if row.tells != Tells.NOBODY:
                self.rows[row.tells].append(row)

    def change(self, row: Logged) -> Change | None:
        """The change that a link tells the person of; None where it tells them of none."""
        project = self.known[row.chain]
        if row.tells == Tells.NOBODY:
            return None
        if row.tells in WHOLE:
            told = WHOLE[row.tells](self, row, project)
            slugs: Collection[str] = ()
        else:
            slugs = NAMED[row.tells](self, row, project)
            told = bool(slugs)
        if not told:
            return None
        whole = row.tells in WHOLE or len(slugs) > MOST_ARTICLES
        about_a_person = row.kind == "user"
        return Change(
            project,
            TOLD[row.verb][1],
            "project" if about_a_person else row.kind,
            project.pk if about_a_person else row.id,
            row.at,
            () if whole else tuple(sorted(slugs)),
            whole,
            row.event,
            row.sequence,
        )

    # ---------- the project as a whole ----------

    def of_scale(self, row: Logged, project: Project) -> bool:
        return True

    def of_settings(self, row: Logged, project: Project) -> bool:
        return settings_tell(row.before, row.after, member=project.role is not None)

    def of_role(self, row: Logged, project: Project) -> bool:
        return isinstance(self.person, User) and row.id == self.person.subject

    def of_name(self, row: Logged, project: Project) -> bool:
        return (row.chain, row.id) in self.names

    # ---------- articles ----------

    def of_article(self, row: Logged, project: Project) -> Collection[str]:
        """Readers are told of what they can read, and could then."""
        member = project.role is not None
        slug = self.articles.get(row.id)
        if slug is None or not article_tells(row.before, row.after, member=member):
            return ()
        public = (self._public(one, row.sequence) for one in self.standing[row.id])
        return [slug] if member or any(public) else ()

    def of_claim(self, row: Logged, project: Project) -> Collection[str]:
        if row.claim is None or not self._reads(row.claim, project, row.sequence):
            return ()
        return self.slugs[row.claim]

    def of_place(self, row: Logged, project: Project) -> Collection[str]:
        """A claim with a place in an article that is held is gone from its other articles too."""
        if row.claim is None or row.claim in self.readable or project.role in SEES_ALL:
            return self.of_claim(row, project)
        slug = self.held_places.get(row.id)
        if slug is None or not (project.role or self._public(row.claim, row.sequence)):
            return ()
        return self.slugs[row.claim] - {slug}

    def of_ruling(self, row: Logged, project: Project) -> Collection[str]:
        own = self.of_claim(row, project)
        return {*own, *self._shown_elsewhere(row, project)} if own else ()

    def of_removed(self, row: Logged, project: Project) -> Collection[str]:
        """What is removed has no ruling, so that members alone have read it."""
        if project.role is None:
            return ()
        texts = (self.texts.get(one) for one in revisions_of(row.before))
        gone_from = {self.articles[one] for one in texts if one in self.articles}
        return {*gone_from, *self.of_claim(row, project)}

    def of_state(self, row: Logged, project: Project) -> Collection[str]:
        if row.claim is None or not self._sees_verdicts(row.claim, project, row.sequence):
            return ()
        return self.of_claim(row, project)

    def of_verdict(self, row: Logged, project: Project) -> Collection[str]:
        if row.claim is None or project.role is None:
            return ()
        if row.id not in self.own and not self._sees_verdicts(row.claim, project, row.sequence):
            return ()
        return self.of_ruling(row, project)

    def of_hold(self, row: Logged, project: Project) -> Collection[str]:
        kind, article, claims = self.held[row.id]
        if project.role == Role.REVIEWER and kind != HoldKind.WITHHOLD:
            return ()
        if project.role in SEES_ALL:
            return ()
        if project.role is None:
            claims = {one for one in claims if self._public(one, row.sequence)}
            article = None
        slugs = {slug for one in claims for slug in self.slugs[one]}
        return slugs | ({article} if article else set())

    def of_source(self, row: Logged, project: Project) -> Collection[str]:
        return {
            slug
            for claim, by_ruling in self.used[row.id]
            if (
                self._reads(claim, project, row.sequence) and self._public(claim, row.sequence)
                if by_ruling
                else self._sees_verdicts(claim, project, row.sequence)
            )
            for slug in self.slugs[claim]
        }

    # ---------- what a person may see of a claim ----------

    def _reads(self, claim: uuid.UUID, project: Project, then: int) -> bool:
        """Whether they read it now, and did when the link of this number was written."""
        if claim not in self.readable:
            return False
        return project.role is not None or self._public(claim, then)

    def _public(self, claim: uuid.UUID, then: int) -> bool:
        """Whether readers read it then, but for holds; once they do, they always do."""
        return self.public_since.get(claim, then + 1) <= then

    def _sees_verdicts(self, claim: uuid.UUID, project: Project, then: int) -> bool:
        if project.role is None or claim not in self.readable:
            return False
        open_to = project.role in SEES_ALL or not project.blind
        return open_to or self.own_since.get(claim, then + 1) <= then

    def _shown_elsewhere(self, row: Logged, project: Project) -> Collection[str]:
        """A blind reviewer may now know the desk's view of a source that this claim's verdicts use,
        wherever else they read evidence from it.
        """
        if project.role != Role.REVIEWER or not project.blind:
            return ()
        return {slug for one in self.alike[row.claim] for slug in self.slugs[one]}

    # ---------- queries ----------

    def _ids(self, *kinds: Tells) -> set[uuid.UUID]:
        return {row.id for kind in kinds for row in self.rows[kind]}

    @cached_property
    def named(self) -> set[uuid.UUID]:
        """The claims that the links name."""
        return {row.claim for rows in self.rows.values() for row in rows if row.claim is not None}

    @cached_property
    def own(self) -> set[uuid.UUID]:
        mine = Verdict.objects.filter(pk__in=self._ids(Tells.VERDICT), reviewer=self.person.pk)
        return set(mine.values_list("pk", flat=True))

    @cached_property
    def held(self) -> dict[uuid.UUID, tuple[str, str | None, set[uuid.UUID]]]:
        """Of each hold its kind, the article it is on, and the claims it keeps."""
        holds = LegalHold.objects.filter(pk__in=self._ids(Tells.HOLD))
        found = list(holds.values_list("pk", "kind", "article", "article__slug", "claim"))
        on = {one[2] for one in found if one[2]}
        inside: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        if on:
            places = Appearance.objects.filter(article__in=on).values_list("article", "claim")
            for article, claim in places.distinct():
                inside[article].add(claim)
        return {
            hold: (kind, slug, inside[article] if article else {claim})
            for hold, kind, article, slug, claim in found
        }

    @cached_property
    def held_places(self) -> dict[uuid.UUID, str]:
        """The new places that are in articles which holds keep from the person, and these."""
        kept = LegalHold.objects.keeping_from(self.person).filter(article__isnull=False)
        places = Appearance.objects.filter(pk__in=self._ids(Tells.PLACE))
        places = places.filter(article__in=kept.values("article"))
        return dict(places.values_list("pk", "article__slug"))

    @cached_property
    def used(self) -> dict[uuid.UUID, set[tuple[uuid.UUID, bool]]]:
        """Where each source is used: on which claims, and whether by a ruling."""
        found: dict[uuid.UUID, set[tuple[uuid.UUID, bool]]] = defaultdict(set)
        if sources := self._ids(Tells.SOURCE):
            given = Evidence.objects.filter(source__in=sources, verdict__submitted_at__isnull=False)
            for source, claim in given.values_list("source", "verdict__claim").distinct():
                found[source].add((claim, False))
            ruled = RulingEvidence.objects.filter(evidence__source__in=sources)
            for source, claim in ruled.values_list("evidence__source", "ruling__claim").distinct():
                found[source].add((claim, True))
        return found

    @cached_property
    def alike(self) -> dict[uuid.UUID | None, set[uuid.UUID]]:
        """To each claim those that the person has judged and where evidence is from a source of
        its rulings, or of its verdicts if they have judged it too; of sources with a view.
        """
        found: dict[uuid.UUID | None, set[uuid.UUID]] = defaultdict(set)
        blind = [one.pk for one in self.known.values() if one.role == Role.REVIEWER and one.blind]
        here = {
            row.claim
            for kind in (Tells.VERDICT, Tells.RULING)
            for row in self.rows[kind]
            if row.chain in blind
        }
        if not here:
            return found
        mine = Verdict.objects.filter(reviewer=self.person.pk, submitted_at__isnull=False)
        judged = mine.filter(project__in=blind).values("claim")
        shows = Evidence.objects.exclude(source__reliability="").filter(verdict__claim__in=here)
        shows = shows.filter(
            Q(verdict__claim__in=judged, verdict__submitted_at__isnull=False)
            | Q(pk__in=RulingEvidence.objects.values("evidence"))
        )
        sources: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for claim, source in shows.values_list("verdict__claim", "source").distinct():
            sources[source].add(claim)
        others = Evidence.objects.filter(source__in=sources, verdict__claim__in=judged)
        for source, other in others.values_list("source", "verdict__claim").distinct():
            for claim in sources[source]:
                found[claim].add(other)
        return found

    @cached_property
    def claims(self) -> set[uuid.UUID]:
        """All the claims that have to do with these links."""
        held = {claim for _, _, claims in self.held.values() for claim in claims}
        using = {claim for uses in self.used.values() for claim, _ in uses}
        return self.named | held | using | {one for many in self.alike.values() for one in many}

    @cached_property
    def readable(self) -> set[uuid.UUID]:
        rows = Claim.objects.readable_by(self.person).filter(pk__in=self.claims)
        return set(rows.values_list("pk", flat=True))

    @cached_property
    def texts(self) -> dict[uuid.UUID, uuid.UUID]:
        """The articles of the texts from which something was removed."""
        wanted = {one for row in self.rows[Tells.REMOVED] for one in revisions_of(row.before)}
        return dict(Revision.objects.filter(pk__in=wanted).values_list("pk", "article"))

    @cached_property
    def articles(self) -> dict[uuid.UUID, str]:
        """Those that the person reads now, of the articles that the links are about."""
        wanted = self._ids(Tells.ARTICLE) | set(self.texts.values())
        rows = Article.objects.readable_by(self.person).filter(pk__in=wanted)
        return dict(rows.values_list("pk", "slug"))

    @cached_property
    def places(self) -> list[tuple[uuid.UUID, uuid.UUID, str]]:
        where = Q(claim__in=self.claims) | Q(article__in=self._ids(Tells.ARTICLE))
        rows = Appearance.objects.filter(where).values_list("claim", "article", "article__slug")
        return list(rows.order_by().distinct())

    @cached_property
    def slugs(self) -> dict[uuid.UUID, set[str]]:
        """The articles in which each claim stands."""
        found: dict[uuid.UUID, set[str]] = defaultdict(set)
        for claim, _, slug in self.places:
            found[claim].add(slug)
        return found

    @cached_property
    def standing(self) -> dict[uuid.UUID, set[uuid.UUID]]:
        """The claims that stand in each article."""
        found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for claim, article, _ in self.places:
            found[article].add(claim)
        return found

    @cached_property
    def sinces(self) -> list[tuple[uuid.UUID, bool, int]]:
        """The first link that published a claim, and the first of the person's verdicts on it."""
        claims = self.claims | {claim for claim, _, _ in self.places}
        mine = Verdict.objects.filter(claim__in=claims, reviewer=self.person.pk).values("pk")
        published = Q(verb__in=PUBLISHING)
        own = Q(object_kind="verdict", object_id__in=mine)
        rows = Event.objects.filter(published | own, claim_id__in=claims).order_by()
        first = rows.values_list("claim_id", "object_kind").annotate(first=Min("link__sequence"))
        return [(claim, kind == "verdict", number) for claim, kind, number in first]

    @cached_property
    def public_since(self) -> dict[uuid.UUID, int]:
        return {claim: first for claim, is_own, first in self.sinces if not is_own}

    @cached_property
    def own_since(self) -> dict[uuid.UUID, int]:
        return {claim: first for claim, is_own, first in self.sinces if is_own}

    @cached_property
    def names(self) -> set[tuple[uuid.UUID, uuid.UUID]]:
        """Of whom the person reads the name in which project, of those whose name changed."""
        if not self.rows[Tells.NAME]:
            return set()
        who = self._ids(Tells.NAME)
        found = [
            one.read(self.person)
            .filter(project__in=self.known, **{f"{one.column}__subject__in": who})
            .order_by()
            .values_list("project", f"{one.column}__subject")
            .distinct()
            for one in BYLINES
        ]
        return {pair for rows in found for pair in rows}


# How it is found out whom a change of each kind is told: of a project as a whole, or of articles.
WHOLE = {
    Tells.SCALE: Sight.of_scale,
    Tells.SETTINGS: Sight.of_settings,
    Tells.ROLE: Sight.of_role,
    Tells.NAME: Sight.of_name,
}
NAMED = {
    Tells.ARTICLE: Sight.of_article,
    Tells.CLAIM: Sight.of_claim,
    Tells.PLACE: Sight.of_place,
    Tells.RULING: Sight.of_ruling,
    Tells.REMOVED: Sight.of_removed,
    Tells.STATE: Sight.of_state,
    Tells.VERDICT: Sight.of_verdict,
    Tells.HOLD: Sight.of_hold,
    Tells.SOURCE: Sight.of_source,
}
