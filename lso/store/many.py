"""Many rows put off until the end of a group, written with few calls.

On SQLite, each step of an `executemany` lets go of the interpreter and takes it again, and every time another thread
may have it meanwhile. An insertion of several rows is one step: a tenth less of what the writer costs with groups of
seven orders. They are not many at once, since the driver keeps a compiled text for each number of rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

MOST = 8
_ROW = re.compile(r"(?<=VALUES )(\((?:\?, )*\?\))")


def write(cursor: Any, sql: str, rows: Sequence[Any]) -> int:
    """Run a statement for each of these rows, in order; how many rows changed."""
    if len(rows) == 1:
        cursor.execute(sql, rows[0])
        return int(cursor.rowcount)
    width = _width(sql)
    rest = rows[0][width:] if width else ()
    if not width or any(row[width:] != rest for row in rows):
        cursor.executemany(sql, rows)
        return int(cursor.rowcount)
    changed = 0
    for begun in range(0, len(rows), MOST):
        portion = rows[begun:begun + MOST]
        values = (*chain.from_iterable(row[:width] for row in portion), *rest)
        changed += cursor.execute(_of_rows(sql, len(portion)), values).rowcount
    return changed


@lru_cache(maxsize=1024)
def _width(sql: str) -> int:
    """How many values of a row are inserted; what an upsert needs beside them must be alike for all. 0: it is no
    insertion of rows, or not for SQLite."""
    found = _ROW.search(sql)
    return found[1].count("?") if found is not None else 0


@lru_cache(maxsize=1024)
def _of_rows(sql: str, count: int) -> str:
    """The statement for so many rows at once. Whoever fails takes the whole transaction back, so that SQLite need not
    be able to take back the rows before: for that it would copy every page."""
    rows = _ROW.sub(lambda found: ", ".join([found[1]] * count), sql, count=1)
    return rows.replace("INSERT INTO", "INSERT OR FAIL INTO", 1)
