"""Obeys a transition table: says where a move leads, and refuses the move that the table does not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lso.errors import Conflict
from lso.lifecycle.quote_states import QUOTE, QUOTE_ITEM
from lso.lifecycle.states import (
    CHARGE,
    CHARGE_ITEM,
    ITEM,
    ORDER,
    QUALIFICATION,
    QUALIFICATION_ITEM,
    TASK,
    Table,
)

MOVED = {"accept": "accepted", "answer": "answered", "cancel": "cancelled", "decline": "declined"}
"""What callers ask for; all other moves are the work's own."""


class IllegalTransition(Conflict):
    """Somebody asked for a move that does not exist; nothing has been written."""

    def __init__(self, machine: str, state: str, move: str) -> None:
        self.machine, self.state, self.move = machine, state, move
        super().__init__(self.said(state or "not yet there"))

    def said(self, word: str) -> str:
        """The reason, to whoever calls the state by that word."""
        article = "an" if self.machine[0] in "aeiou" else "a"
        moved = f"be {MOVED[self.move]}" if self.move in MOVED else self.move.replace("_", " ")
        return f"{article} {self.machine} that is {word} cannot {moved}"


@dataclass(frozen=True)
class Machine:
    """A table and the questions one asks it. `ends` are the states that nothing leaves."""

    name: str
    table: Table
    ends: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", frozenset(state for state, moves in self.table.items() if not moves))

    def after(self, state: str | None, move: str) -> str:
        """The state that a move leads to; None is the state of what does not exist yet."""
        try:
            return self.table[state or ""][move]
        except KeyError:
            raise IllegalTransition(self.name, state or "", move) from None


ORDER_MACHINE = Machine("order", ORDER)
ITEM_MACHINE = Machine("item", ITEM)
TASK_MACHINE = Machine("task", TASK)
CHARGE_MACHINE = Machine("charge", CHARGE)
CHARGE_ITEM_MACHINE = Machine("charge item", CHARGE_ITEM)
QUALIFICATION_MACHINE = Machine("qualification", QUALIFICATION)
QUALIFICATION_ITEM_MACHINE = Machine("qualification item", QUALIFICATION_ITEM)
QUOTE_MACHINE = Machine("quote", QUOTE)
QUOTE_ITEM_MACHINE = Machine("quote item", QUOTE_ITEM)

# By kind of resource: its own machine, and that of its items where it has such.
MACHINES: Mapping[str, tuple[Machine, Machine | None]] = {
    "order": (ORDER_MACHINE, ITEM_MACHINE), "cancellation": (TASK_MACHINE, None), "delivery_date": (TASK_MACHINE, None),
    "charge": (CHARGE_MACHINE, None), "qualification": (QUALIFICATION_MACHINE, QUALIFICATION_ITEM_MACHINE),
    "qualification_query": (QUALIFICATION_MACHINE, None), "quote": (QUOTE_MACHINE, QUOTE_ITEM_MACHINE),
}
