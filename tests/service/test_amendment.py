"""Amending orders, through the service: the rules of MEF 123 R52-R58, meetings, and what nobody sees."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection

from lso.canonical.order import Order, dump
from lso.canonical.tenant import Caller
from lso.dialects import face, patch
from lso.dialects.amendment import Validate
from lso.dialects.book import Book
from lso.errors import Conflict, Invalid, NotFound
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.lens.conversion import same
from lso.lifecycle.order import begin
from lso.service.order import Orders
from lso.settings import data_folder
from lso.store import order as stored_orders
from lso.store import outbox, reference, subscription
from lso.store.engine import Store
from lso.store.identifier import new_id
from lso.store.order import StoredOrder
from lso.store.reference import Reference
from lso.store.subscription import Subscription
from lso.workflow.notice import notice
from tests.service.conftest import Bell, own, run
from tests.service.test_order import BASE, SONATA, TMF, Callers, place, shown

Document = dict[str, Any]
NOTE = {"id": "n-9", "author": "Ada", "date": "2030-01-01T00:00:00Z", "source": "buyer", "text": "Ring twice."}
FAULT = {"role": "buyerFaultContact", "name": "Fay", "number": "+1 555", "emailAddress": "fay@buyer.example"}


class Scene:
    """One order of Sonata's, and what its buyer does to it."""

    def __init__(self, orders: Orders, book: Book, caller: Callable[..., Caller], store: Store) -> None:
        self.orders, self.book, self.caller, self.store = orders, book, caller(), store
        self.document = own("sonata/internet_add.json")
        self.placed = place(orders, book, self.caller, copy.deepcopy(self.document))
        self.id = self.placed.stored.id
        specs = data_folder("specs")
        document = load(specs / "sonata" / "productOrderManagement.yaml")
        validators = Validators(document, load_products(specs / "products"), book.edition(SONATA).products)
        answer = validators.answer("/productOrder/{id}", "patch", 200)
        assert answer
        self.validate: Validate = answer.findings

    def amend(self, body: Document, validate: Validate | None = None) -> Document:
        amended = run(self.orders.amend(self.caller, self.book.edition(SONATA), self.id,
                                        lambda one: patch.merge_by_id(one, body), validate or self.validate))
        return amended.shown

    def refused(self, body: Document, error: type[Exception]) -> set[str]:
        """Where it is refused; nothing changes."""
        before = self.kept
        with pytest.raises(error) as raised:
            self.amend(body)
        assert self.kept == before
        return {finding.pointer for finding in raised.value.findings}  # type: ignore[attr-defined]

    @property
    def kept(self) -> StoredOrder:
        found = self.store.query_now(lambda connection: stored_orders.fetch(connection, self.caller.tenant, self.id))
        assert found
        return found

    @property
    def sight(self) -> Document:
        return face.show(self.book, self.book.edition(SONATA), self.kept.document, self.kept.complements,
                         base_url=BASE, native=True)

    def listen(self, edition: str = TMF) -> None:
        self.store.commit_now(lambda connection: subscription.insert(connection, Subscription(
            self.caller.tenant, new_id(), edition, "http://127.0.0.1:9", "", (), None, "demo-carrier", 0.0)))

    def told(self) -> list[str]:
        """Types of the events on their way, in order; they are settled."""
        return [one.event_type for one in self.notices()]

    def notices(self) -> Iterator[Any]:
        def look(connection: Connection) -> list[Any]:
            found = []
            while claimed := outbox.claim(connection, 10, owner="test", lease_seconds=9, now=4e9):
                for delivery in claimed:
                    found.append(notice(connection, self.book, delivery, base_url=BASE))
                    outbox.delivered(connection, delivery, now=4e9)
            return found
        return iter(self.store.commit_now(look))

    def work(self) -> None:
        """The order is begun, as the worker would begin it."""
        def step(connection: Connection) -> None:
            stored = stored_orders.fetch(connection, self.caller.tenant, self.id)
            assert stored
            order = begin(Order.model_validate(stored.document), at="2030-01-01T00:00:00Z").order
            stored_orders.replace(connection, replace(stored, document=dump(order)), stored.version)
        self.store.commit_now(step)

    def end(self) -> None:
        def step(connection: Connection) -> None:
            stored = stored_orders.fetch(connection, self.caller.tenant, self.id)
            assert stored
            document = {**stored.document, "state": "completed", "completed_at": "2030-01-02T00:00:00Z"}
            stored_orders.replace(connection, replace(stored, document=document), stored.version)
        self.store.commit_now(step)


@pytest.fixture
def scene(orders: Orders, the_book: Book, caller: Callers, store: Store) -> Scene:
    return Scene(orders, the_book, caller, store)


def item_of(scene: Scene) -> Document:
    item: Document = scene.sight["productOrderItem"][0]
    return item


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


def test_the_same_again_changes_nothing_and_tells_nobody(scene: Scene, bell: Bell) -> None:
    scene.listen()
    body = {"externalId": "PO-2", "note": [*scene.sight["note"], NOTE]}
    first = scene.amend(body)
    kept, told = scene.kept, bell.told
    assert scene.told() == ["ProductOrderAttributeValueChangeEvent"]
    assert scene.amend(body) == first
    assert (scene.kept, bell.told, scene.told()) == (kept, told, [])


def test_a_change_is_told_to_tm_forum_with_the_order_as_it_is(scene: Scene) -> None:
    scene.listen()
    scene.listen(SONATA)
    scene.amend({"externalId": "PO-2"})
    told = [one for one in scene.notices() if one is not None]
    assert [one.event_type for one in told] == ["ProductOrderAttributeValueChangeEvent"]
    assert told[0].body["event"]["productOrder"]["externalId"] == "PO-2"


def test_of_two_patches_that_meet_one_is_kept_and_the_other_refused(scene: Scene) -> None:
    meeting = threading.Barrier(2)
    outcomes: dict[str, Any] = {}

    def meet(name: str) -> None:
        waited: list[bool] = []

        def validate(document: Document) -> Any:
            if not waited:  # both have read the order, none has written
                waited.append(True)
                meeting.wait(10)
            return scene.validate(document)

        try:
            outcomes[name] = scene.amend({"externalId": name}, validate)["externalId"]
        except Conflict as error:
            outcomes[name] = error

    threads = [threading.Thread(target=meet, args=(name,)) for name in ("PO-A", "PO-B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [name for name, outcome in outcomes.items() if outcome == name]
    assert len(won) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes.values()) == 1
    assert (scene.sight["externalId"], scene.kept.version) == (won[0], 2)


def test_a_patch_that_meets_the_work_on_the_order_is_applied_to_the_order_as_it_is_by_then(scene: Scene) -> None:
    begun: list[bool] = []

    def validate(document: Document) -> Any:
        if not begun:
            begun.append(True)
            scene.work()
        return scene.validate(document)

    after = scene.amend({"externalId": "PO-2"}, validate)
    assert (after["externalId"], after["state"]) == ("PO-2", "inProgress")
    assert (scene.kept.document["external_id"], scene.kept.document["state"]) == ("PO-2", "in_progress")


def test_a_patch_that_meets_the_end_of_the_order_is_refused(scene: Scene) -> None:
    def validate(document: Document) -> Any:
        scene.end()
        return scene.validate(document)

    with pytest.raises(Conflict):
        scene.amend({"externalId": "PO-2"}, validate)
    assert scene.sight["externalId"] == scene.document["externalId"]


def test_a_sonata_change_keeps_parts_of_a_tm_forum_order_that_sonata_does_not_show(
        scene: Scene, caller: Callers) -> None:
    who = caller("demo-enterprise")
    sent = own("tmf/internet_add.json")
    placed = place(scene.orders, scene.book, who, sent, TMF)

    def look(connection: Connection) -> StoredOrder | None:
        return stored_orders.fetch(connection, who.tenant, placed.stored.id)

    bare = {**placed.stored.document, "contacts": [*placed.stored.document["contacts"], {"role": "doorman"}]}
    scene.store.commit_now(lambda connection: stored_orders.replace(
        connection, replace(placed.stored, document=bare), 1))
    contacts = shown(scene.book, placed, "cantata.grace.order")["relatedContactInformation"]
    assert "doorman" not in {one["role"] for one in contacts}
    edition = scene.book.edition("cantata.grace.order")
    run(scene.orders.amend(who, edition, placed.stored.id, lambda one: patch.merge_by_id(
        one, {"relatedContactInformation": [*contacts, FAULT]}), lambda _document: ()))
    kept = scene.store.query_now(look)
    assert kept
    expected = [*bare["contacts"], {"role": "buyerFaultContact", "name": "Fay", "phone": "+1 555",
                                    "email": "fay@buyer.example"}]
    assert sorted(map(str, (sorted(one.items()) for one in kept.document["contacts"]))) == sorted(
        map(str, (sorted(one.items()) for one in expected)))
    rest = {name: value for name, value in kept.document.items() if name != "contacts"}
    assert same(rest, {name: value for name, value in bare.items() if name != "contacts"})
    assert kept.complements == placed.stored.complements


def test_an_order_is_removed_when_it_has_ended_and_told_as_it_was_last(scene: Scene) -> None:
    scene.listen()
    scene.amend({"externalId": "PO-2"})
    with pytest.raises(Conflict):
        run(scene.orders.remove(scene.caller, scene.book.edition(TMF), scene.id))
    asked = Reference(scene.caller.tenant, "sandbox", f"{scene.id}.1", scene.id, "1", "svc", "done", 1.0)
    scene.store.commit_now(lambda connection: reference.put(connection, asked))
    scene.end()
    run(scene.orders.remove(scene.caller, scene.book.edition(TMF), scene.id))
    with pytest.raises(NotFound):
        run(scene.orders.retrieve(scene.caller, scene.book.edition(SONATA), scene.id))
    assert scene.store.query_now(lambda one: reference.of_order(one, scene.caller.tenant, scene.id)) == []
    told = list(scene.notices())
    assert [one.event_type for one in told] == ["ProductOrderAttributeValueChangeEvent", "ProductOrderDeleteEvent"]
    assert {one.body["event"]["productOrder"]["externalId"] for one in told} == {"PO-2"}
