"""Exchanges with a back end that is away, fails or refuses: who is left alone, and what is recorded of it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from lso.backends.exchange import Exchange
from lso.backends.soap.client import SoapBackEnd
from lso.backends.wire import Wire
from lso.errors import UpstreamError
from tests.backends.misbehaving import Answer, Misbehaving
from tests.backends.programs import free_port
from tests.backends.test_soap import QUICK, fault, talking_to, told, wanted


def test_nobody_there_is_an_error_and_says_so() -> None:
    client = SoapBackEnd(Wire("legacy", QUICK), f"http://127.0.0.1:{free_port()}")
    with pytest.raises(UpstreamError, match="cannot be reached"):
        client.submit(wanted())
    client.close()


def test_a_back_end_that_keeps_failing_is_left_alone_for_a_while() -> None:
    limits = replace(QUICK, failures_most=2, pause_seconds=0.3)
    with talking_to(Answer(500), Answer(500), told("WIP"), limits=limits) as (client, server):
        for _ in range(2):
            with pytest.raises(UpstreamError, match="500"):
                client.submit(wanted())
        with pytest.raises(UpstreamError, match="left alone"):
            client.submit(wanted())
        assert len(server.seen) == 2
        time.sleep(0.35)
        assert client.submit(wanted()).state == "working"


def test_a_refusal_is_no_reason_to_leave_a_back_end_alone() -> None:
    with talking_to(*[fault("Client")] * 4, limits=replace(QUICK, failures_most=2)) as (client, _server):
        assert [client.submit(wanted()).state for _ in range(4)] == ["refused"] * 4


def test_both_legs_are_recorded_and_a_record_that_fails_is_no_reason_to() -> None:
    kept: list[Exchange] = []
    with talking_to(told("WIP"), Answer(hang_up=True), record=kept) as (client, _server):
        client.submit(wanted())
        with pytest.raises(UpstreamError):
            client.look(wanted())
    assert [(one.status, one.outcome) for one in kept] == [(200, "answered"), (None, "unreachable")]
    assert "<Bandwidth>100 Mbps</Bandwidth>" in (kept[0].request or "")
    assert "svc-7" in (kept[0].response or "")
    assert (kept[0].tenant, kept[0].order_id, kept[0].item_id) == ("acme", "order-1", "1")

    def broken(_exchange: Exchange) -> None:
        raise OSError

    with Misbehaving(told("WIP")) as server:
        client = SoapBackEnd(Wire("legacy", QUICK, record=broken), server.url)
        assert client.submit(wanted()).state == "working"
        client.close()
