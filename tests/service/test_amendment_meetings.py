"""Amendments that meet each other, the work on the order, or other dialects; and what nobody sees any more."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from lso.dialects import patch
from lso.dialects.book import Book
from lso.errors import Conflict, NotFound
from lso.lens.conversion import same
from lso.service.order import Orders
from lso.store import order as stored_orders
from lso.store import reference
from lso.store.engine import Store
from lso.store.order import StoredOrder
from lso.store.reference import Reference
from tests.service.amending import FAULT, NOTE, Document, Scene
from tests.service.conftest import Bell, own, run
from tests.service.placing import SONATA, TMF, Callers, place, shown


@pytest.fixture
def scene(orders: Orders, the_book: Book, caller: Callers, store: Store) -> Scene:
    return Scene(orders, the_book, caller, store)


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
