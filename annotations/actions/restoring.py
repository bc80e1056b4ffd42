"""Bringing back records of the native format: everything under its own id, name and time.

Many records are put back at once (`putting_back`). What is here already and the same is passed
over; what is here and differs is refused, and nothing is overwritten. Where the database refuses
something of many, each half is put back by itself, until the record that does not hold is alone.

A pseudonym stands for the member of the project who bears it. One that nobody here bears gets an
account nobody signs in with, so that a corpus can come to a new site. One that somebody else here
bears is refused: nothing is said in the name of a person who does not work in the project.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence

import orjson
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Q

from annotations.actions.brought import Brought, said_of
from annotations.actions.log import Row, record_rows
from annotations.actions.outsiders import restored
from annotations.actions.putting_back import Part, PuttingBack
from annotations.formats.contract import Record
from annotations.models import Article, Claim, Import, Membership, Rating, User
from annotations.models.records import record_of
from annotations.rules.permissions import Role
from annotations.rules.refusals import Conflict, Refusal, Unprocessable


class Restoring:
    """One import's way of bringing records back: into which project, by whom."""

    def __init__(self, job: Import) -> None:
        self.job, self.project, self.actor = job, job.project, job.started_by
        scale = Rating.objects.filter(project=self.project, scale__in_use=True)
        self.ratings = {one.slug: one for one in scale.select_related("replaced_by")}
        self.people: dict[str, User] = {}
        self.told: list[Row] = []

    def restore(self, records: Sequence[Record]) -> list[Brought]:
        """Bring records back, each whole or not at all; what came of each.

        Call it in a transaction. What is logged is written last: to check it locks its chain.
        """
        came = [one for some in apart(records) for one in self._restore(some)]
        record_rows(self.told, actor=self.actor, project=self.project.pk)
        self.told = []
        return came

    def _restore(self, records: Sequence[Record]) -> list[Brought]:
        """Bring back records of different articles."""
        here = self._articles(records)
        came = {n: known for n, one in enumerate(records) if (known := self._known(one, here))}
        fresh = [(n, one) for n, one in enumerate(records) if n not in came]
        for (n, _), what in zip(fresh, self._put([one for _, one in fresh]), strict=True):
            came[n] = what
        return [came[n] for n in range(len(records))]

    def _put(self, records: Sequence[Record]) -> list[Brought]:
        """Put records back at once, or, where that is refused, by halves."""
        if not records:
            return []
        try:
            with transaction.atomic():
                return self._put_all(records)
        except Refusal as refusal:
            said = refusal.sentence
        except (IntegrityError, DataError) as error:
            said = said_of(error)
        self.people = {}  # some may have been made just now
        if len(records) == 1:
            return [refused(records[0], said)]
        half = len(records) // 2
        return self._put(records[:half]) + self._put(records[half:])

    def _put_all(self, records: Sequence[Record]) -> list[Brought]:
        new = self._new_claims(records)
        people = self._people(records)
        putting = PuttingBack(
            self.job, self.ratings, people, records, [one for some in new for one in some]
        )
        putting.put()
        with connection.cursor() as cursor:
            # What waits for the end of a transaction is refused here, where it costs no other
            # record.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        self.told += putting.told
        return [
            Brought(
                articles=1, claims=len(some), verdicts=sum(len(one["verdicts"]) for one in some)
            )
            for some in new
        ]

    # ---------- what is here already ----------

    def _articles(self, records: Sequence[Record]) -> dict[str, Article]:
        """Those of this site that have the ids or the slugs of the records' own, by both."""
        given = [one["article"] for one in records]
        ids, slugs = ([one[name] for one in given] for name in ("id", "slug"))
        found = Article.objects.filter(Q(pk__in=ids) | Q(slug__in=slugs)).only("slug", "project")
        return {key: one for one in found for key in (str(one.pk), one.slug)}

    def _known(self, record: Record, here: Mapping[str, Article]) -> Brought | None:
        """What is known of a record before it is put back: it is here, or cannot come."""
        try:
            if self._is_here(record, here):
                return Brought(unchanged=1)
            self._refuse_other_ratings(record)
            refuse_a_part(record)
        except Refusal as refusal:
            return refused(record, refusal.sentence)
        return None

    def _is_here(self, record: Record, here: Mapping[str, Article]) -> bool:
        """Whether the article is here with all that the record says; refused if it differs."""
        given = record["article"]
        article = here.get(str(uuid.UUID(given["id"])))
        if article is None:
            if given["slug"] in here:
                raise Conflict(f"Another article is called “{given['slug']}” here.")
            return False
        if article.project_id != self.project.pk:
            raise Conflict("This article is in another project of this site already.")
        found = record_of(article.slug, self.actor)
        if found is None or not same(orjson.loads(found), record):
            raise Conflict(
                "This article is here already, and what is known of it differs from the record. "
                "Nothing is overwritten: change it here, or bring it into an empty project."
            )
        return True

    def _refuse_other_ratings(self, record: Record) -> None:
        """The project's scale has to have what the record's verdicts and rulings are rated by."""
        given = {
            one["rating"]: None
            for claim in record["claims"]
            for one in (*claim["verdicts"], *claim["rulings"])
            if one["rating"]
        }
        if missing := [slug for slug in given if slug not in self.ratings]:
            raise Unprocessable(
                f"The project's scale has no {', '.join(missing)}. Add what is missing to the "
                "scale, then bring the record in again."
            )

    def _new_claims(self, records: Sequence[Record]) -> list[list[Part]]:
        """The claims of each record that came with no other article in which they stand."""
        ids = {uuid.UUID(claim["id"]) for record in records for claim in record["claims"]}
        here = dict(Claim.objects.filter(pk__in=ids).values_list("pk", "project_id"))
        if set(here.values()) - {self.project.pk}:
            raise Conflict("A claim of this record is in another project of this site already.")
        seen, new = set(here), []
        for record in records:
            new.append([one for one in record["claims"] if uuid.UUID(one["id"]) not in seen])
            seen |= {uuid.UUID(one["id"]) for one in record["claims"]}
        return new

    # ---------- who ----------

    def _people(self, records: Sequence[Record]) -> dict[str, int]:
        """The account of each pseudonym in the records; a new one is made a member."""
        named, ruling = names(records)
        for pseudonym in (one for one in named | ruling if one not in self.people):
            self.people[pseudonym] = restored(self.project, pseudonym, self.actor)
        members = Membership.objects.filter(
            project=self.project, user__in=[self.people[one] for one in named | ruling]
        )
        roles = {one.user_id: one for one in members}
        for pseudonym in sorted(named | ruling):
            person = self.people[pseudonym]
            role = Role.MODERATOR if pseudonym in ruling else Role.REVIEWER
            member = roles.get(person.pk)
            if member is None:
                Membership.objects.create(user=person, project=self.project, role=role)
            elif role == Role.MODERATOR and member.role == Role.REVIEWER:
                if not hasattr(person, "outside"):
                    raise Conflict(
                        f"{pseudonym} made a ruling of this record and is no moderator here. "
                        "Make them one, then bring the record in again."
                    )
                member.role = role
                member.save(update_fields=["role"])
        return {one: self.people[one].pk for one in named | ruling}


def refused(record: Record, sentence: str) -> Brought:
    return Brought(refused=[(sentence, record["article"]["title"])])


def apart(records: Sequence[Record]) -> Iterator[list[Record]]:
    """The records in their order, cut where an article comes again."""
    some: list[Record] = []
    seen: set[str] = set()
    for record in records:
        keys = {record["article"]["id"], record["article"]["slug"]}
        if keys & seen:
            yield some
            some, seen = [], set()
        some.append(record)
        seen |= keys
    yield some


def names(records: Sequence[Record]) -> tuple[set[str], set[str]]:
    """The pseudonyms in records: of those who mark and judge, and of those who rule."""
    named, ruling = set[str](), set[str]()
    for record in records:
        for claim in record["claims"]:
            named.add(claim["marked_by"])
            named.update(one["marked_by"] for one in claim["appearances"])
            named.update(one["reviewer"] for one in claim["verdicts"])
            ruling.update(one["made_by"] for one in claim["rulings"])
            ruling.update(one["asked_by"] for one in claim["publisher_corrections"])
    return named, ruling


def refuse_a_part(record: Record) -> None:
    """Refuse what was written for somebody who does not see all of it, or is not yet said."""
    texts = {one["id"] for one in record["revisions"]}
    for claim in record["claims"]:
        if claim["state"] is None:
            raise Unprocessable(
                "The record was written for a reviewer who may not see how its claims stand. "
                "Bring in what an owner or a moderator exported."
            )
        if any(one["submitted_at"] is None for one in claim["verdicts"]):
            raise Unprocessable(
                "The record holds a draft of a verdict. Bring in an export, which has none."
            )
        if any(one["revision"] not in texts for one in claim["appearances"]):
            raise Unprocessable("A claim of the record stands in a text that it does not hold.")


def same(here: Record, given: Record) -> bool:
    """Whether two records say the same; a project may be called otherwise elsewhere."""
    return {**here, "project": None} == {**given, "project": None}
