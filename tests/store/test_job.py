"""A job is done by one worker at a time, comes back when it is forgotten, and is never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from lso.store import job
from lso.store.engine import Store, open_store
from lso.store.job import Job


def add(store: Store, subject: str = "one", *, tenant: str = "acme", due_at: float = 100.0) -> str:
    return store.commit_now(
        lambda connection: job.add(connection, tenant, "order", subject, due_at=due_at, payload={"n": 1})
    )


def claim(store: Store, wanted: list[str] | int, *, owner: str = "worker", now: float = 101.0) -> list[Job]:
    return store.commit_now(lambda connection: job.claim(connection, wanted, owner=owner, lease_seconds=30, now=now))


def fetch(store: Store, id: str, tenant: str = "acme") -> Job | None:
    return store.query_now(lambda connection: job.fetch(connection, tenant, id))


def test_a_claimed_job_is_not_claimed_again_until_its_lease_ends(store: Store) -> None:
    id = add(store)
    [first] = claim(store, [id])
    assert (first.payload, first.attempts, first.lease_owner, first.lease_until) == ({"n": 1}, 1, "worker", 131.0)
    assert claim(store, [id], now=130.0) == []
    [second] = claim(store, [id], owner="other", now=132.0)
    assert (second.attempts, second.lease_owner) == (2, "other")


def test_of_many_claims_at_once_one_wins(store_url: str) -> None:
    with open_store(store_url) as one, open_store(store_url) as other:
        ids = [add(one, str(number)) for number in range(10)]
        with ThreadPoolExecutor(16) as pool:
            by_id = [pool.submit(claim, store, ids, owner=f"{n}") for n, store in enumerate([one, other] * 8)]
            by_count = [pool.submit(claim, store, 3, owner=f"any{n}") for n, store in enumerate([one, other] * 8)]
            claimed = [taken.id for future in [*by_id, *by_count] for taken in future.result()]
    assert sorted(claimed) == sorted(ids)


def test_a_job_is_not_claimed_before_it_is_due(store: Store) -> None:
    id = add(store, due_at=200.0)
    assert claim(store, [id], now=199.0) == claim(store, 5, now=199.0) == []
    assert len(claim(store, 5, now=200.0)) == 1


def test_a_worker_that_lost_its_lease_changes_nothing(store: Store) -> None:
    id = add(store)
    [lost] = claim(store, [id])
    [held] = claim(store, [id], now=200.0)  # by the same worker, later
    for change in (
        lambda c: job.renew(c, lost, until=500.0), lambda c: job.finish(c, lost, now=201.0),
        lambda c: job.reschedule(c, lost, due_at=1.0), lambda c: job.bury(c, lost, error="x"),
    ):
        assert store.commit_now(change) is False
    assert fetch(store, id) == held
    assert store.commit_now(lambda connection: job.finish(connection, held, now=201.0))


def test_a_renewed_lease_lasts(store: Store) -> None:
    id = add(store)
    [held] = claim(store, [id])
    assert store.commit_now(lambda connection: job.renew(connection, held, until=500.0))
    assert claim(store, [id], now=400.0) == []


def test_a_finished_job_is_done_until_it_is_asked_for_again(store: Store) -> None:
    id = add(store)
    [held] = claim(store, [id])
    assert store.commit_now(lambda connection: job.finish(connection, held, now=102.0))
    assert claim(store, [id], now=900.0) == claim(store, 5, now=900.0) == []
    assert add(store, due_at=1000.0) == id
    [again] = claim(store, [id], now=1001.0)
    assert again.attempts == 1


def test_a_job_asked_for_while_it_runs_runs_once_more(store: Store) -> None:
    for subject, let_go in (
        ("a", lambda c, held: job.finish(c, held, now=102.0)),
        ("b", lambda c, held: job.reschedule(c, held, due_at=9000.0)),
    ):
        id = add(store, subject)
        [held] = claim(store, [id])
        add(store, subject, due_at=102.0)
        assert claim(store, [id], now=103.0) == []
        assert store.commit_now(lambda connection, let_go=let_go, held=held: let_go(connection, held))
        assert len(claim(store, [id], now=104.0)) == 1


def test_asking_twice_makes_one_job_due_at_the_earlier_time(store: Store) -> None:
    add(store, due_at=300.0)
    add(store, due_at=200.0)
    add(store, due_at=400.0)
    assert [one.due_at for one in claim(store, 5, now=250.0)] == [200.0]


def test_a_rescheduled_job_comes_back_with_its_attempts_or_none(store: Store) -> None:
    id = add(store)
    [held] = claim(store, [id])
    store.commit_now(lambda connection: job.reschedule(connection, held, due_at=200.0, error="no answer"))
    assert claim(store, [id], now=199.0) == []
    [held] = claim(store, [id], now=201.0)
    assert (held.attempts, held.last_error) == (2, "no answer")
    store.commit_now(lambda connection: job.reschedule(connection, held, due_at=202.0, attempts=0))
    [held] = claim(store, [id], now=203.0)
    assert (held.attempts, held.last_error) == (1, None)


def test_a_buried_job_is_seen_and_can_be_revived(store: Store) -> None:
    id = add(store)
    [held] = claim(store, [id])
    assert store.commit_now(lambda connection: job.bury(connection, held, error="gone"))
    assert claim(store, [id], now=9000.0) == []
    [dead] = store.query_now(lambda connection: job.dead(connection, "acme"))
    assert (dead.id, dead.state, dead.last_error) == (id, "dead", "gone")
    assert store.commit_now(lambda connection: job.revive(connection, "acme", id, now=300.0))
    assert [one.attempts for one in claim(store, [id], now=301.0)] == [1]
    assert store.query_now(lambda connection: job.dead(connection, "acme")) == []


def test_the_sweeper_finds_what_nobody_was_told_about(store: Store) -> None:
    def forgotten(now: float) -> list[str]:
        return store.query_now(lambda connection: job.forgotten(connection, now, 10))

    first, second, later = add(store, "1", due_at=100.0), add(store, "2", due_at=100.5), add(store, "3", due_at=900.0)
    assert forgotten(100.6) == []  # whoever was told gets a moment
    assert forgotten(110.0) == [first, second]
    store.commit_now(lambda connection: job.tell(connection, [first], until=120.0))
    assert forgotten(111.0) == [second]
    claim(store, [second], now=112.0)
    assert forgotten(121.0) == [first]
    assert forgotten(143.0) == [first, second]  # the lease of the second has ended
    assert forgotten(1000.0) == [first, second, later]


def test_a_foreign_job_is_out_of_reach(store: Store) -> None:
    id = add(store)
    [held] = claim(store, [id])
    store.commit_now(lambda connection: job.bury(connection, held, error="gone"))
    assert fetch(store, id, "other") is None
    assert store.query_now(lambda connection: job.dead(connection, "other")) == []
    assert store.commit_now(lambda connection: job.revive(connection, "other", id, now=1.0)) is False
    assert add(store, tenant="other") != id


def test_done_jobs_are_purged_a_few_at_a_time(store: Store) -> None:
    for number in range(10):
        add(store, str(number))
    for held in claim(store, 9):
        store.commit_now(lambda connection, held=held: job.finish(connection, held, now=102.0))
    assert [store.commit_now(lambda c: job.purge(c, before=103.0, limit=5)) for _ in range(3)] == [5, 4, 0]
    assert len(claim(store, 10)) == 1
