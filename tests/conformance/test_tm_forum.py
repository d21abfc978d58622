"""What TM Forum's guidelines ask of a server of product orders: tmf630.yaml, C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.desk import Desk, Document, internet
from tests.journeys.documents import ours
from tests.listener import Listener
from tests.running import eventually

MERGE, OPERATIONS = "application/merge-patch+json", "application/json-patch+json"


def sent(**members: Any) -> Document:
    """An order to be placed."""
    return {**ours("tmf/internet_add.json"), **members}


def patched(tmf: Desk, body: Any, kind: str = "application/json", **members: Any) -> tuple[int, Document, Document]:
    """The status and body that a patch is answered with, and the order as it was."""
    order = tmf.made(sent(**members))
    answer = tmf.patch(f"/productOrder/{order['id']}", body, kind)
    return answer.status_code, answer.json(), order


@pytest.mark.parametrize("path", ["/productOrder", "/cancelProductOrder"])
def test_c1_every_list_tells_how_many_there_are_and_how_many_are_here(tmf: Desk, path: str) -> None:
    answer = tmf.get(f"{path}?limit=1")
    assert answer.status_code == 200
    assert int(answer.headers["X-Result-Count"]) == len(answer.json()) <= 1
    assert int(answer.headers["X-Total-Count"]) >= len(answer.json())


def test_c2_location_is_the_href_of_what_was_made(tmf: Desk, listener: Listener) -> None:
    answer = tmf.post(sent())
    assert answer.headers["Location"] == answer.json()["href"]
    assert tmf.read(answer.json()["id"])["href"] == answer.json()["href"]
    hub = tmf.post({"callback": listener.url}, "/hub")
    assert hub.status_code == 201
    assert tmf.call("DELETE", hub.headers["Location"].partition(tmf.base)[2]).status_code == 204


@pytest.mark.parametrize(("kind", "body", "status"), [
    (MERGE, {"category": "c3"}, 200), ("application/json", {"category": "c3"}, 200),
    (OPERATIONS, [{"op": "replace", "path": "/category", "value": "c3"}], 200),
    (OPERATIONS, [{"op": "test", "path": "/category", "value": "other"},
                  {"op": "replace", "path": "/category", "value": "c3"}], 409),
    ("text/plain", {"category": "c3"}, 415), ("application/xml", {"category": "c3"}, 415),
    ("application/json-patch-query+json", [{"op": "replace", "path": "/category", "value": "c3"}], 415)])
def test_c3_patches_come_in_two_kinds(tmf: Desk, kind: str, body: Any, status: int) -> None:
    answered, told, order = patched(tmf, body, kind)
    assert answered == status, told
    assert tmf.read(order["id"])["category"] == ("c3" if status == 200 else "B2B")


@pytest.mark.parametrize("member", ["id", "href", "orderDate"])
def test_c4_what_identifies_an_order_never_changes(tmf: Desk, member: str) -> None:
    status, told, order = patched(tmf, {member: "2020-01-01T00:00:00Z"})
    assert (status, told["violation"][0]["propertyPath"]) == (400, f"/{member}")
    assert tmf.read(order["id"])[member] == order[member]


def test_c5_the_state_does_not_change_by_a_patch(tmf: Desk) -> None:
    order = tmf.ended(tmf.made(sent())["id"])
    path = f"/productOrder/{order['id']}"
    assert tmf.patch(path, {"state": "cancelled"}).status_code == 409
    assert tmf.patch(path, {"state": "inProgress"}).status_code == 409
    assert tmf.patch(path, {"state": "completed"}).status_code in (200, 409), "it is that already, and has ended"
    assert tmf.read(order["id"])["state"] == "completed"


def test_c6_a_patch_need_not_repeat_the_items(tmf: Desk) -> None:
    status, told, order = patched(tmf, {"priority": "1"})
    assert status == 200
    assert [item["id"] for item in told["productOrderItem"]] == [item["id"] for item in order["productOrderItem"]]


@pytest.mark.parametrize(("body", "status"), [
    ({"externalId": "c7"}, 200), ({"channel": [{"id": "shop"}]}, 200), ({"mood": "blue"}, 200),
    ({"note": []}, 409), ({"requestedCompletionDate": "2031-01-01T00:00:00Z"}, 409),
    ({"productOrderItem": [{"id": "1", "action": "delete"}]}, 409)])
def test_c7_what_an_order_was_placed_for_does_not_change(tmf: Desk, body: Document, status: int) -> None:
    answered, told, order = patched(tmf, body)
    assert answered == status, told
    if status == 409:
        for member in body:
            assert tmf.read(order["id"])[member] == order[member]


def test_c7_notes_are_appended(tmf: Desk) -> None:
    order = tmf.made(sent())
    answer = tmf.patch(f"/productOrder/{order['id']}", {"note": [*order["note"], {"text": "Ring twice."}]})
    assert [note["text"] for note in answer.json()["note"]] == ["Call before you come.", "Ring twice."]


def test_c8_an_order_that_has_ended_is_deleted_for_all(tmf: Desk, sonata: Desk) -> None:
    order = tmf.made(sent())
    product = tmf.ended(order["id"])["productOrderItem"][0]["product"]
    slow = sent()
    slow["productOrderItem"][0]["product"]["place"] = [
        {"id": "DELAY-5-Street-1", "role": "INSTALL_LOCATION", "@referredType": "GeographicAddress"}]
    assert tmf.call("DELETE", f"/productOrder/{tmf.made(slow)['id']}").status_code == 409
    assert tmf.call("DELETE", f"/productOrder/{order['id']}").status_code == 204
    for desk in (tmf, sonata):
        assert desk.get(f"/productOrder/{order['id']}").status_code == 404
    again = sonata.refused({**internet(), "productOrderItem": [
        {"id": "1", "action": "delete", "product": {"id": product["id"], "productOffering": {"id": "x"}}}]})
    assert not [path for path, _ in again if path == "/productOrderItem/0/product/id"], "its product stays"


@pytest.mark.parametrize(("method", "path", "body", "status"), [
    ("GET", "/productOrder/none", None, 404), ("POST", "/productOrder", {}, 400), ("PUT", "/productOrder/x", {}, 405),
    ("GET", "/nowhere", None, 404), ("DELETE", "/hub/none", None, 404), ("GET", "/productOrder?offset=-1", None, 400)])
def test_c9_an_error_says_what_is_wrong(tmf: Desk, method: str, path: str, body: Any, status: int) -> None:
    answer = tmf.call(method, path, json=body)
    error = answer.json()
    assert answer.status_code == status
    assert error["code"]
    assert error["reason"]
    assert error["status"] == str(status)
    if body == {} and method == "POST":
        assert {"code": "missingProperty", "propertyPath": "/productOrderItem"}.items() <= error["violation"][0].items()


@pytest.mark.parametrize(("query", "kinds"), [
    ("", {"ProductOrderCreateEvent", "ProductOrderStateChangeEvent"}),
    ("eventType=ProductOrderCreateEvent", {"ProductOrderCreateEvent"}),
    ("eventType=productOrderStateChangeEvent", {"ProductOrderStateChangeEvent"})])
def test_c10_events_carry_the_order_and_are_chosen(
        tmf: Desk, listener: Listener, register: Callable[..., Document], query: str, kinds: set[str]) -> None:
    register(tmf, listener, query)
    order = tmf.made(sent())
    least = 2 if query.endswith("StateChangeEvent") else 1 if query else 3
    eventually(lambda: len(listener.of(order["id"])) >= least)
    heard = listener.of(order["id"])
    assert {one.body["eventType"] for one in heard} >= kinds
    assert not query or {one.body["eventType"] for one in heard} == kinds
    for one in heard:
        assert one.path.rpartition("/")[2].casefold() == one.body["eventType"].casefold()
        assert one.body["event"]["productOrder"]["id"] == order["id"]
        assert one.body["event"]["productOrder"]["externalId"] == order["externalId"]


def test_c11_what_the_server_sets_is_not_taken_from_the_client(tmf: Desk) -> None:
    order = tmf.made(sent(id="mine", href="http://mine.example", state="completed", orderDate="1999-01-01T00:00:00Z"))
    assert order["id"] != "mine"
    assert order["href"].endswith(order["id"])
    assert order["state"] == "acknowledged"
    assert order["orderDate"] > "2020"


def test_c12_none_of_the_fields_leaves_id_and_href(tmf: Desk) -> None:
    order = tmf.made(sent(category="c12"))
    least = {"id": order["id"], "href": order["href"]}
    assert tmf.listed("category=c12&fields=none") == [least]
    assert tmf.get(f"/productOrder/{order['id']}?fields=none").json() == least


def test_c13_a_page_has_status_200_and_the_total_of_all(tmf: Desk) -> None:
    ids = [tmf.made(sent(category="c13"))["id"] for _ in range(3)]
    page = tmf.get("/productOrder?category=c13&offset=1&limit=1")
    assert [row["id"] for row in page.json()] == ids[1:2]
    assert (page.status_code, page.headers["X-Total-Count"], page.headers["X-Result-Count"]) == (200, "3", "1")
    assert tmf.get("/productOrder?category=c13&offset=9").json() == []


def test_c14_filters_have_alternatives_and_operators(tmf: Desk) -> None:
    ids = [tmf.made(sent(category=f"c14-{letter}", description="c14"))["id"] for letter in "abc"]
    for query, wanted in (("category=c14-a,c14-b", ids[:2]), ("category=c14-a&category=c14-c", [ids[0], ids[2]]),
                          ("description=c14&category.gt=c14-a", ids[1:]),
                          ("description=c14&category.lte=c14-b", ids[:2]),
                          ("description=c14&category.ne=c14-b", [ids[0], ids[2]]),
                          ("category.regex=c14-[ab]", ids[:2]),
                          ("description=c14&orderDate.gt=2090-01-01T00:00:00Z", [])):
        assert [row["id"] for row in tmf.listed(query)] == wanted, query
