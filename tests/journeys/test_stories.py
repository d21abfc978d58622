"""The stories that must work, through the front door: real service, worker, sandbox network and subscribers."""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc.jwk import KeySet

from lso.gateway.identity.signature import HEADER, verify
from tests.journeys.documents import holds, ours, published, published_or_own
from tests.listener import Heard, Listener
from tests.running import CANTATA, MEF, TMF, Running, eventually

FINAL = {"completed", "rejected", "failed", "partial", "cancelled"}
ACCESS = "corrected/mef139/uc06_order_add_basic.json"
LINE = "corrected/mef125_0_1/uc05_order_add_epl.json"


def placed(service: Running, document: Any, base: str = MEF, client: str = "demo-carrier") -> dict[str, Any]:
    """A document ordered; its answer."""
    answer = service.post(f"{base}/productOrder", document, client)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == order["href"]
    return order


def finished(service: Running, id: str, base: str = MEF, client: str = "demo-carrier") -> dict[str, Any]:
    """The order, once it has come to its end."""
    def look() -> Any:
        order = service.get(f"{base}/productOrder/{id}", client).json()
        return order["state"] in FINAL and order
    order: dict[str, Any] = eventually(look)
    return order


def subscribed(service: Running, base: str, client: str, callback: str, query: str = "") -> None:
    """The listener, registered."""
    wish = {"callback": callback} | ({"query": query} if query else {})
    answer = service.post(f"{base}/hub", wish, client)
    assert answer.status_code == 201, answer.text


def test_an_internet_access_order_by_sonata_is_fulfilled_and_read_in_every_other_language(
        service: Running, listener: Listener) -> None:
    document = published_or_own(ACCESS, "sonata/internet_add.json")
    subscribed(service, MEF, "demo-carrier", listener.url)
    subscribed(service, TMF, "demo-carrier-sil", f"{listener.url}/tmf")

    order = placed(service, document)
    assert order["state"] == "acknowledged"
    assert holds(order, document) == []
    done = finished(service, order["id"])

    assert done["state"] == "completed"
    assert [change["state"] for change in done["stateChange"]] == ["acknowledged", "inProgress", "completed"]
    assert done["productOrderItem"][0]["product"]["id"]
    assert holds(done, document) == [], "the way back to Sonata lost something"

    cantata = service.get(f"{CANTATA}/productOrder/{order['id']}", "demo-carrier-sil").json()
    assert holds(cantata, document) == []
    tmf = service.get(f"{TMF}/productOrder/{order['id']}", "demo-carrier-sil").json()
    assert (tmf["id"], tmf["state"], tmf["externalId"]) == (order["id"], "completed", document["externalId"])
    configuration = document["productOrderItem"][0]["product"]["productConfiguration"]
    told = {one["name"]: one["value"] for one in tmf["productOrderItem"][0]["product"]["productCharacteristic"]}
    assert told == {name: value for name, value in configuration.items() if name != "@type"}

    def heard(language: str) -> list[Heard]:
        return [one for one in listener.of(order["id"]) if one.path.startswith(language)]

    def states() -> list[str]:
        return [one.body["event"]["productOrder"]["state"] for one in heard("/tmf")
                if one.path.endswith("productOrderStateChangeEvent")]

    eventually(lambda: len(states()) >= 2 and len(heard("/mefApi")) >= 5)
    sonata = heard("/mefApi")
    base = "/mefApi/sonata/productOrderingNotification/v10/listener"
    assert {one.path.removeprefix(base) for one in sonata} == {
        "/productOrderStateChangeEvent", "/productOrderItemStateChangeEvent",
        "/productOrderItemExpectedCompletionDateSet"}
    keys = KeySet.import_key_set(service.http.get(f"{service.url}/.well-known/jwks.json", timeout=5).json())
    for one in sonata:
        assert verify(one.headers[HEADER], one.raw, keys, at=time.time()) == one.body["eventId"]
    assert states() == ["inProgress", "completed"]


def test_the_way_to_tm_forum_and_back_gives_the_very_same_document(service: Running) -> None:
    document = published_or_own(ACCESS, "sonata/internet_add.json")
    there = service.post("/translate?from=sonata&to=tmf", {"document": document}).json()
    assert there["losses"]
    back = service.post("/translate?from=tmf&to=sonata",
                        {"document": there["document"], "complement": there["complement"]}).json()
    assert back["document"] == document


def test_the_published_body_is_refused_with_everything_that_is_wrong_with_it(service: Running) -> None:
    document = published("mef139/uc06_order_add_basic.json")
    answer = service.post(f"{MEF}/productOrder", document)
    assert answer.status_code == 422
    found = {(error["propertyPath"], error["code"]) for error in answer.json()}
    product = "/productOrderItem/0/product"
    envelope = f"{product}/productConfiguration/ipUni/ingressBandwidthProfileEnvelope"
    assert (f"{product}/place", "missingProperty") in found
    assert (envelope, "invalidFormat") in found or (envelope, "invalidValue") in found
    assert len(found) == 2


def test_an_ethernet_private_line_with_two_ends_is_fulfilled_in_dependency_order(service: Running) -> None:
    document = published_or_own(LINE, "sonata/epl_add.json")
    order = placed(service, document)
    done = finished(service, order["id"])
    assert done["state"] == "completed"
    assert holds(done, document) == []
    ended = {item["id"]: item["completionDate"] for item in done["productOrderItem"]}
    for item in document["productOrderItem"]:
        for relation in item.get("productOrderItemRelationship", []):
            assert ended[relation["id"]] <= ended[item["id"]], "an item was fulfilled before what it depends on"


def test_an_access_eline_order_is_fulfilled_by_sonata_and_refused_by_cantata(service: Running) -> None:
    document = ours("sonata/access_eline_add.json")
    order = placed(service, document)
    assert finished(service, order["id"])["state"] == "completed"
    refused = service.post(f"{CANTATA}/productOrder", document, "demo-carrier-sil")
    assert refused.status_code == 422
    assert any(error["propertyPath"].endswith("/productConfiguration/@type") for error in refused.json())
    assert service.get(f"{CANTATA}/productOrder/{order['id']}", "demo-carrier-sil").status_code == 404
    assert order["id"] not in service.get(f"{CANTATA}/productOrder", "demo-carrier-sil").text


def test_a_tm_forum_order_for_internet_access_is_fulfilled_and_read_as_sonata(
        service: Running, listener: Listener) -> None:
    document = ours("tmf/internet_add.json")
    subscribed(service, MEF, "demo-carrier", listener.url, "eventType=productOrderStateChangeEvent")
    order = placed(service, document, TMF, "demo-carrier-sil")
    assert holds(order, document) == []
    assert finished(service, order["id"], TMF, "demo-carrier-sil")["state"] == "completed"
    sonata = service.get(f"{MEF}/productOrder/{order['id']}").json()
    assert sonata["state"] == "completed"
    assert sonata["externalId"] == document["externalId"]
    eventually(lambda: len(listener.of(order["id"])) == 2)


def test_a_tm_forum_order_without_mef_meaning_is_accepted_and_ends_rejected_with_a_reason(service: Running) -> None:
    order = placed(service, ours("tmf/gift_card.json"), TMF, "demo-enterprise")
    done = finished(service, order["id"], TMF, "demo-enterprise")
    assert done["state"] == "rejected"
    assert holds(done, ours("tmf/gift_card.json")) == []
    listed = service.get(f"{TMF}/productOrder?state=rejected", "demo-enterprise").json()
    assert order["id"] in {one["id"] for one in listed}


@pytest.mark.parametrize(("place", "state", "reason"), [
    ("REJECT-Street-1", "rejected", "The place cannot be served."),
    ("FAIL-Street-1", "failed", "The installation at the place failed.")])
def test_a_reason_is_told_in_the_words_and_pointers_of_each_reader(
        service: Running, place: str, state: str, reason: str) -> None:
    document = ours("tmf/internet_add.json")
    document["productOrderItem"][0]["product"]["place"][0] |= {"id": place, "@referredType": "GeographicAddress"}
    order = placed(service, document, TMF, "demo-carrier-sil")
    done = finished(service, order["id"], TMF, "demo-carrier-sil")
    assert done["state"] == state
    assert [note["text"] for note in done["note"]][1:] == [f"Item 1: {reason}"]
    (item,) = service.get(f"{MEF}/productOrder/{order['id']}").json()["productOrderItem"]
    error = {"code": "otherIssue", "propertyPath": "/productOrderItem/0/product", "value": reason}
    assert (item["state"], item["terminationError"]) == (state, [error])


def test_another_tenant_sees_nothing_of_it(service: Running) -> None:
    order = placed(service, published_or_own(ACCESS, "sonata/internet_add.json"))
    assert service.get(f"{TMF}/productOrder/{order['id']}", "demo-enterprise").status_code == 404
    assert order["id"] not in service.get(f"{TMF}/productOrder", "demo-enterprise").text


def test_contacts_of_a_sonata_order_are_amended_by_sonata_and_by_tm_forum_and_each_sees_both(
        service: Running, listener: Listener) -> None:
    document = ours("sonata/internet_add.json")
    subscribed(service, TMF, "demo-carrier-sil", f"{listener.url}/tmf")
    order = placed(service, document)
    path = f"/productOrder/{order['id']}"

    def amended(body: Any, base: str, client: str, kind: str) -> dict[str, Any]:
        headers = {"Content-Type": kind}
        answer = service.call("PATCH", base + path, client, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        changed: dict[str, Any] = answer.json()
        return changed

    contacts = [{**one, "number": "+1 555 0199"} if one["role"] == "productOrderContact" else one
                for one in order["relatedContactInformation"]]
    amended({"relatedContactInformation": contacts}, MEF, "demo-carrier", "application/json")
    parties = service.get(TMF + path, "demo-carrier-sil").json()["relatedParty"]
    index = next(index for index, one in enumerate(parties) if one["role"] == "productOrderContact")
    amended([{"op": "replace", "path": f"/relatedParty/{index}/name", "value": "Zoe Quay"}], TMF,
            "demo-carrier-sil", "application/json-patch+json")

    done = finished(service, order["id"])
    told = {one["role"]: (one["name"], one["number"]) for one in done["relatedContactInformation"]}
    assert done["state"] == "completed"
    assert told["productOrderContact"] == ("Zoe Quay", "+1 555 0199")
    parties = service.get(TMF + path, "demo-carrier-sil").json()["relatedParty"]
    assert "Zoe Quay" in {one["name"] for one in parties}
    assert holds(done, {name: value for name, value in document.items() if name != "relatedContactInformation"}) == []
    eventually(lambda: any(
        party["name"] == "Zoe Quay" for one in listener.of(order["id"])
        if one.path.endswith("productOrderAttributeValueChangeEvent")
        for party in one.body["event"]["productOrder"]["relatedParty"]))
    refused = service.call("PATCH", MEF + path, json={"externalId": "too late"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert service.call("DELETE", TMF + path, "demo-carrier-sil").status_code == 204
    assert service.get(MEF + path).status_code == 404
    eventually(lambda: any(one.path.endswith("productOrderDeleteEvent") for one in listener.of(order["id"])))
