"""The transition tables: every move of MEF 123 is there, every other one is refused; pictures are up to date."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from lso.canonical.charge import ChargeItemState, ChargeState
from lso.canonical.order import Item, ItemState, Order, OrderState
from lso.canonical.task import TaskState
from lso.errors import Conflict
from lso.lifecycle.diagrams import page
from lso.lifecycle.machine import (
    CHARGE_ITEM_MACHINE,
    CHARGE_MACHINE,
    ITEM_MACHINE,
    ORDER_MACHINE,
    QUALIFICATION_ITEM_MACHINE,
    QUALIFICATION_MACHINE,
    TASK_MACHINE,
    IllegalTransition,
    Machine,
)
from lso.lifecycle.states import ITEM_MEMBERS, ORDER_MEMBERS

ONLY_TM_FORUM = {"pending", "held"}
ONLY_TM_FORUM_ITEMS = {"assessing_cancellation", "cancelling"}

# MEF 123 section 4.4, as pairs of states: the tables must have these and no others.
ORDER_PAIRS = {
    ("", "acknowledged"), ("acknowledged", "in_progress"), ("acknowledged", "rejected"),
    ("in_progress", "assessing_charge"), ("assessing_charge", "in_progress"),
    ("in_progress", "assessing_modification"), ("assessing_modification", "in_progress"),
    ("in_progress", "assessing_cancellation"), ("assessing_cancellation", "cancelling"),
    ("assessing_cancellation", "in_progress"), ("in_progress", "cancelling"), ("cancelling", "cancelled"),
    ("in_progress", "completed"), ("in_progress", "failed"), ("in_progress", "partial"),
}
ITEM_PAIRS = {
    ("", "acknowledged"), ("acknowledged", "in_progress"), ("acknowledged", "rejected"),
    ("acknowledged", "rejected_validated"), ("acknowledged", "rejected_unassessed"),
    ("in_progress", "held"), ("held", "in_progress"), ("held", "failed"), ("in_progress", "pending"),
    ("pending", "in_progress"), ("pending", "cancelled"), ("pending", "failed"),
    ("in_progress", "completed"), ("in_progress", "failed"),
}
# Canonical in_progress is MEF's acknowledged, so that these are MEF's four ways through a task, in two steps each.
TASK_PAIRS = {
    ("", "acknowledged"), ("acknowledged", "rejected"), ("acknowledged", "in_progress"), ("in_progress", "rejected"),
    ("in_progress", "done"), ("in_progress", "assessing_charge"), ("assessing_charge", "done"),
    ("assessing_charge", "declined"),
}
CHARGE_PAIRS = {
    ("", "awaiting_response"), ("awaiting_response", "completed"), ("awaiting_response", "timed_out"),
    ("awaiting_response", "withdrawn"),
}
CHARGE_ITEM_PAIRS = {
    ("", "awaiting_response"), ("awaiting_response", "accepted"), ("awaiting_response", "declined"),
    ("awaiting_response", "withdrawn"),
}
# MEF 87 section 6.3; what is wanted at once goes straight to its end.
QUALIFICATION_PAIRS = {
    ("", "acknowledged"), ("", "ready"), ("", "failed"), ("acknowledged", "in_progress"), ("in_progress", "ready"),
    ("in_progress", "failed"), ("in_progress", "unable_to_provide"),
}
QUALIFICATION_ITEM_PAIRS = {
    ("", "acknowledged"), ("", "ready"), ("", "failed"), ("", "abandoned"), ("acknowledged", "in_progress"),
    ("in_progress", "ready"), ("in_progress", "failed"), ("in_progress", "abandoned"),
}
MACHINES = [(ORDER_MACHINE, ORDER_PAIRS), (ITEM_MACHINE, ITEM_PAIRS), (TASK_MACHINE, TASK_PAIRS),
            (CHARGE_MACHINE, CHARGE_PAIRS), (CHARGE_ITEM_MACHINE, CHARGE_ITEM_PAIRS),
            (QUALIFICATION_MACHINE, QUALIFICATION_PAIRS), (QUALIFICATION_ITEM_MACHINE, QUALIFICATION_ITEM_PAIRS)]


@pytest.mark.parametrize(("machine", "pairs"), MACHINES, ids=lambda value: getattr(value, "name", ""))
def test_a_machine_has_the_moves_of_its_standard_and_no_others(machine: Machine, pairs: set[tuple[str, str]]) -> None:
    assert {(state, machine.after(state, move)) for state, moves in machine.table.items() for move in moves} == pairs


@pytest.mark.parametrize("machine", [machine for machine, _pairs in MACHINES], ids=lambda machine: machine.name)
def test_every_other_move_is_refused_from_every_state(machine: Machine) -> None:
    moves = {move for row in machine.table.values() for move in row}
    illegal = [(state, move) for state, move in product(machine.table, moves) if move not in machine.table[state]]
    assert illegal
    for state, move in illegal:
        with pytest.raises(IllegalTransition):
            machine.after(state, move)


@pytest.mark.parametrize(("machine", "word", "elsewhere"), [
    (ORDER_MACHINE, OrderState, ONLY_TM_FORUM), (ITEM_MACHINE, ItemState, ONLY_TM_FORUM_ITEMS),
    (TASK_MACHINE, TaskState, set()), (CHARGE_MACHINE, ChargeState, set()),
    (CHARGE_ITEM_MACHINE, ChargeItemState, set())])
def test_the_machines_know_every_state_of_the_canonical_model_that_mef_has(
        machine: Machine, word: object, elsewhere: set[str]) -> None:
    assert set(machine.table) - {""} == set(get_args(word)) - elsewhere


def test_nothing_leaves_an_end() -> None:
    assert ORDER_MACHINE.ends == {"cancelled", "completed", "partial", "failed", "rejected"}
    assert ITEM_MACHINE.ends == {"cancelled", "completed", "failed", "rejected", "rejected_validated",
                                 "rejected_unassessed"}


def test_an_illegal_move_is_a_conflict_that_names_state_and_move() -> None:
    with pytest.raises(Conflict, match="an order that is completed cannot assess cancellation"):
        ORDER_MACHINE.after("completed", "assess_cancellation")


def test_the_member_tables_cover_every_state_and_name_only_members_there_are() -> None:
    assert set(ORDER_MEMBERS) == set(ORDER_MACHINE.table) - {""}
    assert set(ITEM_MEMBERS) == set(ITEM_MACHINE.table) - {""}
    for table, model in ((ORDER_MEMBERS, Order), (ITEM_MEMBERS, Item)):
        for needed, barred in table.values():
            assert needed | barred <= set(model.model_fields)
            assert not needed & barred


def test_the_page_of_diagrams_is_up_to_date() -> None:
    kept = (Path(__file__).parents[2] / "docs" / "states.md").read_text(encoding="utf-8")
    assert kept == page(), "run: python -m lso.lifecycle.diagrams > docs/states.md"
