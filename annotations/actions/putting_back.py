"""Putting back what records say, many records at once: each table in one COPY, as it happened.

Texts with their marks come first, then verdicts, then rulings one after the other, so that the
database checks each step as it did then. A verdict's evidence comes before it: a verdict that is
submitted takes none any more.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection

from annotations.actions.log import Row
from annotations.formats.contract import Record
from annotations.models import (
    Appearance,
    Article,
    Claim,
    Claimant,
    Evidence,
    Import,
    PublisherCorrection,
    Rating,
    Revision,
    Ruling,
    RulingEvidence,
    Source,
    Verdict,
)
from annotations.models.copying import copy_in
from annotations.rules.states import State, state_of
from annotations.rules.work import worth

Part = Mapping[str, Any]

MOVED = """
UPDATE annotations_claim claim
   SET state = moved.state, set_aside_reason = coalesce(moved.reason, claim.set_aside_reason)
  FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS moved (id, state, reason)
 WHERE claim.id = moved.id
"""
FOLLOWED = """
UPDATE annotations_ruling ruling SET superseded_at = followed.at
  FROM unnest(%s::uuid[], %s::timestamptz[]) AS followed (id, at)
 WHERE ruling.id = followed.id
"""

ARTICLE = (
    "id", "slug", "title", "publisher", "author", "address", "language", "date",
    "date_is_inferred", "note", "imported_at",
)  # fmt: skip
REVISION = ("id", "number", "text", "sha256", "imported_at")
CLAIM = ("id", "statement", "kind", "said_on", "first_address", "topics", "marked_at")
PLACE = ("id", "start", "end", "quote", "prefix", "suffix", "marked_at", "carried")
CITED = ("type", "title", "publisher", "author", "date", "date_is_inferred")
PIECE = (*CITED, "id", "stance", "quote", "locator", "note", "question", "answer")
VERDICT = (
    "id", "version", "rationale", "confidence", "saved_at", "submitted_at", "superseded_at",
)  # fmt: skip
RULING = (
    "id", "number", "kind", "rating_name", "rating_definition", "summary", "note", "correction",
    "made_at",
)  # fmt: skip
ASKED = (
    "id", "publisher", "reached", "asked", "asked_on", "outcome", "outcome_on", "outcome_address",
)  # fmt: skip
STATE_AFTER = {
    "publication": State.PUBLISHED,
    "correction": State.CORRECTED,
    "withdrawal": State.WITHDRAWN,
}


@dataclass
class PuttingBack:
    """Records of one project that are new here, and those of their claims that are.

    `people` holds the account of every pseudonym in them, `ratings` the project's by slug.
    """

    job: Import
    ratings: Mapping[str, Rating]
    people: Mapping[str, int]
    records: Sequence[Record]
    new: Sequence[Part]
    told: list[Row] = field(default_factory=list)

    def put(self) -> None:
        """Write all of it; what is to be logged of it is in `told` then."""
        self.project, self.actor = self.job.project_id, self.job.started_by_id
        self.claims = [claim for record in self.records for claim in record["claims"]]
        self._articles()
        self._new_claims()
        self._texts()
        self._verdicts()
        self._states()
        self._rulings()

    # ---------- texts ----------

    def _articles(self) -> None:
        given = [record["article"] for record in self.records]
        copy_in(
            Article,
            (*ARTICLE, "kept", "project_id", "imported_by_id"),
            ((*of(one, ARTICLE), json(one.get("kept", {})), self.project, self.actor)
             for one in given),
        )  # fmt: skip
        self._tell(
            "import_article", "article", ((one, None, {"slug": one["slug"]}) for one in given)
        )

    def _texts(self) -> None:
        """The first text of every article with the marks in it, then the second ones."""
        texts: dict[int, list[tuple[Part, str]]] = defaultdict(list)
        places: dict[str, list[tuple[Part, Part]]] = defaultdict(list)
        for record in self.records:
            for text in record["revisions"]:
                texts[text["number"]].append((text, record["article"]["id"]))
        for claim in self.claims:
            for place in claim["appearances"]:
                places[place["revision"]].append((claim, place))
        for number in sorted(texts):
            self._revisions(texts[number])
            here = (
                (*of(place, PLACE), place["revision"], place["carried_from"], claim["id"], article,
                 self.people[place["marked_by"]], self.project)
                for text, article in texts[number]
                for claim, place in places[text["id"]]
            )  # fmt: skip
            copy_in(
                Appearance,
                (*PLACE, "revision_id", "carried_from_id", "claim_id", "article_id",
                 "marked_by_id", "project_id"),
                here,
            )  # fmt: skip

    def _revisions(self, texts: Iterable[tuple[Part, str]]) -> None:
        copy_in(
            Revision,
            (*REVISION, "raw", "blocks", "article_id", "project_id", "imported_by_id"),
            ((*of(text, REVISION), text["text"], json(text["blocks"]), article, self.project,
              self.actor)
             for text, article in texts),
        )  # fmt: skip

    # ---------- claims ----------

    def _new_claims(self) -> None:
        claimants = self._claimants()
        self.wanted = [wanted(one, self.job.project.verdicts_required) for one in self.new]
        copy_in(
            Claim,
            (*CLAIM, "claimant_id", "worth", "verdicts_wanted", "kept", "marked_by_id",
             "project_id"),
            ((*of(one, CLAIM), who and claimants[who["name"], who["role"]],
              worth(one["statement"], one["kind"], named=who is not None), number,
              json(one.get("kept", {})), self.people[one["marked_by"]], self.project)
             for one, number in zip(self.new, self.wanted, strict=True)
             for who in (one["claimant"],)),
        )  # fmt: skip
        self._tell(
            "mark", "claim",
            ((one, one["id"], {"statement": one["statement"], "kind": one["kind"]})
             for one in self.new),
        )  # fmt: skip

    def _claimants(self) -> dict[tuple[str, str], uuid.UUID | str]:
        """The project's claimants by name and role, those of the claims made if they are new."""
        given: dict[tuple[str, str], Part] = {}
        for one in self.new:
            if who := one["claimant"]:
                given.setdefault((who["name"], who["role"]), who)
        here = Claimant.objects.filter(project=self.project, name__in={name for name, _ in given})
        known = {(one.name, one.role): one.pk for one in here}
        fresh = {key: who for key, who in given.items() if key not in known}
        copy_in(
            Claimant,
            ("id", "name", "role", "wikidata_id", "project_id"),
            ((*of(who, ("id", "name", "role", "wikidata_id")), self.project)
             for who in fresh.values()),
        )  # fmt: skip
        return known | {key: who["id"] for key, who in fresh.items()}

    def _states(self) -> None:
        """What follows from the verdicts, and what was set aside."""
        moves = []
        for claim, number in zip(self.new, self.wanted, strict=True):
            counts = [self.ratings[one["rating"]].counts_as.pk for one in current(claim)]
            state = state_of(counts, number or self.job.project.verdicts_required)
            if claim["state"] == State.SET_ASIDE:
                moves.append((claim["id"], State.SET_ASIDE, claim["set_aside_reason"]))
            elif state != State.MARKED:
                moves.append((claim["id"], state, None))
        run(MOVED, moves)

    # ---------- verdicts ----------

    def _verdicts(self) -> None:
        given = [(one, claim["id"]) for claim in self.new for one in claim["verdicts"]]
        sources = self._sources(piece for one, _ in given for piece in one["evidence"])
        copy_in(
            Evidence,
            (*PIECE, "source_id", "position", "verdict_id", "project_id"),
            ((*of(piece, PIECE), piece["source"] and sources[piece["source"]["address"]], n,
              one["id"], self.project)
             for one, _ in given
             for n, piece in enumerate(one["evidence"])),
        )  # fmt: skip
        copy_in(
            Verdict,
            (*VERDICT, "rating_id", "reviewer_id", "claim_id", "project_id", "brought_in_by_id"),
            ((*of(one, VERDICT), self.ratings[one["rating"]].pk, self.people[one["reviewer"]],
              claim, self.project, self.actor)
             for one, claim in given),
        )  # fmt: skip
        self._tell("bring_verdict", "verdict", ((one, claim, judged(one)) for one, claim in given))

    def _sources(self, pieces: Iterable[Part]) -> dict[str, uuid.UUID | str]:
        """The project's sources by address, those that are cited made if they are new."""
        cited: dict[str, Part] = {}
        for piece in pieces:
            if piece["source"]:
                cited.setdefault(piece["source"]["address"], piece)
        here = Source.objects.at(self.project, list(cited))
        known = dict(here.values_list("address", "pk"))
        fresh = {
            address: (piece["source"], piece)
            for address, piece in cited.items()
            if address not in known
        }
        copy_in(
            Source,
            ("id", "address", "reliability", "reliability_note", "reliability_at", *CITED,
             "added_by_id", "project_id"),
            ((source["id"], source["address"], source["reliability"], source["reliability_note"],
              self.job.started_at if source["reliability"] else None, *of(piece, CITED),
              self.actor, self.project)
             for source, piece in fresh.values()),
        )  # fmt: skip
        return known | {address: source["id"] for address, (source, _) in fresh.items()}

    # ---------- rulings ----------

    def _rulings(self) -> None:
        """The first ruling on every claim, then the second ones. Publishers are asked after the
        first: nothing is asked of them once it is withdrawn.
        """
        told = [sorted(claim["rulings"], key=lambda one: one["number"]) for claim in self.new]
        for n in range(max(map(len, told), default=0)):
            now = [(claim["id"], all_[: n + 1]) for claim, all_ in zip(self.new, told, strict=True)
                   if len(all_) > n]  # fmt: skip
            if n:
                run(FOLLOWED, [(so[-2]["id"], so[-2]["superseded_at"]) for _, so in now])
            self._ruled([(so[-1], claim) for claim, so in now])
            if not n:
                self._asked()

    def _ruled(self, rulings: Sequence[tuple[Part, str]]) -> None:
        """Rulings on different claims, and what these come to."""
        rated = [self.ratings[one["rating"]] if one["rating"] else None for one, _ in rulings]
        copy_in(
            Ruling,
            (*RULING, "reason", "rating_id", "rating_look", "made_by_id", "brought_in_by_id",
             "claim_id", "project_id"),
            ((*of(one, RULING), one["reason"] or "", rating and rating.pk,
              rating.look if rating else "", self.people[one["made_by"]], self.actor, claim,
              self.project)
             for (one, claim), rating in zip(rulings, rated, strict=True)),
        )  # fmt: skip
        copy_in(
            RulingEvidence,
            ("ruling_id", "evidence_id", "position", "project_id"),
            ((one["id"], piece["id"], n, self.project)
             for one, _ in rulings
             for n, piece in enumerate(one["evidence"])),
        )  # fmt: skip
        run(MOVED, [(claim, STATE_AFTER[one["kind"]], None) for one, claim in rulings])
        self._tell(
            "bring_ruling", "ruling",
            ((one, claim, {name: one[name] for name in ("kind", "rating", "summary")})
             for one, claim in rulings),
        )  # fmt: skip

    def _asked(self) -> None:
        copy_in(
            PublisherCorrection,
            (*ASKED, "claim_id", "article_id", "asked_by_id", "project_id"),
            ((*of(one, ASKED), claim["id"], record["article"]["id"], self.people[one["asked_by"]],
              self.project)
             for record in self.records
             for claim in record["claims"]
             for one in claim["publisher_corrections"]),
        )  # fmt: skip

    def _tell(
        self, verb: str, kind: str, things: Iterable[tuple[Part, str | None, Mapping[str, Any]]]
    ) -> None:
        self.told += (Row(verb, kind, one["id"], claim, after) for one, claim, after in things)


def of(part: Part, names: Iterable[str]) -> Iterator[Any]:
    return (part[name] for name in names)


def json(value: Any) -> str:
    return orjson.dumps(value).decode()


def run(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement on rows given column by column; none is nothing to do."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def current(claim: Part) -> list[Part]:
    return [one for one in claim["verdicts"] if one["superseded_at"] is None]


def wanted(claim: Part, required: int) -> int | None:
    """How many verdicts the claim asks for, if the project's number would give it another state
    than the record's.
    """
    given, state = len(current(claim)), State(claim["state"])
    if not given or state == State.SET_ASIDE:
        return None
    if state == State.IN_REVIEW:
        return given + 1 if given >= required else None
    return given if given < required else None


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
