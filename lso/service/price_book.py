"""Price books from files: CSV, one amount a row, each row held against the schema by itself.

The first line names the columns, which are the members of a row. What is wrong with a row is said with its line, and
the others are kept, many to a transaction: that it is for a tenant or a class of places that nobody has is wrong, too.
A file may be imported again: its rows take the place of what they priced.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from pydantic import ValidationError

from lso.canonical.price_row import EVERYBODY, PriceRow
from lso.canonical.tenant import Profile
from lso.errors import Finding, Invalid, NotUnderstood
from lso.service.address_entry import TEXT_MOST, readable
from lso.service.agreement import quote_terms_of
from lso.service.table import Lines, unread
from lso.store import price as prices
from lso.store import tenant as tenants
from lso.store.engine import Store

Classes = Mapping[str, frozenset[str]]
"""The classes of places that each tenant has; under `*`, those of all."""
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

    bad: told of each fault. done: told how many bytes have been read. Raises Invalid for a file without the columns,
    NotUnderstood for what is no table.
    """
    kept, read = 0, 0
    classes = store.query_now(lambda connection: _classes(tenants.profiles(connection)))

    def advance(count: int) -> None:
        nonlocal read
        read += count

    with file.open("rb") as raw:
        rows = _rows(Lines(raw, advance), file.name, classes, bad)
        while batch := tuple(islice(rows, BATCH)):
            store.commit_now(lambda connection, batch=batch: prices.put(connection, batch))  # type: ignore[misc]
            kept += len(batch)
            done(read)
    return kept


def _classes(profiles: Iterable[Profile]) -> Classes:
    own = {profile.tenant: frozenset(one.name for one in quote_terms_of(profile).place_classes) for profile in profiles}
    return {EVERYBODY: frozenset(chain(*own.values())), **own}


def _rows(lines: Lines, name: str, classes: Classes, bad: Callable[[Bad], None]) -> Iterator[PriceRow]:
    reader = csv.DictReader(lines, restkey="")
    try:
        _check_columns(reader.fieldnames, name)
    except csv.Error as wrong:
        raise NotUnderstood(f"{name} is no CSV: {unread(wrong)}.") from wrong
    while True:
        try:
            told = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            bad(Bad(lines.number, "", unread(wrong)))
            continue
        if "" in told:
            bad(Bad(lines.number, "", "there are more values than columns"))
        elif not all(map(readable, filter(None, told.values()))):
            bad(Bad(lines.number, "", f"a value is not readable text of at most {TEXT_MOST} characters"))
        elif (row := _row(told, lines.number, bad)) is not None:
            if fault := _nobodys(row, classes):
                bad(Bad(lines.number, *fault))
            else:
                yield row


def _row(told: Mapping[str, str | None], line: int, bad: Callable[[Bad], None]) -> PriceRow | None:
    try:
        return PriceRow.model_validate({name: value.strip() for name, value in told.items() if value and value.strip()})
    except ValidationError as wrong:
        for one in wrong.errors(include_url=False, include_input=False, include_context=False):
            bad(Bad(line, str(one["loc"][0]) if one["loc"] else "", one["msg"].removeprefix("Value error, ")))
    return None


def _nobodys(row: PriceRow, classes: Classes) -> tuple[str, str] | None:
    """The column that names what nobody has, and what that is."""
    if row.tenant not in classes:
        return "tenant", f"there is no tenant {row.tenant}"
    if row.place_class is None or row.place_class in classes[row.tenant]:
        return None
    whose = "no tenant has such a" if row.tenant == EVERYBODY else "that tenant has no such"
    return "place_class", f"{whose} class of places"


def _check_columns(names: Sequence[str] | None, file: str) -> None:
    there = list(names or ())
    if not all(map(readable, there)) or not there:
        raise NotUnderstood(f"{file} is no table in UTF-8 with a line that names its columns.")
    known = set(PriceRow.model_fields)
    found = [Finding(f"/{name}", "missingProperty", "the file has no such column") for name in NEEDED
             if name not in there]
    found += [Finding(f"/{name}", "unexpectedProperty", "a price has no such member") for name in there
              if name not in known]
    found += [Finding(f"/{name}", "invalidValue", "the column is there twice") for name in set(there)
              if there.count(name) > 1]
    if found:
        raise Invalid("The columns are not those of a price book.", findings=tuple(found))
