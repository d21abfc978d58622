"""What an order needs to be created, and what the answer has: MEF 123 R12-R29."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.desk import ITEM, Desk, at, changed, internet
from tests.journeys.documents import holds, ours

CONTACTS = f"{ITEM}/relatedContactInformation"
ROLES = ["buyerProductOrderItemContact", "buyerImplementationContact", "buyerTechnicalContact"]
NOTE = {"id": "n-2", "author": "Ada", "date": "2030-01-01T00:00:00Z", "source": "buyer", "text": "Ring twice."}
Tenant = Callable[..., Desk]


def states(changes: list[dict[str, Any]]) -> list[str]:
    return [change["state"] for change in changes]


@pytest.mark.parametrize(("items", "code"), [([], "invalidValue"), (None, "missingProperty")])
def test_r12_an_order_has_an_item(desk: Desk, items: list[Any] | None, code: str) -> None:
    assert desk.refused(changed(internet(), "/productOrderItem", items)) == {("/productOrderItem", code)}


def test_r13_an_order_names_whom_to_contact(desk: Desk) -> None:
    contacts = [{**internet()["relatedContactInformation"][0], "role": "somebodyElse"}]
    assert desk.refused(internet(relatedContactInformation=contacts)) == {
        ("/relatedContactInformation", "missingProperty")}


def test_o2_contacts_with_other_roles_are_kept(desk: Desk) -> None:
    contacts = internet()["relatedContactInformation"]
    other = {**contacts[0], "role": "nightWatch"}
    assert other in desk.made(internet(relatedContactInformation=[*contacts, other]))["relatedContactInformation"]


@pytest.mark.parametrize("member", ["id", "action", "requestedCompletionDate", "relatedContactInformation"])
def test_r14_an_item_has_what_every_item_needs(desk: Desk, member: str) -> None:
    assert desk.refused(changed(internet(), f"{ITEM}/{member}")) >= {(f"{ITEM}/{member}", "missingProperty")}


@pytest.mark.parametrize("role", ROLES)
def test_r14_an_item_names_three_contacts(desk: Desk, role: str) -> None:
    contacts = [one for one in internet()["productOrderItem"][0]["relatedContactInformation"] if one["role"] != role]
    assert desk.refused(changed(internet(), CONTACTS, contacts)) == {(CONTACTS, "missingProperty")}


def test_o3_items_are_billed_to_one_account_where_that_was_agreed(desk: Desk, tenant: Tenant) -> None:
    line = ours("sonata/epl_add.json")
    mixed = changed(line, "/productOrderItem/2/billingAccount/id", "00000000-1111-0000-0000-000000000001")
    assert tenant("norms-one-account").refused(mixed) == {("/productOrderItem/2/billingAccount/id", "invalidValue")}
    tenant("norms-one-account").made(line)
    desk.made(mixed)


def test_o5_cr6_an_item_follows_a_quote_where_that_was_agreed(desk: Desk, tenant: Tenant) -> None:
    free = changed(internet(), f"{ITEM}/quoteItem")
    assert tenant("norms-quoted").refused(free) == {(f"{ITEM}/quoteItem", "missingProperty")}
    tenant("norms-quoted").made(internet())
    desk.made(free)


def test_r15_a_restoration_priority_is_kept(desk: Desk) -> None:
    order = desk.made(changed(internet(), f"{ITEM}/tspRestorationPriority", "TSP-3"))
    assert order["productOrderItem"][0]["tspRestorationPriority"] == "TSP-3"


@pytest.mark.parametrize("name", ["internet_add", "epl_add"])
def test_r16_the_answer_repeats_all_that_was_sent(desk: Desk, name: str) -> None:
    sent = ours(f"sonata/{name}.json")
    order = desk.made(sent)
    assert holds(order, sent) == []
    assert len(order["productOrderItem"]) == len(sent["productOrderItem"])
    assert holds(desk.ended(order["id"]), sent) == []


def test_r16_members_that_no_document_knows_are_repeated_too(desk: Desk) -> None:
    sent = changed(internet(colour="blue"), f"{ITEM}/mood", {"of": ["the", 3.50]})
    assert holds(desk.made(sent), sent) == []


def test_r17_the_answer_has_id_state_and_a_contact_of_the_seller(desk: Desk) -> None:
    order = desk.made(internet())
    assert order["id"]
    assert order["state"] == "acknowledged"
    assert "sellerContact" in {one["role"] for one in order["relatedContactInformation"]}


def test_r18_r19_r22_r23_through_its_life_an_order_keeps_its_id_and_the_whole_history_of_its_states(desk: Desk) -> None:
    first = desk.made(internet())
    before = first
    for order in desk.seen(first["id"]):
        assert order["id"] == first["id"]
        for now, then in ((order, before), (order["productOrderItem"][0], before["productOrderItem"][0])):
            assert states(now["stateChange"])[-1] == now["state"]
            assert now["stateChange"][:len(then["stateChange"])] == then["stateChange"], "history was rewritten"
        before = order
    whole = ["acknowledged", "inProgress", "completed"]
    assert states(order["stateChange"]) == states(order["productOrderItem"][0]["stateChange"]) == whole
    dates = [change["changeDate"] for change in order["stateChange"]]
    assert dates == sorted(dates)


@pytest.mark.parametrize("place", ["FAIL-Street-1", "REJECT-Street-1"])
def test_r19_r23_an_end_that_was_not_hoped_for_stands_in_the_history_too(desk: Desk, place: str) -> None:
    order = desk.ended(desk.made(at(place))["id"])
    assert states(order["stateChange"])[-1] == order["state"] in ("failed", "rejected")
    assert states(order["productOrderItem"][0]["stateChange"])[-1] == order["productOrderItem"][0]["state"]


def test_o6_r21_notes_are_added_while_an_order_lasts_and_never_changed(desk: Desk) -> None:
    order = desk.made(at("DELAY-5-Street-1"))
    path, had = f"/productOrder/{order['id']}", order["note"]
    assert desk.patch(path, {"note": [*had, NOTE]}).json()["note"] == [*had, NOTE]
    for notes in ([{**had[0], "text": "Never."}, NOTE], [NOTE], [], [*had, {**NOTE, "author": "Eve"}]):
        answer = desk.patch(path, {"note": notes})
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert desk.read(order["id"])["note"] == [*had, NOTE]


def test_o6_an_order_that_has_ended_takes_no_notes(desk: Desk) -> None:
    order = desk.ended(desk.made(internet())["id"])
    answer = desk.patch(f"/productOrder/{order['id']}", {"note": [*order["note"], NOTE]})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("indicator", [False, None])
def test_r24_what_was_not_to_be_expedited_is_not_accepted_for_it(desk: Desk, indicator: bool | None) -> None:
    order = desk.made(changed(internet(), f"{ITEM}/expediteIndicator", indicator))
    for seen in (order, *desk.seen(order["id"])):
        assert seen["productOrderItem"][0].get("expediteAcceptedIndicator", False) is False


@pytest.mark.parametrize("place", ["FAIL-Street-1", "REJECT-Street-1", "DELAY-5-Street-1", "FULL-Street-1"])
def test_r27_r28_r29_dates_of_items_fit_their_states(desk: Desk, place: str) -> None:
    order = desk.made(at(place))
    for seen in desk.seen(order["id"]):
        for item in seen["productOrderItem"]:
            assert "expectedCompletionDate" not in item or item["state"] not in ("failed", "cancelled")
            assert "expectedCompletionDate" in item or item["state"] != "inProgress"
            assert "completionDate" not in item or item["state"] == "completed"
        if place.startswith("DELAY") and seen["state"] == "inProgress":
            return
    assert seen["state"] in ("failed", "rejected")
