"""What the pretend network demands, refuses and tells on the way, in this process and over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lso.backends.sandbox.client import SandboxClient
from lso.backends.sandbox.embedded import Sandbox
from lso.lifecycle.ports.back_end import Flexible, Progress, Willing, Wish
from tests.backends.programs import free_port, sandbox_program
from tests.backends.test_sandbox import entries, finished, request_for

LEAD = 0.2


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    opened = Sandbox(tmp_path / "net.sqlite3", lead_seconds=LEAD)
    yield opened
    opened.close()


@pytest.fixture(params=["embedded", "served"])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox | SandboxClient]:
    if request.param == "embedded":
        opened: Any = Sandbox(tmp_path / "net.sqlite3", lead_seconds=LEAD)
        yield opened
        opened.close()
        return
    port = free_port()
    with sandbox_program(tmp_path / "net.sqlite3", port, lead_seconds=LEAD):
        client = SandboxClient(f"http://127.0.0.1:{port}")
        yield client
        client.close()


def looked(network: Sandbox | SandboxClient, *args: Any) -> Progress:
    found = network.look(*args)
    assert found
    return found


def until(look: Callable[[], Progress], fits: Callable[[Progress], object]) -> Progress:
    end = time.monotonic() + 5
    while not fits(found := look()):
        assert time.monotonic() < end, found
        time.sleep(0.01)
    return found


def test_work_that_is_to_be_paid_for_waits_for_the_answer(network: Sandbox | SandboxClient) -> None:
    assert isinstance(network, Flexible)
    wanted = request_for("CHARGE-OPTION-Vienna")
    asked = network.submit(wanted)
    assert asked.charge
    assert asked.state == "working"
    assert [item["blocking"] for item in asked.charge.items] == [True, False]
    time.sleep(2 * LEAD)
    assert looked(network, wanted) == asked == network.submit(wanted)
    for _ in range(2):
        network.charge_answered(wanted, asked.charge.key, {"1": "accepted", "2": "declined"})
    assert looked(network, wanted).charge is None
    assert finished(network, wanted).state == "done"  # type: ignore[arg-type]


def test_work_ends_when_a_charge_that_blocks_is_declined(sandbox: Sandbox) -> None:
    wanted = request_for("CHARGE-Vienna")
    asked = sandbox.submit(wanted).charge
    assert asked
    sandbox.charge_answered(wanted, asked.key, {"1": "declined"})
    sandbox.charge_answered(wanted, asked.key, {"1": "accepted"})
    assert looked(sandbox, wanted) == Progress("refused", "The charge for the work was declined.")
    assert entries(sandbox) == ["submitted", "accepted", "charged", "unpaid"]


def test_cancelling_stops_what_is_under_way_once(network: Sandbox | SandboxClient) -> None:
    wanted = request_for("CANCEL-CHARGE-Vienna")
    network.submit(wanted)
    willing = network.would_cancel(wanted)
    assert willing.charge
    assert [item["category"] for item in willing.charge.items] == ["cancellation"]
    for _ in range(2):
        network.cancel(wanted)
    time.sleep(1.5 * LEAD)
    assert looked(network, wanted) == Progress("refused", "The request was cancelled.")
    assert network.submit(wanted).state == "refused"


def test_what_is_cancelled_leaves_the_service_as_it_was(sandbox: Sandbox) -> None:
    first = finished(sandbox, request_for())
    changing = request_for("Other", external_id="order-2.1", action="modify", service_id=first.service_id)
    finished(sandbox, changing)
    assert sandbox.would_cancel(changing).reason
    sandbox.cancel(changing)
    ceasing = request_for(external_id="order-3.1", action="delete", service_id=first.service_id)
    finished(sandbox, ceasing)
    sandbox.cancel(ceasing)
    assert entries(sandbox, "order-2.1")[-2:] == ["changed", "cancelled"]
    assert sandbox.feasible(replace(changing, external_id="order-4.1")) is None
    sandbox.cancel(request_for())
    only = Sandbox(":memory:", lead_seconds=0.0, only_listed=True)
    assert only.feasible(changing) == "The service to change does not exist in the network."
    only.close()


def test_what_was_cancelled_before_it_came_is_not_begun(network: Sandbox | SandboxClient) -> None:
    wanted = request_for()
    assert network.would_cancel(wanted) == Willing()
    network.cancel(wanted)
    assert network.submit(wanted) == Progress("refused", "The request was cancelled.")


def test_some_work_is_not_stopped_and_takes_no_other_date(sandbox: Sandbox) -> None:
    assert sandbox.would_cancel(request_for("CANCEL-REFUSED-Vienna")).reason
    assert sandbox.would_reschedule(request_for("RESCHEDULE-REFUSED-Vienna"), Wish("1", expedite=True)).reason
    configured = request_for(configuration={"label": "SANDBOX-CANCEL-REFUSED"})
    assert sandbox.would_cancel(configured).reason
    assert sandbox.would_cancel(request_for("Vienna-CANCEL-REFUSED")) == Willing()


def test_work_is_done_sooner_for_a_price(network: Sandbox | SandboxClient) -> None:
    wanted, wish = request_for("DELAY-30-EXPEDITE-CHARGE-Vienna"), Wish("date-1", expedite=True)
    network.submit(wanted)
    willing = network.would_reschedule(wanted, wish)
    assert willing.charge
    assert network.would_reschedule(wanted, Wish("date-2", "2030-01-01T00:00:00Z")) == Willing()
    first = network.reschedule(wanted, wish)
    assert first == network.reschedule(wanted, wish)
    left = looked(network, wanted)
    assert left.expected_completion_at == first
    assert left.look_again_seconds
    assert left.look_again_seconds < 16


def test_another_date_is_promised(sandbox: Sandbox) -> None:
    wanted = request_for("DELAY-30-Vienna")
    sandbox.submit(wanted)
    assert sandbox.reschedule(wanted, Wish("date-1", "2030-01-01T00:00:00Z")) == "2030-01-01T00:00:00Z"
    assert entries(sandbox)[-1] == "moved"
    later = request_for(external_id="never asked")
    assert sandbox.reschedule(later, Wish("date-2", "2030-01-01T00:00:00Z")) == "2030-01-01T00:00:00Z"


def test_milestones_are_told_as_they_are_reached(network: Sandbox | SandboxClient) -> None:
    wanted = request_for("MILESTONES-Vienna")
    assert network.submit(wanted).milestones == ()
    some = until(lambda: looked(network, wanted), lambda found: found.milestones)
    assert some.milestones[0].name == "SITE_PREPARED"
    done = finished(network, wanted)  # type: ignore[arg-type]
    assert [one.name for one in done.milestones] == ["SITE_PREPARED", "EQUIPMENT_INSTALLED", "SERVICE_TESTED"]
    assert done.milestones[0] == some.milestones[0]


def test_work_that_takes_longer_says_so_half_way(sandbox: Sandbox) -> None:
    wanted = request_for("LATE-0.3-Vienna")
    assert sandbox.submit(wanted).expected_completion_at is None
    late = until(lambda: looked(sandbox, wanted), lambda found: found.expected_completion_at)
    assert late.state == "working"
    assert late.expected_reason == "The work takes longer than was planned."
    assert finished(sandbox, wanted).state == "done"
