"""What an operator does about dead letters: `lso events` and `lso jobs`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from lso.cli.events import events
from lso.cli.jobs import jobs
from lso.settings import settings
from lso.store.engine import Store
from tests.workflow.scene import Listener, ended, eventually, hurried, item, place, subscribe, working

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Run]:
    monkeypatch.setenv("LSO_DATABASE_URL", sqlite_url)
    settings.cache_clear()

    def command(group: str, *arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke({"events": events, "jobs": jobs}[group], arguments)
        assert result.exit_code == code, result.output
        return result.output

    yield command
    settings.cache_clear()


def test_dead_letters_are_listed_replayed_and_skipped(
        local_store: Store, tmp_path: Path, listener: Listener, run: Run) -> None:
    subscription = subscribe(local_store, listener.url, kinds=("order_state",))
    listener.answers = [500, 500, 500, 500]
    with working(local_store, tmp_path, hurried(attempts_most=1)):
        first, second = (place(local_store, item("1")) for _ in range(2))
        ended(local_store, first)
        ended(local_store, second)
        lines = eventually(lambda: run("events", "list").splitlines(), lambda found: len(found) == 2)
        assert {line.split("\t")[3] for line in lines} == {first, second}
        assert all("The callback answered 500." in line for line in lines)
        assert run("events", "replay", "--subscription", subscription) == "2 replayed\n"
        eventually(lambda: len(listener.received), lambda count: count == 4)
        lines = eventually(lambda: run("events", "list").splitlines(), lambda found: len(found) == 2)
        number, event_id = lines[0].split("\t")[0], lines[1].split("\t")[4]
        assert run("events", "skip", number) == "1 skipped\n"
        assert run("events", "replay", event_id) == "1 replayed\n"
        eventually(lambda: len(listener.received), lambda count: count == 7)
    assert run("events", "list") == ""
    assert "no such dead letter" in run("events", "skip", number, code=1)
    assert "give either" in run("events", "replay", code=2)


def test_jobs_that_were_given_up_are_listed_and_revived(local_store: Store, tmp_path: Path, run: Run) -> None:
    with working(local_store, tmp_path, hurried(attempts_most=1)):
        order_id = place(local_store, item("1", "OUTAGE-1-Vienna"))
        listed = eventually(lambda: run("jobs", "list"), lambda output: f"{order_id}\t" in output)
        line = next(line for line in listed.splitlines() if f"{order_id}\t" in line)
        assert "revived" in run("jobs", "revive", line.split("\t")[0])
        assert ended(local_store, order_id)["state"] == "completed"
    assert run("jobs", "list") == ""
    assert "no such job" in run("jobs", "revive", line.split("\t")[0], code=1)
