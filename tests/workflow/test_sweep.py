"""A sweep tells of what is forgotten, and adds nothing to a queue that nobody gets through."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from lso.settings import Settings
from lso.store import job
from lso.store.engine import Store
from lso.workflow.app import create_app
from lso.workflow.sweeper import BUSY_SECONDS, JOBS_MOST, Sweeper
from lso.workflow.wake import MESSAGE_IDS, UNREAD_FULL, UNREAD_MOST, Relay


@pytest.fixture
def relay() -> Iterator[Relay]:
    made = Relay(create_app("memory://localhost"))
    made.start()
    yield made
    made.stop()


def sweeper(store: Store, relay: Relay) -> Sweeper:
    return Sweeper(store, relay, Settings(), owner="test", deliveries=lambda: None)


def forget(store: Store, count: int, *, seconds_ago: float) -> None:
    due_at = time.time() - seconds_ago
    store.commit_now(lambda connection: [
        job.add(connection, "carrier", "order", f"{seconds_ago}-{number}", due_at=due_at) for number in range(count)])


def unread(relay: Relay, at_least: int) -> int:
    until = time.monotonic() + 5.0
    while (found := relay.unread()) < at_least and time.monotonic() < until:
        time.sleep(0.02)
    return found


def test_what_is_forgotten_is_told_once(local_store: Store, relay: Relay) -> None:
    forget(local_store, 2 * MESSAGE_IDS, seconds_ago=10.0)
    assert sweeper(local_store, relay).sweep() == 2 * MESSAGE_IDS
    assert unread(relay, 2) == 2
    assert sweeper(local_store, relay).sweep() == 0


def test_a_long_queue_is_made_no_longer_but_for_what_has_waited_very_long(local_store: Store, relay: Relay) -> None:
    messages = UNREAD_MOST + 1
    assert messages * MESSAGE_IDS > JOBS_MOST
    relay.wake([f"carrier/order/{number}" for number in range(messages * MESSAGE_IDS)])
    assert unread(relay, messages) == messages
    forget(local_store, 5, seconds_ago=10.0)
    assert sweeper(local_store, relay).sweep() == 0
    forget(local_store, 3, seconds_ago=BUSY_SECONDS + 10.0)
    assert sweeper(local_store, relay).sweep() == 3


def test_into_a_long_queue_single_jobs_go_in_few_messages(relay: Relay) -> None:
    messages = UNREAD_MOST + 1
    relay.wake([f"carrier/order/{number}" for number in range(messages * MESSAGE_IDS)])
    assert unread(relay, messages) == messages
    time.sleep(0.6)  # by when the relay looks again
    for number in range(3 * MESSAGE_IDS):
        relay.wake([f"carrier/order/late-{number}"])
        time.sleep(0.02)
    assert messages + 3 <= unread(relay, messages + 3) <= messages + 8


def test_a_backlog_waits_in_the_store_and_only_its_beginning_in_a_queue(local_store: Store, relay: Relay) -> None:
    messages = UNREAD_FULL + 1
    relay.wake([f"carrier/order/{number}" for number in range(messages * MESSAGE_IDS)])
    assert unread(relay, messages) == messages
    time.sleep(0.6)  # by when the relay looks again
    relay.wake([f"carrier/order/late-{number}" for number in range(5 * MESSAGE_IDS)])
    forget(local_store, 5, seconds_ago=BUSY_SECONDS + 10.0)
    assert sweeper(local_store, relay).sweep() == 0
    time.sleep(1.0)
    assert relay.unread() == messages


def test_what_is_told_again_or_becomes_due_is_no_rush(relay: Relay) -> None:
    ids = [f"carrier/order/{number}" for number in range(3 * MESSAGE_IDS)]
    relay.wake_again(ids)
    due = time.time() + 0.3  # all of them told before it, however slowly
    for id in ids:
        relay.wake_at(id, due)
    assert unread(relay, 6) == 6
    assert relay.per_second == 0
    relay.wake(ids)
    assert unread(relay, 9) == 9
    assert relay.per_second == len(ids)
