"""Events as the service tells them."""

from __future__ import annotations

import pytest

from lso.canonical.event import Event, dump
from lso.lifecycle.order import Change
from lso.service.event import as_of, event_of
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


@pytest.mark.parametrize("kind", ["order", "qualification", "quote"])
@pytest.mark.parametrize("made_at", ["2026-01-31T12:00:00.000Z", "2026-01-31T12:00:00.001Z"])
def test_an_event_of_the_making_tells_of_the_first_state(kind: str, made_at: str) -> None:
    first, last = {"order": ("acknowledged", "in_progress"), "qualification": ("acknowledged", "ready"),
                   "quote": ("orderable", "declined")}[kind]
    history = [{"state": first, "at": made_at}, {"state": last, "at": "2026-01-31T12:00:00.001Z"}]
    item = {"id": "1", "state": last, "history": history} if kind != "quote" else {"id": "1", "state": first}
    then = as_of({"id": "a", "state": last, "history": history, "items": [item]},
                 {"kind": f"{kind}_created", "resource": kind, "at": "2026-01-31T12:00:00.000Z", "state": first})
    assert (then["state"], then["history"]) == (first, history[:1])
    assert then["items"][0]["state"] == first


def test_an_event_tells_of_the_state_of_its_moment() -> None:
    history = [{"state": state, "at": f"2026-01-31T12:00:0{second}.000Z"}
               for second, state in enumerate(("acknowledged", "in_progress", "completed"))]
    told = {"kind": "order_state", "resource": "order", "at": "2026-01-31T12:00:01.500Z", "state": "in_progress"}
    then = as_of({"id": "a", "state": "completed", "history": history, "completed_at": "x"}, told)
    assert then == {"id": "a", "state": "in_progress", "history": history[:2], "items": []}
