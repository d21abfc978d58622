"""Orders through the door: placed, looked up, listed, in the words of whoever asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.gateway.conftest import CANTATA, SONATA, TMF, Running
from tests.journeys.documents import linkless

SAMPLES = Path(__file__).parent.parent / "samples"
INTERNET = json.loads((SAMPLES / "sonata" / "internet_add.json").read_text())
for _item in INTERNET["productOrderItem"]:
    _item.pop("quoteItem", None)  # quotes are not ours to know yet
TMF_INTERNET = json.loads((SAMPLES / "tmf" / "internet_add.json").read_text())


def placed(service: Running, path: str = SONATA, client: str = "carrier", body: Any = None, **options: Any) -> Any:
    answer = service.call("POST", f"{path}/productOrder", client, json=body or INTERNET, **options)
    assert answer.status_code == 201, answer.text
    return answer


def test_an_order_is_acknowledged_with_its_address(service: Running) -> None:
    answer = placed(service)
    order = answer.json()
    assert order["state"] == "acknowledged"
    assert answer.headers["location"] == order["href"]
    assert order["href"].endswith(f"{SONATA}/productOrder/{order['id']}")
    assert answer.headers["content-type"] == "application/json;charset=utf-8"
    assert order["externalId"] == INTERNET["externalId"]


def test_an_order_is_the_same_in_every_dialect_of_its_tenant(service: Running) -> None:
    order = placed(service).json()
    sonata = service.call("GET", f"{SONATA}/productOrder/{order['id']}").json()
    cantata = service.call("GET", f"{CANTATA}/productOrder/{order['id']}", "carrier-sil").json()
    tmf = service.call("GET", f"{TMF}/productOrder/{order['id']}", "carrier-sil").json()
    assert sonata == order
    assert linkless(cantata) == linkless(order)
    assert tmf["id"] == order["id"]
    assert tmf["state"] == "acknowledged"


def test_a_foreign_order_does_not_exist(service: Running) -> None:
    order = placed(service).json()
    foreign = service.call("GET", f"{SONATA}/productOrder/{order['id']}", "rival")
    unknown = service.call("GET", f"{SONATA}/productOrder/{{id}}")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()
    assert foreign.json()["code"] == "notFound"


def test_schema_and_rule_findings_are_told_together(service: Running) -> None:
    body = json.loads(json.dumps(INTERNET))
    body["productOrderItem"][0]["requestedItemTerm"]["duration"] = {"amount": "24", "units": "calendarMonths"}
    body["productOrderItem"][0]["product"]["productOffering"]["id"] = "NO-SUCH-OFFERING"
    answer = service.call("POST", f"{SONATA}/productOrder", json=body)
    assert answer.status_code == 422
    found = {entry["propertyPath"]: entry["code"] for entry in answer.json()}
    assert found["/productOrderItem/0/requestedItemTerm/duration/amount"] == "invalidFormat"
    assert "referenceNotFound" in found.values()


def test_violations_are_a_400_in_tmf(service: Running) -> None:
    answer = service.call("POST", f"{TMF}/productOrder", "enterprise", json={"productOrderItem": [{"id": 1}]})
    assert answer.status_code == 400
    body = answer.json()
    assert body["@type"] == "ValidationError"
    wrong = {one["propertyPath"] for one in body["violation"]}
    assert wrong >= {"/productOrderItem/0/id", "/productOrderItem/0/action"}


def test_a_tmf_order_is_acknowledged_and_reads_as_it_was_sent(service: Running) -> None:
    order = placed(service, TMF, "enterprise", TMF_INTERNET).json()
    assert order["state"] == "acknowledged"
    assert order["href"].endswith(f"{TMF}/productOrder/{order['id']}")
    assert order["productOrderItem"][0]["billingAccount"]["name"] == "Hotel account"


def test_fields_choose_what_tmf_shows(service: Running) -> None:
    order = placed(service, TMF, "enterprise", TMF_INTERNET).json()
    one = service.call("GET", f"{TMF}/productOrder/{order['id']}?fields=state", "enterprise").json()
    assert one == {"state": "acknowledged"}
    listed = service.call("GET", f"{TMF}/productOrder?fields=state&limit=1", "enterprise").json()
    assert set(listed[0]) == {"id", "href", "state"}


def test_tmf_lists_take_any_attribute_as_a_filter(service: Running) -> None:
    body = {**TMF_INTERNET, "externalId": "filter-me", "description": "here and nowhere else"}
    order = placed(service, TMF, "enterprise", body).json()
    for query in ("externalId=filter-me", 'externalId="filter-me"', "description=here%20and%20nowhere%20else"):
        listed = service.call("GET", f"{TMF}/productOrder?{query}", "enterprise")
        assert [one["id"] for one in listed.json()] == [order["id"]], query
        assert listed.headers["x-total-count"] == listed.headers["x-result-count"] == "1"


def test_mef_lists_page_with_counts_in_a_stable_order(service: Running) -> None:
    for _ in range(3):
        placed(service, SONATA, "rival", {**INTERNET, "projectId": "paging"})
    path = f"{SONATA}/productOrder?projectId=paging"
    whole = service.call("GET", path, "rival")
    assert whole.headers["x-total-count"] == "3"
    assert whole.headers["x-result-count"] == "3"
    assert whole.headers["x-pagination-throttled"] == "false"
    pages = [service.call("GET", f"{path}&limit=2&offset={offset}", "rival") for offset in (0, 2)]
    assert [one["id"] for page in pages for one in page.json()] == [one["id"] for one in whole.json()]
    assert pages[1].headers["x-total-count"] == "3"


def test_an_unknown_filter_is_refused_by_mef(service: Running) -> None:
    for query in ("colour=red", "limit=x", "orderDate.gt=yesterday", "state=done", "limit=1&limit=2"):
        answer = service.call("GET", f"{SONATA}/productOrder?{query}")
        assert answer.status_code == 400, query
        assert answer.json()["code"] == "invalidQuery", query


def test_a_client_of_one_buyer_must_not_name_it(service: Running) -> None:
    answer = service.call("GET", f"{SONATA}/productOrder?buyerId=one", "broker-one")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalidQuery")
    assert service.call("GET", f"{SONATA}/productOrder", "broker-one").status_code == 200


def test_a_client_of_several_buyers_must_name_one_of_them(service: Running) -> None:
    def code(query: str) -> str:
        return str(service.call("GET", f"{SONATA}/productOrder{query}", "broker").json()["code"])

    assert code("") == "missingQueryParameter"
    assert code("?buyerId=") == "missingQueryValue"
    assert code("?buyerId=three") == "invalidQuery"
    placed(service, f"{SONATA}", "broker", params={"buyerId": "two"})
    assert service.call("GET", f"{SONATA}/productOrder?buyerId=two", "broker").status_code == 200


def test_the_named_buyer_narrows_what_is_listed_and_retrieved(service: Running) -> None:
    mine, theirs = (placed(service, SONATA, "broker", params={"buyerId": buyer}).json()["id"]
                    for buyer in ("one", "two"))
    for query, client in (("?buyerId=one", "broker"), ("", "broker-one")):
        listed = {one["id"] for one in service.call("GET", f"{SONATA}/productOrder{query}", client).json()}
        assert (mine in listed, theirs in listed) == (True, False)
        assert service.call("GET", f"{SONATA}/productOrder/{mine}{query}", client).status_code == 200
        assert service.call("GET", f"{SONATA}/productOrder/{theirs}{query}", client).status_code == 404


def test_a_subscription_is_the_named_buyers_own(service: Running) -> None:
    wish = {"callback": "http://127.0.0.1:9/events"}
    kept = service.call("POST", f"{SONATA}/hub?buyerId=one", "broker", json=wish)
    assert kept.status_code == 201, kept.text
    where = f"{SONATA}/hub/{kept.json()['id']}"
    assert service.call("GET", f"{where}?buyerId=one", "broker").status_code == 200
    assert service.call("GET", where, "broker-one").status_code == 200
    for method in ("GET", "DELETE"):
        assert service.call(method, f"{where}?buyerId=two", "broker").status_code == 404
    assert service.call("DELETE", where, "broker-one").status_code == 204


def test_strict_tenants_are_refused_what_the_document_does_not_know(service: Running) -> None:
    body = {**INTERNET, "colour": "red"}
    placed(service, body=body)
    answer = service.call("POST", f"{SONATA}/productOrder", "exact", json=body)
    assert answer.status_code == 422
    assert {"code": "unexpectedProperty", "propertyPath": "/colour"}.items() <= answer.json()[0].items()


def test_an_order_sent_in_cantata_is_read_in_sonata(service: Running) -> None:
    order = placed(service, CANTATA, "carrier-sil").json()
    assert service.call("GET", f"{SONATA}/productOrder/{order['id']}").json()["externalId"] == INTERNET["externalId"]
