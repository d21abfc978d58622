"""Notifications of quotes (MEF 115 section 8)."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.desk import Desk
from tests.conformance.quote.quoting import PATH, SONATA, Document, asked, priced, request
from tests.listener import Listener
from tests.running import Running, eventually

Register = Callable[..., Document]
WHOLE, ITEM = "quoteStateChangeEvent", "quoteItemStateChangeEvent"


def told(listener: Listener, id: str) -> list[tuple[str, str | None]]:
    """Type and item of every event about a quote."""
    return listener.told(id, "quoteItemId")


def test_o3_o4_cr1_r56_r57_every_move_of_a_deferred_quote_is_told(desk: Desk, register: Register,
                                                                 listener: Listener) -> None:
    register(desk, listener)
    made = priced(desk, request(instant=False))
    heard = eventually(lambda: (found := told(listener, made["id"])) and len(found) == 4 and found)
    assert heard == [(WHOLE, None), (ITEM, "1"), (ITEM, "1"), (WHOLE, None)]
    assert all(one.path.endswith(f"/listener/{one.body['eventType']}") for one in listener.heard)


def test_cr2_cr3_of_an_immediate_quote_only_later_moves_are_told(desk: Desk, register: Register,
                                                                listener: Listener) -> None:
    register(desk, listener)
    made = asked(desk, request())
    desk.post({"quoteId": made["id"]}, "/rejectQuote")
    assert eventually(lambda: told(listener, made["id"])) == [(WHOLE, None)]


def test_r55_events_are_chosen_by_type(desk: Desk, register: Register, listener: Listener) -> None:
    register(desk, listener, f"eventType={ITEM}")
    made = priced(desk, request(instant=False))
    eventually(lambda: len(told(listener, made["id"])) == 2)
    assert {kind for kind, _ in told(listener, made["id"])} == {ITEM}
    assert desk.post({"callback": listener.url, "query": "eventType=none"}, "/hub").status_code == 400


def test_cr4_only_who_has_registered_is_told(service: Running, desk: Desk, register: Register,
                                            listener: Listener) -> None:
    stranger = Desk(service, SONATA, "norms-strict")
    register(stranger, listener)
    mine = asked(desk, request())
    desk.post({"quoteId": mine["id"]}, "/rejectQuote")
    theirs = asked(stranger, request())
    stranger.post({"quoteId": theirs["id"]}, "/rejectQuote")
    eventually(lambda: told(listener, theirs["id"]))
    assert told(listener, mine["id"]) == []


def test_r5_events_name_the_buyer_that_the_request_named(service: Running, register: Register,
                                                        listener: Listener) -> None:
    broker = Desk(service, SONATA, "norms-broker", "buyerId=north")
    register(broker, listener)
    made = priced(broker, request(instant=False))
    eventually(lambda: told(listener, made["id"]))
    assert {one.body["event"].get("buyerId") for one in listener.heard} == {"north"}
    assert broker.read(made["id"], PATH)["state"] == "approved.orderable"
