"""What every exchange has: a bound, a limit, and a record that tells no secrets."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from lso.backends.exchange import Exchange
from lso.backends.metrics import REGISTRY
from lso.backends.redaction import KEPT_MOST, redacted
from lso.backends.wire import Limits, Message, Wire
from lso.errors import UpstreamError
from lso.store import activity
from lso.store.activity import Activity
from lso.store.engine import Store, open_store
from lso.workflow.activity import ActivityLog
from tests.backends.misbehaving import Answer, Misbehaving

QUICK = Limits(connect_seconds=1.0, timeout_seconds=0.5)


def exchange(order_id: str = "o-1", **more: object) -> Exchange:
    return replace(Exchange("legacy", "acme", order_id, "1", time.time(), 0.01, "POST http://x/", "<a/>", 200, "<b/>",
                            "answered"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("body", "kept"), [
    ('{"client_secret": "x\\"y", "bandwidth": "1 Gbps"}', '{"client_secret": "***", "bandwidth": "1 Gbps"}'),
    ('{"contact": {"name": "Ada", "emailAddress": "ada@example.org", "number": "+1 555"}}',
     '{"contact": {"name": "***", "emailAddress": "***", "number": "***"}}'),
    ("<Header><TechContactName>Ada</TechContactName><Phone kind='x'>1</Phone><Site>4</Site></Header>",
     "<Header><TechContactName>***</TechContactName><Phone kind='x'>***</Phone><Site>4</Site></Header>"),
    ("grant_type=client_credentials&client_secret=abc", "grant_type=client_credentials&client_secret=***"),
    ("Authorization was Bearer abc.def", "Authorization was Bearer ***"),
    (b"\xff\x00 write to ada@example.org", "\ufffd\ufffd write to ***"),
])
def test_secrets_and_people_are_masked_wherever_they_stand(body: str | bytes, kept: str) -> None:
    assert redacted(body) == kept


def test_a_secret_that_is_cut_through_is_masked_all_the_same() -> None:
    kept = redacted('{"a": "' + "x" * (4 * KEPT_MOST - 40) + '", "access_token": "abcdefghijklmnopqrstuvwxyz01234567"}')
    assert len(kept) < KEPT_MOST + 40
    assert "abc" not in redacted('{"access_token": "abcdef', most=100)


def test_no_more_exchanges_run_at_once_than_are_allowed() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def count(_seen: object) -> Answer:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return Answer(200)

    with Misbehaving(always=count) as server:
        wire = Wire("limited", replace(QUICK, concurrency=2))
        threads = [threading.Thread(target=wire.send, args=(Message("GET", server.url),)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wire.close()
    assert most == 2
    assert REGISTRY.get_sample_value("lso_backend_exchanges_total", {"backend": "limited", "outcome": "2xx"}) == 6


def test_who_finds_no_room_in_time_is_told_so() -> None:
    with Misbehaving(always=lambda _seen: Answer(200, after_seconds=0.6)) as server:
        wire, said = Wire("narrow", replace(QUICK, concurrency=1, timeout_seconds=0.3)), list[str]()

        def ask() -> None:
            with pytest.raises(UpstreamError) as failed:
                wire.send(Message("GET", server.url))
            said.append(failed.value.reason)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wire.close()
    assert sorted(set(said)) == ["narrow did not answer in time", "narrow is busy with other requests of ours"]


def test_what_is_recorded_is_found_by_its_order_and_purged_in_time(store_url: str) -> None:
    with open_store(store_url) as store:
        log = ActivityLog(store)
        log.start()
        lost = exchange(status=None, response=None, outcome="timed out")
        for one in (exchange(), exchange("o-2"), lost, exchange("")):
            log.record(one)
        log.stop()
        found = _of(store, "o-1")
        assert [(one.status, one.outcome) for one in found] == [(200, "answered"), (None, "timed out")]
        assert store.query_now(lambda c: activity.of_order(c, "somebody else", "o-1")) == []
        assert store.commit_now(lambda c: activity.purge(c, before=time.time() + 1)) == 3
        assert _of(store, "o-1") == []


def test_a_database_that_is_away_costs_lines_and_nothing_else(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    store.close()
    log = ActivityLog(store)
    log.start()
    log.record(exchange())
    log.stop()


def _of(store: Store, order_id: str) -> list[Activity]:
    return store.query_now(lambda connection: activity.of_order(connection, "acme", order_id))
