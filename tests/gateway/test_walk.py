"""Walks every operation of every mounted document that is not open to all, and does everything wrong that one can.

Each refusal must come in the words of the dialect, and fit the document where it declares that status.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import pytest

from lso.dialects.edition import Edition, load_editions
from lso.gateway.product import load_products
from lso.gateway.specification import Operation, load
from lso.gateway.validator import Validators
from tests.gateway.conftest import BODY_BYTES, SONATA, Running
from tests.gateway.paths import SPECS
from tests.gateway.test_orders import INTERNET

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CLIENTS = {"pil": "carrier", "any": "carrier", "sil": "carrier-sil"}
SCOPELESS = {"pil": "nobody", "any": "nobody", "sil": "nobody-sil"}
FOREIGN = {"pil": "rival", "any": "rival", "sil": "enterprise"}
ERROR_SCHEMAS = {"sonata": "Error", "cantata": "Error", "tmf": "Error", "native": "Problem", "platform": "Problem"}
ERROR_TYPES = {"native": "application/problem+json", "platform": "application/problem+json"}
PRODUCTS = load_products(SPECS / "products")
JSON = {"Content-Type": "application/json"}


class Stop:
    """One operation of one edition on the walk."""

    def __init__(self, edition: Edition, operation: Operation) -> None:
        self.edition = edition
        self.operation = operation

    def __str__(self) -> str:
        return f"{self.edition.edition}-{self.operation.name}"

    @property
    def method(self) -> str:
        return self.operation.method.upper()

    @property
    def path(self) -> str:
        return self.at("no-such-id")

    def at(self, identifier: str) -> str:
        segments = self.operation.path.split("/")
        return self.edition.base_path + "/".join(identifier if "{" in one else one for one in segments)

    @property
    def client(self) -> str:
        return CLIENTS[self.edition.audience]

    def refused(self, answer: httpx.Response, *statuses: int) -> Any:
        """The error body, after all that can be said about any error body."""
        assert answer.status_code in statuses, f"{answer.status_code}: {answer.text}"
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind == ERROR_TYPES.get(self.edition.dialect, "application/json")
        assert answer.headers["x-trace-id"]
        body = answer.json()
        validators = validators_of(self.edition.document)
        declared = validators.answer(self.operation.path, self.operation.method, answer.status_code, kind)
        validator = declared or validators.named(ERROR_SCHEMAS[self.edition.dialect])
        assert validator.findings(body) == ()
        return body


@cache
def validators_of(document: str) -> Validators:
    """What answers are held against; compiled once for all that is done wrong."""
    return Validators(load(SPECS / document), PRODUCTS, None)


def stops() -> Iterator[Stop]:
    for edition in load_editions(SPECS):
        mounted = load(SPECS / edition.document).mounted(base_path="", version="", unrouted=edition.unrouted)
        for operation in load(SPECS / edition.document).operations():
            if operation.path in mounted["paths"] and not operation.public:
                yield Stop(edition, operation)


ALL = list(stops())
WITH_BODY = [stop for stop in ALL if "requestBody" in stop.operation.body]
WITH_ID = [stop for stop in ALL if "{" in stop.operation.path]
each = pytest.mark.parametrize("stop", ALL, ids=str)
each_with_body = pytest.mark.parametrize("stop", WITH_BODY, ids=str)
each_with_id = pytest.mark.parametrize("stop", WITH_ID, ids=str)


def test_the_walk_covers_every_dialect() -> None:
    assert {stop.edition.dialect for stop in ALL} == set(ERROR_SCHEMAS)
    assert len(ALL) > 45


@each
def test_without_a_token_nobody_is_served(service: Running, stop: Stop) -> None:
    answer = service.call(stop.method, stop.path, None)
    stop.refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@each
def test_a_token_that_is_not_ours_is_refused(service: Running, stop: Stop) -> None:
    answer = service.call(stop.method, stop.path, None, headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."})
    stop.refused(answer, 401)


@each
def test_a_token_without_the_scope_is_refused(service: Running, stop: Stop) -> None:
    stop.refused(service.call(stop.method, stop.path, SCOPELESS[stop.edition.audience]), 403)


@each
def test_a_token_for_another_audience_is_refused(service: Running, stop: Stop) -> None:
    if stop.edition.audience == "any":
        pytest.skip("for all audiences")
    other = CLIENTS["sil" if stop.edition.audience == "pil" else "pil"]
    stop.refused(service.call(stop.method, stop.path, other), 403)


@each_with_id
def test_the_id_of_another_tenant_is_not_found(service: Running, stop: Stop) -> None:
    order = service.call("POST", f"{SONATA}/productOrder", json=INTERNET).json()
    answer = service.call(stop.method, stop.at(order["id"]), FOREIGN[stop.edition.audience],
                          json={} if stop in WITH_BODY else None)  # fmt: skip
    stop.refused(answer, 404)


@each_with_body
def test_another_media_type_is_refused(service: Running, stop: Stop) -> None:
    for kind in ("text/plain", "application/xml", "application/json;charset=utf-16"):
        answer = service.call(stop.method, stop.path, stop.client, content=b"{}", headers={"Content-Type": kind})
        stop.refused(answer, 415)


@each_with_body
def test_a_body_that_is_not_json_is_refused(service: Running, stop: Stop) -> None:
    for body in (b"{", b"[1, NaN]", b'{"a": 1, "a": 2}', b'"text"', b"[]"):
        stop.refused(service.call(stop.method, stop.path, stop.client, content=body, headers=JSON), 400)


@each_with_body
def test_a_body_beyond_the_limit_is_refused(service: Running, stop: Stop) -> None:
    body = b" " * BODY_BYTES + b"{}"
    stop.refused(service.call(stop.method, stop.path, stop.client, content=body, headers=JSON), 413)


@each_with_body
def test_a_body_beyond_the_limit_is_refused_though_nobody_announced_its_length(service: Running, stop: Stop) -> None:
    pieces = (b" " * 8_000 for _ in range(BODY_BYTES // 8_000 + 1))
    stop.refused(service.call(stop.method, stop.path, stop.client, content=pieces, headers=JSON), 413)


@each
def test_an_unknown_address_below_is_not_found(service: Running, stop: Stop) -> None:
    answer = service.call(stop.method, f"{stop.path}/deeper/and/deeper", stop.client)
    assert answer.status_code == 404
    if stop.edition.base_path:
        assert answer.json()["code"] == "notFound"
    else:
        assert answer.json()["status"] == 404


@each
def test_a_method_that_the_address_does_not_have_is_refused(service: Running, stop: Stop) -> None:
    here = {method.upper() for method in load(SPECS / stop.edition.document).document["paths"][stop.operation.path]}
    method = next(method for method in METHODS if method not in here)
    answer = service.call(method, stop.path, stop.client)
    stop.refused(answer, 405)
    allowed = {one.strip() for one in answer.headers["allow"].split(",")}
    assert stop.method in allowed
    assert method not in allowed


@each
def test_options_says_what_there_is(service: Running, stop: Stop) -> None:
    answer = service.call("OPTIONS", stop.path, None)
    assert answer.status_code == 204
    assert stop.method in answer.headers["allow"]


def test_an_address_outside_every_document_is_a_plain_problem(service: Running) -> None:
    for path in ("/", "/nowhere", "/mefApi", "/mefApi/sonata/productOrderingManagement/v11/productOrder", "/%ff"):
        answer = service.call("GET", path, None)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 404


def test_what_the_subscriber_serves_is_not_served_here(service: Running) -> None:
    path = "/tmf-api/productOrderingManagement/v4/listener/productOrderCreateEvent"
    answer = service.call("POST", path, "carrier-sil", json={})
    assert (answer.status_code, answer.json()["code"]) == (404, "notFound")
