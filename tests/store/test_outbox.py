"""Events reach every subscriber that wants them, in order, and a dead letter holds its stream."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lso.store import dead_letter, outbox, subscription
from lso.store import delivery as deliveries
from lso.store.backlog import set_aside
from lso.store.delivery import Delivery
from lso.store.engine import Store, open_store
from lso.store.event import NEW_PARKED_SECONDS, Event
from lso.store.subscription import Subscription

START = 1000.0


def subscribe(
    store: Store, id: str = "sub", *, tenant: str = "acme", kinds: tuple[str, ...] = (), buyer_id: str | None = None
) -> Subscription:
    made = Subscription(tenant, id, "sonata-grace", f"http://127.0.0.1/{id}", "", kinds, buyer_id, "carrier", START)
    store.commit_now(lambda connection: subscription.insert(connection, made))
    return made


def happen(store: Store, number: int = 1, *, tenant: str = "acme", resource: str = "order-1", kind: str = "order_state",
           buyer_id: str | None = "buyer-1", at: float = START) -> Event:
    event = Event(tenant, f"event-{resource}-{number}", kind, resource, buyer_id, at, {"number": number, "big": 2**70})
    store.commit_now(lambda connection: outbox.add(connection, event))
    return event


def claim(store: Store, wanted: Any = 100, *, now: float = START, owner: str = "worker") -> list[Delivery]:
    return store.commit_now(lambda connection: outbox.claim(connection, wanted, owner=owner, lease_seconds=30, now=now))


def due(store: Store, now: float = START) -> list[tuple[str, int]]:
    return store.query_now(lambda connection: outbox.due(connection, now, 1000))


def delivered(store: Store, delivery: Delivery, now: float = START) -> bool:
    return store.commit_now(lambda connection: outbox.delivered(connection, delivery, now=now))


def numbers(deliveries: list[Delivery]) -> list[int]:
    return [delivery.event.document["number"] for delivery in deliveries]


def test_a_delivery_carries_its_event_and_its_subscription(store: Store) -> None:
    subscriber, event = subscribe(store), happen(store)
    [taken] = claim(store)
    assert (taken.event, taken.subscription, taken.attempts) == (event, subscriber, 1)


def test_an_event_goes_to_those_who_want_its_kind_and_its_buyer(store: Store) -> None:
    for id, kinds, buyer in (
        ("all", (), None),
        ("kind", ("order_state", "item_state"), None),
        ("other-kind", ("orderXstate", "item_state"), None),
        ("buyer", (), "buyer-1"),
        ("other-buyer", (), "buyer-2"),
        ("both", ("order_state",), "buyer-1"),
    ):
        subscribe(store, id, kinds=kinds, buyer_id=buyer)
    subscribe(store, "stranger", tenant="other")
    happen(store)
    assert sorted(one.subscription.id for one in claim(store)) == ["all", "both", "buyer", "kind"]


def test_an_event_without_a_buyer_goes_to_those_who_name_none(store: Store) -> None:
    subscribe(store, "all")
    subscribe(store, "buyer", buyer_id="buyer-1")
    happen(store, buyer_id=None)
    assert [one.subscription.id for one in claim(store)] == ["all"]


def test_a_subscriber_hears_only_of_what_happens_afterwards(store: Store) -> None:
    happen(store, 1)
    subscribe(store)
    happen(store, 2)
    assert numbers(claim(store)) == [2]


def test_a_hundred_and_fifty_subscribers_are_each_told_once(store: Store) -> None:
    for number in range(150):
        subscribe(store, f"sub-{number}")
    happen(store)
    taken = claim(store, 500)
    assert len({one.subscription.id for one in taken}) == len(taken) == 150


def test_a_stream_keeps_its_order_and_others_do_not_wait_for_it(store: Store) -> None:
    subscribe(store, "a")
    subscribe(store, "b")
    for number in (1, 2, 3):
        happen(store, number)
    happen(store, 9, resource="order-2")
    first = claim(store)
    assert sorted((one.subscription.id, one.event.document["number"]) for one in first) == [
        ("a", 1),
        ("a", 9),
        ("b", 1),
        ("b", 9),
    ]
    assert claim(store) == []
    [head] = [one for one in first if (one.subscription.id, one.event.document["number"]) == ("a", 1)]
    delivered(store, head)
    [second] = claim(store)
    assert (second.subscription.id, second.event.document["number"]) == ("a", 2)


def test_events_of_one_change_leave_one_after_another(store: Store) -> None:
    subscribe(store)
    events = [Event("acme", f"e{n}", "order_state", "order-1", None, START, {"number": n}) for n in range(5)]
    store.commit_now(lambda connection: [outbox.add(connection, event) for event in events])
    seen = []
    while taken := claim(store):
        seen += numbers(taken)
        for one in taken:
            delivered(store, one)
    assert seen == [0, 1, 2, 3, 4]


def test_a_failed_delivery_comes_back_first(store: Store) -> None:
    subscribe(store)
    happen(store, 1)
    happen(store, 2)
    [taken] = claim(store)
    assert store.commit_now(lambda connection: outbox.failed(connection, taken, due_at=START + 50, error="503"))
    assert claim(store, now=START + 49) == []
    [again] = claim(store, now=START + 51)
    assert (numbers([again]), again.attempts, again.last_error, again.event.id) == ([1], 2, "503", taken.event.id)


def test_a_dead_letter_holds_its_stream_until_it_is_replayed(store: Store) -> None:
    subscribe(store)
    happen(store, 1)
    happen(store, 2)
    [taken] = claim(store)
    assert store.commit_now(lambda connection: outbox.bury(connection, taken, error="410"))
    assert claim(store, now=START + 5000) == []
    [dead] = store.query_now(lambda connection: dead_letter.dead(connection, "acme"))
    assert (dead.number, dead.state, dead.last_error) == (taken.number, "dead", "410")
    assert store.commit_now(lambda connection: dead_letter.replay(connection, "acme", dead.number, now=START + 5000))
    [again] = claim(store, now=START + 5000)
    assert (numbers([again]), again.attempts) == ([1], 1)
    delivered(store, again, START + 5001)
    assert numbers(claim(store, now=START + 5001)) == [2]


def test_a_dead_letter_holds_its_stream_until_it_is_skipped(store: Store) -> None:
    subscribe(store)
    for number in (1, 2, 3):
        happen(store, number)
    [taken] = claim(store)
    store.commit_now(lambda connection: outbox.bury(connection, taken, error="410"))
    skipped = [store.commit_now(lambda connection: dead_letter.skip(connection, "acme", taken.number, now=START + 1))
               for _ in range(2)]
    assert skipped == [True, False]
    assert numbers(claim(store, now=START + 1)) == [2]
    assert store.query_now(lambda connection: dead_letter.dead(connection, "acme")) == []


def test_a_claim_ends_with_its_lease_and_the_late_worker_changes_nothing(store: Store) -> None:
    subscribe(store)
    happen(store)
    [late] = claim(store)
    assert claim(store, now=START + 29) == []
    [held] = claim(store, now=START + 31)
    for change in (
        lambda c: outbox.delivered(c, late, now=START + 32), lambda c: outbox.failed(c, late, due_at=1.0, error="x"),
        lambda c: outbox.bury(c, late, error="x"), lambda c: outbox.renew(c, late, until=9e9),
    ):
        assert store.commit_now(change) is False
    assert store.commit_now(lambda connection: outbox.renew(connection, held, until=START + 900))
    assert claim(store, now=START + 800) == []
    assert delivered(store, held)
    assert store.query_now(lambda connection: deliveries.fetch(connection, "acme", held.number)).state == "delivered"  # type: ignore[union-attr]


def test_of_many_claims_at_once_one_wins(store_url: str) -> None:
    with open_store(store_url) as one, open_store(store_url) as other:
        subscribe(one)
        for number in range(12):
            happen(one, number, resource=f"order-{number % 6}")
        listed = due(one, START + 5)
        with ThreadPoolExecutor(12) as pool:
            by_number = [
                pool.submit(claim, store, listed, now=START + 5, owner=f"{n}")
                for n, store in enumerate([one, other] * 6)
            ]
            by_count = [
                pool.submit(claim, store, 3, now=START + 5, owner=f"any{n}") for n, store in enumerate([one, other] * 6)
            ]
            taken = [delivery.number for future in [*by_number, *by_count] for delivery in future.result()]
    assert len(listed) == 6
    assert sorted(taken) == sorted(number for _tenant, number in listed)


def test_those_who_wait_do_not_hide_those_who_may_leave(store: Store) -> None:
    subscribe(store)
    for number in range(40):
        happen(store, number)
    [head] = claim(store, 5)
    store.commit_now(lambda connection: outbox.bury(connection, head, error="410"))
    happen(store, 99, resource="order-2", at=START + 3)
    assert numbers(claim(store, 5, now=START + 4)) == [99]
    assert due(store, START + 4) == []


def test_a_parked_delivery_is_looked_at_again_even_if_nobody_calls_it(store: Store) -> None:
    """On PostgreSQL the one before may be settled in the moment that this one is made."""
    subscribe(store)
    happen(store, 1)
    [head] = claim(store)
    store.commit_now(lambda connection: dead_letter.skip(connection, "acme", head.number, now=START))
    happen(store, 2)
    assert due(store, START + NEW_PARKED_SECONDS) != []


def test_the_end_of_a_subscription_ends_its_deliveries(store: Store) -> None:
    subscribe(store)
    subscribe(store, "other")
    happen(store)
    taken = claim(store)
    assert store.commit_now(lambda connection: subscription.remove(connection, "acme", "sub", now=START))
    assert store.commit_now(lambda connection: subscription.remove(connection, "acme", "sub", now=START)) is False
    happen(store, 2, resource="order-2")
    assert [one.subscription.id for one in claim(store, now=START + 100)] == ["other", "other"]
    [orphan] = [one for one in taken if one.subscription.id == "sub"]
    assert delivered(store, orphan) is False


def test_a_stranger_reaches_neither_subscriptions_nor_deliveries(store: Store) -> None:
    made = subscribe(store)
    happen(store)
    [taken] = claim(store)
    store.commit_now(lambda connection: outbox.bury(connection, taken, error="410"))
    assert store.query_now(lambda connection: subscription.fetch(connection, "other", made.id)) is None
    assert store.query_now(lambda connection: subscription.all_of(connection, "other")) == []
    assert store.query_now(lambda connection: deliveries.fetch(connection, "other", taken.number)) is None
    assert store.query_now(lambda connection: dead_letter.dead(connection, "other")) == []
    for change in (
        lambda c: subscription.remove(c, "other", made.id, now=START),
        lambda c: dead_letter.replay(c, "other", taken.number, now=START),
        lambda c: dead_letter.skip(c, "other", taken.number, now=START),
    ):
        assert store.commit_now(change) is False
    assert claim(store, [("other", taken.number)], now=START + 900) == []
    assert store.query_now(lambda connection: subscription.all_of(connection, "acme")) == [made]


def test_settled_deliveries_are_purged_and_open_ones_stay(store: Store) -> None:
    subscribe(store)
    for number in range(4):
        happen(store, number, resource=f"order-{number}")
    for one in claim(store)[:3]:
        delivered(store, one, START + 1)

    def purge(before: float) -> int:
        return store.commit_now(lambda connection: dead_letter.purge(connection, before=before))

    assert purge(START + 0.5) == 0
    assert purge(START + 2) == 6  # three deliveries and their events
    assert purge(START + 2) == 0
    assert len(claim(store, now=START + 100)) == 1


def test_the_backlog_of_a_subscriber_is_set_aside_as_a_whole_and_that_of_no_other(store: Store) -> None:
    subscribe(store, "silent")
    subscribe(store, "other")
    for number in range(5):
        happen(store, number, resource=f"order-{number}")
    under_way = [one for one in claim(store, 2) if one.subscription.id == "silent"]
    aside = store.commit_now(
        lambda connection: set_aside(connection, "acme", "silent", now=START, until=START + 5, limit=100))
    assert aside == 5 - len(under_way)
    assert {one.subscription.id for one in claim(store)} <= {"other"}
    assert sum(delivered(store, one) for one in under_way) == len(under_way), "what is under way stays as it is"
    assert len([one for one in claim(store, now=START + 5) if one.subscription.id == "silent"]) == aside
