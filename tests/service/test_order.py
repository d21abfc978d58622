"""Orders, through the service, with a real store and real mappings."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from lso.canonical.criteria import Condition, Criteria, Page
from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.dialect import Asked
from lso.errors import Finding, Invalid, NotFound
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.service.order import Orders, Placed
from lso.settings import data_folder
from lso.store import idempotency, job, outbox
from lso.store import order as stored_orders
from lso.store import product as products
from lso.store.engine import Store
from lso.store.idempotency import Remembered
from tests.service.conftest import Bell, own, published, run

Document = dict[str, Any]
Callers = Callable[..., Caller]
SONATA, CANTATA, TMF = "sonata.grace.order", "cantata.grace.order", "tmf.v4.order"
BASE = "http://127.0.0.1:8080"
BASIC = "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"


def place(orders: Orders, book: Book, caller: Caller, document: Document, edition: str = SONATA,
          findings: tuple[Finding, ...] = ()) -> Placed:
    return run(orders.place(caller, book.edition(edition), document, findings, lambda _stored, _shown: None))


def refusal(orders: Orders, book: Book, caller: Caller, document: Document, edition: str = SONATA,
            findings: tuple[Finding, ...] = ()) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        place(orders, book, caller, document, edition, findings)
    return {(finding.pointer, finding.code) for finding in refused.value.findings}


def shown(book: Book, placed: Placed, edition: str) -> Document:
    return face.show(book, book.edition(edition), placed.stored.document, placed.stored.complements, base_url=BASE,
                     native=placed.stored.edition == edition)


def without_ours(document: Document) -> Document:
    """A shown order without what the seller adds to what was sent."""
    sent = copy.deepcopy(document)
    for name in ("id", "href", "orderDate", "state", "stateChange"):
        sent.pop(name, None)
    sent["relatedContactInformation"] = [one for one in sent["relatedContactInformation"]
                                         if one["role"] != "sellerContact"]
    for item in sent["productOrderItem"]:
        item.pop("state", None)
        item.pop("stateChange", None)
    return sent


PUBLISHED = ["corrected/mef139/uc06_order_add_basic.json", "corrected/mef125_0_1/uc05_order_add_epl.json",
             "corrected/mef139/uc09_order_delete_ipvc.json", "corrected/mef125_0_1/uc12_order_delete_epl.json",
             "mef139/uc10_order_delete_exclusive.json"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_order_is_accepted_as_it_stands_and_shown_as_it_was_sent(
        orders: Orders, the_book: Book, caller: Callers, name: str) -> None:
    document = published(name)
    before = copy.deepcopy(document)
    placed = place(orders, the_book, caller(), document)
    assert document == before
    assert placed.shown["state"] == "acknowledged"
    assert placed.shown["href"].endswith(f"/productOrder/{placed.stored.id}")
    assert {item["state"] for item in placed.shown["productOrderItem"]} == {"acknowledged"}
    assert "sellerContact" in {one["role"] for one in placed.shown["relatedContactInformation"]}
    assert without_ours(placed.shown) == document


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_order_is_accepted_as_cantata_by_an_enterprise(
        orders: Orders, the_book: Book, caller: Callers, name: str) -> None:
    place(orders, the_book, caller("demo-enterprise"), published(name), CANTATA)


def test_the_uncorrected_order_lacks_its_place(orders: Orders, the_book: Book, caller: Callers) -> None:
    document = published("mef139/uc06_order_add_basic.json")
    assert refusal(orders, the_book, caller(), document) == {("/productOrderItem/0/product/place", "missingProperty")}


@pytest.mark.parametrize("name", [f"sonata/{product}_{action}.json" for product in ("internet", "epl", "access_eline")
                                  for action in ("add", "modify", "delete")])
def test_an_order_of_our_own_is_accepted_and_shown_as_it_was_sent(
        orders: Orders, the_book: Book, caller: Callers, name: str) -> None:
    document = own(name)
    if "delete" in name:
        document["productOrderItem"] = [
            {key: value for key, value in item.items() if key != "product"} | {"product": {"id": item["product"]["id"]}}
            for item in document["productOrderItem"]]
    assert without_ours(place(orders, the_book, caller(), document).shown) == document


def test_an_accepted_order_is_kept_with_its_event_its_job_and_the_answer(
        orders: Orders, the_book: Book, caller: Callers, store: Store, bell: Bell) -> None:
    seen: list[Document] = []

    def remember(stored: stored_orders.StoredOrder, document: Document) -> Remembered:
        seen.append(document)
        until = stored.created_at + 60
        return Remembered(stored.tenant, stored.client, "create", "key-1", "hash", 201, {}, b"{}", until)

    who = caller()
    placed = run(orders.place(who, the_book.edition(SONATA), own("sonata/internet_add.json"), (), remember))

    def look(connection: Connection) -> tuple[Any, Any, Any]:
        at = placed.stored.created_at
        return (stored_orders.fetch(connection, who.tenant, placed.stored.id),
                idempotency.find(connection, who.tenant, who.client, "create", "key-1", now=at),
                job.fetch(connection, who.tenant, bell.rung[0]))

    kept, answer, work = store.query_now(look)
    assert kept == placed.stored
    assert (kept.edition, kept.mapping, kept.client) == (SONATA, "sonata.order", "demo-carrier")
    assert kept.profile_version == 1
    assert answer is not None
    assert (work.kind, work.subject) == ("order", placed.stored.id)
    assert seen == [placed.shown]


def test_a_refused_order_leaves_nothing_behind(
        orders: Orders, the_book: Book, caller: Callers, bell: Bell) -> None:
    document = own("sonata/internet_add.json")
    del document["productOrderItem"][0]["billingAccount"]
    refusal(orders, the_book, caller(), document)
    listed = run(orders.list(caller(), the_book.edition(SONATA), Criteria()))
    assert (listed.total, bell.rung) == (0, [])


def test_findings_of_the_door_and_of_the_rules_come_together_each_once(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("sonata/internet_add.json")
    del document["productOrderItem"][0]["product"]["place"], document["productOrderItem"][0]["requestedItemTerm"]
    door = (Finding("/externalId", "invalidFormat", "no"),
            Finding("/productOrderItem/0/requestedItemTerm", "missingProperty", "the schema says so, too"))
    assert refusal(orders, the_book, caller(), document, findings=door) == {
        ("/externalId", "invalidFormat"), ("/productOrderItem/0/requestedItemTerm", "missingProperty"),
        ("/productOrderItem/0/product/place", "missingProperty")}


def test_what_is_there_and_malformed_is_not_also_missing(orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("sonata/internet_add.json")
    document["relatedContactInformation"] = "Ines"
    door = (Finding("/relatedContactInformation", "invalidFormat", "not a list"),)
    assert refusal(orders, the_book, caller(), document, findings=door) == {
        ("/relatedContactInformation", "invalidFormat")}


@pytest.mark.parametrize("document", [
    {}, {"productOrderItem": None}, {"productOrderItem": [None, 7, {"product": []}]},
    {"productOrderItem": [{"id": 1, "action": [], "product": {"place": "here", "productRelationship": [1]}}]}])
def test_the_most_malformed_order_is_refused_politely(
        orders: Orders, the_book: Book, caller: Callers, document: Document) -> None:
    assert ("/relatedContactInformation", "missingProperty") in refusal(orders, the_book, caller(), document)


@pytest.mark.parametrize(("path", "value", "pointer", "code"), [
    (("product", "productOffering", "id"), "nothing", "/product/productOffering/id", "referenceNotFound"),
    (("billingAccount", "id"), "nothing", "/billingAccount/id", "referenceNotFound"),
    (("product", "place", 0), {"@type": "GeographicSiteRef", "role": "INSTALL_LOCATION", "id": "nowhere"},
     "/product/place/0/id", "referenceNotFound"),
    (("product", "place", 0, "role"), "SOMEWHERE", "/product/place/0/role", "invalidValue"),
    (("product", "productRelationship"), [{"id": "nothing", "relationshipType": "X"}],
     "/product/productRelationship/0/id", "referenceNotFound"),
    (("productOrderItemRelationship",), [{"id": "nothing", "relationshipType": "X"}],
     "/productOrderItemRelationship/0/id", "referenceNotFound"),
    (("quoteItem", "quoteId"), "nothing", "/quoteItem/quoteId", "referenceNotFound"),
])
def test_a_fault_is_told_where_the_caller_made_it(
        orders: Orders, the_book: Book, caller: Callers, path: tuple[Any, ...], value: Any, pointer: str,
        code: str) -> None:
    document = own("sonata/internet_add.json")
    node = document["productOrderItem"][0]
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = value
    assert (f"/productOrderItem/0{pointer}", code) in refusal(orders, the_book, caller(), document)


def test_what_only_the_seller_writes_is_ignored(orders: Orders, the_book: Book, caller: Callers) -> None:
    sent = own("sonata/internet_add.json") | {"id": "mine", "state": "completed", "orderDate": "2020-01-01T00:00:00Z"}
    placed = place(orders, the_book, caller(), sent)
    assert placed.shown["state"] == "acknowledged"
    assert placed.shown["id"] == placed.stored.id != "mine"
    assert placed.shown["orderDate"] != "2020-01-01T00:00:00Z"


def test_a_respelled_kind_of_product_is_accepted_as_sent_unless_the_tenant_is_strict(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("sonata/epl_add.json")
    configuration = document["productOrderItem"][1]["product"]["productConfiguration"]
    configuration["@type"] = configuration["@type"].replace("cantata-sonata", "sonata")
    placed = place(orders, the_book, caller(), document)
    assert without_ours(placed.shown) == document
    there = the_book.edition(CANTATA)
    assert run(orders.retrieve(caller("demo-carrier-sil"), there, placed.stored.id)) == placed.stored
    assert refusal(orders, the_book, caller(strict=True), document) == {
        ("/productOrderItem/1/product/productConfiguration/@type", "invalidValue")}


def test_a_strict_tenant_of_tm_forum_is_refused_what_the_product_does_not_know(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("tmf/internet_add.json")
    product = document["productOrderItem"][0]["product"]
    product["productCharacteristic"][0]["value"]["colour"] = "red"
    place(orders, the_book, caller("demo-enterprise"), document, TMF)
    where = "/productOrderItem/0/product/productCharacteristic/0/value/colour"
    assert (where, "unexpectedProperty") in refusal(
        orders, the_book, caller("demo-enterprise", strict=True), document, TMF)
    product["productCharacteristic"][0]["value"].pop("colour")
    product["productSpecification"] = {"id": "urn:mef:lso:spec:sonata:carrier-ethernet-subscriber-uni:v1.0.0:all"}
    assert ("/productOrderItem/0/product/productSpecification/id", "invalidValue") in refusal(
        orders, the_book, caller("demo-enterprise", strict=True), document, TMF)


def test_one_order_is_seen_in_every_dialect_of_its_tenant_and_by_nobody_else(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    placed = place(orders, the_book, caller(), own("sonata/internet_add.json"))
    for edition, client in ((SONATA, "demo-carrier"), (CANTATA, "demo-carrier-sil"), (TMF, "demo-carrier-sil")):
        assert run(orders.retrieve(caller(client), the_book.edition(edition), placed.stored.id)) == placed.stored
    with pytest.raises(NotFound):
        run(orders.retrieve(caller("demo-enterprise"), the_book.edition(TMF), placed.stored.id))
    with pytest.raises(NotFound):
        run(orders.retrieve(caller(), the_book.edition(SONATA), "nothing"))
    assert run(orders.list(caller("demo-enterprise"), the_book.edition(TMF), Criteria())).total == 0


def test_access_eline_does_not_exist_in_cantata(orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("sonata/access_eline_add.json")
    told = refusal(orders, the_book, caller("demo-carrier-sil"), document, CANTATA)
    assert {(f"/productOrderItem/{index}/product/productConfiguration/@type", "invalidValue")
            for index in (0, 1)} <= told
    placed = place(orders, the_book, caller(), document)
    for edition in (CANTATA, TMF):
        with pytest.raises(NotFound):
            run(orders.retrieve(caller("demo-carrier-sil"), the_book.edition(edition), placed.stored.id))
        assert run(orders.list(caller("demo-carrier-sil"), the_book.edition(edition), Criteria())).total == 0
    assert run(orders.list(caller(), the_book.edition(SONATA), Criteria())).total == 1


def valid_as_sonata(document: Document) -> list[Finding]:
    specs = data_folder("specs")
    written = load(specs / "sonata" / "productOrderManagement.yaml")
    validators = Validators(written, load_products(specs / "products"), None)
    return list(validators.named("ProductOrder").findings(document))


@pytest.mark.parametrize("document", [
    own("tmf/internet_add.json"),
    {"relatedParty": [{"id": "c-1", "role": "customer", "@referredType": "Organization"}],
     "productOrderItem": [{"id": "1", "action": "add", "productOffering": {"id": "BasicInternetAccessOffering-0001"},
                           "product": {"place": [{"id": "Budapest.66.1.1", "role": "installationAddress"}]}}]},
    {"productOrderItem": [{"id": "1", "action": "add", "quantity": 1, "product": {
        "productSpecification": {"id": BASIC},
        "place": [{"id": "SITE-QUAY-4", "role": "INSTALL_LOCATION", "@referredType": "GeographicSite"}],
        "productOffering": {"id": "BasicInternetAccessOffering-0001"}}}],
     "note": [{"text": "hurry"}]},
], ids=["own", "offering and place", "specification and place"])
def test_what_a_sensible_tm_forum_client_sends_for_internet_access_is_a_valid_sonata_order(
        orders: Orders, the_book: Book, caller: Callers, document: Document) -> None:
    placed = place(orders, the_book, caller("demo-carrier-sil"), document, TMF)
    as_sonata = shown(the_book, placed, SONATA)
    assert not valid_as_sonata(as_sonata)
    for one in (as_sonata["relatedContactInformation"], as_sonata["productOrderItem"][0]["relatedContactInformation"]):
        assert all({"role", "name", "emailAddress", "number"} <= set(contact) for contact in one)
    item = as_sonata["productOrderItem"][0]
    assert {"requestedCompletionDate", "billingAccount", "requestedItemTerm"} <= set(item)
    assert item["product"]["productConfiguration"]["@type"] == BASIC
    for name, value in document["productOrderItem"][0].items():
        assert name == "product" or placed.shown["productOrderItem"][0][name] == value


def test_a_tm_forum_order_read_as_sonata_would_be_accepted_as_sonata(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    placed = place(orders, the_book, caller("demo-carrier-sil"), own("tmf/internet_add.json"), TMF)
    again = without_ours(shown(the_book, placed, SONATA))
    place(orders, the_book, caller(), again)


def test_a_tm_forum_change_says_only_what_changes(orders: Orders, the_book: Book, caller: Callers) -> None:
    faster = [{"name": "ipUni", "value": {"ingressBandwidthProfileEnvelope": []}}]
    document = {"productOrderItem": [{"id": "1", "action": "modify",
                                      "product": {"id": "PROD-501", "productCharacteristic": faster}}]}
    placed = place(orders, the_book, caller("demo-carrier-sil"), document, TMF)
    product = placed.stored.document["items"][0]["product"]
    assert (product["offering_id"], product["schema"]) == ("OFFER-INTERNET-BASIC", BASIC)
    assert product["places"] == [{"role": "INSTALL_LOCATION", "kind": "site", "id": "SITE-QUAY-4"}]
    assert product["configuration"]["ipUni"] == {"ingressBandwidthProfileEnvelope": []}
    assert "ipUniAccessLinkTrunk" in product["configuration"]
    assert not valid_as_sonata(shown(the_book, placed, SONATA))


def test_a_tm_forum_order_without_mef_meaning_is_accepted_and_visible_in_tm_forum(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("tmf/gift_card.json")
    placed = place(orders, the_book, caller("demo-carrier-sil"), document, TMF)
    assert placed.shown["state"] == "acknowledged"
    sent = without_ours(placed.shown | {"relatedContactInformation": []})["productOrderItem"]
    assert sent == document["productOrderItem"]
    assert run(orders.retrieve(caller("demo-carrier-sil"), the_book.edition(TMF), placed.stored.id)) == placed.stored


def test_three_of_a_product_are_not_silently_one(orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("tmf/internet_add.json")
    document["productOrderItem"][0]["quantity"] = 3
    assert refusal(orders, the_book, caller("demo-carrier-sil"), document, TMF) == {
        ("/productOrderItem/0/quantity", "invalidValue")}


def test_a_tm_forum_configuration_that_its_product_schema_refuses_is_refused(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    document = own("tmf/internet_add.json")
    characteristics = document["productOrderItem"][0]["product"]["productCharacteristic"]
    index = next(index for index, one in enumerate(characteristics) if one["name"] == "ipUni")
    characteristics[index]["value"]["managementType"] = "NOBODY"
    told = refusal(orders, the_book, caller("demo-carrier-sil"), document, TMF)
    assert told == {(f"/productOrderItem/0/product/productCharacteristic/{index}/value/managementType", "invalidValue")}


def test_a_list_is_in_the_order_in_which_orders_came_and_pages_are_stable(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    ids = [place(orders, the_book, caller(), own("sonata/internet_add.json")).stored.id for _ in range(5)]
    sonata = the_book.edition(SONATA)
    assert [row.id for row in run(orders.list(caller(), sonata, Criteria())).rows] == ids
    page = run(orders.list(caller(), sonata, Criteria(page=Page(offset=3, limit=1))))
    assert ([row.id for row in page.rows], page.total, page.exact) == ([ids[3]], 5, True)
    some = Criteria((Condition("external_id", "eq", ("nothing",)),))
    assert run(orders.list(caller(), sonata, some)).total == 0


def test_a_list_may_be_chosen_by_what_only_the_shown_document_can_tell(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    for category in ("B2B", "B2C", "B2B"):
        place(orders, the_book, caller("demo-carrier-sil"), own("tmf/internet_add.json") | {"category": category}, TMF)
    asked = Asked(page=Page(offset=1, limit=5), matches=lambda document: document.get("category") == "B2B")
    found = run(orders.list(caller("demo-carrier-sil"), the_book.edition(TMF), asked))
    assert (len(found.rows), found.total, found.exact) == (1, 2, True)


def test_items_are_found_by_the_date_that_their_order_wants_for_all(
        orders: Orders, the_book: Book, caller: Callers) -> None:
    placed = place(orders, the_book, caller("demo-carrier-sil"), own("tmf/internet_add.json"), TMF)
    wanted = shown(the_book, placed, SONATA)["productOrderItem"][0]["requestedCompletionDate"]
    assert wanted == "2026-03-02T08:00:00Z"
    for operator, at, found in (("gt", "2026-03-01T00:00:00Z", 1), ("lt", "2026-03-01T00:00:00Z", 0)):
        asked = Criteria((Condition("items/requested_completion_at", operator, (at,)),))
        assert run(orders.list(caller(), the_book.edition(SONATA), asked)).total == found


def test_two_orders_do_not_share_an_event_or_a_job(
        orders: Orders, the_book: Book, caller: Callers, store: Store, bell: Bell) -> None:
    for _ in range(2):
        place(orders, the_book, caller(), own("sonata/internet_add.json"))
    assert len(set(bell.rung)) == 2
    assert not store.query_now(lambda connection: outbox.dead(connection, "demo-carrier"))


def test_a_product_of_another_tenant_is_not_there(
        orders: Orders, the_book: Book, caller: Callers, store: Store) -> None:
    store.commit_now(lambda connection: products.insert(connection, products.StoredProduct(
        "demo-enterprise", "theirs", 1, None, BASIC, "active", "o", "i", None, None, 1.0, {})))
    document = own("sonata/internet_delete.json")
    document["productOrderItem"][0]["product"] = {"id": "theirs"}
    assert refusal(orders, the_book, caller(), document) == {("/productOrderItem/0/product/id", "referenceNotFound")}


def test_the_buyer_that_was_named_is_kept(orders: Orders, the_book: Book, caller: Callers) -> None:
    who = caller()
    named = Caller(who.client, who.tenant, who.audience, who.scopes, ("buyer-7",), ("seller-9",), who.profile)
    stored = place(orders, the_book, named, own("sonata/internet_add.json")).stored
    assert (stored.buyer_id, stored.seller_id) == ("buyer-7", "seller-9")
