"""Jobs: claimed by lease, kept by renewal, tried again, buried, handed on; and told about in few messages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lso.errors import UpstreamError
from lso.settings import Settings
from lso.store import job
from lso.store.engine import Store
from lso.store.job import Job
from lso.workflow.app import RUN, create_app
from lso.workflow.job import Handler, Overtaken, Runner, again, finished, retry_delay
from lso.workflow.sweeper import Sweeper
from lso.workflow.wake import Relay
from tests.workflow.scene import TENANT, eventually, hurried

Told = list[list[str]]


@contextmanager
def relay_of(told: Told) -> Iterator[Relay]:
    """A relay whose messages a consumer of the memory broker writes down."""
    app = create_app("memory://localhost")
    stop = threading.Event()

    def consume() -> None:
        with app.connection_for_read() as connection, connection.SimpleQueue(app.conf.task_default_queue) as queue:
            while not stop.is_set():
                try:
                    message = queue.get(timeout=0.05)
                except queue.Empty:
                    continue
                told.append(message.payload[0][0] if message.headers["task"] == RUN else [message.headers["task"]])
                message.ack()

    consumer = threading.Thread(target=consume)
    consumer.start()
    relay = Relay(app)
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()
        stop.set()
        consumer.join()
        app.close()


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def runners(store: Store, told: Told) -> Iterator[Callable[..., Runner]]:
    started: list[Runner] = []
    with relay_of(told) as relay:

        def make(handler: Handler, owner: str = "one", **more: Any) -> Runner:
            runner = Runner(store, relay, {"test": handler}, hurried(**more), owner=owner)
            runner.start()
            started.append(runner)
            return runner

        yield make
        for runner in started:
            runner.stop()


def add(store: Store, subject: str = "s", due_in: float = 0.0) -> str:
    return store.commit_now(
        lambda connection: job.add(connection, TENANT, "test", subject, due_at=time.time() + due_in, grace=0.0))


def found(store: Store, job_id: str) -> Job:
    kept = store.query_now(lambda connection: job.fetch(connection, TENANT, job_id))
    assert kept
    return kept


def finishing(store: Store, ran: list[str]) -> Handler:
    def handler(one: Job) -> None:
        ran.append(one.subject)
        store.commit_now(lambda connection: finished(connection, one, now=time.time()))

    return handler


def test_a_job_is_run_once_by_whoever_claims_it(store: Store, runners: Callable[..., Runner]) -> None:
    ran: list[str] = []
    one, other = runners(finishing(store, ran)), runners(finishing(store, ran), "two")
    job_id = add(store)
    threads = [threading.Thread(target=runner.run, args=([job_id],)) for runner in (one, other) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ran == ["s"]
    assert found(store, job_id).state == "done"


def test_a_job_whose_time_has_not_come_is_left_alone(store: Store, runners: Callable[..., Runner]) -> None:
    ran: list[str] = []
    job_id = add(store, due_in=60)
    runners(finishing(store, ran)).run([job_id])
    assert (ran, found(store, job_id).attempts) == ([], 0)


def test_a_long_job_keeps_its_lease_and_a_dead_one_loses_it(store: Store, runners: Callable[..., Runner]) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(one: Job) -> None:
        begun.set()
        go_on.wait(10)
        store.commit_now(lambda connection: finished(connection, one, now=time.time()))

    ran: list[str] = []
    job_id = add(store)
    runner = runners(slow, lease_seconds=0.4)
    at_work = threading.Thread(target=runner.run, args=([job_id],))
    at_work.start()
    begun.wait(5)
    time.sleep(0.8)
    runners(finishing(store, ran), "two").run([job_id])
    assert ran == []
    runner.stop()  # nobody renews any more, as if the process were gone
    time.sleep(0.6)
    runners(finishing(store, ran), "two").run([job_id])
    assert ran == ["s"]
    go_on.set()
    at_work.join()
    assert found(store, job_id).state == "done"


def test_a_failed_job_is_tried_again_with_growing_delays_and_then_buried(
        store: Store, runners: Callable[..., Runner], told: Told) -> None:
    def failing(_one: Job) -> None:
        raise UpstreamError("They said no.", their_words="no")

    job_id = add(store)
    runner = runners(failing, attempts_most=3)
    for attempt in (1, 2):
        runner.run([job_id])
        kept = found(store, job_id)
        assert (kept.state, kept.attempts, kept.last_error) == ("ready", attempt, "They said no. (no)")
        eventually(lambda: told.count([job_id]), lambda count: count == attempt)  # noqa: B023
    runner.run([job_id])
    assert (found(store, job_id).state, found(store, job_id).attempts) == ("dead", 3)
    runner.run([job_id])
    assert found(store, job_id).attempts == 3


def test_delays_double_up_to_a_bound_and_are_never_quite_the_same() -> None:
    settings = Settings(backoff_seconds=1.0, backoff_most_seconds=10.0)
    assert all(0.5 <= retry_delay(settings, 1) <= 1.0 for _ in range(100))
    assert all(2.0 <= retry_delay(settings, 3) <= 4.0 for _ in range(100))
    assert all(5.0 <= retry_delay(settings, 5000) <= 10.0 for _ in range(100))
    assert len({retry_delay(settings, 1) for _ in range(100)}) > 90


def test_an_error_of_a_library_is_kept_by_name_and_place_only(store: Store, runners: Callable[..., Runner]) -> None:
    def failing(_one: Job) -> None:
        raise ValueError("john@example.com")

    job_id = add(store)
    runners(failing).run([job_id])
    words = found(store, job_id).last_error or ""
    assert words.startswith("ValueError at ")
    assert "john" not in words


def test_a_job_that_was_overtaken_looks_again_and_it_does_not_count(
        store: Store, runners: Callable[..., Runner], told: Told) -> None:
    def overtaken(_one: Job) -> None:
        raise Overtaken

    job_id = add(store)
    runners(overtaken).run([job_id])
    assert (found(store, job_id).state, found(store, job_id).attempts) == ("ready", 0)
    eventually(lambda: told, lambda ids: [job_id] in ids)


def test_a_job_that_got_on_starts_counting_anew(store: Store, runners: Callable[..., Runner]) -> None:
    def going_on(one: Job) -> float:
        due_at = time.time() + 60
        store.commit_now(lambda connection: again(connection, one, due_at=due_at, grace=0.0))
        return due_at

    job_id = add(store)
    runners(going_on).run([job_id])
    kept = found(store, job_id)
    assert (kept.state, kept.attempts, kept.lease_owner) == ("ready", 0, None)


def test_those_behind_a_slow_job_are_handed_on(store: Store, runners: Callable[..., Runner], told: Told) -> None:
    ran: list[str] = []

    def slow(one: Job) -> None:
        time.sleep(1.1)
        finishing(store, ran)(one)

    ids = [add(store, subject) for subject in "abc"]
    runners(slow).run(ids)
    assert ran == ["a"]
    eventually(lambda: told, lambda messages: ids[1:] in messages)
    assert [found(store, name).attempts for name in ids[1:]] == [0, 0]


def test_many_jobs_make_few_messages(told: Told) -> None:
    with relay_of(told) as relay:
        for number in range(100):
            relay.wake([f"job-{number}"])
            relay.wake([f"job-{number}"])
        eventually(lambda: [name for ids in told for name in ids], lambda names: len(names) == 100)
    assert len(told) <= 10


def test_a_broker_that_is_away_is_no_reason_to_wait_or_fail() -> None:
    relay = Relay(create_app("redis://127.0.0.1:1/0"))
    relay.start()
    relay.wake(["job"])
    relay.stop()


def test_a_job_is_woken_when_its_time_has_come(told: Told) -> None:
    with relay_of(told) as relay:
        begun = time.time()
        relay.wake_at("later", begun + 0.3)
        relay.wake_at("sooner", begun + 0.1)
        eventually(lambda: told, lambda messages: len(messages) == 2)
    assert told == [["sooner"], ["later"]]
    assert time.time() - begun >= 0.3


def test_the_sweeper_finds_what_nobody_was_told_about_and_says_it_once(store: Store, told: Told) -> None:
    looked: list[int] = []
    job_id = add(store)
    later = add(store, "later", due_in=60)
    with relay_of(told) as relay:
        sweeper = Sweeper(store, relay, hurried(), owner="one", deliveries=lambda: looked.append(1))
        assert (sweeper.sweep(), sweeper.sweep()) == (1, 0)
        eventually(lambda: told, lambda messages: messages == [[job_id]])
    assert looked == [1, 1]
    assert later not in told


def test_of_several_beats_one_sweeps(store: Store, told: Told) -> None:
    with relay_of(told) as relay:
        one, other = (Sweeper(store, relay, hurried(), owner=owner, deliveries=list) for owner in ("one", "two"))
        add(store)
        assert one.sweep_alone() == 1
        add(store, "another")
        assert (other.sweep_alone(), one.sweep_alone()) == (0, 1)
