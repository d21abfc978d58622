"""Events: in the subscriber's words, in order, until they arrive; dead letters hold their stream."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from lso.dialects.book import book
from lso.settings import Settings
from lso.store import dead_letter, outbox
from lso.store import tenant as tenants
from lso.store.delivery import Delivery
from lso.store.engine import Store
from lso.workflow.delivery import Deliverer
from tests.workflow.scene import (
    EPL,
    TENANT,
    Listener,
    document_of,
    ended,
    eventually,
    hurried,
    item,
    onto,
    place,
    signed,
    subscribe,
    working,
)

STATE, ITEM = "productOrderStateChangeEvent", "productOrderItemStateChangeEvent"
EXPECTED = "productOrderItemExpectedCompletionDateSet"


def dead(store: Store) -> list[Delivery]:
    return store.query_now(lambda connection: dead_letter.dead(connection, TENANT))


def test_a_sonata_subscriber_hears_of_every_state_after_acknowledged(
        store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url)
    with working(store, tmp_path):
        order_id = place(store, item("1"))
        ended(store, order_id)
        eventually(listener.types, lambda types: len(types) == 5)
    assert listener.types() == [STATE, ITEM, EXPECTED, ITEM, STATE]
    path, body, headers = listener.received[1]
    assert path == f"/mefApi/sonata/productOrderingNotification/v10/listener/{ITEM}"
    assert {name: body["event"][name] for name in ("id", "orderItemId", "buyerId")} == {
        "id": order_id, "orderItemId": "1", "buyerId": "buyer"}
    assert body["event"]["href"].endswith(f"/mefApi/sonata/productOrderingManagement/v10/productOrder/{order_id}")
    assert headers["content-type"] == "application/json;charset=utf-8"
    assert headers["x-signed"].split()[1] == body["eventId"]
    assert len({body["eventId"] for _path, body, _headers in listener.received}) == 5


def test_nobody_hears_of_orders_that_they_may_not_see(local_store: Store, tmp_path: Path, listener: Listener) -> None:
    for name, buyers in (("bound", ("another",)), ("mine", ("buyer", "another"))):
        made = tenants.Client(name, TENANT, "sil", None, None, ("*",), buyers)
        local_store.commit_now(lambda connection, made=made: tenants.add_client(connection, made))
        subscribe(local_store, f"{listener.url}/{name}", edition="tmf.v4.order", client=name)
    subscribe(local_store, f"{listener.url}/cantata", edition="cantata.grace.order")
    eline = "urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all"
    with working(local_store, tmp_path):
        known, unknown = place(local_store, item("1")), place(local_store, item("1", schema=eline))
        for order_id in (known, unknown):
            ended(local_store, order_id)
        eventually(lambda: [path for path, _body, _headers in listener.received if path.startswith("/cantata")],
                   lambda paths: len(paths) == 5)
        eventually(lambda: [path for path, _body, _headers in listener.received if path.startswith("/mine")],
                   lambda paths: len(paths) >= 3)
    assert {path.split("/")[1] for path, _body, _headers in listener.received} == {"cantata", "mine"}
    assert unknown not in str([body for _path, body, _headers in listener.received])
    assert not dead(local_store)


def test_a_tmf_subscriber_hears_the_same_order_in_its_own_words_as_it_was_then(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(local_store, listener.url, edition="tmf.v4.order", kinds=("order_created", "order_state"))
    order_id = place(local_store, item("1"))
    with working(local_store, tmp_path, hurried(sandbox_lead_seconds=0.0)):
        ended(local_store, order_id)
        eventually(lambda: listener.received, lambda received: len(received) == 3)
    shown = [body["event"]["productOrder"] for _path, body, _headers in listener.received]
    assert [body["eventType"] for _path, body, _headers in listener.received] == [
        "ProductOrderCreateEvent", "ProductOrderStateChangeEvent", "ProductOrderStateChangeEvent"]
    assert [order["state"] for order in shown] == ["acknowledged", "inProgress", "completed"]
    assert ["completionDate" in order for order in shown] == [False, False, True]
    assert {order["id"] for order in shown} == {order_id}
    assert listener.received[0][0] == "/listener/productOrderCreateEvent"


def test_a_dialect_that_does_not_know_the_product_hears_nothing(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    access = "urn:mef:lso:spec:sonata:carrier-ethernet-operator-uni:v5.0.0:all"
    subscribe(local_store, listener.url + "/cantata", edition="cantata.grace.order")
    subscribe(local_store, listener.url + "/sonata")
    with working(local_store, tmp_path):
        ended(local_store, place(local_store, item("1", schema=access)))
        eventually(listener.types, lambda types: len(types) == 5)
        time.sleep(0.2)
    assert {path.split("/")[1] for path, _body, _headers in listener.received} == {"sonata"}
    assert dead(local_store) == []


def test_errors_and_silence_are_answered_by_patience_and_the_order_of_events_is_kept(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(local_store, listener.url)
    listener.answers = [500, 503, 302, 204, 404]
    listener.redirect_to = f"{listener.url}/elsewhere"
    with working(local_store, tmp_path):
        order_id = place(local_store, item("evc", schema=EPL, relations=onto("a", "z")), item("a"), item("z"))
        ended(local_store, order_id)
        eventually(listener.types, lambda types: len(types) == 11 + 4)
    events = [body["eventId"] for _path, body, _headers in listener.received]
    assert len(set(events[:4])) == 1, "the first is repeated, with the same id, until it has arrived"
    assert list(dict.fromkeys(events)) == [*dict.fromkeys(events[:4]), *dict.fromkeys(events[4:])]
    assert len(set(events)) == 11
    assert not any("elsewhere" in path for path, _body, _headers in listener.received)
    assert (listener.types()[0], listener.types()[-1]) == (STATE, STATE)


def test_a_subscriber_that_answers_too_late_is_told_again(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(local_store, listener.url, kinds=("order_state",))
    listener.wait_seconds = 0.6
    with working(local_store, tmp_path, hurried(callback_timeout_seconds=0.3)):
        ended(local_store, place(local_store, item("1")))
        eventually(lambda: listener.received, lambda received: len(received) >= 2)
        listener.wait_seconds = 0.0
        eventually(listener.types, lambda types: len({body["eventId"] for _p, body, _h in listener.received}) == 2)
    first = listener.received[0][1]["eventId"]
    assert [body["eventId"] for _path, body, _headers in listener.received].count(first) >= 2


def test_a_dead_letter_holds_its_stream_and_no_other_until_it_is_replayed(
        store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url, kinds=("order_state",))
    listener.answers = [500, 500]
    with working(store, tmp_path, hurried(attempts_most=2)) as (embedded, _sandbox):
        held = place(store, item("1"))
        ended(store, held)
        letter = eventually(lambda: dead(store), len)[0]
        assert (letter.attempts, letter.last_error) == (2, "The callback answered 500.")
        free = place(store, item("1"))
        eventually(lambda: listener.types(free), lambda types: len(types) == 2)
        assert len(listener.types(held)) == 2
        store.commit_now(lambda connection: dead_letter.replay(connection, TENANT, letter.number, now=time.time()))
        embedded.waker.wake_deliveries()
        eventually(lambda: listener.types(held), lambda types: len(types) == 4)
    ids = [body["eventId"] for _path, body, _headers in listener.received if body["event"]["id"] == held]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert dead(store) == []


def test_a_skipped_letter_is_never_sent_and_its_stream_goes_on(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(local_store, listener.url, kinds=("order_state",))
    listener.answers = [500]
    with working(local_store, tmp_path, hurried(attempts_most=1)):
        ended(local_store, place(local_store, item("1")))
        letter = eventually(lambda: dead(local_store), len)[0]
        local_store.commit_now(lambda connection: dead_letter.skip(connection, TENANT, letter.number, now=time.time()))
        eventually(listener.types, lambda types: len(types) == 2)
    assert listener.received[0][1]["eventId"] != listener.received[1][1]["eventId"]


def test_loopback_is_not_called_when_the_settings_do_not_allow_it(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(local_store, listener.url, kinds=("order_state",))
    with working(local_store, tmp_path, hurried(callback_loopback=False, attempts_most=1)):
        ended(local_store, place(local_store, item("1")))
        letter = eventually(lambda: dead(local_store), len)[0]
    assert "network that events are not sent to" in (letter.last_error or "")
    assert listener.received == []


def test_a_subscriber_who_holds_the_line_does_not_hold_up_the_others(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    with Listener() as slow:
        slow.wait_seconds = 1.5
        subscribe(local_store, slow.url, kinds=("order_state",))
        subscribe(local_store, listener.url, kinds=("order_state",))
        with working(local_store, tmp_path, hurried(sandbox_lead_seconds=0.0)):
            begun = time.monotonic()
            ended(local_store, place(local_store, item("1")))
            eventually(listener.types, lambda types: len(types) == 2)
            assert time.monotonic() - begun < 1.5
            eventually(slow.types, lambda types: len(types) == 2)


def test_a_subscriber_known_to_be_slow_gets_no_more_than_its_share(
        local_store: Store, tmp_path: Path, listener: Listener) -> None:
    orders = [place(local_store, item("1")) for _ in range(12)]
    with Listener() as slow:
        slow.wait_seconds = 60.0
        subscribe(local_store, slow.url, kinds=("order_state",))
        subscribe(local_store, listener.url, kinds=("order_state",))
        with working(local_store, tmp_path, hurried(sandbox_lead_seconds=0.0, callback_timeout_seconds=0.5)):
            for order_id in orders:
                ended(local_store, order_id)
            eventually(listener.types, lambda types: len(types) == 24)
    assert listener.types().count(STATE) == 24


def test_what_a_killed_process_had_claimed_is_delivered_by_the_next(local_store: Store, listener: Listener) -> None:
    subscribe(local_store, listener.url, edition="tmf.v4.order", kinds=("order_created",))
    place(local_store, item("1"))
    settings = hurried(lease_seconds=0.2, callback_timeout_seconds=0.2)
    lost: list[Any] = local_store.commit_now(lambda connection: outbox.claim(
        connection, 5, owner="killed", lease_seconds=0.4, now=time.time()))
    assert len(lost) == 1
    _deliver_for(local_store, settings, lambda: len(listener.received) == 1)
    assert document_of(local_store, listener.received[0][1]["event"]["productOrder"]["id"])


def _deliver_for(store: Store, settings: Settings, until: Any) -> None:
    deliverer = Deliverer(store, book(), settings, owner="next", sign=signed)
    deliverer.start()

    def nudged() -> bool:
        deliverer.nudge()
        found: bool = until()
        return found

    eventually(nudged, bool)
    deliverer.stop()
