"""Somebody's connections API as a back end: every answer has an outcome, and no connection is ever made twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from lso.backends.exchange import Exchange
from lso.backends.rest.asking import Asking
from lso.backends.rest.client import Manner, RestBackEnd
from lso.backends.rest.token import Credentials, Tokens
from lso.backends.wire import Limits, Wire
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import Progress, ServiceRequest
from tests.backends.misbehaving import Answer, Misbehaving
from tests.backends.native_api import NativeApi
from tests.backends.test_soap import wanted

QUICK = Limits(connect_seconds=1.0, timeout_seconds=0.5, failures_most=50)
SECRET = "correct horse"
TAKEN = Progress("working", service_id="conn-1", look_again_seconds=0.1)


@contextmanager
def talking_to(api: NativeApi, *answers: Answer, record: list[Exchange] | None = None, settle_seconds: float = 0.0,
               others: dict[str, set[str]] | None = None) -> Iterator[tuple[RestBackEnd, Misbehaving]]:
    """answers: to what follows the first token."""
    kept = record if record is not None else []
    with api.serve() as server:
        wire = Wire("internet", QUICK, record=kept.append)
        tokens = Tokens(wire, Credentials(f"{server.url}/oauth2/token", "bridge", SECRET))
        tokens.headers()
        server.answers.extend(answers)
        client = RestBackEnd(Asking(wire, server.url, tokens), Manner(frozenset(api.additions), 0.1, settle_seconds),
                             others=lambda name: (others or {}).get(name, set()))
        yield client, server
        client.close()


def request(**more: Any) -> ServiceRequest:
    return wanted(asked_at=time.time(), **more)


def problem(status: int, detail: str) -> Answer:
    return Answer(status, json.dumps({"title": "No.", "detail": detail}).encode())


def shown(**more: Any) -> Answer:
    return Answer(200, json.dumps({"id": "conn-1", "status": "active", "bandwidth": "100 Mbps", **more}).encode())


def test_a_connection_is_added_changed_and_ended() -> None:
    api = NativeApi("delete")
    with talking_to(api) as (client, _server):
        assert client.submit(request()) == TAKEN
        assert client.look(request(their_id="conn-1")) == TAKEN
        assert client.look(request(their_id="conn-1")) == Progress("done", service_id="conn-1")
        faster = request(action="modify", rate=200, service_id="conn-1", external_id="order-2.1")
        assert client.submit(faster) == TAKEN
        assert client.look(replace(faster, their_id="conn-1")) == Progress("done", service_id="conn-1")
        ending = ServiceRequest("order-3.1", "acme", "order-3", "1", "delete", {"id": "x"}, service_id="conn-1")
        assert client.submit(ending).state == "working"
        assert client.look(replace(ending, their_id="conn-1")) == Progress("done", service_id="conn-1")
    assert api.ledger == ["make 100 Mbps ADDR-1", "set conn-1 200 Mbps", "end conn-1"]


def test_a_place_that_it_told_us_of_is_named_by_its_own_id() -> None:
    api = NativeApi()
    with api.serve() as server:
        wire = Wire("internet", QUICK)
        tokens = Tokens(wire, Credentials(f"{server.url}/oauth2/token", "bridge", SECRET))
        client = RestBackEnd(Asking(wire, server.url, tokens), Manner(), place=lambda tenant, id: f"{tenant}'s {id}")
        assert client.submit(request()).state == "working"
        assert client.look(request()) == Progress("working", service_id="conn-1", look_again_seconds=5.0)
        client.close()
    assert api.ledger == ["make 100 Mbps acme's ADDR-1"]


def test_what_the_api_has_no_words_for_is_refused_before_anything_is_sent() -> None:
    with talking_to(NativeApi()) as (client, server):
        ending = ServiceRequest("o", "acme", "o", "1", "delete", {"id": "x"}, service_id="conn-1")
        bare = replace(wanted(), product={"offering_id": "OFFER"})
        placeless = replace(wanted(), product={**wanted().product, "places": []})
        for wrong in (ending, bare, placeless, request(action="modify")):
            assert client.feasible(wrong)
            assert client.submit(wrong).state == "refused"
        assert client.feasible(wanted()) is None
        assert len(server.seen) == 1


@pytest.mark.parametrize(("answer", "progress"), [
    (Answer(202, b'{"id": "conn-1", "status": "provisioning"}'), TAKEN),
    (Answer(200, b'{"id": "conn-1", "status": "active"}'), Progress("done", service_id="conn-1")),
    (Answer(201, b'{"id": "conn-1"}'), TAKEN),
    (Answer(201, b"", {"Location": "/internet-on-demand/connections/conn-1"}), TAKEN),
    (Answer(201, b'{"id": "conn-1", "status": "terminated", "statusReason": "No port."}'),
     Progress("failed", "No port.")),
    (problem(422, "No such place; ask ada@example.org."), Progress("refused", "No such place; ask ***.")),
    (Answer(400, b"<html></html>"), Progress("refused", "The network answered 400.")),
    (Answer(429, headers={"Retry-After": "2"}), Progress("postponed", look_again_seconds=2.0)),
])
def test_an_answer_that_can_be_understood_has_its_outcome(answer: Answer, progress: Progress) -> None:
    with talking_to(NativeApi(), answer) as (client, _server):
        assert client.submit(request()) == progress


LOST = [Answer(201), Answer(201, b"<html>ok</html>"), Answer(201, b'{"id": "co'), Answer(201, b"{}"), Answer(500),
        Answer(503), Answer(302), Answer(404), Answer(hang_up=True), Answer(201, b'{"id": "conn-1"}', cut=4),
        Answer(201, b'{"id": "conn-1"}', after_seconds=0.8)]


@pytest.mark.parametrize("answer", LOST, ids=["empty", "html", "truncated", "no id", "500", "503", "redirect", "404",
                                              "hung up", "cut off", "late"])
@pytest.mark.parametrize("happened", [True, False])
def test_a_write_whose_answer_is_lost_is_found_in_the_list_or_asked_again(answer: Answer, happened: bool) -> None:
    api = NativeApi()
    api.make("100 Mbps", "ADDR-1", createdAt="2020-01-01T00:00:00Z")
    api.make("100 Mbps", "ADDR-2")
    with talking_to(api, answer) as (client, _server):
        asking = request()
        with pytest.raises(UpstreamError):
            client.submit(asking)
        if happened:
            api.make("0.1 Gbps", "ADDR-1")
            found = client.look(asking)
            assert found == Progress("working", service_id="conn-3", look_again_seconds=0.1)
        else:
            # Another place may be the same place under another name: that is for a person to tell.
            assert client.look(asking) == Progress("parked", "1 connections might be the one that was asked for.")
            api.connections["conn-2"]["createdAt"] = "2020-01-01T00:00:00Z"
            assert client.look(asking) is None


def test_what_cannot_be_seen_yet_is_given_time() -> None:
    with talking_to(NativeApi(), settle_seconds=30.0) as (client, _server):
        assert client.look(request()) == Progress("working", look_again_seconds=0.1)
        assert client.look(wanted(asked_at=time.time() - 31)) is None


def test_two_that_might_be_it_are_parked_unless_their_description_tells() -> None:
    for additions, expected in (((), "parked"), (("description",), "working")):
        api = NativeApi(*additions)
        api.make("100 Mbps", "ADDR-1", "LSO order-9.1")
        with talking_to(api) as (client, _server):
            api.lose = 1
            with pytest.raises(UpstreamError):
                client.submit(request())
            found = client.look(request())
            assert found is not None
            assert found.state == expected


def test_a_connection_that_belongs_to_another_request_is_not_taken_for_ours() -> None:
    api = NativeApi()
    api.make("100 Mbps", "ADDR-1")
    with talking_to(api, others={"conn-1": {"order-9.1"}}) as (client, _server):
        assert client.look(request()) is None


def test_with_idempotency_keys_asking_again_is_asking_once() -> None:
    api = NativeApi("idempotency_key")
    with talking_to(api) as (client, _server):
        api.lose = 1
        with pytest.raises(UpstreamError):
            client.submit(request())
        assert client.look(request()) is None
        assert client.submit(request()).service_id == "conn-1"
    assert api.ledger == ["make 100 Mbps ADDR-1"]


def test_a_bandwidth_that_was_set_is_seen_and_one_that_was_not_is_set_again() -> None:
    api = NativeApi()
    api.make("100 Mbps", "ADDR-1", status="active")
    faster = request(action="modify", rate=200, service_id="conn-1")
    with talking_to(api) as (client, _server):
        for lost, seen in (("drop", None), ("lose", Progress("done", service_id="conn-1"))):
            setattr(api, lost, 1)
            with pytest.raises(UpstreamError):
                client.submit(faster)
            assert client.look(faster) == seen


@pytest.mark.parametrize("answer", [Answer(500), Answer(200), Answer(200, b"<html/>"), shown(status="elsewhere"),
                                    shown(id=None), Answer(403), Answer(hang_up=True)])
def test_a_look_that_tells_nothing_is_an_error_and_changes_nothing(answer: Answer) -> None:
    with talking_to(NativeApi(), answer) as (client, _server), pytest.raises(UpstreamError):
        client.look(request(their_id="conn-1"))


def test_a_connection_that_is_gone_is_for_a_person_and_a_suspended_one_is_waited_for() -> None:
    with talking_to(NativeApi(), Answer(404), shown(status="suspended"), Answer(429)) as (client, _server):
        states = [found.state for _ in range(3) if (found := client.look(request(their_id="conn-1")))]
    assert states == ["parked", "working", "working"]
