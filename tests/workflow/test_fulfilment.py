"""An order, from acknowledged to its end, with a real worker and a real (pretend) network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from lso.backends.sandbox.embedded import Sandbox
from lso.store import job
from lso.store.engine import Store
from tests.workflow.scene import (
    EPL,
    TENANT,
    document_of,
    ended,
    eventually,
    hurried,
    item,
    onto,
    place,
    products_of,
    with_profile,
    working,
)


def accepted(sandbox: Sandbox) -> list[str]:
    return [entry.external_id.partition(".")[2] for entry in sandbox.ledger() if entry.entry == "accepted"]


def test_an_order_of_three_items_is_fulfilled_in_dependency_order(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path) as (embedded, sandbox):
        order_id = place(store, item("evc", schema=EPL, relations=onto("uni-a", "uni-z")), item("uni-a"),
                         item("uni-z", "Vienna.1"))
        embedded.waker.wake([f"{TENANT}/order/{order_id}"])
        document = ended(store, order_id)
        assert document["state"] == "completed"
        assert accepted(sandbox) == ["uni-a", "uni-z", "evc"]
    assert [entry["state"] for entry in document["history"]] == ["acknowledged", "in_progress", "completed"]
    made = products_of(store, order_id)
    assert {one["id"]: one["product"]["id"] for one in document["items"]} == {name: made[name].id for name in made}
    under = [relation["product_id"] for relation in made["evc"].document["relations"]]
    assert under == [made["uni-a"].id, made["uni-z"].id]
    assert {one.status for one in made.values()} == {"active"}
    finished = store.query_now(lambda connection: job.fetch(connection, TENANT, f"{TENANT}/order/{order_id}"))
    assert finished
    assert (finished.state, finished.attempts) == ("done", 0)


def test_what_nobody_was_told_about_is_found_by_the_sweeper(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        assert ended(store, place(store, item("1")))["state"] == "completed"


def test_an_item_that_is_not_feasible_rejects_the_order_with_its_reason(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path) as (_embedded, sandbox):
        document = ended(local_store, place(local_store, item("1"), item("2", "REJECT-Vienna")))
        assert accepted(sandbox) == []
    assert document["state"] == "rejected"
    assert [one["state"] for one in document["items"]] == ["rejected_validated", "rejected"]
    assert document["items"][1]["errors"] == [
        {"code": "otherIssue", "pointer": "/items/1/product", "reason": "The place cannot be served."}]


def test_an_item_without_a_product_rejects_the_order(local_store: Store, tmp_path: Path) -> None:
    bare = {"id": "1", "action": "add"}
    with working(local_store, tmp_path):
        document = ended(local_store, place(local_store, bare, edition="tmf.v4.order"))
    assert document["state"] == "rejected"
    assert document["items"][0]["errors"][0]["code"] == "missingProperty"


@pytest.mark.parametrize("place_id", ["FULL-Vienna", "FAIL-Vienna"])
def test_a_failure_takes_along_what_rests_on_it_and_nothing_else(
        local_store: Store, tmp_path: Path, place_id: str) -> None:
    with working(local_store, tmp_path):
        order_id = place(local_store, item("evc", schema=EPL, relations=onto("uni-a", "uni-z")), item("uni-a"),
                         item("uni-z", place_id))
        document = ended(local_store, order_id)
    assert document["state"] == "partial"
    assert {one["id"]: one["state"] for one in document["items"]} == {
        "evc": "failed", "uni-a": "completed", "uni-z": "failed"}
    assert set(products_of(local_store, order_id)) == {"uni-a"}


def test_a_product_is_changed_and_then_removed_by_later_orders(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path) as (_embedded, sandbox):
        first = place(store, item("1"))
        ended(store, first)
        made = products_of(store, first)["1"]
        change = item("1", action="modify")
        change["product"].update(id=made.id, configuration={"@type": made.schema, "speed": 2})
        assert ended(store, place(store, change))["state"] == "completed"
        changed = products_of(store, first)["1"]
        assert changed.document["configuration"]["speed"] == 2
        assert changed.document["places"] == made.document["places"]
        ceasing = {"id": "1", "action": "delete", "product": {"id": made.id}}
        assert ended(store, place(store, ceasing))["state"] == "completed"
        assert products_of(store, first)["1"].status == "terminated"
        done = [entry for entry in sandbox.ledger() if entry.entry in ("activated", "changed", "ceased")]
    assert [entry.entry for entry in done] == ["activated", "changed", "ceased"]
    assert len({entry.service_id for entry in done}) == 1


def test_a_later_order_may_build_on_products_of_an_earlier_one(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path) as (_embedded, sandbox):
        first = place(local_store, item("uni-a"), item("uni-z"))
        ended(local_store, first)
        made = products_of(local_store, first)
        over = item("evc", schema=EPL)
        over["product"]["relations"] = [{"product_id": made["uni-a"].id, "kind": "CONNECTS_TO_UNI_A"},
                                        {"product_id": made["uni-z"].id, "kind": "CONNECTS_TO_UNI_Z"}]
        second = place(local_store, over)
        assert ended(local_store, second)["state"] == "completed"
        both = [{"id": name, "action": "delete", "product": {"id": one.id}}
                for name, one in (("uni-a", made["uni-a"]), ("evc", products_of(local_store, second)["evc"]))]
        assert ended(local_store, place(local_store, *both))["state"] == "completed"
        assert accepted(sandbox)[2:] == ["evc", "evc", "uni-a"]


def test_an_outage_is_sat_out_and_a_lost_answer_is_found(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path) as (_embedded, sandbox):
        order_id = place(local_store, item("1", "OUTAGE-3-Vienna"), item("2", "SILENT-0-Vienna"), item("3"))
        assert ended(local_store, order_id)["state"] == "completed"
        activated = [entry.external_id for entry in sandbox.ledger() if entry.entry == "activated"]
    assert sorted(activated) == [f"{order_id}.{name}" for name in "123"]


def test_an_order_whose_back_end_stays_away_ends_as_a_dead_letter_and_can_be_revived(
        local_store: Store, tmp_path: Path) -> None:
    settings = hurried(attempts_most=2, backoff_seconds=0.01)
    with working(local_store, tmp_path, settings) as (embedded, _sandbox):
        order_id = place(local_store, item("1", "OUTAGE-5-Vienna"))
        job_id = f"{TENANT}/order/{order_id}"

        def buried() -> list[job.Job]:
            return local_store.query_now(lambda connection: job.dead(connection, TENANT))

        assert "out of service" in (eventually(buried, len)[0].last_error or "")
        assert document_of(local_store, order_id)["state"] == "in_progress"
        for _ in range(2):
            local_store.commit_now(lambda connection: job.revive(connection, TENANT, job_id, now=0.0))
            embedded.waker.wake([job_id])
            eventually(lambda: local_store.query_now(
                lambda connection: job.fetch(connection, TENANT, job_id)), lambda found: found.state != "ready")
        assert ended(local_store, order_id)["state"] == "completed"


def test_coordinated_actions_keep_their_distance(local_store: Store, tmp_path: Path) -> None:
    later = item("2", coordination=[{"item_id": "1", "dependency": "finish_to_start",
                                     "delay": {"amount": 0.005, "unit": "calendar_minutes"}}])
    with working(local_store, tmp_path) as (_embedded, sandbox):
        ended(local_store, place(local_store, later, item("1")))
        times = {(entry.external_id.partition(".")[2], entry.entry): entry.at for entry in sandbox.ledger()}
    assert times[("2", "accepted")] >= times[("1", "activated")] + 0.3


def test_items_that_are_to_end_together_end_when_the_slower_is_done(local_store: Store, tmp_path: Path) -> None:
    with_other = {"dependency": "finish_to_finish", "delay": {"amount": 0, "unit": "calendar_minutes"}}
    quick = item("1", coordination=[{"item_id": "2", **with_other}])
    slow = item("2", "DELAY-0.6-Vienna", coordination=[{"item_id": "1", **with_other}])
    with working(local_store, tmp_path) as (_embedded, sandbox):
        document = ended(local_store, place(local_store, quick, slow), seconds=4.0)
        times = {entry.external_id.partition(".")[2]: entry.at for entry in sandbox.ledger()
                 if entry.entry == "activated"}
    assert times["2"] > times["1"] + 0.4
    assert document["items"][0]["completed_at"] == document["items"][1]["completed_at"]


def test_an_item_that_changes_nothing_needs_nobody(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path) as (_embedded, sandbox):
        assert ended(local_store, place(local_store, item("1", action="no_change")))["state"] == "completed"
        assert sandbox.ledger() == ()


def test_a_product_that_no_route_leads_to_is_refused(local_store: Store, tmp_path: Path) -> None:
    with_profile(local_store, version=2, routes=[{"backend": "sandbox", "offering": "another"}])
    with working(local_store, tmp_path):
        # The order pins version 1 of the profile, which routes everything.
        assert ended(local_store, place(local_store, item("1")))["state"] == "completed"


def test_of_those_that_end_one_product_one_does(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        first = place(store, item("1"))
        ended(store, first)
        end = {"action": "delete", "product": {"id": products_of(store, first)["1"].id}}
        alike = [ended(store, order_id) for order_id in [place(store, {"id": "1", **end}) for _ in range(3)]]
        late = ended(store, place(store, {"id": "1", **end}))
        assert products_of(store, first)["1"].status == "terminated"
    assert [one["state"] for one in alike].count("completed") == 1
    assert {one["state"] for one in alike} <= {"completed", "failed", "rejected"}
    assert {error["reason"] for one in alike for error in one["items"][0].get("errors", ())} == {
        "that product is terminated"}
    assert late["state"] == "rejected"
    assert late["items"][0]["errors"] == [
        {"code": "invalidValue", "pointer": "/items/0/product/id", "reason": "that product is terminated"}]


def test_two_items_of_one_order_do_not_end_a_product_twice(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path):
        first = place(local_store, item("1"))
        ended(local_store, first)
        end = {"action": "delete", "product": {"id": products_of(local_store, first)["1"].id}}
        twice = ended(local_store, place(local_store, {"id": "1", **end}, {"id": "2", **end}))
    assert twice["state"] == "partial"
    assert sorted(one["state"] for one in twice["items"]) == ["completed", "failed"]


def test_an_item_whose_product_ended_while_it_waited_fails_at_once(local_store: Store, tmp_path: Path) -> None:
    with working(local_store, tmp_path) as (_embedded, sandbox):
        first = place(local_store, item("1"))
        ended(local_store, first)
        end = {"action": "delete", "product": {"id": products_of(local_store, first)["1"].id}}
        after = {"coordination": [{"item_id": "1", "dependency": "finish_to_start"}]}
        twice = ended(local_store, place(local_store, {"id": "1", **end}, {"id": "2", **end, **after}))
        assert accepted(sandbox) == ["1", "1"]
    assert [one["state"] for one in twice["items"]] == ["completed", "failed"]
    done, failed = (datetime.fromisoformat(one["history"][-1]["at"]) for one in twice["items"])
    assert (failed - done).total_seconds() < 1.5
