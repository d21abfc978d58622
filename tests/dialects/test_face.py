"""Faces: one order, seen in each edition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lso.canonical.order import Order, dump
from lso.dialects import face
from lso.dialects.book import book
from lso.dialects.link import links_in, unlinked
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.settings import data_folder

SAMPLES = Path(__file__).parent.parent / "samples"
SPECS = data_folder("specs")
BOOK = book()
SONATA, CANTATA, TMF = (BOOK.edition(name) for name in ("sonata.grace.order", "cantata.grace.order", "tmf.v4.order"))
BASE = "https://bridge.example"
FACES = [pytest.param(edition, extended, id=f"{edition.dialect}{'+ext' if extended else ''}")
         for edition, extended in ((SONATA, False), (CANTATA, False), (TMF, False), (TMF, True))]


def sample(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SAMPLES / name).read_text())
    return document


def placed(canonical: dict[str, Any]) -> dict[str, Any]:
    """What the service adds to any order."""
    seller = {"role": "sellerContact", "name": "Order desk", "email": "orders@seller.example", "phone": "+1"}
    return {**canonical, "id": "ORD-9", "state": "acknowledged", "ordered_at": "2026-01-12T09:30:00Z",
            "contacts": [*canonical.get("contacts", ()), seller]}


def test_an_order_goes_back_to_its_sender_member_for_member() -> None:
    document = sample("sonata/internet_held.json")
    read = face.read(BOOK, SONATA, document)
    kept = {BOOK.base_name("sonata.order"): read.complement}
    shown = face.show(BOOK, SONATA, read.document, kept, base_url=BASE, native=True)
    assert shown.pop("href") == f"{BASE}{SONATA.base_path}/productOrder/ORD-1"
    document.pop("href")
    for charge in (*shown["cancellationCharge"], *shown["productOrderItem"][0]["charge"]):
        assert charge.pop("href") == f"{BASE}{SONATA.base_path}/charge/{charge['id']}"
    document["cancellationCharge"][0].pop("href")
    links = BOOK.links(SONATA)
    assert unlinked(shown, links, links_in(shown, links)) == document


def test_what_a_cancelled_order_costs_is_found_by_its_link() -> None:
    order = {"id": "ORD-9", "state": "cancelled", "cancellation_charges": [{"id": "CH-2"}], "items": []}
    for edition in (SONATA, CANTATA):
        shown = face.show(BOOK, edition, order, {}, base_url=BASE)
        assert shown["cancellationCharge"] == [{"id": "CH-2", "href": f"{BASE}{edition.base_path}/charge/CH-2"}]


def test_cantata_and_sonata_share_complements_and_differ_in_their_links() -> None:
    document = sample("sonata/internet_held.json") | {"extra": 1}
    read = face.read(BOOK, SONATA, document)
    kept = {BOOK.base_name("sonata.order"): read.complement}
    shown = face.show(BOOK, CANTATA, read.document, kept, base_url=BASE + "/", native=True)
    assert shown["extra"] == 1
    assert shown["href"] == f"{BASE}/mefApi/cantata/productOrderingManagement/v5/productOrder/ORD-1"


@pytest.mark.parametrize("name", [f"{file.parent.name}/{file.name}" for file in sorted(SAMPLES.glob("*/*.json"))
                                  if file.parent.name != "expected"])
@pytest.mark.parametrize(("edition", "extended"), FACES)
def test_every_order_is_valid_in_every_edition(name: str, edition: Any, extended: bool) -> None:
    own = TMF if name.startswith("tmf") else SONATA
    read = face.read(BOOK, own, sample(name))
    order = placed(read.document)
    shown = face.show(BOOK, edition, order, {BOOK.base_name(own.mapping or ""): read.complement}, base_url=BASE,
                      extended=extended, native=own.dialect == edition.dialect)
    validators = Validators(load(SPECS / edition.document), load_products(SPECS / "products"), None)
    answer = validators.answer("/productOrder/{id}", "get", 200)
    assert answer is not None
    assert answer.findings(shown) == ()


@pytest.mark.parametrize("name", [f"{file.parent.name}/{file.name}" for file in sorted(SAMPLES.glob("*/*.json"))
                                  if file.parent.name != "expected"])
def test_every_canonical_order_fits_the_model_and_is_dumped_as_it_was(name: str) -> None:
    read = face.read(BOOK, TMF if name.startswith("tmf") else SONATA, sample(name))
    assert dump(Order.model_validate(read.document)) == read.document


def test_a_mef_list_shows_what_the_document_declares_for_lists() -> None:
    shown = face.summarise(BOOK, SONATA, sample("sonata/internet_held.json"))
    assert set(shown) == {"id", "externalId", "projectId", "state", "orderDate", "completionDate", "cancellationDate"}
    document = sample("tmf/internet_add.json")
    assert face.summarise(BOOK, TMF, document) is document


def test_what_mef_could_not_express_is_left_out_of_its_view_only() -> None:
    order = placed(face.read(BOOK, TMF, sample("tmf/gift_card.json")).document)
    shown = face.show(BOOK, SONATA, order, {}, base_url=BASE)
    assert [contact["role"] for contact in shown["relatedContactInformation"]] == ["sellerContact"]
    assert [item["id"] for item in shown["productOrderItem"]] == ["1"]
    assert [contact["role"] for contact in order["contacts"]] == ["customer", "sellerContact"]


def test_contacts_of_a_mef_order_have_an_id_in_tm_forum() -> None:
    order = placed(face.read(BOOK, SONATA, sample("sonata/internet_add.json")).document)
    shown = face.show(BOOK, TMF, order, {}, base_url=BASE)
    assert [party["id"] for party in shown["relatedParty"]] == ["productOrderContact", "sellerContact"]
    assert shown["productOrderItem"][0]["product"]["agreement"] == [
        {"name": "Harbour frame contract", "id": "Harbour frame contract"}]


def given_up(canonical: dict[str, Any], index: int, pointer: str) -> dict[str, Any]:
    """The order, rejected for what is wrong with one of its items."""
    error = {"code": "otherIssue", "pointer": pointer, "reason": "no free port"}
    items = [{**item, "state": "rejected", "history": [{"state": "rejected", "at": "2026-01-12T09:31:00Z"}],
              "errors": [error]} if position == index else item for position, item in enumerate(canonical["items"])]
    return placed(canonical) | {"items": items, "state": "rejected"}


@pytest.mark.parametrize(("edition", "extended", "pointer"), [
    (SONATA, False, "/productOrderItem/1/product/productConfiguration"),
    (CANTATA, False, "/productOrderItem/1/product/productConfiguration"),
    (TMF, True, "/productOrderItem/1/product/productCharacteristic")])
def test_an_error_of_an_item_points_into_the_document_that_its_reader_knows(
        edition: Any, extended: bool, pointer: str) -> None:
    order = given_up(face.read(BOOK, SONATA, sample("sonata/epl_add.json")).document, 1,
                     "/items/1/product/configuration")
    before = json.dumps(order)
    shown = face.show(BOOK, edition, order, {}, base_url=BASE, extended=extended)
    assert [error["propertyPath"] for error in shown["productOrderItem"][1]["terminationError"]] == [pointer]
    assert json.dumps(order) == before


def test_an_error_still_points_at_its_item_where_items_before_it_are_not_shown() -> None:
    document = sample("sonata/epl_add.json")
    canonical = face.read(BOOK, SONATA, document).document
    canonical["items"][0] = {"id": canonical["items"][0]["id"], "action": "no_change"}
    order = given_up(canonical, 1, "/items/1/product")
    (item, *_rest) = face.show(BOOK, SONATA, order, {}, base_url=BASE)["productOrderItem"]
    assert item["terminationError"][0]["propertyPath"] == "/productOrderItem/0/product"


@pytest.mark.parametrize("extended", [False, True])
def test_tm_forum_whose_items_have_no_errors_is_told_in_a_note_why_items_were_given_up(extended: bool) -> None:
    document = sample("tmf/internet_add.json")
    read = face.read(BOOK, TMF, document)
    order = given_up(read.document, 0, "/items/0/product")
    said = order.get("notes", [])
    shown = face.show(BOOK, TMF, order, {"tmf.order": read.complement}, base_url=BASE, native=True, extended=extended)
    *others, note = shown["note"]
    assert len(others) == len(said)
    assert note == {"id": "given-up-ORD-9", "author": "Order desk", "date": "2026-01-12T09:31:00Z",
                    "text": f"Item {order['items'][0]['id']}: no free port."} | (
                        {"source": "seller"} if extended else {})
    assert order.get("notes", []) == said


def test_a_note_about_a_member_says_where_it_is() -> None:
    order = given_up(face.read(BOOK, TMF, sample("tmf/internet_add.json")).document, 0, "/items/0/product/offering_id")
    order["items"][0]["errors"][0] |= {"code": "missingProperty", "reason": "it is missing"}
    *_others, note = face.show(BOOK, TMF, order, {}, base_url=BASE)["note"]
    name = order["items"][0]["id"]
    assert note["text"] == f"Item {name}: it is missing, at /productOrderItem/0/productOffering/id."


def test_an_order_is_native_in_every_edition_of_the_mapping_it_came_by() -> None:
    for edition, mapping, native in ((SONATA, "sonata.order", True), (CANTATA, "sonata.order", True),
                                     (TMF, "sonata.order", False), (TMF, "tmf.order", True),
                                     (TMF, "tmf.order+ext", True), (SONATA, "tmf.order", False)):
        assert face.native(BOOK, edition, mapping) is native
