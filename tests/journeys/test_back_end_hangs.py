"""A back end that takes calls and never answers: those who wait for it hold up nobody else, and not the end of the
service either."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGINT
from typing import Any

import requests

from tests.backends.misbehaving import Answer, Misbehaving
from tests.conformance.desk import Document, at
from tests.journeys.purchase import languages
from tests.journeys.test_story_purchase import internet
from tests.running import Running, eventually

ITEMS, CALLERS = 5, 12


@contextmanager
def hanging(folder: Path, **settings: str) -> Iterator[tuple[Running, Misbehaving]]:
    """A service, and the network behind it that hangs."""
    with Misbehaving(always=lambda _seen: Answer(after_seconds=120)) as network:
        service = Running(folder, sandbox_url=network.url, **settings)
        try:
            yield service, network
        finally:
            service.process.kill()


def question(service: Running) -> Document:
    """Whether many things can be had."""
    asked: Document = languages(service)["sonata"].question(internet("ADDR-QUAY-4"))
    (item,) = asked["productOfferingQualificationItem"]
    asked["productOfferingQualificationItem"] = [{**item, "id": str(number)} for number in range(ITEMS)]
    return asked


def patiently(call: Callable[..., Any], *about: Any) -> None:
    """Call, and take whatever comes."""
    with suppress(requests.RequestException):
        call(*about)


def test_those_who_wait_for_it_hold_up_nobody_else(tmp_path: Path) -> None:
    with hanging(tmp_path) as (service, network), ThreadPoolExecutor(CALLERS) as callers:
        buyer = languages(service)["sonata"]
        for _ in range(CALLERS):
            callers.submit(patiently, buyer.poq.post, question(service), buyer.poqs)
        eventually(lambda: len(network.seen) >= CALLERS)
        begun = time.monotonic()
        service.token_of(tmp_path, service.url, "demo-enterprise")
        assert requests.get(f"{service.url}/ready", timeout=5).status_code == 200
        assert time.monotonic() - begun < 5
        service.process.kill()


def test_a_service_that_is_told_to_stop_does_not_wait_for_it_item_by_item(tmp_path: Path) -> None:
    with hanging(tmp_path, stop_seconds="1") as (service, network), ThreadPoolExecutor(1) as callers:
        buyer = languages(service)["sonata"]
        order = buyer.order.made(at(*["Quay"] * ITEMS))
        callers.submit(patiently, buyer.poq.post, question(service), buyer.poqs)
        eventually(lambda: {seen.path for seen in network.seen} >= {"/feasibility", "/surveys"})
        begun = time.monotonic()
        service.process.popen.send_signal(SIGINT)
        assert service.process.popen.wait(20) == 0
        assert time.monotonic() - begun < 8
        assert "left_unfinished" in (tmp_path / "service.log").read_text()
        service.restart()
        assert buyer.order.read(order["id"])["state"] == "acknowledged"
