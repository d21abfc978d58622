"""What may be amended, through the service: MEF 123 R52-R58."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from lso.dialects import patch
from lso.dialects.book import Book
from lso.errors import Conflict, Invalid
from lso.service.order import Orders
from lso.settings import data_folder
from lso.store.engine import Store
from tests.service.amending import FAULT, NOTE, Scene, item_of
from tests.service.placing import Callers


@pytest.fixture
def scene(orders: Orders, the_book: Book, caller: Callers, store: Store) -> Scene:
    return Scene(orders, the_book, caller, store)


def test_r52_a_patch_has_something_that_may_be_changed(scene: Scene) -> None:
    for body in ({}, {"colour": "red"}, {"state": "cancelled"}, {"productOrderItem": []},
                 {"productOrderItem": [{"id": item_of(scene)["id"]}]}):
        assert scene.refused(body, Invalid) == {""}


def test_r53_an_item_that_is_named_by_its_id_alone_stays_as_it_is(scene: Scene) -> None:
    """MEF 123 R53 forbids it and its own example does it."""
    before, item = scene.sight, item_of(scene)
    after = scene.amend({"externalId": "PO-2", "productOrderItem": [{"id": item["id"]}]})
    assert after == {**before, "externalId": "PO-2"}


def test_r54_an_item_is_named_by_its_id(scene: Scene) -> None:
    change = {"endCustomerName": "Hotel"}
    one = {"id": item_of(scene)["id"], **change}
    assert scene.refused({"productOrderItem": [change]}, Invalid) == {"/productOrderItem/0/id"}
    assert scene.refused({"productOrderItem": [one, {"id": "x", **change}]}, Invalid) == {"/productOrderItem/1/id"}
    assert scene.refused({"productOrderItem": [one, one]}, Invalid) == {"/productOrderItem/1/id"}
    assert scene.refused({"externalId": "x", "productOrderItem": None}, Invalid) == {"/productOrderItem"}


@pytest.mark.parametrize(("member", "value"), [
    ("action", "delete"), ("requestedCompletionDate", "2031-01-01T00:00:00Z"), ("billingAccount", {"id": "BA-2"}),
    ("requestedItemTerm", None), ("expediteIndicator", True), ("product", {"id": "other"}), ("state", "cancelled")])
def test_r55_nothing_else_of_an_item_changes(scene: Scene, member: str, value: Any) -> None:
    item = {"id": item_of(scene)["id"], "endCustomerName": "Hotel", member: value}
    where = scene.refused({"productOrderItem": [item]}, Conflict)
    assert {one.split("/")[3] for one in where} == {member}


def test_r55_what_is_sent_as_it_is_changes_nothing_else(scene: Scene) -> None:
    item = item_of(scene)
    after = scene.amend({"productOrderItem": [{**item, "endCustomerName": "Hotel"}]})
    assert after["productOrderItem"] == [{**item, "endCustomerName": "Hotel"}]


def test_r56_buyer_contacts_are_changed_added_and_removed(scene: Scene) -> None:
    item = item_of(scene)
    given = list(item["relatedContactInformation"])
    renamed = [{**given[0], "name": "Zoe"}, *given[1:], FAULT]
    after = scene.amend({"productOrderItem": [{"id": item["id"], "relatedContactInformation": renamed}]})
    assert after["productOrderItem"][0] == {**item, "relatedContactInformation": renamed}
    scene.amend({"productOrderItem": [{"id": item["id"], "relatedContactInformation": given}]})
    assert item_of(scene) == item


def test_r56_contacts_that_an_order_must_have_stay(scene: Scene) -> None:
    item = item_of(scene)
    few = item["relatedContactInformation"][:1]
    assert scene.refused({"relatedContactInformation": [FAULT]}, Invalid) == {"/relatedContactInformation"}
    assert scene.refused({"productOrderItem": [{"id": item["id"], "relatedContactInformation": few}]}, Invalid)


def test_r56_the_sellers_contacts_are_untouchable_and_may_be_left_out(scene: Scene) -> None:
    before = scene.sight
    contacts = before["relatedContactInformation"]
    sellers = [one for one in contacts if one["role"] == "sellerContact"]
    buyers = [one for one in contacts if one not in sellers]
    assert sellers
    wrong = {"relatedContactInformation": [*buyers, {**sellers[0], "name": "Mallory"}]}
    assert scene.refused(wrong, Conflict) == {f"/relatedContactInformation/{len(buyers)}"}
    after = scene.amend({"relatedContactInformation": [{**buyers[0], "name": "Zoe"}, *buyers[1:]]})
    assert after["relatedContactInformation"] == [{**buyers[0], "name": "Zoe"}, *buyers[1:], *sellers]
    assert scene.amend({"relatedContactInformation": buyers}) == before


def test_r57_a_note_of_the_buyer_says_so(scene: Scene) -> None:
    given = scene.sight["note"]
    seller = {**NOTE, "source": "seller"}
    assert scene.refused({"note": [*given, seller]}, Conflict) == {f"/note/{len(given)}/source"}
    assert scene.amend({"note": [*given, NOTE]})["note"] == [*given, NOTE]


def test_r58_notes_are_only_appended(scene: Scene) -> None:
    given = scene.sight["note"]
    scene.amend({"note": [*given, NOTE]})
    more = {**NOTE, "id": "n-10"}
    for body in ([], [*given, more], [NOTE, more], None):
        assert scene.refused({"note": body}, Conflict) == {"/note"}
    edited = {"note": [*given, {**NOTE, "text": "Never mind."}]}
    assert scene.refused(edited, Conflict) == {"/note", f"/note/{len(given)}/id"}
    assert scene.refused({"note": [*given, NOTE, {**more, "text": 7}]}, Invalid) == {f"/note/{len(given) + 1}/text"}
    assert scene.amend({"note": [*given, NOTE, more]})["note"] == [*given, NOTE, more]


def test_r58_an_order_that_has_ended_stays_as_it_is(scene: Scene) -> None:
    scene.end()
    scene.refused({"externalId": "PO-2"}, Conflict)


def test_the_members_that_a_patch_may_name_are_those_of_the_document() -> None:
    specs = data_folder("specs")
    schemas = yaml.safe_load((specs / "sonata" / "productOrderManagement.yaml").read_text())["components"]["schemas"]
    assert set(schemas["ProductOrder_Update"]["properties"]) == patch.ORDER_MEMBERS | {"productOrderItem"}
    assert set(schemas["MEFProductOrderItem_Update"]["properties"]) == patch.ITEM_MEMBERS | {"id"}


def test_a_member_is_removed_by_null(scene: Scene) -> None:
    assert "externalId" in scene.sight
    assert "externalId" not in scene.amend({"externalId": None})
    assert scene.kept.document.get("external_id") is None
