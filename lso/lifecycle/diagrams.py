"""Draws the transition tables as Mermaid: `python -m lso.lifecycle.diagrams > docs/states.md`."""

from __future__ import annotations

from lso.lifecycle.machine import (
    CHARGE_ITEM_MACHINE,
    CHARGE_MACHINE,
    ITEM_MACHINE,
    ORDER_MACHINE,
    QUALIFICATION_ITEM_MACHINE,
    QUALIFICATION_MACHINE,
    QUOTE_ITEM_MACHINE,
    QUOTE_MACHINE,
    TASK_MACHINE,
    Machine,
)
from lso.lifecycle.quote_states import QUOTE_ITEM_MEMBERS, QUOTE_MEMBERS
from lso.lifecycle.states import ITEM_MEMBERS, ORDER_MEMBERS, QUALIFICATION_ITEM_MEMBERS, QUALIFICATION_MEMBERS

HEAD = """\
# States

Drawn from the tables in `lso/lifecycle/states.py` and `quote_states.py` by
`python -m lso.lifecycle.diagrams`; a test keeps this page up to
date. The words are the canonical ones; `mappings/words/` says what each dialect calls them.
"""


def draw(machine: Machine) -> str:
    """One machine as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    for state, moves in machine.table.items():
        lines += [f"    {state or '[*]'} --> {target}: {move.replace('_', ' ')}" for move, target in moves.items()]
    lines += [f"    {state} --> [*]" for state in machine.table if state in machine.ends]
    return "\n".join(lines)


def members(table: dict[str, tuple[frozenset[str], frozenset[str]]]) -> str:
    """Which members a state demands and bars, as a Markdown table."""
    rows = ["| state | must have | must not have |", "|---|---|---|"]
    for state, sides in table.items():
        needed, barred = (", ".join(f"`{name}`" for name in sorted(side)) for side in sides)
        rows.append(f"| {state} | {needed} | {barred} |")
    return "\n".join(rows)


def page() -> str:
    """The whole of docs/states.md."""
    parts = [HEAD]
    for machine, table in ((ORDER_MACHINE, ORDER_MEMBERS), (ITEM_MACHINE, ITEM_MEMBERS),
                           (QUALIFICATION_MACHINE, QUALIFICATION_MEMBERS),
                           (QUALIFICATION_ITEM_MACHINE, QUALIFICATION_ITEM_MEMBERS),
                           (QUOTE_MACHINE, QUOTE_MEMBERS), (QUOTE_ITEM_MACHINE, QUOTE_ITEM_MEMBERS)):
        parts.append(f"{_pictured(machine)}\n{members(dict(table))}\n")
    parts += [_pictured(machine) for machine in (TASK_MACHINE, CHARGE_MACHINE, CHARGE_ITEM_MACHINE)]
    return "\n".join(parts)


def _pictured(machine: Machine) -> str:
    return f"## {machine.name.capitalize()}\n\n```mermaid\n{draw(machine)}\n```\n"


if __name__ == "__main__":
    print(page(), end="")
