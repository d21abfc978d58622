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
Parameters = Sequence[Any] | Mapping[str, Any]
Bind = Callable[[Mapping[str, Any]], Parameters]

_PENDING = "lso.pending"
_NOTHING: Mapping[str, Any] = {}


class Statement:
    """One statement with named values.

    refusal: makes the error to raise when a write put off by `later` changes no row.
    """

    def __init__(self, construct: ClauseElement, *, refusal: Callable[[], Exception] | None = None) -> None:
        self._construct = construct
        self._refusal = refusal
        self._compiled: dict[str, tuple[str, Bind]] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any] = _NOTHING) -> list[Row]:
        """Run now and return the rows."""
        flush(connection)
        sql, parameters = self._bind(connection.dialect, values)
        rows: list[Row] = driver(connection).execute(sql, parameters).fetchall()
        return rows

    def row(self, connection: Connection, values: Mapping[str, Any] = _NOTHING) -> Row | None:
        """Run now and return the first row, if any."""
        flush(connection)
        sql, parameters = self._bind(connection.dialect, values)
        row: Row | None = driver(connection).execute(sql, parameters).fetchone()
        return row

    def change(self, connection: Connection, values: Mapping[str, Any] = _NOTHING) -> int:
        """Run now and return how many rows changed."""
        flush(connection)
        sql, parameters = self._bind(connection.dialect, values)
        count: int = driver(connection).execute(sql, parameters).rowcount
        return count

    def later(self, connection: Connection, values: Mapping[str, Any], *, once: bool = False) -> None:
        """Run before the transaction ends, together with its like; `once`: not again if it is to run with these
        values already."""
        _sql, parameters = self._bind(connection.dialect, values)
        pending: dict[Statement, list[Parameters]] = connection.info.setdefault(_PENDING, {})
        batch = pending.setdefault(self, [])
        if not once or parameters not in batch:
            batch.append(parameters)

    def _bind(self, dialect: Dialect, values: Mapping[str, Any]) -> tuple[str, Parameters]:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        sql, bind = found
        return sql, bind(values)

    def _compile(self, dialect: Dialect) -> tuple[str, Bind]:
        compiled = self._construct.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler), "only queries and changes are statements"
        constants = {name: compiled.binds[name].value for name in compiled.params if not compiled.binds[name].required}
        return str(compiled), _bind(tuple(compiled.positiontup or ()) if compiled.positional else None, constants)

    def _run_all(self, connection: Connection, batch: list[Parameters]) -> None:
        sql = self._compiled[connection.dialect.name][0]
        cursor = driver(connection).cursor()
        try:
            changed = many.write(cursor, sql, batch)
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
    pending: dict[Statement, list[Parameters]] | None = connection.info.get(_PENDING)
    if pending:
        connection.info[_PENDING] = {}
        for statement, batch in pending.items():
            statement._run_all(connection, batch)


def forget(connection: Connection) -> None:
    """Drop what was put off: the transaction is rolled back."""
    connection.info.pop(_PENDING, None)
