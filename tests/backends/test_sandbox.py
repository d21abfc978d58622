"""The pretend network: idempotent, remembered, and as unreliable as it is asked to be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from lso.backends.sandbox.client import SandboxClient
from lso.backends.sandbox.embedded import Sandbox
from lso.backends.sandbox.rules import Place
from lso.errors import Conflict, UpstreamError
from lso.lifecycle.ports.back_end import Progress, ServiceRequest
from tests.backends.programs import free_port, sandbox_program

Open = Callable[..., Sandbox]
UNI = "urn:mef:lso:spec:cantata-sonata:carrier-ethernet-subscriber-uni:v1.0.0:all"


@pytest.fixture
def open_sandbox(tmp_path: Path) -> Iterator[Open]:
    opened: list[Sandbox] = []

    def open_one(**settings: Any) -> Sandbox:
        opened.append(Sandbox(tmp_path / "net.sqlite3", **{"lead_seconds": 0.0, **settings}))
        return opened[-1]

    yield open_one
    for sandbox in opened:
        sandbox.close()


def request_for(place: str = "Budapest.1", *, external_id: str = "order-1.1", action: str = "add",
                **more: Any) -> ServiceRequest:
    product = {"offering_id": "offer", "schema": UNI, "configuration": more.pop("configuration", {}),
               "places": [{"role": "INSTALL_LOCATION", "kind": "address", "id": place}]}
    if action == "delete":
        product = {"id": "product-1"}
    return ServiceRequest(external_id, "tenant", "order-1", "1", action, product, **more)


def entries(sandbox: Sandbox, external_id: str = "order-1.1") -> list[str]:
    return [entry.entry for entry in sandbox.ledger(external_id)]


def finished(sandbox: Sandbox, request: ServiceRequest) -> Progress:
    progress = sandbox.submit(request)
    while progress.state == "working":
        time.sleep(progress.look_again_seconds or 0.01)
        found = sandbox.look(request)
        assert found
        progress = found
    return progress


def test_the_same_external_id_is_one_service_however_often_it_is_asked(open_sandbox: Open) -> None:
    sandbox = open_sandbox()
    first, second = finished(sandbox, request_for()), finished(sandbox, request_for())
    assert first == second
    assert first.state == "done"
    assert entries(sandbox) == ["submitted", "accepted", "activated", "submitted"]


def test_an_external_id_cannot_come_to_mean_something_else(open_sandbox: Open) -> None:
    sandbox = open_sandbox()
    sandbox.submit(request_for())
    with pytest.raises(Conflict):
        sandbox.submit(request_for("Vienna.1"))


def test_what_was_asked_is_remembered_by_another_process_with_the_same_file(open_sandbox: Open) -> None:
    open_sandbox(lead_seconds=0.05).submit(request_for())
    later = open_sandbox()
    assert later.look(request_for()) == Progress("working", look_again_seconds=pytest.approx(0.05, abs=0.04))
    time.sleep(0.06)
    assert entries(later) == ["submitted", "accepted", "activated"]
    assert later.look(request_for(external_id="never asked")) is None


def test_lead_times_can_be_set_for_a_place(open_sandbox: Open) -> None:
    sandbox = open_sandbox(lead_seconds=60)
    assert sandbox.submit(request_for()).state == "working"
    sandbox.keep_places([replace(sandbox.usual("Near"), lead_seconds=0.0)])
    assert finished(sandbox, request_for("Near", external_id="near")).state == "done"


def test_ports_run_out_and_come_back(open_sandbox: Open) -> None:
    sandbox = open_sandbox()
    sandbox.keep_places([Place("Small", ports=1, mbps=1000)])
    made = finished(sandbox, request_for("Small"))
    second = request_for("Small", external_id="order-2.1")
    assert sandbox.feasible(second) == "No free port at Small."
    assert finished(sandbox, second).state == "refused"
    ceasing = request_for(external_id="order-3.1", action="delete", service_id=made.service_id)
    assert finished(sandbox, ceasing).state == "done"
    assert sandbox.feasible(second) is None
    assert entries(sandbox, "order-3.1") == ["submitted", "accepted", "ceased"]


def test_bandwidth_runs_out_and_a_change_counts_only_once(open_sandbox: Open) -> None:
    sandbox = open_sandbox()
    sandbox.keep_places([Place("Thin", ports=9, mbps=1000)])
    rate = {"ipUni": {"maxIr": {"irValue": 800, "irUnits": "MBPS"}}}
    made = finished(sandbox, request_for("Thin", configuration=rate))
    second = request_for("Thin", external_id="o", configuration=rate)
    assert sandbox.feasible(second) == "Not enough bandwidth left at Thin."
    more = {"ipUni": {"maxIr": {"irValue": 1, "irUnits": "GBPS"}}}
    change = request_for("Thin", external_id="m", action="modify", configuration=more, service_id=made.service_id)
    assert finished(sandbox, change).service_id == made.service_id
    assert entries(sandbox, "m") == ["submitted", "accepted", "changed"]


def test_a_network_of_listed_places_knows_no_other(open_sandbox: Open) -> None:
    sandbox = open_sandbox(only_listed=True)
    assert sandbox.feasible(request_for("Nowhere")) == "The place Nowhere is not in the network."
    sandbox.keep_places([sandbox.usual("Nowhere")])
    assert sandbox.feasible(request_for("Nowhere")) is None
    assert sandbox.feasible(request_for(external_id="d", action="delete", service_id="svc-unknown"))


def test_a_service_rests_on_services_that_exist(open_sandbox: Open) -> None:
    sandbox = open_sandbox()
    under = finished(sandbox, request_for())
    assert under.service_id
    over = request_for(external_id="order-1.2", depends_on=(under.service_id,))
    assert finished(sandbox, over).state == "done"
    astray = finished(sandbox, request_for(external_id="order-1.3", depends_on=("svc-unknown",)))
    assert (astray.state, astray.service_id) == ("refused", None)


@pytest.mark.parametrize("request_of", [
    lambda word: request_for(f"{word}-Vienna.1"),
    lambda word: request_for(configuration={"endPoint": [{"identifier": f"SANDBOX-{word}-7"}]}),
], ids=["by place", "by product attribute"])
def test_failures_come_on_demand(open_sandbox: Open, request_of: Callable[[str], ServiceRequest]) -> None:
    sandbox = open_sandbox()
    assert sandbox.feasible(request_of("REJECT"))
    for word, feasible, end in (("FULL", True, "refused"), ("FAIL", True, "failed"), ("DELAY-0.05", True, "done")):
        request = replace(request_of(word), external_id=word)
        assert (sandbox.feasible(request) is None) is feasible
        progress = finished(sandbox, request)
        assert progress.state == end
        assert bool(progress.reason) == (end != "done")


def test_a_failure_can_be_put_on_a_place_later_and_taken_off_again(open_sandbox: Open) -> None:
    sandbox = open_sandbox()
    sandbox.keep_places([replace(sandbox.usual("Budapest.1"), behaviour="reject")])
    assert sandbox.feasible(request_for())
    sandbox.keep_places([sandbox.usual("Budapest.1")])
    assert sandbox.feasible(request_for()) is None


def test_an_outage_does_nothing_and_ends(open_sandbox: Open) -> None:
    sandbox = open_sandbox()
    for _ in range(2):
        with pytest.raises(UpstreamError):
            sandbox.submit(request_for("OUTAGE-2-Vienna"))
        assert sandbox.look(request_for()) is None
    assert finished(sandbox, request_for("OUTAGE-2-Vienna")).state == "done"


def test_a_lost_answer_is_found_by_looking(open_sandbox: Open) -> None:
    sandbox = open_sandbox()
    with pytest.raises(UpstreamError) as lost:
        sandbox.submit(request_for("SILENT-0-Vienna"))
    assert lost.value.timed_out
    assert sandbox.look(request_for())
    assert entries(sandbox) == ["submitted", "accepted", "activated"]


def test_a_network_killed_between_effect_and_answer_has_done_it_once(tmp_path: Path) -> None:
    port, state = free_port(), tmp_path / "net.sqlite3"
    url = f"http://127.0.0.1:{port}"
    client = SandboxClient(url)
    request = request_for("SILENT-30-Vienna", external_id="order-1.a/b c")
    answers: list[object] = []

    def submit() -> None:
        try:
            answers.append(client.submit(request))
        except UpstreamError as error:
            answers.append(error)

    with sandbox_program(state, port) as process:
        caller = threading.Thread(target=submit)
        caller.start()
        while "accepted" not in [line["entry"] for line in requests.get(f"{url}/ledger", timeout=5).json()]:
            time.sleep(0.02)
        process.kill()
        caller.join(10)
    assert isinstance(answers[0], UpstreamError)
    with sandbox_program(state, port):
        assert client.look(request)
        time.sleep(0.1)
        assert client.submit(request).state == "done"
        lines = requests.get(f"{url}/ledger", params={"externalId": request.external_id}, timeout=5).json()
    client.close()
    assert [line["entry"] for line in lines] == ["submitted", "accepted", "activated", "submitted"]


def test_the_network_behind_http_is_the_same_network(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    client = SandboxClient(url)
    with sandbox_program(tmp_path / "net.sqlite3", port, lead_seconds=0.0):
        assert client.look(request_for(external_id="never asked")) is None
        assert client.feasible(request_for()) is None
        assert requests.put(f"{url}/places/Small", json={"ports": 0}, timeout=5).json()["ports"] == 0
        assert client.feasible(request_for("Small")) == "No free port at Small."
        assert client.submit(request_for("Small")).state == "refused"
        assert requests.put(f"{url}/places/Small", json={"behaviour": "explode"}, timeout=5).status_code == 400
        assert requests.put(f"{url}/services/x", json={"colour": "red"}, timeout=5).status_code == 400
        with pytest.raises(UpstreamError, match="503"):
            client.submit(request_for("OUTAGE-1-Vienna", external_id="out"))
        with pytest.raises(UpstreamError, match="409"):
            client.submit(request_for("Vienna"))
    with pytest.raises(UpstreamError, match="cannot be reached"):
        client.feasible(request_for())
    client.close()
