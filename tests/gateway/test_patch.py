"""Orders amended through the door, in the words of whoever asks, and seen by everybody else."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from lso.canonical.order import Order, dump
from lso.lifecycle.order import begin
from lso.store import order as orders
from tests.gateway.conftest import CANTATA, SONATA, TMF, Running
from tests.gateway.test_orders import INTERNET, TMF_INTERNET, placed
from tests.journeys.documents import linkless

MERGE, OPERATIONS = "application/merge-patch+json", "application/json-patch+json"
CARRIERS = [(SONATA, "carrier"), (CANTATA, "carrier-sil")]
SIGHTS = [*CARRIERS, (TMF, "carrier-sil")]
BUYER = {"role": "productOrderContact", "name": "Ada Byte", "number": "+1 555 0100",
         "emailAddress": "ada@buyer.example"}


def patched(service: Running, base: str, id: str, body: Any, client: str = "carrier", kind: str = "application/json",
            ) -> httpx.Response:
    return service.call("PATCH", f"{base}/productOrder/{id}", client, json=body, headers={"Content-Type": kind})


def seen(service: Running, id: str, base: str = SONATA, client: str = "carrier") -> Any:
    return service.call("GET", f"{base}/productOrder/{id}", client).json()


def moved(service: Running, id: str, tenant: str = "alpha", *, end: bool = False) -> None:
    """The order, a step on, as the work on it would take it."""
    def work(connection: Any) -> None:
        stored = orders.fetch(connection, tenant, id)
        assert stored
        order = begin(Order.model_validate(stored.document), at="2030-01-01T00:00:00Z").order
        document = dump(order)
        if end:
            document |= {"state": "completed", "completed_at": "2030-01-02T00:00:00Z"}
        orders.replace(connection, orders.StoredOrder(**{**{name: getattr(stored, name) for name in stored.__slots__},
                                                        "document": document}), stored.version)
    service.world.store.commit_now(work)


@pytest.mark.parametrize(("base", "client"), CARRIERS)
def test_a_buyer_changes_references_contacts_and_notes(service: Running, base: str, client: str) -> None:
    order = placed(service).json()
    others = [one for one in order["relatedContactInformation"] if one["role"] != "productOrderContact"]
    note = {"id": "n-9", "author": "Ada", "date": "2030-01-01T00:00:00Z", "source": "buyer", "text": "Ring twice."}
    item = order["productOrderItem"][0]
    body = {"externalId": "PO-2", "projectId": "Quay", "relatedContactInformation": [BUYER, *others],
            "note": [*order.get("note", []), note],
            "productOrderItem": [{"id": item["id"], "endCustomerName": "Hotel", "relatedBuyerPON": "77"}]}
    answer = patched(service, base, order["id"], body, client)
    assert answer.status_code == 200, answer.text
    wanted = {**order, **body, "productOrderItem": [{**item, "endCustomerName": "Hotel", "relatedBuyerPON": "77"}]}
    assert linkless(answer.json()) == linkless(wanted)
    for where, who in CARRIERS:
        assert linkless(seen(service, order["id"], where, who)) == linkless(wanted)
    tmf = seen(service, order["id"], TMF, "carrier-sil")
    assert tmf["externalId"] == "PO-2"
    assert "Ada Byte" in {one["name"] for one in tmf["relatedParty"]}
    assert "Ring twice." in {one["text"] for one in tmf["note"]}


def test_a_change_by_tm_forum_is_seen_by_sonata_which_loses_nothing(service: Running) -> None:
    order = placed(service, body={**INTERNET, "shoeSize": 43}).json()
    tmf = seen(service, order["id"], TMF, "carrier-sil")
    parties = [{**one, "name": "Ada Byte"} if one["role"] == "productOrderContact" else one for one in
               tmf["relatedParty"]]
    body = {"externalId": "PO-3", "description": "by the quay", "relatedParty": parties, "channel": [{"id": "web"}],
            "note": [*tmf.get("note", []), {"text": "Mind the step."}]}
    answer = patched(service, TMF, order["id"], body, "carrier-sil", MERGE)
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert (after["channel"], after["description"], after["relatedParty"]) == ([{"id": "web"}], "by the quay", parties)
    assert seen(service, order["id"], TMF, "carrier-sil") == after
    sonata = seen(service, order["id"])
    contacts = {one["role"]: one for one in order["relatedContactInformation"]}
    contacts["productOrderContact"] |= {"name": "Ada Byte"}
    assert {one["role"]: one for one in sonata["relatedContactInformation"]} == contacts
    assert (sonata["externalId"], sonata["shoeSize"]) == ("PO-3", 43)
    assert sonata["note"][-1]["text"] == "Mind the step."
    assert sonata["note"][-1]["source"] == "buyer"
    same = [name for name in order if name not in ("externalId", "note", "relatedContactInformation")]
    assert {name: sonata[name] for name in same} == {name: order[name] for name in same}
    # And a change by Sonata leaves alone what only TM Forum has.
    assert patched(service, SONATA, order["id"], {"externalId": "PO-4"}).status_code == 200
    again = seen(service, order["id"], TMF, "carrier-sil")
    assert again == {**after, "externalId": "PO-4"}


def test_a_sonata_change_of_a_tm_forum_order_keeps_what_sonata_does_not_see(service: Running) -> None:
    sent = {**TMF_INTERNET, "note": [{"text": "First."}]}
    order = placed(service, TMF, "carrier-sil", sent).json()
    answer = patched(service, SONATA, order["id"], {"projectId": "Quay", "externalId": "PO-5"})
    assert answer.status_code == 200, answer.text
    assert seen(service, order["id"], TMF, "carrier-sil") == {**order, "externalId": "PO-5"}


def test_json_patch_is_for_tm_forum_alone(service: Running) -> None:
    order = placed(service, TMF, "carrier-sil", TMF_INTERNET).json()
    body = [{"op": "test", "path": "/state", "value": "acknowledged"},
            {"op": "add", "path": "/description", "value": "by the quay"},
            {"op": "add", "path": "/note/-", "value": {"text": "One."}},
            {"op": "copy", "from": "/description", "path": "/x-two"}]
    answer = patched(service, TMF, order["id"], body, "carrier-sil", OPERATIONS)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["description"], answer.json()["x-two"]) == ("by the quay", "by the quay")
    assert patched(service, SONATA, order["id"], body, "carrier", OPERATIONS).status_code == 415
    for base, client in SIGHTS:
        assert patched(service, base, order["id"], {}, client, "application/xml").status_code == 415


@pytest.mark.parametrize(("body", "status"), [
    ([{"op": "test", "path": "/state", "value": "completed"}], 409),
    ([{"op": "remove", "path": "/nothing"}], 409),
    ([{"op": "replace", "path": "/state", "value": "cancelled"}], 409),
    ([{"op": "replace", "path": "/productOrderItem/0/action", "value": "delete"}], 409),
    ([{"op": "replace", "path": "/id", "value": "mine"}], 400),
    ([{"op": "add", "path": "/note", "value": "text"}], 400),
    ([{"op": "append", "path": "/externalId", "value": "x"}], 400),
    ([{"op": "add"}], 400), ([{"op": "add", "path": 1, "value": 1}], 400),
    ([{"op": "add", "path": "x", "value": 1}], 400),
    ([{"op": "replace", "path": "", "value": []}], 400), ([{"op": ["add"], "path": "/x", "value": 1}], 400), ([1], 400),
    ([{"op": "add", "path": "/x", "value": {}}] + [{"op": "copy", "from": "", "path": "/x/y"}] * 40, 413),
    ([{"op": "add", "path": "/x", "value": "x" * 1000}] + [{"op": "copy", "from": "", "path": f"/y{n}"}
                                                          for n in range(40)], 413),
])
def test_an_operation_that_cannot_be_leaves_all_as_it_was(service: Running, body: Any, status: int) -> None:
    order = placed(service, TMF, "carrier-sil", TMF_INTERNET).json()
    first = [{"op": "add", "path": "/description", "value": "half"}]
    answer = patched(service, TMF, order["id"], first + body, "carrier-sil", OPERATIONS)
    assert answer.status_code == status, answer.text
    assert seen(service, order["id"], TMF, "carrier-sil") == order


@pytest.mark.parametrize(("body", "status"), [
    ({"id": "mine"}, 400), ({"href": "http://mine"}, 400), ({"orderDate": "2020-01-01T00:00:00Z"}, 400),
    ({"state": "cancelled"}, 409), ({"state": "acknowledged"}, 200), ({"completionDate": "2030-01-01T00:00:00Z"}, 409),
    ({"productOrderItem": []}, 400), ({"productOrderItem": None}, 400), ({"requestedCompletionDate": "soon"}, 400),
    ({"note": None}, 409), ({}, 200), ({"description": None}, 200), ({"externalId": 7}, 400),
])
def test_what_tm_forum_may_patch(service: Running, body: Any, status: int) -> None:
    order = placed(service, TMF, "carrier-sil", TMF_INTERNET).json()
    answer = patched(service, TMF, order["id"], body, "carrier-sil")
    assert answer.status_code == status, answer.text
    if status == 200:
        return
    assert seen(service, order["id"], TMF, "carrier-sil") == order
    told = answer.json()
    assert told["status"] == str(status)
    assert told["violation"][0]["propertyPath"].split("/")[1] in body


def test_two_patches_that_meet_leave_one_winner(service: Running) -> None:
    order = placed(service).json()
    together = threading.Barrier(8)
    answers: dict[int, int] = {}

    def race(number: int) -> None:
        together.wait()
        answers[number] = patched(service, SONATA, order["id"], {"externalId": f"PO-{number}"}).status_code

    threads = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers.values()) <= {200, 409}
    assert seen(service, order["id"])["externalId"] in {f"PO-{one}" for one, code in answers.items() if code == 200}


def test_an_order_under_way_is_amended_and_a_finished_one_is_not(service: Running) -> None:
    order = placed(service).json()
    moved(service, order["id"])
    assert patched(service, SONATA, order["id"], {"projectId": "late"}).json()["state"] == "inProgress"
    moved_on = placed(service).json()
    moved(service, moved_on["id"], end=True)
    for base, client in SIGHTS:
        answer = patched(service, base, moved_on["id"], {"externalId": "too late"}, client)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_an_order_is_deleted_when_it_has_ended_and_is_gone_for_all(service: Running) -> None:
    order = placed(service).json()
    path = f"{TMF}/productOrder/{order['id']}"
    refused = service.call("DELETE", path, "carrier-sil")
    assert (refused.status_code, refused.json()["status"]) == (409, "409")
    moved(service, order["id"], end=True)
    assert service.call("DELETE", path, "enterprise").status_code == 404
    gone = service.call("DELETE", path, "carrier-sil")
    assert (gone.status_code, gone.content) == (204, b"")
    for base, client in SIGHTS:
        assert service.call("GET", f"{base}/productOrder/{order['id']}", client).status_code == 404
        assert patched(service, base, order["id"], {"externalId": "x"}, client).status_code == 404
        assert order["id"] not in {one["id"] for one in service.call("GET", f"{base}/productOrder", client).json()}
    assert service.call("DELETE", path, "carrier-sil").status_code == 404
