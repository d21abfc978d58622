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

    done: how often what is done, by item. maybe: what may have been done once before, as the clock has it.
    """

    place: Callable[[Store], str]
    done: Mapping[str, Mapping[str, int]]
    state: str = "completed"
    products: int = 1
    maybe: frozenset[str] = frozenset()


def _line(store: Store) -> str:
    relations: dict[str, Any] = {"relations": scene.onto("1", "2")}
    return scene.place(store, scene.item("1"), scene.item("2"), scene.item("3", schema=scene.EPL, **relations))


def _cancelled(store: Store) -> str:
    order_id = scene.place(store, scene.item("1", "DELAY-20-Vienna"))
    scene.ask(store, "cancellation", order_id)
    return order_id


ONCE = {"accepted": 1, "activated": 1}
SCENARIOS = {
    "a line with two ends": Scenario(_line, dict.fromkeys("123", ONCE), products=3),
    "a cancelled access": Scenario(_cancelled, {"1": {"cancelled": 1}}, "cancelled", products=0,
                                   maybe=frozenset({"accepted"})),
    "a connection": Scenario(lambda store: scene.place(store, connection()), {"1": ONCE}),
}
