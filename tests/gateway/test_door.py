"""The door as a whole: addresses, documents, health, traces, metrics, subscriptions, published documents in place."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

import pil.app
from lso.errors import OurError
from lso.gateway import trace
from lso.gateway.app import build
from lso.gateway.front import front
from lso.gateway.request import Answer, Offer, Request
from tests.gateway.conftest import BODY_BYTES, CANTATA, SONATA, TMF, Running, serving
from tests.gateway.paths import PUBLISHED_ORDERS, SPECS, published
from tests.gateway.test_orders import INTERNET

JSON = {"Content-Type": "application/json"}


def test_a_trailing_slash_makes_no_difference(service: Running) -> None:
    for path, client in ((SONATA, "carrier"), (TMF, "enterprise")):
        assert service.call("GET", f"{path}/productOrder/", client).status_code == 200
        assert service.call("GET", f"{path}/productOrder/none/", client).status_code == 404


def test_many_slashes_lead_nowhere(service: Running) -> None:
    for path in (SONATA, TMF, ""):
        assert service.call("GET", f"{path}/productOrder{'/' * 3000}").status_code == 404


def test_a_body_in_a_content_coding_is_refused(service: Running) -> None:
    for path, client in ((f"{SONATA}/productOrder", "carrier"), (f"{TMF}/productOrder", "enterprise")):
        answer = service.call("POST", path, client, content=b"{}", headers={**JSON, "Content-Encoding": "gzip"})
        assert answer.status_code == 415


def test_head_is_get_without_its_body(service: Running) -> None:
    answer = service.call("HEAD", f"{SONATA}/productOrder")
    assert answer.status_code == 200
    assert answer.content == b""
    assert "x-total-count" in answer.headers


def test_every_document_is_served_as_it_is_mounted(service: Running) -> None:
    for path, version in ((SONATA, "10.0.0"), (CANTATA, "5.0.0"), (TMF, "4.0.0")):
        document = service.call("GET", f"{path}/openapi.json", None).json()
        assert document["info"]["version"] == version
        assert document["servers"][0]["url"].endswith(path)
        assert service.call("GET", f"{path}/docs", None).headers["content-type"].startswith("text/html")
    for path in ("/native/internetOnDemand", "/platform/identity", "/platform/health", "/platform/translation"):
        assert service.call("GET", f"{path}/openapi.json", None).json()["openapi"] == "3.0.3"


def test_the_list_of_documents_and_the_viewer_are_served(service: Running) -> None:
    listing = service.call("GET", "/docs", None).text
    for place in (SONATA, CANTATA, TMF, "/native/internetOnDemand", "/platform/identity"):
        assert listing.count(f'"{place}/docs"') == 1, place
    script = service.call("GET", "/docs/static/swagger-ui-bundle.js", None)
    assert script.status_code == 200
    assert script.headers["content-type"].startswith("text/javascript")
    assert service.call("POST", "/docs", None).status_code == 405


def test_the_files_that_documents_are_made_of_are_served(service: Running) -> None:
    answer = service.call("GET", "/specs/sonata/common.yaml", None)
    assert answer.headers["content-type"] == "application/yaml"
    assert answer.content == (SPECS / "sonata" / "common.yaml").read_bytes()
    assert service.call("GET", "/specs/../pyproject.toml", None).status_code == 404


def test_documents_are_not_served_where_the_setting_says_so(service_with: Any) -> None:
    service = service_with(docs=False)
    assert service.call("GET", "/docs", None).status_code == 404
    assert service.call("GET", f"{SONATA}/openapi.json", None).status_code == 404


def test_health_readiness_and_metrics_are_open_to_all(service: Running) -> None:
    assert service.call("GET", "/health", None).json() == {"status": "ok"}
    assert service.call("GET", "/ready", None).json() == {"status": "ok", "checks": {"database": "ok"}}
    service.call("GET", f"{SONATA}/productOrder")
    text = service.call("GET", "/metrics", None).text
    assert 'lso_requests_total{edition="sonata.grace.order",operation="listProductOrder",status="200"}' in text
    assert "lso_request_seconds_bucket" in text


def test_who_is_not_ready_says_why(service: Running) -> None:
    def gone() -> None:
        raise ConnectionError("the database has moved")

    world = replace(service.world, checks={"database": gone})
    with serving(front(pil.app.create(world))) as url:
        answer = httpx.get(f"{url}/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "checks": {"database": "failing"}}


def test_a_client_without_its_secret_gets_no_token(service: Running) -> None:
    answer = httpx.post(f"{service.url}/oauth2/token", data={"grant_type": "client_credentials"}, auth=("carrier", "x"))
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic")
    other = httpx.post(f"{service.url}/oauth2/token", json={"grant_type": "client_credentials"})
    assert (other.status_code, other.json()["error"]) == (415, "invalid_request")


def test_the_public_keys_are_published(service: Running) -> None:
    keys = service.call("GET", "/.well-known/jwks.json", None).json()["keys"]
    assert keys
    assert not any("d" in key for key in keys)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c"),
        ("X-Request-ID", "request-0001", "request-0001"),
        ("x-fapi-interaction-id", "93bac548-d2de-4546-b106-880a5018460d", "93bac548-d2de-4546-b106-880a5018460d"),
    ],
)
def test_the_callers_trace_id_is_taken_over(service: Running, name: str, value: str, expected: str) -> None:
    answer = service.call("GET", f"{SONATA}/productOrder", headers={name: value})
    assert answer.headers["x-trace-id"] == expected


def test_a_fapi_interaction_is_echoed(service: Running) -> None:
    answer = service.call("GET", "/nowhere", None, headers={"x-fapi-interaction-id": "93bac548"})
    assert answer.headers["x-fapi-interaction-id"] == "93bac548"


def test_a_trace_id_of_another_form_is_not_taken_over(service: Running) -> None:
    answer = service.call("GET", "/health", None, headers={"X-Request-ID": "<script>alert(1)</script>"})
    assert len(answer.headers["x-trace-id"]) == 32


def test_a_failure_of_ours_says_nothing_about_the_inside(service: Running) -> None:
    async def fail(_request: Request) -> Answer:
        raise ZeroDivisionError("secret inside")

    async def fail_ours(_request: Request) -> Answer:
        raise OurError("It is our fault.")

    editions = [edition for edition in service.world.book.editions if edition.audience == "pil"]
    offers = {"sonata.grace.order": {"listProductOrder": Offer(fail), "retrieveProductOrder": Offer(fail_ours)}}
    with serving(front(build(editions, service.world, offers))) as url:
        other = Running(url, service.world, service.tokens)
        for path in ("productOrder", "productOrder/1"):
            answer = other.call("GET", f"{SONATA}/{path}")
            assert answer.status_code == 500
            assert answer.json()["code"] == "internalError"
            assert "secret" not in answer.text


def test_a_failure_is_logged_by_place_and_kind_and_not_by_what_it_says() -> None:
    try:
        int("hunter2")
    except ValueError as error:
        event = trace.locate_exception(None, "error", {"event": "failed", "exc_info": error})
    assert event["exception"] == "ValueError"
    assert "test_door.py" in event["at"][0]
    assert "hunter2" not in str(event)


def test_lines_of_the_log_are_gathered_and_all_arrive(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        lines = trace.Lines(file)
        for index in range(1000):
            lines.write(b"%d\n" % index)
            lines.flush()
        lines.drain()
        deadline = time.monotonic() + 5
        while len((tmp_path / "log").read_bytes().splitlines()) < 1000 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert sorted((tmp_path / "log").read_bytes().splitlines(), key=int) == [b"%d" % index for index in range(1000)]


def test_a_scope_for_reading_reads_and_does_not_write(service: Running) -> None:
    assert service.call("GET", f"{SONATA}/productOrder", "reader").status_code == 200
    refused = service.call("POST", f"{SONATA}/productOrder", "reader", json=INTERNET)
    assert (refused.status_code, refused.json()["code"]) == (403, "accessDenied")


def test_subscriptions_are_registered_looked_up_and_ended(service: Running) -> None:
    body = {"callback": "http://127.0.0.1:9/me", "query": "eventType=productOrderStateChangeEvent"}
    registered = service.call("POST", f"{SONATA}/hub", json=body)
    assert registered.status_code == 201
    hub = registered.json()
    assert {**body, "id": hub["id"]} == hub
    assert registered.headers["location"].endswith(f"{SONATA}/hub/{hub['id']}")
    assert service.call("GET", f"{SONATA}/hub/{hub['id']}").json() == hub
    assert service.call("GET", f"{SONATA}/hub/{hub['id']}", "rival").status_code == 404
    assert service.call("DELETE", f"{SONATA}/hub/{hub['id']}", "rival").status_code == 404
    assert service.call("DELETE", f"{SONATA}/hub/{hub['id']}").status_code == 204
    assert service.call("GET", f"{SONATA}/hub/{hub['id']}").status_code == 404
    tmf = service.call("POST", f"{TMF}/hub", "enterprise", json={"callback": "http://127.0.0.1:9/me"})
    assert service.call("DELETE", f"{TMF}/hub/{tmf.json()['id']}", "enterprise").status_code == 204


def test_a_callback_that_cannot_be_one_is_refused(service: Running) -> None:
    answer = service.call("POST", f"{SONATA}/hub", json={"callback": "ftp://files.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalidBody")


def test_a_document_is_translated_for_whoever_may_ask(service: Running) -> None:
    answer = service.call("POST", "/translate?from=sonata&to=tmf", json={"document": INTERNET})
    assert answer.status_code == 200, answer.text
    assert answer.json()["document"]["productOrderItem"][0]["action"] == "add"
    explained = service.call("POST", "/explain?from=sonata&to=tmf", json={"document": INTERNET})
    assert explained.status_code == 200, explained.text
    assert explained.json()["explanations"]
    assert answer.json()["findings"] == explained.json()["findings"] == []
    for dry_run in ("translate", "explain"):
        told = service.call("POST", f"/{dry_run}?from=tmf&to=sonata", json={"document": {"id": "1"}})
        assert told.status_code == 200, told.text
        lacking = [one for one in told.json()["findings"] if one.get("kind") == "incomplete"]
        assert ("/productOrderItem", "", "missingProperty") in {
            (one["at"], one["pointer"], one["code"]) for one in lacking}
    missing = service.call("POST", "/translate?from=sonata", json={"document": {}})
    assert missing.status_code == 400
    assert missing.headers["content-type"] == "application/problem+json"
    assert missing.json()["traceId"] == missing.headers["x-trace-id"]


def test_a_body_may_come_in_pieces(service: Running) -> None:
    body = json.dumps(INTERNET).encode()
    pieces = (body[start : start + 500] for start in range(0, len(body), 500))
    answer = service.call("POST", f"{SONATA}/productOrder", content=pieces, headers=JSON)
    assert answer.status_code == 201


def test_deep_and_long_bodies_are_too_large(service: Running) -> None:
    deep = b'{"externalId":' + b"[" * 100 + b"]" * 100 + b"}"
    long = b'{"externalId":[' + b",".join([b"1"] * 10_001) + b"]}"
    assert len(long) < BODY_BYTES
    for body in (deep, long):
        answer = service.call("POST", f"{SONATA}/productOrder", content=body, headers=JSON)
        assert answer.status_code == 413


def test_a_big_number_comes_back_exactly(service: Running) -> None:
    body = {**INTERNET, "bigNumber": 2**80 + 1}
    answer = service.call("POST", f"{SONATA}/productOrder", content=json.dumps(body), headers=JSON)
    assert answer.status_code == 201
    assert json.loads(answer.content)["bigNumber"] == 2**80 + 1
    again = service.call("GET", f"{SONATA}/productOrder/{answer.json()['id']}")
    assert json.loads(again.content)["bigNumber"] == 2**80 + 1


def test_a_merge_patch_is_json(service: Running) -> None:
    answer = service.call("PATCH", f"{SONATA}/productOrder/none", content=b"{}",
                          headers={"Content-Type": "application/merge-patch+json"})  # fmt: skip
    assert answer.status_code == 404


def test_the_published_document_works_in_place_of_ours(service: Running, tmp_path: Path) -> None:
    shutil.copytree(SPECS, tmp_path / "specs")
    shutil.copy(published(PUBLISHED_ORDERS), tmp_path / "specs" / "sonata" / "productOrderManagement.yaml")
    world = replace(service.world, specs=tmp_path / "specs")
    with serving(front(pil.app.create(world))) as url:
        other = Running(url, service.world, service.tokens)
        placed = other.call("POST", f"{SONATA}/productOrder", json=INTERNET,
                            headers={"Content-Type": "application/json;charset=utf-8"})  # fmt: skip
        assert placed.status_code == 201, placed.text
        assert other.call("GET", f"{SONATA}/productOrder/{placed.json()['id']}").json() == placed.json()
        assert other.call("POST", f"{SONATA}/productOrder", json={}).status_code == 422
        assert other.call("POST", f"{SONATA}/cancelProductOrder", json={}).status_code == 422
