"""Queries that are put together once and asked again with other values.

Django takes longer to put a query of several joins together than PostgreSQL takes to answer it. The
few that every write begins with are kept as they were compiled the first time; only the values that
they are asked with change. What they find is what the QuerySet would: one test asks both.
"""

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=Model)

# Values that nobody asks with, so that each is known again among the parameters of a statement.
STRANGE = 0x5F0C6A519F5E4C4B
STAND_INS: dict[type, Callable[[int], Any]] = {
    datetime: lambda n: datetime(1, 2, 3, 4, 5, 6, n, tzinfo=UTC),
    int: lambda n: STRANGE + n,
    str: lambda n: f"\ue000 stand-in {n}",
    uuid.UUID: lambda n: uuid.UUID(int=STRANGE << 64 | n),
}


@dataclass(frozen=True, slots=True)
class Compiled(Generic[Row]):
    rows: QuerySet[Row]
    compiler: Any
    statement: str
    parameters: tuple[Any, ...]


class Kept(Generic[Row]):
    """A query by what puts it together, and by the types of the values that it takes.

    `put_together` is called once, with a stand-in for each value: it may not look at them.
    """

    def __init__(self, put_together: Callable[..., QuerySet[Row]], **takes: type) -> None:
        self.put_together = put_together
        self.stand_ins = {name: STAND_INS[kind](n) for n, (name, kind) in enumerate(takes.items())}
        self.compiled: Compiled[Row] | None = None

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values."""
        if self.compiled is None:
            self.compiled = self._compiled()
        asked = {stand_in: values[name] for name, stand_in in self.stand_ins.items()}
        rows = self.compiled.rows.all()
        if rows.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("A lock holds in a transaction alone.")
        compiler = copy.copy(self.compiled.compiler)
        compiler.connection = connection
        parameters = tuple(asked.get(one, one) for one in self.compiled.parameters)
        statement = self.compiled.statement
        compiler.as_sql = lambda *_, **__: (statement, parameters)
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(rows)

    def first(self, **values: Any) -> Row | None:
        return next(iter(self(**values)), None)

    def _compiled(self) -> Compiled[Row]:
        rows = self.put_together(**self.stand_ins)
        compiler = rows.query.get_compiler(connection=connection)
        statement, parameters = compiler.as_sql()
        unasked = [name for name, one in self.stand_ins.items() if one not in parameters]
        if unasked:
            raise ValueError(f"The query asks nothing of {', '.join(unasked)}.")
        return Compiled(rows, compiler, statement, tuple(parameters))
