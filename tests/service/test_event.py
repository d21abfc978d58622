"""Events as the service tells them."""

from __future__ import annotations

import pytest

from lso.canonical.event import Event, dump
from lso.lifecycle.order import Change
from lso.service.event import event_of
from tests.store.orders import order


@pytest.mark.parametrize("change", [
    Change("order_created", None, "acknowledged", "2026-01-31T12:00:00.000Z"),
    Change("item_state", "1", "in_progress", "2026-01-31T12:00:00.000Z", "acknowledged")])
@pytest.mark.parametrize("more", [{}, {"external_id": "PO-1"}])
def test_an_event_is_one_of_the_canonical_model(change: Change, more: dict[str, str]) -> None:
    told = event_of(order(**more), change)
    assert dump(Event.model_validate(told.document)) == told.document
    assert (told.document["id"], told.document["kind"], told.document["buyer_id"]) == (told.id, told.kind, "buyer-1")
    assert told.document.get("external_id") == more.get("external_id")
