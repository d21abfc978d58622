"""Writing many rows with few calls leaves what writing them one by one leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from lso.store import many

INSERT = "INSERT INTO things (id, name) VALUES (?, ?)"
PUT = f"{INSERT} ON CONFLICT (id) DO UPDATE SET name = excluded.name || ?"


@pytest.fixture
def cursor() -> Iterator[sqlite3.Cursor]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE things (number INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT)")
    yield connection.cursor()
    connection.close()


def kept(cursor: sqlite3.Cursor) -> list[tuple[str, str]]:
    return cursor.execute("SELECT id, name FROM things ORDER BY number").fetchall()


@pytest.mark.parametrize("count", [*range(1, 20), 31, 32, 33, 100])
def test_rows_are_written_in_order_however_many_there_are(cursor: sqlite3.Cursor, count: int) -> None:
    rows = [(f"id-{number}", f"name ({number}) VALUES (?, ?)") for number in range(count)]
    assert many.write(cursor, INSERT, rows) == count
    assert kept(cursor) == rows


def test_what_an_upsert_needs_beside_the_rows_is_said_once(cursor: sqlite3.Cursor) -> None:
    many.write(cursor, INSERT, [("b", "old")])
    assert many.write(cursor, PUT, [("a", "1", "!"), ("b", "2", "!"), ("c", "3", "!")]) == 3
    assert sorted(kept(cursor)) == [("a", "1"), ("b", "2!"), ("c", "3")]


def test_a_row_that_comes_twice_in_an_upsert_is_what_came_last(cursor: sqlite3.Cursor) -> None:
    many.write(cursor, PUT, [("a", "1", "!"), ("a", "2", "!"), ("a", "3", "!")])
    assert kept(cursor) == [("a", "3!")]


def test_rows_that_need_something_else_each_are_written_one_by_one(cursor: sqlite3.Cursor) -> None:
    assert many.write(cursor, PUT, [("a", "1", "!"), ("a", "2", "?"), ("b", "3", ".")]) == 3
    assert kept(cursor) == [("a", "2?"), ("b", "3")]


def test_statements_that_insert_no_rows_run_for_each(cursor: sqlite3.Cursor) -> None:
    many.write(cursor, INSERT, [("a", "1"), ("b", "2"), ("c", "3")])
    assert many.write(cursor, "DELETE FROM things WHERE id = ?", [("a",), ("x",), ("c",)]) == 2
    assert kept(cursor) == [("b", "2")]


def test_a_row_that_cannot_be_written_raises(cursor: sqlite3.Cursor) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        many.write(cursor, INSERT, [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4")])
