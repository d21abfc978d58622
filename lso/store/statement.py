"""A Core construct compiled once a dialect and run on the driver itself.

Core costs some 30 µs a statement on top of the driver, more than all else on the way to a commit. `later` goes
further: it puts a write off to the end of its group, where equal statements of all works run together (`many.py`).
Whatever else runs on the connection first sees to it that those are done, so a work always reads what it, and those
before it, wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from lso.store import many

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Parameters = Sequence[Any] | Values
Sift = Callable[[Connection, Sequence[Values]], Sequence[Values]]
Bind = Callable[[Values], Parameters]

_PENDING = "lso.pending"
_NOTHING: Values = {}


class Statement:
    """One statement with named values.

    refusal: makes the error to raise when a write put off by `later` changes no row. sift: which of the writes put off
    have anything to do.
    """

    def __init__(self, construct: ClauseElement, *, refusal: Callable[[], Exception] | None = None,
                 sift: Sift | None = None) -> None:
        self._construct = construct
        self._refusal = refusal
        self._sift = sift
        self._compiled: dict[str, tuple[str, Bind]] = {}

    def rows(self, connection: Connection, values: Values = _NOTHING) -> list[Row]:
        """Run now and return the rows."""
        flush(connection)
        sql, parameters = self._bind(connection.dialect, values)
        rows: list[Row] = driver(connection).execute(sql, parameters).fetchall()
        return rows

    def row(self, connection: Connection, values: Values = _NOTHING) -> Row | None:
        """Run now and return the first row, if any."""
        flush(connection)
        sql, parameters = self._bind(connection.dialect, values)
        row: Row | None = driver(connection).execute(sql, parameters).fetchone()
        return row

    def change(self, connection: Connection, values: Values = _NOTHING) -> int:
        """Run now and return how many rows changed."""
        flush(connection)
        sql, parameters = self._bind(connection.dialect, values)
        count: int = driver(connection).execute(sql, parameters).rowcount
        return count

    def later(self, connection: Connection, values: Values, *, once: bool = False) -> None:
        """Run before the transaction ends, together with its like; `once`: not again if it is to run with these
        values already."""
        pending: dict[Statement, list[Values]] = connection.info.setdefault(_PENDING, {})
        batch = pending.setdefault(self, [])
        if not once or values not in batch:
            batch.append(values)

    def _bind(self, dialect: Dialect, values: Values) -> tuple[str, Parameters]:
        sql, bind = self._ready(dialect)
        return sql, bind(values)

    def _ready(self, dialect: Dialect) -> tuple[str, Bind]:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> tuple[str, Bind]:
        compiled = self._construct.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler), "only queries and changes are statements"
        constants = {name: compiled.binds[name].value for name in compiled.params if not compiled.binds[name].required}
        return str(compiled), _bind(tuple(compiled.positiontup or ()) if compiled.positional else None, constants)

    def _run_all(self, connection: Connection, batch: Sequence[Values]) -> None:
        if self._sift is not None and not (batch := self._sift(connection, batch)):
            return
        sql, bind = self._ready(connection.dialect)
        cursor = driver(connection).cursor()
        try:
            changed = many.write(cursor, sql, [bind(values) for values in batch])
            if self._refusal is not None and changed < len(batch):
                raise self._refusal()
        finally:
            cursor.close()


def _bind(names: tuple[str, ...] | None, constants: Mapping[str, Any]) -> Bind:
    """From named values to what the driver takes: in the order of `names`, or by name where it knows names."""
    if names is None:
        return lambda values: {**constants, **values}
    if len(names) < 2:
        return lambda values: tuple({**constants, **values}[name] for name in names)
    pick = itemgetter(*names)
    if not constants:
        return pick
    return lambda values: pick({**constants, **values})


def driver(connection: Connection) -> Any:
    """The driver's own connection: `sqlite3.Connection` or `psycopg.Connection`."""
    return connection.connection.driver_connection


def flush(connection: Connection) -> None:
    """Run what was put off."""
    pending: dict[Statement, list[Values]] | None = connection.info.get(_PENDING)
    if pending:
        connection.info[_PENDING] = {}
        for statement, batch in pending.items():
            statement._run_all(connection, batch)


def forget(connection: Connection) -> None:
    """Drop what was put off: the transaction is rolled back."""
    connection.info.pop(_PENDING, None)
