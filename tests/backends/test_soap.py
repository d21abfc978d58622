"""The legacy system as a back end: every answer has an outcome, and nothing is asked twice without looking first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from lso.backends.exchange import Exchange
from lso.backends.soap import envelope
from lso.backends.soap.client import SoapBackEnd, healthy
from lso.backends.soap.envelope import Fault
from lso.backends.wire import Limits, Wire
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import Progress, ServiceRequest
from tests.backends.misbehaving import Answer, Misbehaving
from tests.backends.programs import answering, free_port, program

BASIC = "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"
QUICK = Limits(connect_seconds=1.0, timeout_seconds=0.5, failures_most=50)
HTML = Answer(200, b"<!DOCTYPE html><html><body>Sign in</body></html>", {"Content-Type": "text/html"})


def wanted(place: str = "ADDR-1", *, external_id: str = "order-1.1", action: str = "add", rate: int = 100,
           **more: Any) -> ServiceRequest:
    envelope_of_rate = [{"maxIr": {"irValue": rate, "irUnits": "MBPS"}}]
    product = {"offering_id": "OFFER", "schema": BASIC,
               "configuration": {"@type": BASIC, "ipUni": {"ingressBandwidthProfileEnvelope": envelope_of_rate}},
               "places": [{"role": "INSTALL_LOCATION", "kind": "address", "id": place}]}
    return ServiceRequest(external_id, "acme", "order-1", "1", action, product, **more)


def told(state: str, *, number: str = "order-1.1", operation: str = "SubmitServiceOrder", service: str = "svc-7",
         reason: str = "") -> Answer:
    line: dict[str, Any] = {"@num": "1", "ServiceId": service} if service else {"@num": "1"}
    if reason:
        line["Fault"] = [{"Text": reason}]
    tree = {"@version": "2.1", "Header": {"OrderNumber": number, "Status": state}, "Line": [line]}
    return Answer(200, envelope.of_order(f"{operation}Response", tree))


def fault(code: str, detail: str = "", text: str = "because") -> Answer:
    return Answer(500, envelope.of_fault(Fault(code, detail, text)))


@contextmanager
def talking_to(*answers: Answer, limits: Limits = QUICK,
               record: list[Exchange] | None = None) -> Iterator[tuple[SoapBackEnd, Misbehaving]]:
    with Misbehaving(*answers) as server:
        kept = record if record is not None else []
        client = SoapBackEnd(Wire("legacy", limits, record=kept.append, healthy=healthy), server.url, poll_seconds=0.2)
        try:
            yield client, server
        finally:
            client.close()


@pytest.mark.parametrize(("answer", "progress"), [
    (told("OPN"), Progress("working", service_id="svc-7", look_again_seconds=0.2)),
    (told("HLD", service=""), Progress("working", look_again_seconds=0.2)),
    (replace(told("WIP"), status=202), Progress("working", service_id="svc-7", look_again_seconds=0.2)),
    (told("CMP"), Progress("done", service_id="svc-7")),
    (told("REJ", reason="No port is free."), Progress("refused", "No port is free.")),
    (told("FLD", reason="ask ada@example.org"), Progress("failed", "ask ***")),
    (told("CAN"), Progress("refused")),
    (fault("Client", "Refused", "The number stands for another order."),
     Progress("refused", "The number stands for another order.")),
    (Answer(400, b"<html>no</html>"), Progress("refused", "The network answered 400.")),
    (Answer(429, headers={"Retry-After": "7"}), Progress("postponed", look_again_seconds=7.0)),
    (Answer(429), Progress("postponed", look_again_seconds=5.0)),
], ids=lambda value: value.state if isinstance(value, Progress) else f"{value.status}")
def test_an_answer_that_can_be_understood_has_its_outcome(answer: Answer, progress: Progress) -> None:
    with talking_to(answer) as (client, _server):
        assert client.submit(wanted()) == progress


@pytest.mark.parametrize("answer", [
    fault("Server"), Answer(500), Answer(503, b"busy"), Answer(302, headers={"Location": "http://127.0.0.1:1/"}),
    Answer(401), Answer(404, b"<html>nothing here</html>"), HTML, Answer(200), Answer(204),
    Answer(200, told("WIP").body[:-20]), replace(told("WIP"), cut=40), Answer(hang_up=True),
    replace(told("WIP"), after_seconds=0.8), told("XXX"), told("WIP", number="order-2.1"),
    told("CMP", service=""), told("WIP", operation="QueryServiceOrder"), Answer(200, b"x" * 1_100_000),
], ids=["server fault", "500", "503", "redirect", "401", "404", "html", "empty", "204 without body", "truncated",
        "cut off", "hung up", "late", "unknown state", "another order", "done without a service",
        "an answer to something else", "too long"])
def test_what_cannot_be_understood_is_an_error_and_found_by_looking(answer: Answer) -> None:
    found = told("CMP", operation="QueryServiceOrder")
    with talking_to(answer, found) as (client, server):
        with pytest.raises(UpstreamError):
            client.submit(wanted())
        assert client.look(wanted(asked_at=time.time())) == Progress("done", service_id="svc-7")
        assert b"SubmitServiceOrder" in server.seen[0].body
        assert [b"QueryServiceOrder" in seen.body for seen in server.seen] == [False, True]


def test_who_looks_is_told_that_the_number_is_not_known_or_to_come_again() -> None:
    with talking_to(fault("Client", "UnknownOrder"), Answer(429, headers={"Retry-After": "3"}),
                    fault("Client", "BadMessage"), Answer(400)) as (client, _server):
        assert client.look(wanted()) is None
        assert client.look(wanted()) == Progress("working", look_again_seconds=3.0)
        for _ in range(2):
            with pytest.raises(UpstreamError):
                client.look(wanted())


def test_text_that_xml_cannot_say_is_refused_before_anything_is_sent() -> None:
    with talking_to() as (client, server):
        assert client.feasible(wanted("AD\x00DR"))
        assert client.submit(wanted("AD\x00DR")).state == "refused"
        assert client.feasible(wanted(action="delete"))
        assert client.feasible(wanted()) is None
        assert server.seen == []


@contextmanager
def legacy_program(state: Path, *words: str) -> Iterator[str]:
    port = free_port()
    with program("legacy", "--port", str(port), "--state", str(state), *words, LSO_SANDBOX_LEAD_SECONDS="0.05"):
        yield answering(f"http://127.0.0.1:{port}")


def ledger(url: str) -> list[str]:
    return [line["entry"] for line in requests.get(f"{url}/ledger", timeout=5).json() if line["entry"] != "submitted"]


@pytest.mark.parametrize("words", [(), ("--not-repeatable",)], ids=["repeatable", "not repeatable"])
def test_the_legacy_system_adds_changes_and_ceases_and_a_lost_answer_is_found(tmp_path: Path,
                                                                              words: tuple[str, ...]) -> None:
    with legacy_program(tmp_path / "legacy.sqlite3", *words) as url:
        client = SoapBackEnd(Wire("legacy", QUICK, healthy=healthy), f"{url}/serviceOrder", poll_seconds=0.02)
        assert client.look(wanted("SILENT-2-Quay")) is None
        with pytest.raises(UpstreamError):
            client.submit(wanted("SILENT-2-Quay"))
        service = _ended(client, wanted("SILENT-2-Quay")).service_id
        assert service
        change = wanted("Quay", external_id="order-2.1", action="modify", rate=200, service_id=service)
        client.submit(change)
        assert _ended(client, change) == Progress("done", service_id=service)
        ceasing = ServiceRequest("order-3.1", "acme", "order-3", "1", "delete", {"id": "ours"}, service_id=service)
        client.submit(ceasing)
        assert _ended(client, ceasing).state == "done"
        for place, state in (("FULL-Quay", "refused"), ("FAIL-Quay", "failed")):
            astray = wanted(place, external_id=f"order-4.{place}")
            client.submit(astray)
            found = _ended(client, astray)
            assert found.state == state
            assert found.reason
        assert ledger(url) == ["accepted", "activated", "accepted", "changed", "accepted", "ceased", "refused",
                               "accepted", "failed"]
        client.close()


def _ended(client: SoapBackEnd, request: ServiceRequest) -> Progress:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = client.look(request)
        if found and found.state != "working":
            return found
        time.sleep(0.05)
    raise AssertionError(f"{request.external_id} does not end")
