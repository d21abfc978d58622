"""Keeps the places of a file: addresses in the gazetteer, sites beside it, many in each transaction.

Read again, a file changes nothing; a row that says something new of an id takes the place of the old one. Nothing is
ever dropped: an id that was given out stays good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from lso.canonical.price_row import EVERYBODY
from lso.lifecycle import site as rules
from lso.lifecycle.address import named
from lso.service.address_entry import Unusable
from lso.service.place_file import Row
from lso.service.place_row import SiteRow, place_of
from lso.store import gazetteer, likeness
from lso.store import site as sites
from lso.store.engine import Store
from lso.store.gazetteer_filling import Entry, Met, keep
from lso.store.site import StoredSite

AT_ONCE = 5_000
Report = Callable[[int, str], None]


@dataclass
class Imported:
    """What became of the rows."""

    addresses: int = 0
    sites: int = 0
    skipped: int = 0


def import_places(store: Store, rows: Iterable[Row], *, tenant: str = EVERYBODY, country: str = "",
                  report: Report = lambda _line, _why: None) -> Imported:
    """Keep the places of all rows. tenant: whose they are, `*` for everybody's. country: of rows that name none.

    report: told the line of each row that is skipped, and why.
    """
    imported, met = Imported(), Met()

    def skip(line: int, why: str) -> None:
        imported.skipped += 1
        report(line, why)

    numbered = iter(rows)
    while chunk := list(islice(numbered, AT_ONCE)):
        entries, found = list[Entry](), list[tuple[int, SiteRow]]()
        for row in chunk:
            try:
                if row.bad:
                    raise Unusable(row.bad)
                place = place_of(row.told, tenant, country)
            except Unusable as wrong:
                skip(row.line, str(wrong))
                continue
            if isinstance(place, Entry):
                entries.append(place)
            else:
                found.append((row.line, place))
        kept = store.commit_now(lambda connection, entries=entries, met=met: keep(connection, entries, met))  # type: ignore[misc]
        met.towns |= kept.towns
        met.streets |= kept.streets
        imported.addresses += len(entries)
        located = store.query_now(lambda connection, found=found: _located(connection, tenant, found))  # type: ignore[misc]
        whole = [one for _line, one in located if one is not None]
        store.commit_now(lambda connection, whole=whole: sites.keep(connection, whole))  # type: ignore[misc]
        imported.sites += len(whole)
        for line, one in located:
            if one is None:
                skip(line, "the address that the site names is not known")
    if imported.addresses:
        store.commit_now(likeness.settle)
    return imported


def _located(connection: Connection, tenant: str,
             found: Sequence[tuple[int, SiteRow]]) -> list[tuple[int, StoredSite | None]]:
    """Sites with what they are found by; None for one at an address that is not there."""
    ids = [named(place["id"])[0] for _line, one in found for place in one.document["places"] if "id" in place]
    known = {id: one.document for id, one in gazetteer.fetch_many(connection, tenant, ids).items()}
    return [(line, StoredSite(one.tenant, one.document["id"], one.document, rules.keys(one.document),
                              tuple(rules.places(one.document, known)))
             if all(named(place["id"])[0] in known for place in one.document["places"] if "id" in place) else None)
            for line, one in found]
