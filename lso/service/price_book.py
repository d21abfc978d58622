"""Price books from files: CSV, one amount a row, each row held against the schema by itself.

The first line names the columns, which are the members of a row. What is wrong with a row is said with its line, and
the others are kept, many to a transaction. A file may be imported again: its rows take the place of what they priced.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from lso.canonical.price_row import PriceRow
from lso.errors import Finding, Invalid
from lso.store import price as prices
from lso.store.engine import Store

BATCH = 500
NEEDED = tuple(name for name, field in PriceRow.model_fields.items() if field.is_required())


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that was skipped: the line on which it ends, the column, and what is wrong."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.column + ': ' if self.column else ''}{self.reason}"


def import_file(store: Store, file: Path, *, bad: Callable[[Bad], None], done: Callable[[int], None]) -> int:
    """Keep the rows of a file; how many were good.

    bad: told of each fault. done: told how many bytes have been read. Raises Invalid for a file without the columns.
    """
    kept = 0
    with file.open("rb") as raw:
        rows = _rows((line.decode("utf-8-sig", "replace") for line in raw), bad)
        while batch := tuple(islice(rows, BATCH)):
            store.commit_now(lambda connection, batch=batch: prices.put(connection, batch))  # type: ignore[misc]
            kept += len(batch)
            done(raw.tell())
    return kept


def _rows(lines: Iterable[str], bad: Callable[[Bad], None]) -> Iterator[PriceRow]:
    reader = csv.DictReader(lines, restkey="")
    _check_columns(reader.fieldnames or ())
    while True:
        try:
            told = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad(Bad(reader.line_num, "", str(error)))
            continue
        if "" in told:
            bad(Bad(reader.line_num, "", "there are more values than columns"))
            continue
        try:
            yield PriceRow.model_validate({name: value.strip() for name, value in told.items()
                                           if value is not None and value.strip()})
        except ValidationError as wrong:
            for one in wrong.errors(include_url=False, include_input=False, include_context=False):
                column = str(one["loc"][0]) if one["loc"] else ""
                bad(Bad(reader.line_num, column, one["msg"].removeprefix("Value error, ")))


def _check_columns(names: Iterable[str]) -> None:
    there = list(names)
    known = set(PriceRow.model_fields)
    found = [Finding(f"/{name}", "missingProperty", "the file has no such column") for name in NEEDED
             if name not in there]
    found += [Finding(f"/{name}", "unexpectedProperty", "a price has no such member") for name in there
              if name not in known]
    found += [Finding(f"/{name}", "invalidValue", "the column is there twice") for name in set(there)
              if there.count(name) > 1]
    if found:
        raise Invalid("The columns are not those of a price book.", findings=tuple(found))
