"""Deferred quotes: priced by a job, told to subscribers, given up in time; quotes expire by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from lso.canonical.price_row import PriceRow
from lso.lifecycle.order import instant
from lso.lifecycle.placing import placing
from lso.lifecycle.ports.question import Quotation
from lso.lifecycle.quote import cancel, offer
from lso.service.event import resource_event
from lso.store import job, outbox, price, resource
from lso.store.engine import Store
from lso.store.identifier import new_id
from lso.store.instant import seconds
from lso.store.resource import StoredResource
from tests.workflow.scene import TENANT, UNI, Listener, eventually, subscribe, with_profile, working
from tests.workflow.scene import item as order_item

Document = dict[str, Any]
OVER = {"accepted", "declined", "cancelled", "expired", "rejected", "unable_to_provide", "answered", "orderable",
        "orderable_alternate"}
ROW = PriceRow.model_validate({"offering": "offer", "name": "Port", "kind": "recurring", "per": "month", "amount": "60",
                               "currency": "EUR"})


def item(name: str, place: str = "Vienna", **more: Any) -> Document:
    made = order_item(name, place)
    return {"id": name, "action": "add", "product": made["product"], **more}


def request(store: Store, *items: Document, at: datetime | None = None, **members: Any) -> str:
    """A quote as the door leaves it; its id."""
    now = at or datetime.now(UTC)
    asked = {"instant": False, "requested_level": "firm", "items": list(items), "contacts": [],
             "expected_completion_at": instant(now), **members}
    document = placing("quote").acknowledge(asked, id=new_id(), at=instant(now))
    return keep(store, document, now.timestamp(), due_at=0.0)


def keep(store: Store, document: Document, at: float, *, due_at: float) -> str:
    kept = StoredResource(TENANT, "quote", document["id"], 1, "sonata.grace.quote", "sonata.quote", 1, None, "buyer",
                          None, "client", document, {}, at, (UNI,))

    def work(connection: Connection) -> None:
        resource.insert(connection, kept)
        price.put(connection, [ROW])
        outbox.add(connection, resource_event(kept, "quote_created", at=instant(datetime.fromtimestamp(at, UTC)),
                                              state=document["state"]))
        job.add(connection, TENANT, "quote", kept.id, due_at=due_at or at, grace=0.0)

    store.commit_now(work)
    return kept.id


def of(store: Store, id: str) -> Document:
    found = store.query_now(lambda connection: resource.fetch(connection, TENANT, "quote", id))
    assert found
    return found.document


def result(store: Store, id: str) -> Document:
    found: Document = eventually(lambda: of(store, id), lambda quote: quote["state"] in OVER)
    return found


def states(quote: Document) -> list[str]:
    return [entry["state"] for entry in quote["history"]]


def test_a_deferred_quote_is_priced_and_its_buyer_hears_of_every_move(store: Store, tmp_path: Path,
                                                                     listener: Listener) -> None:
    subscribe(store, listener.url, edition="sonata.grace.quote")
    with working(store, tmp_path):
        id = request(store, item("1"), item("2", "PRICED-Graz"))
        quote = result(store, id)
        types = eventually(lambda: listener.types(id), lambda found: len(found) == 6)
    assert states(quote) == ["acknowledged", "in_progress", "orderable"]
    assert [one["state"] for one in quote["items"]] == ["orderable", "orderable"]
    assert [one["notes"][0]["text"] for one in quote["items"]] == ["Prices are those of the price book.",
                                                                  "Prices are those of the network."]
    assert {"level", "valid_until", "completed_at", "total_prices"} <= set(quote)
    assert sorted(types) == ["quoteItemStateChangeEvent"] * 4 + ["quoteStateChangeEvent"] * 2


def test_tm_forum_hears_of_quotes_as_they_were(store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url, edition="tmf.v4.quote")
    id = request(store, item("1"))
    with working(store, tmp_path):
        result(store, id)
        eventually(lambda: len(listener.received), lambda count: count >= 3)
    shown = [(body["eventType"], body["event"]["quote"]["state"]) for _path, body, _headers in listener.received]
    assert shown[0] == ("QuoteCreateEvent", "inProgress")
    assert ("QuoteStateChangeEvent", "approved") in shown
    assert "quoteItemPrice" not in listener.received[0][1]["event"]["quote"]["quoteItem"][0]


def test_prices_that_still_change_are_published_as_a_draft(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        id = request(store, item("1", "DRAFT-PRICE-1-Vienna"), item("2"))
        draft = eventually(lambda: of(store, id), lambda quote: quote["state"] == "draft")
        assert [one["state"] for one in draft["items"]] == ["draft", "orderable"]
        assert draft["items"][0]["prices"]
        assert "valid_until" not in draft
        quote = result(store, id)
    assert states(quote) == ["acknowledged", "in_progress", "draft", "orderable"]


def test_what_nobody_prices_in_time_is_given_up_on_that_day(store: Store, tmp_path: Path) -> None:
    by = instant(datetime.now(UTC) + timedelta(seconds=2.5))
    with working(store, tmp_path):
        quote = result(store, request(store, item("1", "SLOW-PRICE-60-Vienna"), item("2"), requested_completion_at=by))
    assert quote["state"] == "unable_to_provide"
    assert [one["state"] for one in quote["items"]] == ["unable_to_provide", "orderable"]


def test_one_item_that_cannot_be_had_ends_the_quote(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        quote = result(store, request(store, item("1", "REJECT-Vienna"), item("2", "SLOW-PRICE-60-Graz"), item("3")))
    assert quote["state"] == "unable_to_provide"
    assert [one["state"] for one in quote["items"]] == ["unable_to_provide", "abandoned", "orderable"]
    assert quote["items"][0]["errors"][0]["reason"] == "The place cannot be served."


def test_what_turns_out_to_be_wrong_is_rejected(store: Store, tmp_path: Path) -> None:
    nameless = item("1")
    del nameless["product"]["offering_id"]
    with working(store, tmp_path):
        quote = result(store, request(store, nameless, item("2")))
    assert quote["state"] == "rejected"
    assert [one["state"] for one in quote["items"]] == ["rejected", "abandoned"]
    assert quote["items"][0]["errors"][0]["code"] == "missingProperty"


def test_a_quote_expires_by_the_clock_and_its_items_stay(store: Store, tmp_path: Path, listener: Listener) -> None:
    with_profile(store, settings={"quote": {"valid_seconds": 1}})
    subscribe(store, listener.url, edition="sonata.grace.quote")
    with working(store, tmp_path):
        now = datetime.now(UTC)
        asked = {"instant": True, "requested_level": "firm", "contacts": [], "items": [item("1")]}
        fresh = placing("quote").acknowledge(asked, id=new_id(), at=instant(now))
        told = {"1": Quotation(prices=({"name": "Port", "kind": "recurring", "per": "month",
                                        "net": {"value": 60, "currency": "EUR"}},))}
        document = offer(fresh, told, at=now, valid=timedelta(seconds=1))
        id = keep(store, document, now.timestamp(), due_at=seconds(document["valid_until"]) or 0.0)
        quote = eventually(lambda: of(store, id), lambda found: found["state"] == "expired", seconds=5)
        types = eventually(lambda: listener.types(id), len)
    assert quote["items"][0]["state"] == "orderable"
    assert datetime.fromisoformat(quote["history"][-1]["at"]) >= datetime.fromisoformat(quote["valid_until"])
    assert types == ["quoteStateChangeEvent"]


def test_what_is_cancelled_under_way_stays_so(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        id = request(store, item("1", "SLOW-PRICE-1-Vienna"), item("2"))
        eventually(lambda: of(store, id), lambda quote: quote["items"][1]["state"] == "orderable")

        def work(connection: Connection) -> None:
            found = resource.fetch(connection, TENANT, "quote", id)
            assert found
            after = cancel(found.document, at=instant(datetime.now(UTC)))
            resource.replace(connection, StoredResource(**{**{name: getattr(found, name) for name in found.__slots__},
                                                           "document": after}), found.version)

        store.commit_now(work)
        eventually(lambda: store.query_now(lambda c: job.fetch(c, TENANT, f"{TENANT}/quote/{id}")),
                   lambda found: found.state == "done")
        quote = of(store, id)
    assert quote["state"] == "cancelled"
    assert [one["state"] for one in quote["items"]] == ["abandoned", "orderable"]
