"""Bringing back records of the native format: everything under its own id, name and time.

It is done in the order in which it happened, so that the database checks each step as it did
then: texts with their marks, verdicts version by version, rulings one after the other. What is
here already and the same is passed over; what is here and differs is refused, and nothing is
overwritten.

A pseudonym stands for the member of the project who bears it. One that nobody here bears gets an
account nobody signs in with, so that a corpus can come to a new site. One that somebody else here
bears is refused: nothing is said in the name of a person who does not work in the project.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from annotations.actions.log import Told, record_all
from annotations.actions.outsiders import restored
from annotations.formats.contract import Record
from annotations.formats.given import day
from annotations.models import (
    Appearance,
    Article,
    Claim,
    Claimant,
    Evidence,
    Import,
    Membership,
    PublisherCorrection,
    Rating,
    Revision,
    Ruling,
    RulingEvidence,
    Source,
    User,
    Verdict,
)
from annotations.models.records import record_of
from annotations.rules.permissions import Role
from annotations.rules.refusals import Conflict, Unprocessable
from annotations.rules.states import State, state_of
from annotations.rules.work import worth

Part = Mapping[str, Any]


class Restoring:
    """One import's way of bringing records back: into which project, by whom."""

    def __init__(self, job: Import) -> None:
        self.job, self.project, self.actor = job, job.project, job.started_by
        scale = Rating.objects.filter(project=self.project, scale__in_use=True)
        self.ratings = {one.slug: one for one in scale.select_related("replaced_by")}
        self.people: dict[str, User] = {}
        self.told: list[Told] = []

    def restore(self, record: Record) -> dict[str, int]:
        """Bring a record back, all of it or nothing; how many articles, claims and verdicts are
        new. Call it in a savepoint.
        """
        self.told = []
        given = record["article"]
        if self._is_here(record):
            return {"unchanged": 1}
        self._refuse_other_ratings(record)
        article = self._article(given)
        claims = [one for one in record["claims"] if not self._claim_is_here(one)]
        self._claims(claims)
        self._texts(article, record)
        verdicts = self._verdicts(claims)
        self._states(claims)
        self._rulings(claims)
        self._publisher_corrections(article, claims)
        record_all(self.told, actor=self.actor, project=self.project.pk)
        return {"articles": 1, "claims": len(claims), "verdicts": verdicts}

    # ---------- what is here already ----------

    def _is_here(self, record: Record) -> bool:
        """Whether the article is here with all that the record says; refused if it differs."""
        given = record["article"]
        here = Article.objects.filter(pk=given["id"]).select_related("project").first()
        if here is None:
            if Article.objects.filter(slug=given["slug"]).exists():
                raise Conflict(f"Another article is called “{given['slug']}” here.")
            return False
        if here.project_id != self.project.pk:
            raise Conflict("This article is in another project of this site already.")
        found = record_of(here.slug, self.actor)
        if found is None or not same(orjson.loads(found), record):
            raise Conflict(
                "This article is here already, and what is known of it differs from the record. "
                "Nothing is overwritten: change it here, or bring it into an empty project."
            )
        return True

    def _claim_is_here(self, claim: Part) -> bool:
        """Whether the claim came with the record of another article in which it stands."""
        here = Claim.objects.filter(pk=claim["id"]).first()
        if here is not None and here.project_id != self.project.pk:
            raise Conflict("A claim of this record is in another project of this site already.")
        return here is not None

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

    # ---------- who ----------

    def _person(self, pseudonym: str, role: Role = Role.REVIEWER) -> User:
        """The account of a pseudonym; it is made a member in `role` where it is a new one."""
        if pseudonym not in self.people:
            self.people[pseudonym] = restored(self.project, pseudonym, self.actor)
        person = self.people[pseudonym]
        member, made = Membership.objects.get_or_create(
            user=person, project=self.project, defaults={"role": role}
        )
        if role != Role.REVIEWER and member.role == Role.REVIEWER:
            if not hasattr(person, "outside"):
                raise Conflict(
                    f"{pseudonym} made a ruling of this record and is no moderator here. "
                    "Make them one, then bring the record in again."
                )
            member.role = role
            member.save(update_fields=["role"])
        return person

    # ---------- texts ----------

    def _article(self, given: Part) -> Article:
        article = Article.objects.create(
            id=uuid.UUID(given["id"]),
            project=self.project,
            imported_by=self.actor,
            imported_at=moment(given["imported_at"]),
            date=day(given["date"]),
            kept=given.get("kept", {}),
            **{name: given[name] for name in ARTICLE},
        )
        self.told.append(Told("import_article", article, after={"slug": article.slug}))
        return article

    def _texts(self, article: Article, record: Record) -> None:
        """Each text with the marks in it, the oldest first."""
        places: dict[str, list[tuple[Part, Part]]] = defaultdict(list)
        for claim in record["claims"]:
            for place in claim["appearances"]:
                places[place["revision"]].append((claim, place))
        for text in sorted(record["revisions"], key=lambda one: one["number"]):
            Revision.objects.create(
                id=uuid.UUID(text["id"]),
                project=self.project,
                article=article,
                number=text["number"],
                text=text["text"],
                blocks=text["blocks"],
                sha256=text["sha256"],
                raw=text["text"],
                raw_media_type="text/plain",
                imported_by=self.actor,
                imported_at=moment(text["imported_at"]),
            )
            Appearance.objects.bulk_create(
                Appearance(
                    id=uuid.UUID(place["id"]),
                    project=self.project,
                    claim_id=uuid.UUID(claim["id"]),
                    article=article,
                    revision_id=text["id"],
                    marked_by=self._person(place["marked_by"]),
                    marked_at=moment(place["marked_at"]),
                    carried_from_id=place["carried_from"],
                    **{name: place[name] for name in PLACE},
                )
                for claim, place in places[text["id"]]
            )

    # ---------- claims and verdicts ----------

    def _claims(self, claims: Sequence[Part]) -> None:
        made = Claim.objects.bulk_create(
            Claim(
                id=uuid.UUID(one["id"]),
                project=self.project,
                claimant=self._claimant(one["claimant"]),
                said_on=day(one["said_on"]),
                marked_by=self._person(one["marked_by"]),
                marked_at=moment(one["marked_at"]),
                worth=worth(one["statement"], one["kind"], named=one["claimant"] is not None),
                verdicts_wanted=self._wanted(one),
                kept=one.get("kept", {}),
                **{name: one[name] for name in CLAIM},
            )
            for one in claims
        )
        self.told += [
            Told("mark", one, one.pk, after={"statement": one.statement, "kind": one.kind})
            for one in made
        ]

    def _claimant(self, given: Part | None) -> Claimant | None:
        if given is None:
            return None
        found, _ = Claimant.objects.get_or_create(
            project=self.project,
            name=given["name"],
            role=given["role"],
            defaults={"id": given["id"], "wikidata_id": given["wikidata_id"]},
        )
        return found

    def _wanted(self, claim: Part) -> int | None:
        """How many verdicts the claim asks for, if the project's number would give it another
        state than the record's.
        """
        current = [one for one in claim["verdicts"] if one["superseded_at"] is None]
        state = State(claim["state"])
        required = self.project.verdicts_required
        if not current or state == State.SET_ASIDE:
            return None
        if state == State.IN_REVIEW:
            return len(current) + 1 if len(current) >= required else None
        return len(current) if len(current) < required else None

    def _verdicts(self, claims: Sequence[Part]) -> int:
        """Every version of every verdict, the first ones first; how many these are."""
        by_version: dict[int, list[tuple[Part, Part]]] = defaultdict(list)
        for claim in claims:
            for one in claim["verdicts"]:
                by_version[one["version"]].append((claim, one))
        sources = self._sources(one for claim in claims for one in claim["verdicts"])
        for version in sorted(by_version):
            rows = by_version[version]
            made = Verdict.objects.bulk_create(self._verdict(claim, one) for claim, one in rows)
            Evidence.objects.bulk_create(
                self._evidence(one, n, piece, sources)
                for _, one in rows
                for n, piece in enumerate(one["evidence"])
            )
            stamp("submitted_at", rows)
            stamp("superseded_at", [row for row in rows if row[1]["superseded_at"]])
            self.told += [
                Told("bring_verdict", one, one.claim_id, after=judged(given))
                for one, (_, given) in zip(made, rows, strict=True)
            ]
        return sum(len(rows) for rows in by_version.values())

    def _verdict(self, claim: Part, given: Part) -> Verdict:
        return Verdict(
            id=uuid.UUID(given["id"]),
            project=self.project,
            claim_id=uuid.UUID(claim["id"]),
            reviewer=self._person(given["reviewer"]),
            version=given["version"],
            rating=self.ratings[given["rating"]],
            rationale=given["rationale"],
            confidence=given["confidence"],
            saved_at=moment(given["saved_at"]),
            brought_in_by=self.actor,
        )

    def _sources(self, verdicts: Iterable[Part]) -> dict[str, Source]:
        """The project's sources by address, those of the verdicts made where they are not here."""
        cited = {
            piece["source"]["address"]: piece
            for verdict in verdicts
            for piece in verdict["evidence"]
            if piece["source"]
        }
        here = Source.objects.filter(project=self.project, address__in=list(cited))
        known = {one.address: one for one in here}
        Source.objects.bulk_create(
            self._source(piece) for address, piece in cited.items() if address not in known
        )
        return {one.address: one for one in here.all()}

    def _source(self, piece: Part) -> Source:
        given = piece["source"]
        return Source(
            id=uuid.UUID(given["id"]),
            project=self.project,
            address=given["address"],
            reliability=given["reliability"],
            reliability_note=given["reliability_note"],
            reliability_at=self.job.started_at if given["reliability"] else None,
            added_by=self.actor,
            date=day(piece["date"]),
            **{name: piece[name] for name in CITED},
        )

    def _evidence(
        self, verdict: Part, position: int, given: Part, sources: Mapping[str, Source]
    ) -> Evidence:
        return Evidence(
            id=uuid.UUID(given["id"]),
            project=self.project,
            verdict_id=verdict["id"],
            position=position,
            source=sources[given["source"]["address"]] if given["source"] else None,
            date=day(given["date"]),
            **{name: given[name] for name in (*CITED, *PIECE)},
        )

    def _states(self, claims: Sequence[Part]) -> None:
        """What follows from the verdicts, and what was set aside."""
        for claim in claims:
            current = [one for one in claim["verdicts"] if one["superseded_at"] is None]
            counts = [self.ratings[one["rating"]].counts_as.pk for one in current]
            wanted = self._wanted(claim) or self.project.verdicts_required
            state = state_of(counts, wanted)
            if claim["state"] == State.SET_ASIDE:
                move(claim, State.SET_ASIDE, set_aside_reason=claim["set_aside_reason"])
            elif state != State.MARKED:
                move(claim, state)

    # ---------- rulings ----------

    def _rulings(self, claims: Sequence[Part]) -> None:
        for claim in claims:
            before: Part | None = None
            for given in sorted(claim["rulings"], key=lambda one: one["number"]):
                if before is not None:
                    followed = moment(before["superseded_at"])
                    Ruling.objects.filter(pk=before["id"]).update(superseded_at=followed)
                self._ruling(claim, given)
                before = given

    def _ruling(self, claim: Part, given: Part) -> None:
        moderator = self._person(given["made_by"], Role.MODERATOR)
        rating = self.ratings[given["rating"]] if given["rating"] else None
        ruling = Ruling.objects.create(
            id=uuid.UUID(given["id"]),
            project=self.project,
            claim_id=uuid.UUID(claim["id"]),
            rating=rating,
            rating_look=rating.look if rating else "",
            made_by=moderator,
            made_at=moment(given["made_at"]),
            brought_in_by=self.actor,
            reason=given["reason"] or "",
            **{name: given[name] for name in RULING},
        )
        RulingEvidence.objects.bulk_create(
            RulingEvidence(project=self.project, ruling=ruling, evidence_id=piece["id"], position=n)
            for n, piece in enumerate(given["evidence"])
        )
        move(claim, STATE_AFTER[given["kind"]])
        self.told.append(
            Told("bring_ruling", ruling, ruling.claim_id, after={"kind": given["kind"],
                 "rating": given["rating"], "summary": given["summary"]})
        )  # fmt: skip

    def _publisher_corrections(self, article: Article, claims: Sequence[Part]) -> None:
        for claim in claims:
            PublisherCorrection.objects.bulk_create(
                PublisherCorrection(
                    id=uuid.UUID(given["id"]),
                    project=self.project,
                    claim_id=uuid.UUID(claim["id"]),
                    article=article,
                    asked_by=self._person(given["asked_by"], Role.MODERATOR),
                    asked_on=datetime.date.fromisoformat(given["asked_on"]),
                    outcome_on=day(given["outcome_on"]),
                    **{name: given[name] for name in ASKED},
                )
                for given in claim["publisher_corrections"]
            )


ARTICLE = (
    "slug", "title", "publisher", "author", "address", "language", "date_is_inferred", "note",
)  # fmt: skip
PLACE = ("start", "end", "quote", "prefix", "suffix", "carried")
CLAIM = ("statement", "kind", "first_address", "topics")
CITED = ("type", "title", "publisher", "author", "date_is_inferred")
PIECE = ("stance", "quote", "locator", "note", "question", "answer")
RULING = (
    "number", "kind", "rating_name", "rating_definition", "summary", "note", "correction",
)  # fmt: skip
ASKED = ("publisher", "reached", "asked", "outcome", "outcome_address")
STATE_AFTER = {
    "publication": State.PUBLISHED,
    "correction": State.CORRECTED,
    "withdrawal": State.WITHDRAWN,
}


def same(here: Record, given: Record) -> bool:
    """Whether two records say the same; a project may be called otherwise elsewhere."""
    return {**here, "project": None} == {**given, "project": None}


def judged(given: Part) -> dict[str, Any]:
    """What a verdict of a record says, for the log."""
    return {
        "version": given["version"],
        "reviewer": given["reviewer"],
        "rating": given["rating"],
        "rationale": given["rationale"],
        "evidence": [
            {"stance": piece["stance"], "source": (piece["source"] or {}).get("address"),
             "quote": piece["quote"]}
            for piece in given["evidence"]
        ],
    }  # fmt: skip


def stamp(column: str, rows: Sequence[tuple[Part, Part]]) -> None:
    """Write the moment that the record gives for each verdict."""
    for _, one in rows:
        Verdict.objects.filter(pk=one["id"]).update(**{column: moment(one[column])})


def move(claim: Part, state: State, **more: str) -> None:
    Claim.objects.filter(pk=claim["id"]).update(state=state, **more)


def moment(written: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(written)
