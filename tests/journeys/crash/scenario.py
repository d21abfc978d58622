"""What is ordered in each scenario, and what the books must say of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lso.store.engine import Store
from tests.backends.test_journey import item as connection
from tests.workflow import scene


@dataclass(frozen=True)
class Scenario:
    """place: puts the order into a store; its id. state: how it ends. products: how many it leaves.

    meanwhile: what the buyer does once there is something to do; called again and again. kinds: of points where it is
    cut off.
    done: how often what is done, by item. maybe: what may have been done once before, as the clock has it.
    """

    place: Callable[[Store], str]
    done: Mapping[str, Mapping[str, int]]
    state: str = "completed"
    products: int = 1
    maybe: frozenset[str] = frozenset()
    meanwhile: Callable[[Store, str], None] = lambda _store, _order_id: None
    kinds: frozenset[str] = frozenset({"commit", "call", "delivery"})


def _line(store: Store) -> str:
    relations: dict[str, Any] = {"relations": scene.onto("1", "2")}
    return scene.place(store, scene.item("1"), scene.item("2"), scene.item("3", schema=scene.EPL, **relations))


def _cancelled(store: Store) -> str:
    order_id = scene.place(store, scene.item("1", "DELAY-20-Vienna"))
    scene.ask(store, "cancellation", order_id)
    return order_id


def _moved(store: Store) -> str:
    order_id = scene.place(store, scene.item("1", "DELAY-60-Vienna"))
    scene.ask(store, "delivery_date", order_id, item_id="1", requested_completion_at="2090-01-01T00:00:00Z")
    return order_id


def _paying(store: Store, order_id: str) -> None:
    for charge in scene.of_kind(store, order_id, "charge"):
        if charge["state"] == "awaiting_response":
            scene.answer_charge(store, charge, "accepted")


def _cancelling(store: Store, order_id: str) -> None:
    """So that it need not be waited for."""
    moved, = scene.of_kind(store, order_id, "delivery_date")
    if moved["state"] == "done" and not scene.of_kind(store, order_id, "cancellation"):
        scene.ask(store, "cancellation", order_id)


ONCE = {"accepted": 1, "activated": 1}
SCENARIOS = {
    "a line with two ends": Scenario(_line, dict.fromkeys("123", ONCE), products=3),
    "a cancelled access": Scenario(_cancelled, {"1": {"cancelled": 1}}, "cancelled", products=0,
                                   maybe=frozenset({"accepted"})),
    "an access that is paid for": Scenario(lambda store: scene.place(store, scene.item("1", "CHARGE-Vienna")),
                                           {"1": {**ONCE, "charged": 1, "paid": 1}}, meanwhile=_paying),
    "an access on another day": Scenario(_moved, {"1": {"cancelled": 1}}, "cancelled", products=0,
                                         maybe=frozenset({"accepted", "moved"}), meanwhile=_cancelling,
                                         kinds=frozenset({"commit", "call"})),
    "a connection": Scenario(lambda store: scene.place(store, connection()), {"1": ONCE}),
}
