"""A back end that stays away while an order waits for its word: what is only asked about is refused in the end, what is
settled is told to it as soon as it is back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from lso.backends.router import Router
from lso.backends.sandbox.embedded import Sandbox
from lso.cli.jobs import jobs as commands
from lso.dialects.book import book
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import ServiceRequest, Willing, Wish
from lso.settings import settings
from lso.store import job as jobs
from lso.store.engine import Store
from lso.workflow.embedded import Embedded
from tests.workflow.scene import (
    TENANT,
    answer_charge,
    ask,
    begun,
    charge_of,
    document_of,
    ended,
    eventually,
    hurried,
    item,
    over,
    place,
    signed,
    states,
)

ATTEMPTS = 3
AWAY = "The network cannot be reached."


class Away(Sandbox):
    """The sandbox network, which cannot be reached for some of what is asked of it."""

    deaf: frozenset[str] = frozenset()

    def _heard(self, what: str) -> None:
        if what in self.deaf:
            raise UpstreamError(AWAY)

    def would_cancel(self, request: ServiceRequest) -> Willing:
        self._heard("would_cancel")
        return super().would_cancel(request)

    def cancel(self, request: ServiceRequest) -> None:
        self._heard("cancel")
        super().cancel(request)

    def would_reschedule(self, request: ServiceRequest, wish: Wish) -> Willing:
        self._heard("would_reschedule")
        return super().would_reschedule(request, wish)

    def charge_answered(self, request: ServiceRequest, key: str, verdicts: Mapping[str, str]) -> None:
        self._heard("charge_answered")
        super().charge_answered(request, key, verdicts)


@contextmanager
def working(store: Store, folder: Path, *deaf: str) -> Iterator[Away]:
    """A worker that soon loses patience, and the network."""
    network = Away(folder / "sandbox.sqlite3", lead_seconds=0.05)
    network.deaf = frozenset(deaf)
    embedded = Embedded(store, book(), Router({"sandbox": network}), hurried(attempts_most=ATTEMPTS), sign=signed)
    embedded.start()
    try:
        yield network
    finally:
        embedded.stop()
        network.close()


def still_tried(store: Store) -> list[jobs.Job]:
    return store.query_now(lambda connection: jobs.failing(connection, TENANT, attempts_least=ATTEMPTS))


def buried(store: Store) -> list[jobs.Job]:
    return store.query_now(lambda connection: jobs.dead(connection, TENANT))


def test_a_cancellation_about_which_nobody_can_be_asked_is_denied_and_the_order_goes_on(
        store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path, "would_cancel"):
        order_id = begun(store, item("1", "DELAY-1-Vienna"))
        ask(store, "cancellation", order_id)
        task = over(store, order_id, "cancellation")
        order = ended(store, order_id)
    assert (task["state"], task["denied_reason"]) == ("rejected", "Those who do the work could not be asked.")
    assert states(order) == ["acknowledged", "in_progress", "assessing_cancellation", "in_progress", "completed"]
    assert (buried(store), still_tried(store)) == ([], [])


def test_a_change_of_date_about_which_nobody_can_be_asked_is_denied_and_the_order_goes_on(
        local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path, "would_reschedule"):
        order_id = begun(local_store, item("1", "DELAY-1-Vienna"))
        ask(local_store, "delivery_date", order_id, item_id="1", requested_completion_at="2090-01-01T00:00:00Z")
        assert over(local_store, order_id, "delivery_date")["state"] == "rejected"
        order = ended(local_store, order_id)
    assert states(order) == ["acknowledged", "in_progress", "assessing_modification", "in_progress", "completed"]
    assert [note["text"] for note in order["items"][0]["notes"]] == [
        "The date stays as it was. Those who do the work could not be asked."]
    assert buried(local_store) == []


def test_a_cancellation_that_is_granted_is_told_to_the_back_end_however_long_it_stays_away(
        store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path, "cancel") as network:
        order_id = begun(store, item("1", "DELAY-60-Vienna"))
        ask(store, "cancellation", order_id)
        waiting, = eventually(lambda: still_tried(store), lambda found: found and found[0].attempts > ATTEMPTS + 1)
        assert (waiting.kind, waiting.last_error) == ("cancellation", AWAY)
        assert document_of(store, order_id)["state"] == "cancelling"
        network.deaf = frozenset()
        assert ended(store, order_id)["state"] == "cancelled"
        entries = [entry.entry for entry in network.ledger()]
    assert entries.count("cancelled") == 1
    assert (buried(store), still_tried(store)) == ([], [])


def test_the_answer_to_a_charge_is_told_to_the_back_end_however_long_it_stays_away(
        local_store: Store, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LSO_ATTEMPTS_MOST", str(ATTEMPTS))
    settings.cache_clear()
    with working(local_store, tmp_path, "charge_answered") as network:
        order_id = place(local_store, item("1", "CHARGE-Vienna"))
        charge = charge_of(local_store, order_id)
        answer_charge(local_store, charge, "accepted")
        eventually(lambda: still_tried(local_store), len)
        assert document_of(local_store, order_id)["state"] == "assessing_charge"
        told = CliRunner().invoke(commands, ["list"]).output.split("\t")
        assert (told[0], told[2:]) == (f"{TENANT}/charge/{charge['id']}", ["still tried", f"{AWAY}\n"])
        network.deaf = frozenset()
        assert ended(local_store, order_id)["state"] == "completed"
    assert CliRunner().invoke(commands, ["list"]).output == ""
    settings.cache_clear()
