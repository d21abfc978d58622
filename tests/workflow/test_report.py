"""What back ends tell on the way is written to the order and told to subscribers (MEF 123 R50, CR7, CR8)."""

from __future__ import annotations

from pathlib import Path

from lso.store.engine import Store
from tests.workflow.scene import Listener, document_of, ended, eventually, item, place, subscribe, working


def test_milestones_are_kept_in_the_order_in_which_they_were_reached(
        store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url, kinds=("item_milestone",))
    with working(store, tmp_path):
        order = ended(store, place(store, item("1", "DELAY-0.4-MILESTONES-Vienna")))
        eventually(lambda: listener.received, lambda found: len(found) == 3)
    reached = order["items"][0]["milestones"]
    assert [one["name"] for one in reached] == ["SITE_PREPARED", "EQUIPMENT_INSTALLED", "SERVICE_TESTED"]
    assert [one["at"] for one in reached] == sorted(one["at"] for one in reached)
    said = [body["event"] for _path, body, _headers in listener.received]
    assert [(one["orderItemId"], one["milestoneName"]) for one in said] == [
        ("1", "SITE_PREPARED"), ("1", "EQUIPMENT_INSTALLED"), ("1", "SERVICE_TESTED")]
    assert {body["eventType"] for _path, body, _headers in listener.received} == {
        "productSpecificProductOrderItemMilestoneEvent"}


def test_another_expected_date_is_told_and_explained(store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url, kinds=("item_expected_completion",))
    with working(store, tmp_path):
        order_id = place(store, item("1", "LATE-0.5-Vienna"))
        first = eventually(lambda: document_of(store, order_id)["items"][0],
                           lambda one: "expected_completion_at" in one)["expected_completion_at"]
        order = ended(store, order_id)
        eventually(lambda: listener.received, lambda found: len(found) == 2)
    late, = order["items"]
    assert late["expected_completion_at"] < first
    assert [(note["text"], note["side"]) for note in late["notes"]] == [
        ("The work takes longer than was planned.", "seller")]
    assert {(path, body["event"]["orderItemId"]) for path, body, _headers in listener.received} == {
        ("/mefApi/sonata/productOrderingNotification/v10/listener/productOrderItemExpectedCompletionDateSet", "1")}


def test_the_first_expected_date_of_each_item_is_told_when_the_order_begins(
        store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url, kinds=("item_expected_completion",))
    with working(store, tmp_path):
        order = ended(store, place(store, item("1"), item("2")))
        refused = ended(store, place(store, item("1", "REJECT-Vienna")))
        told = eventually(lambda: listener.received, lambda found: len(found) == 2)
        ended(store, place(store, item("1")))
        eventually(lambda: listener.received, lambda found: len(found) == 3)
    assert [(body["event"]["id"], body["event"]["orderItemId"]) for _path, body, _headers in told[:2]] == [
        (order["id"], "1"), (order["id"], "2")]
    assert refused["id"] not in {body["event"]["id"] for _path, body, _headers in listener.received}
    assert all("notes" not in one for one in order["items"])
