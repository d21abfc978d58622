"""What the pretend network says to the question for a price, in this process and over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lso.backends.sandbox.client import SandboxClient
from lso.backends.sandbox.embedded import Sandbox
from lso.lifecycle.ports.question import Pricing
from tests.backends.programs import free_port, sandbox_program
from tests.backends.test_sandbox import request_for

TERM = {"name": "Two years", "duration": {"amount": 24, "unit": "calendar_months"}}


@pytest.fixture(params=["embedded", "served"])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pricing]:
    if request.param == "embedded":
        opened: Any = Sandbox(tmp_path / "net.sqlite3", lead_seconds=1)
        yield opened
        opened.close()
        return
    port = free_port()
    with sandbox_program(tmp_path / "net.sqlite3", port, lead_seconds=1):
        client = SandboxClient(f"http://127.0.0.1:{port}")
        yield client
        client.close()


def test_a_price_is_exact_and_grows_with_the_bandwidth(network: Pricing) -> None:
    rate = {"configuration": {"maxIr": {"irValue": 100, "irUnits": "MBPS"}}}
    wanted = request_for("PRICED-Vienna")
    said = network.quote(replace(wanted, product={**wanted.product, **rate}), {"requested_term": TERM})
    assert said
    assert [one["net"] for one in said.prices] == [{"value": 35, "currency": "EUR"}, {"value": 99.5, "currency": "EUR"}]
    assert (said.terms, said.draft, said.subject_to_feasibility) == ((TERM,), False, False)


def test_what_the_network_has_no_price_for_it_leaves_to_others(network: Pricing) -> None:
    assert network.quote(request_for("Vienna"), {}) is None


def test_a_price_may_be_slow_or_still_change_and_it_may_be_refused(network: Pricing) -> None:
    now = time.time()
    slow = network.quote(replace(request_for("SLOW-PRICE-60-PRICED-Vienna"), asked_at=now), {})
    draft = network.quote(replace(request_for("DRAFT-PRICE-60-Vienna"), asked_at=now), {})
    settled = network.quote(replace(request_for("DRAFT-PRICE-60-Vienna"), asked_at=now - 61), {})
    refused = network.quote(request_for("UNPRICED-Vienna"), {})
    assert slow
    assert draft
    assert settled
    assert refused
    assert (slow.prices, draft.draft, settled.draft) == ((), True, False)
    assert slow.look_again_seconds
    assert 50 < slow.look_again_seconds <= 60
    assert draft.prices == settled.prices
    assert refused.refused == "The network gives no price for this."


def test_it_says_what_takes_long_and_what_is_doubtful(network: Pricing) -> None:
    lengthy, doubtful = (network.quote(request_for(f"{word}-Vienna"), {}) for word in ("LENGTHY", "DOUBTFUL"))
    assert lengthy
    assert doubtful
    assert lengthy.interval == {"amount": 120, "unit": "calendar_days"}
    assert (doubtful.interval, doubtful.subject_to_feasibility) == ({"amount": 10, "unit": "business_days"}, True)
