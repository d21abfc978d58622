"""One run: a service is started, orders are sent while it is killed, it comes to rest, and the books are compared."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

from lso.errors import Unavailable
from lso.store.engine import open_store
from tests.journeys.chaos import audit
from tests.journeys.chaos.customer import Customer, Order
from tests.journeys.chaos.fleet import Fleet
from tests.journeys.chaos.killer import Kill, Killer
from tests.journeys.chaos.network import Network
from tests.journeys.chaos.plan import CLIENT, Plan, wishes
from tests.listener import Listener
from tests.running import MEF, TMF

UNWELL = 0.15  # the share of events that a subscriber answers with 500
LOOK_SECONDS = 0.25
Watch = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """findings: what is wrong, nothing if all is well. rest_seconds: from the last start until all was at rest."""

    findings: list[str]
    orders: list[Order]
    kills: list[Kill]
    deaths: list[str]
    heard: list[float]
    events: int
    events_repeated: int
    refused: int
    asked: int
    items: int
    rest_seconds: float


def run(plan: Plan, form: str, folder: Path, watch: Watch = lambda *_: None) -> Outcome:
    """form: `production` or `embedded`. watch: told of a phase, how much of it is done, and how much there is."""
    network = Network(plan, folder)
    dice = random.Random(plan.seed)
    listeners = {base: Listener(unwell=lambda: dice.random() < UNWELL) for base in (TMF, MEF)}
    try:
        fleet = Fleet(plan, form, folder, network)
        try:
            return _played(plan, fleet, network, listeners, watch)
        finally:
            fleet.close()
    finally:
        for listener in listeners.values():
            listener.close()
        network.close()


def _played(plan: Plan, fleet: Fleet, network: Network, listeners: dict[str, Listener], watch: Watch) -> Outcome:
    for base, listener in listeners.items():
        _subscribe(fleet, base, listener.url)
    sending = wishes(plan)
    customers = [Customer(fleet, sending[number::plan.clients], plan.seconds) for number in range(plan.clients)]
    orders = [order for customer in customers for order in customer.orders]
    killer = Killer(plan, fleet)
    killer.start()
    for customer in customers:
        customer.start()
    while killer.busy or any(customer.busy for customer in customers):
        watch("acknowledged", sum(bool(order.id) for order in orders), plan.orders)
        time.sleep(LOOK_SECONDS)
    raised = time.monotonic()
    findings = _rest(plan, fleet, watch)
    rest_seconds = time.monotonic() - raised
    with open_store(fleet.store_url) as store:
        findings += audit.orders_kept(store, orders)
        wrong, read = audit.orders_read(fleet, orders)
        findings += wrong
        findings += audit.work_done(network, orders, read)
        findings += audit.events_heard(store, list(listeners.values()))
        findings += audit.histories_told(read, listeners[TMF])
    heard = [one for listener in listeners.values() for one in listener.heard]
    return Outcome(
        findings, orders, killer.kills, fleet.deaths, sorted(one.at for one in heard), len(heard),
        sum(audit.repeated(listener.heard) for listener in listeners.values()),
        sum(len(listener.refused) for listener in listeners.values()), network.asked(),
        network.begun().total(), rest_seconds)


def _rest(plan: Plan, fleet: Fleet, watch: Watch) -> list[str]:
    """Wait until every order is at its end and every event delivered, by itself."""
    until = time.monotonic() + plan.bound
    with open_store(fleet.store_url) as store:
        while time.monotonic() < until:
            try:
                orders, events = audit.open_orders(store), audit.open_deliveries(store)
            except Unavailable:
                continue
            watch("at their end", plan.orders - orders, plan.orders)
            if orders == events == audit.held_jobs(store) == 0:
                return []
            time.sleep(LOOK_SECONDS)
    return [f"after {plan.bound} s {orders} orders are not at their end and {events} events not delivered"]


def _subscribe(fleet: Fleet, base: str, callback: str) -> None:
    url = fleet.door("pil" if base == MEF else "sil") + f"{base}/hub"
    headers = {"Authorization": f"Bearer {fleet.token(CLIENT[base])}"}
    answer = requests.post(url, json={"callback": callback}, headers=headers, timeout=30)
    assert answer.status_code == 201, answer.text
