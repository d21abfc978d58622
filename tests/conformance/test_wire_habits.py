"""Habits of the wire that the conformance kits of TM Forum rely on: tmf630.yaml, H."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.conformance.desk import Desk, Document, internet
from tests.journeys.documents import holds, ours

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
Placed = Callable[..., Document]


@pytest.fixture
def placed(tmf: Desk) -> Placed:
    """An order of TM Forum's, with members of its own."""
    return lambda **members: tmf.made({**ours("tmf/internet_add.json"), **members})


def texts(value: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def test_h1_a_list_without_limit_has_all_there_is(tmf: Desk, placed: Placed) -> None:
    ids = [placed(category="h1")["id"] for _ in range(3)]
    everything = tmf.get("/productOrder")
    assert everything.status_code == 200
    assert len(everything.json()) == int(everything.headers["X-Total-Count"])
    assert {row["id"] for row in everything.json()} >= set(ids)
    assert [row["id"] for row in tmf.listed("category=h1")] == ids


def test_h2_moments_end_in_z(tmf: Desk, sonata: Desk, placed: Placed) -> None:
    mine = tmf.ended(placed()["id"])
    theirs = tmf.read(sonata.ended(sonata.made(internet())["id"])["id"])
    for order in (mine, theirs):
        moments = [text for text in texts(order) if MOMENT.fullmatch(text)]
        assert len(moments) > 3
        assert {moment[-1] for moment in moments} == {"Z"}
        found = tmf.listed(f"id={order['id']}&orderDate={order['orderDate']}")
        assert [row["id"] for row in found] == [order["id"]], "unescaped, as the kits ask"


@pytest.mark.parametrize("query", [
    'externalId="h3, one"', "externalId=%22h3%2C%20one%22", "productOrderItem.billingAccount.name=Hotel%20h3",
    "productOrderItem.product.isBundle=true", "relatedParty.name=H3&channel.id=h3",
    "productOrderItem.product.place.id=SITE-QUAY-4&relatedParty.name=H3"])
def test_h3_filters_find_what_they_say(tmf: Desk, placed: Placed, query: str) -> None:
    sent = ours("tmf/internet_add.json")
    (item,) = sent["productOrderItem"]
    item["billingAccount"] = {"id": "BA-2041", "name": "Hotel h3"}
    item["product"]["isBundle"] = True
    party = {**sent["relatedParty"][0], "name": "H3"}
    order = placed(externalId="h3, one", relatedParty=[party], channel=[{"id": "h3"}], productOrderItem=[item])
    found = tmf.listed(query)
    assert order["id"] in {row["id"] for row in found}
    assert {row["externalId"] for row in found} == {"h3, one"}


def test_h3_all_conditions_hold(tmf: Desk, placed: Placed) -> None:
    order = placed(externalId="h3-all", category="h3-all")
    assert [row["id"] for row in tmf.listed("externalId=h3-all&category=h3-all")] == [order["id"]]
    assert tmf.listed("externalId=h3-all&category=other") == tmf.listed("externalId=h3-all&channel.id=other") == []


def test_h4_fields_choose(tmf: Desk, placed: Placed) -> None:
    order = placed(category="h4")
    (row,) = tmf.listed("category=h4&fields=state,colour,relatedParty.name")
    parties = [{"name": party["name"]} for party in order["relatedParty"]]
    assert row == {"id": order["id"], "href": order["href"], "state": row["state"], "relatedParty": parties}
    one = tmf.get(f"/productOrder/{order['id']}?fields=externalId,colour").json()
    assert one == {"externalId": order["externalId"]}
    nested = tmf.get(f"/productOrder/{order['id']}?fields=productOrderItem.id").json()
    assert nested == {"productOrderItem": [{"id": "1"}]}


@pytest.mark.parametrize("body", [{}, {"productOrderItem": []}, {"productOrderItem": [{"id": "1"}]},
                                  {"productOrderItem": [{"id": "1", "action": "teleport"}]}])
def test_h5_what_is_wrong_with_a_body_is_a_400(tmf: Desk, body: Document) -> None:
    answer = tmf.post(body)
    assert (answer.status_code, answer.json()["status"]) == (400, "400")


@pytest.mark.parametrize("id", ["42", "{id}", "no such order", "Ω", "a.b;c=d", "%", "x" * 300])
def test_h5_an_id_that_is_not_there_is_a_404(tmf: Desk, id: str) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        answer = tmf.call(method, f"/productOrder/{quote(id)}", json={} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["status"]) == (404, "404"), method


def test_h6_a_patch_of_json_is_a_merge_patch(tmf: Desk, placed: Placed) -> None:
    order = placed()
    answer = tmf.patch(f"/productOrder/{order['id']}", {"category": "h6", "description": None})
    assert answer.status_code == 200
    assert answer.json()["category"] == "h6"
    assert "description" not in answer.json()


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/json;charset=UTF-8"])
def test_h6_a_charset_and_a_slash_at_the_end_change_nothing(tmf: Desk, placed: Placed, kind: str) -> None:
    headers = {"Content-Type": kind, "Accept": kind}
    made = tmf.call("POST", "/productOrder/", json=ours("tmf/internet_add.json"), headers=headers)
    assert made.status_code == 201, made.text
    path = f"/productOrder/{made.json()['id']}"
    assert tmf.patch(f"{path}/", {"category": "h6"}, kind).json()["category"] == "h6"
    for way in (path, f"{path}/"):
        assert tmf.call("GET", way, headers={"Accept": kind}).json()["category"] == "h6"
    assert tmf.get("/productOrder/?limit=1").status_code == tmf.get("/productOrder?limit=1").status_code == 200


def test_h7_members_that_the_document_does_not_know_are_kept(tmf: Desk, placed: Placed) -> None:
    sent = ours("tmf/internet_add.json") | {"mood": {"of": ["the", 1.50, None]}}
    sent["productOrderItem"][0]["colour"] = "blue"
    order = tmf.made(sent)
    assert holds(order, sent) == holds(tmf.ended(order["id"]), sent) == []


@pytest.mark.parametrize("name", ["internet_add", "epl_add"])
def test_h8_an_order_of_another_dialect_is_listed_as_complete_as_any(tmf: Desk, sonata: Desk, name: str) -> None:
    id = sonata.made({**ours(f"sonata/{name}.json"), "externalId": f"h8-{name}"})["id"]
    sonata.ended(id)
    (order,) = tmf.listed(f"id={id}")
    assert order["href"].endswith(f"{tmf.base}/productOrder/{id}")
    assert {"id", "href", "state", "orderDate", "completionDate", "externalId", "relatedParty"} <= set(order)
    for party in order["relatedParty"]:
        assert {"id", "role", "name", "@referredType"} <= set(party)
    for item in order["productOrderItem"]:
        assert {"id", "action", "state", "product", "productOffering"} <= set(item)
