"""Where a connection stands: told by its product, and, while there is none, by its first order. Pure.

A product works on while an order about it is open, and also when that order comes to nothing: then the connection says
why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lso.canonical.connection import Connection, Wish
from lso.errors import Conflict
from lso.lifecycle.machine import ORDER_MACHINE
from lso.lifecycle.order import Refusal

Document = dict[str, Any]
Orders = Mapping[str, Document | None]
"""The orders of wishes, by id; None for one that is no more."""

GONE = frozenset({"terminated", "cancelled"})
BAD = frozenset({"rejected", "failed", "cancelled", "partial"})
ENDING = "The connection is being ended."
WITHDRAWN = frozenset({"withdrawn", "stopping"})
REMOVED = "The order has been removed."
SAID = {"rejected": "The order was rejected.", "failed": "The order failed.", "cancelled": "The order was cancelled.",
        "partial": "The order failed in part."}


@dataclass(frozen=True, slots=True)
class Standing:
    """status: of a product. reason: why, where that is not the ordinary course of things.

    wish: the one that came to nothing, of which reason and refusals tell. refusals: with pointers into its order;
    those of a wish that never became an order are kept with the wish.
    """

    status: str
    reason: str = ""
    wish: Wish | None = None
    refusals: tuple[Refusal, ...] = ()


def is_open(wish: Wish, orders: Orders) -> bool:
    """Whether a wish is still to be met, or to be taken back."""
    if wish.state != "placed":
        return wish.state != "refused"
    order = orders.get(wish.order_id)
    return order is not None and order.get("state") not in ORDER_MACHINE.ends


def standing(connection: Connection | None, orders: Orders, product_status: str | None) -> Standing:
    """Where a connection stands. connection: None for a product that was not ordered by the native API."""
    wishes = connection.wishes if connection is not None else ()
    last = wishes[-1] if wishes else None
    if product_status in GONE:
        return Standing(product_status)
    if product_status is None:
        if last is None or is_open(last, orders):
            return Standing("pending_active")
        return _fruitless(last, orders, "cancelled")
    if last is None:
        return Standing(product_status)
    if is_open(last, orders):
        return Standing(product_status, ENDING if last.action == "delete" else "")
    return _fruitless(last, orders, product_status)


def under_way(connection: Connection | None, orders: Orders, *, now: str) -> Wish | None:
    """The wish that is being met now, if there is one: neither over nor still to come."""
    for wish in kept(connection.wishes if connection is not None else (), orders):
        if (wish.effective_at or now) <= now and wish.state not in WITHDRAWN:
            return wish
    return None


def check_change(connection: Connection | None, orders: Orders, product_status: str | None, *, at: str,
                 now: str) -> None:
    """Whether a change that is to take effect at a moment may be asked for. Raises Conflict.

    Changes at different moments may wait side by side: each is an order of its own. Not two at one moment, since nobody
    could tell which comes first, and none while another one is under way.
    """
    waiting = _waiting(connection, orders, product_status)
    if any(wish.action == "delete" for wish in waiting):
        raise Conflict(ENDING)
    if under_way(connection, orders, now=now) is not None:
        raise Conflict("A change of the connection is under way.")
    if any(wish.effective_at == at for wish in waiting):
        raise Conflict("Another change is to take effect at the same moment.")


def check_end(connection: Connection | None, orders: Orders, product_status: str | None, *, now: str) -> None:
    """Whether the connection may be ended. Raises Conflict; not for one that is being ended, or has been: once more
    is as good as once, and not for changes to come, which are withdrawn then."""
    if has_ended(connection, orders, product_status) or is_ending(connection, orders):
        return
    _waiting(connection, orders, product_status)
    if under_way(connection, orders, now=now) is not None:
        raise Conflict("A change of the connection is under way.")


def kept(wishes: Sequence[Wish], orders: Orders) -> tuple[Wish, ...]:
    """The wishes that still say something: those that are open."""
    return tuple(wish for wish in wishes if is_open(wish, orders))


def withdrawn(wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    """The wishes as they are when the connection is to end: none of them is to be met any more."""
    return tuple(wish if wish.state in WITHDRAWN else wish.model_copy(update={"state": "withdrawn"}) for wish in wishes)


def is_ending(connection: Connection | None, orders: Orders) -> bool:
    """Whether its end is under way."""
    wishes = kept(connection.wishes if connection is not None else (), orders)
    return any(wish.action == "delete" for wish in wishes)


def has_ended(connection: Connection | None, orders: Orders, product_status: str | None) -> bool:
    """Whether there is nothing left: its product has ended, or never came to be."""
    if product_status is None and connection is not None:
        return not is_open(connection.wishes[0], orders)
    return product_status in GONE


def _waiting(connection: Connection | None, orders: Orders, product_status: str | None) -> tuple[Wish, ...]:
    if has_ended(connection, orders, product_status):
        raise Conflict("The connection has ended.")
    if product_status is None:
        raise Conflict("The connection is being provisioned.")
    return kept(connection.wishes if connection is not None else (), orders)


def _fruitless(wish: Wish, orders: Orders, status: str) -> Standing:
    """A wish that is over: what stands against it, if it came to nothing."""
    if wish.state == "refused":
        reasons = [error.reason for error in wish.errors]
        return Standing(status, " ".join(reasons), wish)
    order = orders.get(wish.order_id)
    if order is None:
        return Standing(status, REMOVED if status == "cancelled" else "", wish)
    state = order.get("state")
    if state not in BAD:
        return Standing(status)
    refusals = tuple(Refusal(item.get("id") or "", error.get("code") or "otherIssue", error.get("reason") or "",
                             error.get("pointer") or "")
                     for item in order.get("items") or () for error in item.get("errors") or ())
    told = " ".join(dict.fromkeys(refusal.reason for refusal in refusals if refusal.reason))
    return Standing(status, told or order.get("cancellation_reason") or SAID[state], wish, refusals)
