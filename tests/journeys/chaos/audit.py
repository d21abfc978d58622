"""What must be so when everything has come to rest. Every check says what is wrong, not whether something is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
import sqlalchemy as sa

from lso.store.engine import Store
from tests.journeys.chaos.customer import Order
from tests.journeys.chaos.fleet import TENANT, Fleet
from tests.journeys.chaos.network import Network
from tests.listener import Heard, Listener
from tests.running import MEF

FINAL = ("completed", "rejected", "failed", "partial", "cancelled")
STATE_CHANGE = "productOrderStateChangeEvent"


@dataclass(frozen=True)
class Sent:
    """An event as the service's own books have it, for one callback."""

    id: str
    resource: str
    state: str


def open_orders(store: Store) -> int:
    """How many orders have not come to their end."""
    return _count(store, sa.text("SELECT count(*) FROM orders WHERE state NOT IN :final").bindparams(
        sa.bindparam("final", FINAL, expanding=True)))


def open_deliveries(store: Store) -> int:
    """How many events somebody still waits for."""
    return _count(store, sa.text("SELECT count(*) FROM deliveries WHERE open_since IS NOT NULL"))


def held_jobs(store: Store) -> int:
    """How many jobs are not done."""
    return _count(store, sa.text("SELECT count(*) FROM jobs WHERE state <> 'done'"))


def orders_kept(store: Store, orders: Sequence[Order]) -> Iterator[str]:
    """As many orders as were wished for, each acknowledged once."""
    for order in orders:
        yield from (f"{order.wish.key}: {wrong}" for wrong in order.wrong)
        if not order.id:
            yield f"{order.wish.key} was never acknowledged"
    kept = _count(store, sa.text("SELECT count(*) FROM orders"))
    if kept != len(orders):
        yield f"{kept} orders are kept of {len(orders)}"
    if open_jobs := held_jobs(store):
        yield f"{open_jobs} jobs are not done"


def orders_read(fleet: Fleet, orders: Sequence[Order]) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """Every acknowledged order can be read and is completed; what is wrong, and the orders by their ids."""
    wrong, read = [], {}
    with requests.Session() as http:
        http.headers["Authorization"] = f"Bearer {fleet.token('demo-carrier')}"
        for order in orders:
            answer = http.get(f"{fleet.door('pil')}{MEF}/productOrder/{order.id}", timeout=30)
            if answer.status_code != 200:
                wrong.append(f"{order.id} was acknowledged and reads {answer.status_code}")
                continue
            read[order.id] = found = answer.json()
            if found["state"] != "completed":
                wrong.append(f"{order.id} ({order.wish.place}) is {found['state']}")
    return wrong, read


def work_done(network: Network, orders: Sequence[Order], read: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """Every item was begun once and done once; and nothing was done that nobody ordered."""
    begun, done, wanted = network.begun(), network.done(), set()
    for order in orders:
        for item in read.get(order.id, {}).get("productOrderItem", ()):
            name = f"{order.id}.{item['id']}"
            wanted.add(name)
            if (begun[name], done[name]) != (1, 1):
                yield f"{name} ({order.wish.place}) was begun {begun[name]} times and done {done[name]} times"
    for name in sorted((begun.keys() | done.keys()) - wanted):
        yield f"{name} was done, and nobody ordered it"


def sent(store: Store) -> dict[str, list[Sent]]:
    """What was to be said to each callback, in order, as the service's books have it."""
    query = sa.text(
        "SELECT s.callback, d.state, e.id, e.resource_id FROM deliveries d "
        "JOIN subscriptions s ON s.tenant = d.tenant AND s.id = d.subscription_id "
        "JOIN events e ON e.tenant = d.tenant AND e.id = d.event_id WHERE d.tenant = :tenant ORDER BY d.number")
    rows = store.query_now(lambda connection: connection.execute(query, {"tenant": TENANT}).fetchall())
    found = defaultdict(list)
    for callback, state, id, resource in rows:
        if state != "skipped":  # nothing to be said of it in the subscriber's words
            found[callback].append(Sent(id, resource, state))
    return found


def events_heard(store: Store, listeners: Sequence[Listener]) -> Iterator[str]:
    """Every event arrived at least once, and the first arrivals about one order in the order of the events."""
    books = sent(store)
    for number, listener in enumerate(listeners):
        expected = books[listener.url]
        if not expected:
            yield f"subscriber {number} was to be told nothing"
        known = {one.id: one.resource for one in expected}
        heard, said = defaultdict(list), defaultdict(list)
        for id in dict.fromkeys(one.body["eventId"] for one in listener.heard):
            if id not in known:
                yield f"subscriber {number} was told of {id}, which is in no book"
            heard[known.get(id, "")].append(id)
        for one in expected:
            said[one.resource].append(one.id)
            if one.state != "delivered":
                yield f"event {one.id} for subscriber {number} is {one.state}"
        for resource, ids in said.items():
            if heard[resource] != ids:
                yield f"about {resource} subscriber {number} heard {heard[resource]}, not {ids}"


def histories_told(read: Mapping[str, dict[str, Any]], listener: Listener) -> Iterator[str]:
    """What the TM Forum subscriber heard of each order is what the order says of itself."""
    told: dict[str, list[str]] = defaultdict(list)
    for one in {one.body["eventId"]: one for one in reversed(listener.heard)}.values():
        if one.path.endswith(STATE_CHANGE):
            order = one.body["event"]["productOrder"]
            told[order["id"]].insert(0, order["state"])
    for id, order in read.items():
        states = [change["state"] for change in order["stateChange"]][1:]
        if told[id] != states:
            yield f"{id} went through {states}, and the subscriber heard {told[id]}"


def repeated(heard: Sequence[Heard]) -> int:
    """How many arrivals were not the first of their event."""
    return sum(count - 1 for count in Counter(one.body["eventId"] for one in heard).values())


def _count(store: Store, query: Any) -> int:
    return int(store.query_now(lambda connection: connection.execute(query).scalar_one()))
