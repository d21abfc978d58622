"""What an order and its items have in each state, and how they are looked up: MEF 123 R45-R62, R107, R108."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.conformance.desk import ITEM, Desk, at, bought, changed, internet
from tests.conformance.states import lacking
from tests.journeys.documents import ours

ENDS = [("Quay", "completed"), ("FAIL-Street-1", "failed"), ("REJECT-Street-1", "rejected"),
        ("FULL-Street-1", "failed"), ("DELAY-5-Street-1", "inProgress")]
DATES = ["orderDate", "completionDate", "itemRequestedCompletionDate", "itemExpectedCompletionDate"]


@pytest.mark.parametrize(("place", "state"), ENDS)
def test_r45_r46_r48_r49_r62_an_order_has_what_its_state_demands(desk: Desk, place: str, state: str) -> None:
    order = desk.made(at(place))
    for seen in chain([order], desk.seen(order["id"])):
        assert list(lacking(seen)) == []
        if seen["state"] == state:
            return
    pytest.fail(f"never {state}")


def test_r45_r48_r49_r62_an_order_that_ends_in_parts_has_what_that_demands(desk: Desk) -> None:
    order = desk.ended(desk.made(at("Quay", "FAIL-Street-1"))["id"])
    assert order["state"] == "partial"
    assert {item["state"] for item in order["productOrderItem"]} == {"completed", "failed"}
    assert list(lacking(order)) == []


def test_r62_items_beside_one_that_is_rejected_say_so(desk: Desk) -> None:
    order = desk.ended(desk.made(at("Quay", "REJECT-Street-1"))["id"])
    assert [item["state"] for item in order["productOrderItem"]] == ["rejected.validated", "rejected"]
    assert list(lacking(order)) == []


def test_r59_a_list_shows_what_identifies_an_order_and_nothing_else(desk: Desk) -> None:
    order = desk.ended(desk.made(internet(projectId="r59"))["id"])
    (row,) = [one for one in desk.listed("projectId=r59") if one["id"] == order["id"]]
    members = ("id", "state", "orderDate", "completionDate", "externalId", "projectId")
    assert row == {name: order[name] for name in members}


@pytest.mark.parametrize("query", ["externalId=nobody", "projectId=nobody", "state=cancelled&projectId=nobody",
                                   "orderDate.lt=1999-01-01T00:00:00Z", "offset=1000000"])
def test_r60_nothing_found_is_an_empty_list(desk: Desk, query: str) -> None:
    assert desk.listed(query) == []


def test_r61_the_id_of_a_product_is_told_once_there_is_one(desk: Desk) -> None:
    product = bought(desk)
    assert desk.refused(changed(internet(), f"{ITEM}/product/id", product["id"]))
    order = changed(internet(), f"{ITEM}/action", "delete")
    assert desk.made(changed(order, f"{ITEM}/product", {"id": product["id"]}))["state"] == "acknowledged"


def test_o9_lists_are_asked_for_by_what_an_order_is_called(desk: Desk) -> None:
    project = f"o9-{desk.client}"
    one = desk.made(internet(projectId=project, externalId=f"{project}-1"))
    other = desk.made(internet(projectId=project, externalId=f"{project}-2"))
    assert [row["id"] for row in desk.listed(f"projectId={project}")] == [one["id"], other["id"]]
    assert [row["id"] for row in desk.listed(f"externalId={project}-2")] == [other["id"]]
    desk.ended(one["id"])
    assert one["id"] in {row["id"] for row in desk.listed(f"projectId={project}&state=completed")}
    assert desk.get("/productOrder?state=lost").status_code == 400


@pytest.mark.parametrize("member", DATES)
def test_o9_o10_lists_are_asked_for_by_dates(desk: Desk, member: str) -> None:
    project = f"o10-{desk.client}-{member}"
    order = desk.ended(desk.made(internet(projectId=project))["id"])
    item = order["productOrderItem"][0]
    moment = order.get(member) or item[{"itemRequestedCompletionDate": "requestedCompletionDate",
                                        "itemExpectedCompletionDate": "expectedCompletionDate"}[member]]
    found = {sign: len(desk.listed(f"projectId={project}&{member}.{sign}={day}"))
             for sign, day in (("gt", "2020-01-01T00:00:00Z"), ("lt", "2090-01-01T00:00:00Z"))}
    assert found == {"gt": 1, "lt": 1}
    assert desk.listed(f"projectId={project}&{member}.gt={moment.replace('+', '%2B')}") == []
    assert desk.listed(f"projectId={project}&{member}.lt={moment.replace('+', '%2B')}") == []


def test_r107_a_list_that_was_cut_says_so(desk: Desk) -> None:
    project = f"r107-{desk.client}"
    ids = [desk.made(internet(projectId=project))["id"] for _ in range(3)]
    page = desk.get(f"/productOrder?projectId={project}&limit=2")
    assert [row["id"] for row in page.json()] == ids[:2]
    assert (page.headers["X-Result-Count"], page.headers["X-Total-Count"]) == ("2", "3")
    rest = desk.get(f"/productOrder?projectId={project}&limit=2&offset=2")
    assert [row["id"] for row in rest.json()] == ids[2:]
    whole = desk.get(f"/productOrder?projectId={project}")
    assert (whole.headers["X-Total-Count"], whole.headers["X-Pagination-Throttled"]) == ("3", "false")


@pytest.mark.parametrize(("kind", "id"), [
    ("GeographicSiteRef", "SITE-QUAY-4"), ("GeographicAddressRef", "ADDR-QUAY-4")])
def test_r108_places_by_reference_are_sites_or_addresses(desk: Desk, kind: str, id: str) -> None:
    place = {"@type": kind, "role": "INSTALL_LOCATION", "id": id}
    order = desk.made(changed(internet(), f"{ITEM}/product/place", [place]))
    (shown,) = order["productOrderItem"][0]["product"]["place"]
    assert shown == {**place, "href": shown["href"]}
    assert shown["href"].endswith(f"/{kind.removesuffix('Ref').replace('G', 'g', 1)}/{id}")
    other = {"GeographicSiteRef": "GeographicAddressRef", "GeographicAddressRef": "GeographicSiteRef"}[kind]
    for wrong in ({**place, "@type": other}, {**place, "id": "no-such-place"}):
        assert desk.refused(changed(internet(), f"{ITEM}/product/place", [wrong])) == {
            (f"{ITEM}/product/place/0/id", "referenceNotFound")}


def test_r108_an_order_shows_places_of_its_items_as_they_were_named(sonata: Desk) -> None:
    line = ours("sonata/epl_add.json")
    for item, shown in zip(line["productOrderItem"], sonata.made(line)["productOrderItem"], strict=True):
        assert ("place" in shown["product"]) is ("place" in item["product"])
        for named, told in zip(item["product"].get("place", ()), shown["product"].get("place", ()), strict=True):
            assert {name: value for name, value in told.items() if name != "href"} == named
