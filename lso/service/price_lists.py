"""Price lists in memory: what offerings cost, as the store told it not more than a second ago.

Prices are imported now and then, and quotes are asked for all the time. As with profiles (`directory.py`), what has
been imported counts within the second; an offering without prices is looked up each time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lso.canonical.price_row import PriceList
from lso.store import price as prices
from lso.store.engine import Store

FRESH_SECONDS = 1.0
KEPT_MOST = 1_000
Lists = dict[str, PriceList]


class Told(NamedTuple):
    """Lists by the ids of offerings, and until when they are fresh."""

    until: float
    lists: Lists


class PriceLists:
    """Those of one process. clock: seconds that only go forward."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._told: dict[tuple[str, frozenset[str]], Told] = {}

    def of(self, tenant: str, offerings: Iterable[str]) -> Lists:
        """The prices of some offerings for a tenant, all as they were at one moment."""
        wanted, now = (tenant, frozenset(offerings)), self._clock()
        told = self._told.get(wanted)
        if told is None or told.until <= now:
            told = Told(now + FRESH_SECONDS, self._read(*wanted))
            self._keep(wanted, told)
        return told.lists

    def _read(self, tenant: str, offerings: frozenset[str]) -> Lists:
        return self._store.query_now(
            lambda connection: {name: prices.of_offering(connection, tenant, name) for name in offerings},
            alone=len(offerings) == 1)

    def _keep(self, wanted: tuple[str, frozenset[str]], told: Told) -> None:
        if len(self._told) >= KEPT_MOST:
            self._told.clear()
        if all(one.rows for one in told.lists.values()):
            self._told[wanted] = told
