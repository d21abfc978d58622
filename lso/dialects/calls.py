"""The rare conversions that no verb of the table language describes; tables name them with `call`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lso.lens.codec import Call

Values = tuple[Any, ...]


def own_date(values: Values, _order: Mapping[str, Any]) -> Values:
    """TM Forum has one requested date for the whole order, and so it is read."""
    return values


def common_date(values: Values, order: Mapping[str, Any]) -> Values:
    """The order's own requested date, else the one that all of its items name; None where they differ."""
    own = values[0]
    items = order.get("items")
    if own is not None or type(items) is not list:
        return values
    named = [item.get("requested_completion_at") if type(item) is dict else None for item in items]
    first = named[0] if named else None
    return (first if type(first) is str and all(one == first for one in named) else None,)


def charged(values: Values, _charge: Mapping[str, Any]) -> Values:
    """The order and the item that a MEF charge is put on; one on the order as a whole names no item."""
    order, item = values
    if item is not None:
        return _name(item["productOrderId"]), _name(item["productOrderItemId"])
    return (None if order is None else _name(order["productOrderId"]), None)


def charge_reference(values: Values, _charge: Mapping[str, Any]) -> Values:
    """Exactly one of a reference to the order and one to the item (MEF 123 R88)."""
    order_id, item_id = values
    if item_id is not None:
        return None, {"productOrderId": _name(order_id), "productOrderItemId": _name(item_id)}
    return (None if order_id is None else {"productOrderId": _name(order_id)}, None)


def alternate(values: Values, item: Mapping[str, Any]) -> Values:
    """A MEF no with proposals is that there is something else; without one, a plain no (translation 11.2)."""
    proposals = item.get("alternateProductOfferingProposal")
    return ("alternate",) if values[0] == "none" and type(proposals) is list and proposals else values


def colour(values: Values, _item: Mapping[str, Any]) -> Values:
    """MEF has one word for both."""
    return values


def _name(value: Any) -> str:
    if type(value) is not str:
        raise ValueError("an id is text")
    return value


CALLS = {
    "alternate": Call(alternate, colour, "a known word"),
    "charge_subject": Call(charged, charge_reference, "an order, or an order and one of its items, by id"),
    "common_date": Call(own_date, common_date, "a date-time such as 2026-01-31T12:00:00Z"),
}
