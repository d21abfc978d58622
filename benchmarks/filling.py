"""Fills a store with small orders, through the store's own statements.

However many there are, a hundred are late and still in progress, a hundred have failed, a hundred belong to one
project, and a hundred to one buyer; the others are so that no single one of these conditions would leave few.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from lso.store import order as orders
from lso.store.engine import Store
from lso.store.identifier import new_id
from lso.store.instant import rfc3339
from lso.store.order import StoredOrder

CHOSEN = 100
TENANT, EDITION, MAPPING = "demo-carrier", "sonata.grace.order", "sonata.order"
SCHEMA = "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"
BEGAN, NOW, SECONDS_APART = 1_750_000_000.0, 1_790_000_000.0, 120.0
BATCH = 1000
FEW_BUYER, MANY_BUYER = "buyer-of-few", "buyer-of-many"
# What a list asks for, and who asks: each fits a hundred orders.
LATE = f"state=inProgress&itemExpectedCompletionDate.lt={rfc3339(NOW)}"
FAILED = f"state=failed&orderDate.gt={rfc3339(BEGAN - 1)}"
PROJECT = "projectId=narrow"


def fill(store: Store, count: int) -> list[str]:
    """Keep so many orders; their ids."""
    ids: list[str] = []
    for start in range(0, count, BATCH):
        made = list(_orders(start, min(start + BATCH, count), count // CHOSEN))
        store.commit_now(lambda connection, made=made: _keep(connection, made))  # type: ignore[misc]
        ids += [one.id for one in made]
    return ids


def _keep(connection: Connection, made: list[StoredOrder]) -> None:
    for one in made:
        orders.insert(connection, one)


def _orders(start: int, end: int, step: int) -> Iterator[StoredOrder]:
    for number in range(start, end):
        kind = number % step
        working = number % 2 == 0
        late = kind == 0 or not working
        state = "failed" if kind == 1 else "in_progress" if working else "completed"
        yield small_order(number, state, late=late, project="narrow" if kind == 2 else "wide",
                     buyer=FEW_BUYER if kind == 3 else MANY_BUYER)


def small_order(number: int, state: str, *, late: bool, project: str, buyer: str | None) -> StoredOrder:
    """An order of one item; later numbers were ordered later, and are expected further from NOW."""
    at = BEGAN + number * SECONDS_APART
    expected = NOW + (-1 if late else 1) * (10 + number)
    id = new_id()
    document = {
        "id": id, "state": state, "ordered_at": rfc3339(at), "external_id": f"PO-{number}", "project_id": project,
        "items": [{
            "id": "1", "action": "add", "state": state, "requested_completion_at": rfc3339(at + 86_400),
            "expected_completion_at": rfc3339(expected),
            "product": {"offering_id": "OFFER-INTERNET-BASIC", "schema": SCHEMA, "configuration": {"@type": SCHEMA},
                        "places": [{"role": "INSTALL_LOCATION", "kind": "address", "id": "ADDR-QUAY-4"}]},
        }],
    }
    return StoredOrder(TENANT, id, 1, EDITION, MAPPING, 1, buyer, None, "demo-carrier", document, {}, at,
                       (SCHEMA,))
