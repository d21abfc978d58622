"""Idempotency keys: one effect and one answer, however often and however quickly the request is repeated."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

import pil.app
from lso.gateway.front import front
from tests.gateway.conftest import SONATA, TMF, Running, serving
from tests.gateway.test_orders import INTERNET, TMF_INTERNET


def post(service: Running, key: str, body: Any = None, client: str = "carrier", **headers: str) -> httpx.Response:
    return service.call("POST", f"{SONATA}/productOrder", client, json=body or INTERNET,
                        headers={"Idempotency-Key": key, **headers})  # fmt: skip


def count(service: Running, external_id: str, client: str = "carrier") -> int:
    listed = service.call("GET", f"{SONATA}/productOrder?externalId={external_id}", client)
    return len(listed.json())


def fresh() -> tuple[str, dict[str, Any]]:
    name = uuid.uuid4().hex
    return name, {**INTERNET, "externalId": name}


def test_the_same_request_gets_the_same_answer_and_places_one_order(service: Running) -> None:
    name, body = fresh()
    first, second = post(service, name, body), post(service, name, body)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["location"] == second.headers["location"]
    assert second.headers["idempotency-replayed"] == "true"
    assert count(service, name) == 1


def test_twins_at_the_same_moment_get_one_answer(service: Running) -> None:
    name, body = fresh()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: post(service, name, body), range(12)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert count(service, name) == 1


def test_twins_in_two_processes_get_one_answer(service: Running) -> None:
    """Two applications share the store and nothing else, as two processes would."""
    name, body = fresh()
    with serving(front(pil.app.create(service.world))) as elsewhere:
        other = Running(elsewhere, service.world, service.tokens)
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda index: post(other if index % 2 else service, name, body), range(12)))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    assert count(service, name) == 1


def test_another_body_under_the_same_key_is_refused(service: Running) -> None:
    name, body = fresh()
    assert post(service, name, body).status_code == 201
    other = post(service, name, {**body, "projectId": "another"})
    assert other.status_code == 422
    assert count(service, name) == 1


def test_where_no_422_is_declared_another_body_is_a_conflict(service: Running) -> None:
    key = {"x-idempotency-key": uuid.uuid4().hex}
    first = service.call("POST", f"{TMF}/productOrder", "enterprise", json=TMF_INTERNET, headers=key)
    another = {**TMF_INTERNET, "category": "x"}
    other = service.call("POST", f"{TMF}/productOrder", "enterprise", json=another, headers=key)
    assert (first.status_code, other.status_code) == (201, 409)
    assert other.json()["code"] == "conflict"


def test_a_key_belongs_to_one_client_and_one_operation(service: Running) -> None:
    name, body = fresh()
    first = post(service, name, body)
    foreign = post(service, name, body, "rival")
    hub = service.call("POST", f"{SONATA}/hub", json={"callback": "http://127.0.0.1:9/x"},
                       headers={"Idempotency-Key": name})  # fmt: skip
    assert {first.status_code, foreign.status_code, hub.status_code} == {201}
    assert first.json()["id"] != foreign.json()["id"]


def test_a_refusal_is_remembered_like_any_other_answer(service: Running) -> None:
    key = uuid.uuid4().hex
    first, second = post(service, key, {"externalId": "x"}), post(service, key, {"externalId": "x"})
    assert first.status_code == second.status_code == 422
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"


def test_subscriptions_are_registered_once(service: Running) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {"callback": "http://127.0.0.1:9/x", "query": "eventType=productOrderStateChangeEvent"}
    first, second = (service.call("POST", f"{SONATA}/hub", json=body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_that_is_none_is_refused(service: Running, key: str) -> None:
    answer = post(service, key)
    assert answer.status_code == 400


def test_without_a_key_every_request_is_an_order(service: Running) -> None:
    name, body = fresh()
    for _ in range(2):
        assert service.call("POST", f"{SONATA}/productOrder", json=body).status_code == 201
    assert count(service, name) == 2


def test_answers_are_forgotten_after_their_time(tmp_path: Path, service_with: Any) -> None:
    service = service_with(idempotency_hours=0.0)
    name, body = fresh()
    assert post(service, name, body).json()["id"] != post(service, name, body).json()["id"]
    assert json.loads(post(service, name, body).content)["externalId"] == name


def test_a_key_is_not_good_for_another_query(service: Running) -> None:
    def translated(target: str) -> httpx.Response:
        return service.call("POST", f"/translate?from=sonata&to={target}", json={"document": INTERNET},
                            headers={"Idempotency-Key": key})  # fmt: skip

    key = uuid.uuid4().hex
    assert translated("tmf").status_code == 200
    assert translated("tmf").headers["idempotency-replayed"] == "true"
    assert translated("cantata").status_code in (409, 422)


def test_a_key_is_not_good_for_another_buyer(service: Running) -> None:
    key, (_, body) = uuid.uuid4().hex, fresh()
    for buyer, status in (("one", 201), ("two", 422)):
        answer = service.call("POST", f"{SONATA}/productOrder?buyerId={buyer}", "broker", json=body,
                              headers={"Idempotency-Key": key})  # fmt: skip
        assert answer.status_code == status, answer.text


def test_a_trailing_slash_does_not_make_another_request(service: Running) -> None:
    key, (name, body) = uuid.uuid4().hex, fresh()
    answers = [service.call("POST", f"{SONATA}/productOrder{slash}", json=body, headers={"Idempotency-Key": key})
               for slash in ("", "/")]  # fmt: skip
    assert answers[0].content == answers[1].content
    assert count(service, name) == 1


@pytest.mark.parametrize("names", [("Idempotency-Key", "X-Idempotency-Key"), ("Idempotency-Key", "idempotency-key")])
def test_two_keys_that_differ_are_not_understood(service: Running, names: tuple[str, str]) -> None:
    name, body = fresh()
    headers = [("Authorization", f"Bearer {service.tokens['carrier']}"), ("Content-Type", "application/json")]

    def post_with(one: str, other: str) -> httpx.Response:
        keys = list(zip(names, (one, other), strict=True))
        return httpx.post(f"{service.url}{SONATA}/productOrder", content=json.dumps(body), headers=[*headers, *keys],
                          verify=False)

    assert post_with(name, f"{name}-2").status_code == 400
    assert count(service, name) == 0
    assert post_with(name, name).status_code == post_with(name, name).status_code == 201
    assert count(service, name) == 1


def test_the_same_json_with_other_blanks_is_another_body(service: Running) -> None:
    """What a key stands for is the fingerprint of the body as it came, which docs/security.md says."""
    name, body = fresh()
    headers = {"Idempotency-Key": name, "Content-Type": "application/json"}
    answers = [service.call("POST", f"{SONATA}/productOrder", "carrier", content=json.dumps(body, indent=indent),
                            headers=headers) for indent in (None, 2)]
    assert [answer.status_code for answer in answers] == [201, 422]
