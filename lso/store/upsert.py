"""INSERT … ON CONFLICT, which both databases have in the same words and SQLAlchemy has once for each.

SQLite's is taken and taught what PostgreSQL's compiler asks for: PostgreSQL's own would bring all its drivers and types
along, 3 MB in every process that keeps its state in a file.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite.dml import OnConflictClause


class Upsert(Insert):
    """An insert that may meet a row that is there already; conflicts are named by columns, never by constraint."""

    inherit_cache = False

    def on_conflict_do_update(self, *args: Any, **options: Any) -> Upsert:
        """Change that row."""
        return _named_by_columns(super().on_conflict_do_update(*args, **options))

    def on_conflict_do_nothing(self, *args: Any, **options: Any) -> Upsert:
        """Leave that row."""
        return _named_by_columns(super().on_conflict_do_nothing(*args, **options))


def upsert(table: Table) -> Upsert:
    """An insert into a table."""
    return Upsert(table)


def _named_by_columns(statement: Upsert) -> Upsert:
    clause: Any = statement._post_values_clause
    assert isinstance(clause, OnConflictClause)
    clause.constraint_target = None  # type: ignore[attr-defined]
    return statement
