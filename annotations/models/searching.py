"""Finding claims and articles by their words: the newest first, however often the words occur.

A page is looked for among the newest things, one by one; that fills it where the words are
frequent. Where it does not, they are rare enough for the index of words to give all the others at
once. No statement is planned by a guess at how often a word occurs.
"""

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import F, Func, QuerySet, Value

from annotations.models.people import User
from annotations.rules.refusals import Malformed
from annotations.rules.searching import NOTHING, Sought

ALL = 2**31 - 1
MOST_PROJECTS = 50  # of a person, that the index of words is asked about

# What is sought as the database reads it; the thing at which the newest end; the project that is
# asked about; the person's.
PREPARE = """
SELECT ARRAY(SELECT phrase_of(words)::text FROM unnest(%(words)s::text[])
                    WITH ORDINALITY one (words, n) ORDER BY n),
       (SELECT id FROM {table} WHERE {scope} AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid)
         ORDER BY id DESC OFFSET {newest} LIMIT 1),
       (SELECT id FROM annotations_project WHERE slug = %(project)s::text),
       ARRAY(SELECT project_id FROM annotations_membership WHERE user_id = %(person)s::bigint
              LIMIT {most})
"""
OF_A_PROJECT = "project_id = (SELECT id FROM annotations_project WHERE slug = %(project)s::text)"
RULED_ON = "state IN ('published', 'corrected', 'withdrawn')"


class Words(models.Model):
    """What a thing is found by: written with it by the database, and by nothing else.

    Among them are words that nobody can type: its project, and that a claim is ruled on.
    """

    words = SearchVectorField(editable=False)

    table: ClassVar[str]  # of the things
    newest: ClassVar[int]  # how many things are looked through one by one
    tells_what_is_ruled_on: ClassVar = False

    class Meta:
        abstract = True


class ClaimWords(Words):
    claim = models.OneToOneField(
        "Claim", models.DO_NOTHING, primary_key=True, related_name="words", db_constraint=False
    )

    table = "annotations_claim"
    newest = 20_000
    tells_what_is_ruled_on = True

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="claims_by_word", gin_pending_list_limit=256)
        ]

    def __str__(self) -> str:
        return str(self.words)


class ArticleWords(Words):
    article = models.OneToOneField(
        "Article", models.DO_NOTHING, primary_key=True, related_name="words", db_constraint=False
    )

    table = "annotations_article"
    newest = 500

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="articles_by_word", gin_pending_list_limit=256)
        ]

    def __str__(self) -> str:
        return str(self.words)


@dataclass(frozen=True, slots=True)
class Search:
    """What is sought among the rows that a person may read, of all projects or of one (a slug)."""

    sought: Sought
    person: User | AnonymousUser
    project: str | None = None

    def newest(
        self, rows: QuerySet[Any, Any], most: int, *, before: uuid.UUID | None = None
    ) -> list[Any]:
        """The newest `most` of the rows that are found, with ids below `before`.

        Three queries beside those of the rows at most. What the rows leave out is not found.
        """
        found = self.ids(rows.order_by("-pk"), most, before)
        return list(rows.order_by("-pk").filter(pk__in=found)) if found else []

    def ids(self, rows: QuerySet[Any, Any], most: int, before: uuid.UUID | None) -> list[uuid.UUID]:
        words = rows.model._meta.get_field("words").related_model
        query, within, end = self._prepared(words, before)
        if before:  # the planner does not see that what bounds the rows bounds their words
            rows = rows.filter(pk__lt=before, words__pk__lt=before)
        ids = rows.values_list("pk", flat=True)
        among_newest = ids.filter(Func(F("words__words"), query, function="ts_match_vq", **TRUTH))
        if end is None:
            return list(among_newest[:most])
        found = list(among_newest.filter(pk__gt=end, words__pk__gt=end)[:most])
        if len(found) < most:
            matches = Func(F("words"), within, template="(%(expressions)s)", arg_joiner=" @@ ",
                           **TRUTH)  # fmt: skip
            index = words.objects.filter(matches, pk__lte=end).order_by("-pk")
            rest = ids.filter(pk__in=index.values("pk")[:ALL])
            found += rest[: most - len(found)]
        return found

    def _prepared(
        self, words: type[Words], before: uuid.UUID | None
    ) -> tuple[Func, Func, uuid.UUID | None]:
        """What is sought, what the index of words is asked, and where the newest rows end."""
        ruled = words.tells_what_is_ruled_on and not self.person.is_authenticated
        scope = OF_A_PROJECT if self.project else RULED_ON if ruled else "true"
        prepare = PREPARE.format(
            table=words.table, scope=scope, newest=words.newest, most=MOST_PROJECTS + 1
        )
        asked = {
            "words": [*self.sought.wanted, *self.sought.unwanted],
            "before": before,
            "project": self.project,
            "person": self.person.pk,
        }
        with connection.cursor() as cursor:
            cursor.execute(prepare, asked)
            phrases, end, project, own = cursor.fetchone()
        number = len(self.sought.wanted)
        wanted = [f"({one})" for one in phrases[:number] if one]
        if not wanted:
            raise Malformed(NOTHING, field="search")
        query = " & ".join(wanted + [f"!({one})" for one in phrases[number:] if one])
        places = [f"'project:{one}'" for one in ([project] if project else own)]
        if words.tells_what_is_ruled_on and not project:
            places.append("'ruled:'")
        within = query
        if places and (project or words.tells_what_is_ruled_on) and len(places) <= MOST_PROJECTS:
            within = f"{query} & ({' | '.join(places)})"
        return as_query(query), as_query(within), end


TRUTH: dict[str, Any] = {"output_field": models.BooleanField()}


def as_query(query: str) -> Func:
    return Func(Value(query), template="%(expressions)s::tsquery")
