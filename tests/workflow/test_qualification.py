"""Qualifications that are not wanted at once come to their end, whoever is killed or away meanwhile (MEF 87)."""

from __future__ import annotations

import time
from pathlib import Path

from lso.store import job
from lso.store.engine import Store
from lso.store.job import Job
from tests.workflow.inquiry import EDITION, KIND, QUERY, in_seconds, inquire, judged, look_around, qualification_of
from tests.workflow.scene import EPL as LINE
from tests.workflow.scene import TENANT, UNI, Listener, eventually, item, onto, states, subscribe, with_profile, working


def job_of(store: Store, id: str) -> Job:
    found = store.query_now(lambda connection: job.fetch(connection, TENANT, f"{TENANT}/{KIND}/{id}"))
    assert found
    return found


def test_every_item_is_judged_by_its_back_end(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        id = inquire(store, item("1"), item("2", "YELLOW-Graz"), item("3", "RED-Linz"))
        found = judged(store, id)
    assert found["state"] == "ready"
    assert states(found) == ["acknowledged", "in_progress", "ready"]
    assert [(one["state"], one["confidence"]) for one in found["items"]] == [
        ("ready", "high"), ("ready", "low"), ("ready", "none")]
    assert [("installation_interval" in one, "guaranteed_until" in one) for one in found["items"]] == [
        (True, True), (True, True), (False, False)]
    assert found["result"] == "unqualified"
    assert found["effective_at"] == found["history"][-1]["at"]
    assert job_of(store, id).state == "done"


def test_a_subscriber_hears_of_every_step_of_whole_and_items(
        store: Store, tmp_path: Path, listener: Listener) -> None:
    subscribe(store, listener.url, edition=EDITION)
    with working(store, tmp_path):
        id = inquire(store, item("1"), item("2", "RED-Linz"))
        judged(store, id)
        types = eventually(lambda: listener.types(id), lambda found: len(found) == 7)
    assert types[0] == "poqCreateEvent"
    assert sorted(types) == ["poqCreateEvent", *["poqItemStateChangeEvent"] * 4, *["poqStateChangeEvent"] * 2]
    items = [body["event"].get("poqItemId") for _path, body, _headers in listener.received]
    assert sorted(filter(None, items)) == ["1", "1", "2", "2"]
    assert {path for path, _body, _headers in listener.received} >= {
        "/mefApi/sonata/productOfferingQualificationNotification/v7/listener/poqItemStateChangeEvent"}


def test_who_wants_to_know_by_a_day_is_told_on_that_day_that_there_is_no_answer(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        begun = time.time()
        id = inquire(store, item("1"), item("2", "THINK-60-Graz"), requested_completion_at=in_seconds(1.0))
        eventually(lambda: qualification_of(store, id)["items"][0]["state"], lambda state: state == "ready")
        assert qualification_of(store, id)["state"] == "in_progress"
        found = judged(store, id)
        assert 0.9 < time.time() - begun < 5
    assert found["state"] == "unable_to_provide"
    assert [one["state"] for one in found["items"]] == ["ready", "abandoned"]
    assert "result" not in found
    assert "confidence" not in found["items"][1]
    assert job_of(store, id).state == "done"


def test_who_wanted_to_know_before_asking_is_told_what_is_known(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        known = inquire(store, item("1"), requested_completion_at="2023-10-12T00:00:00Z")
        unknown = inquire(store, item("1", "THINK-60-Graz"), requested_completion_at="2023-10-12T00:00:00Z")
        assert judged(store, known)["state"] == "ready"
        assert judged(store, unknown)["state"] == "unable_to_provide"


def test_a_network_that_needs_time_is_asked_again(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        id = inquire(store, item("1", "THINK-1.5-Graz"))
        eventually(lambda: qualification_of(store, id)["state"], lambda state: state == "in_progress")
        found = judged(store, id)
    assert (found["state"], found["items"][0]["confidence"]) == ("ready", "high")


def test_an_item_that_nobody_can_judge_fails_the_whole_and_the_others_are_abandoned(
        store: Store, tmp_path: Path) -> None:
    alone = {**item("1", schema=LINE), "product": {"offering_id": "offer"}}
    with working(store, tmp_path):
        found = judged(store, inquire(store, alone, item("2")))
    assert found["state"] == "failed"
    assert [one["state"] for one in found["items"]] == ["failed", "abandoned"]
    assert found["items"][0]["errors"][0]["code"] == "missingProperty"
    assert "errors" not in found["items"][1]


def test_alternatives_are_told_to_those_who_want_them_and_only_where_it_is_not_green(
        store: Store, tmp_path: Path) -> None:
    with_profile(store, offerings=[{"id": "offer", "schemas": [item("1")["product"]["schema"]]}])
    asked = [item("1", "ALTERNATE-50-Wels"), item("2", "YELLOW-ALTERNATE-50-Wels"), item("3")]
    for one in asked:
        one["product"]["configuration"] = {"flow": {"irValue": 100, "irUnits": "MBPS"}}
    with working(store, tmp_path):
        found = judged(store, inquire(store, *asked, alternatives_wanted=True))
        silent = judged(store, inquire(store, *asked))
    red, yellow, green = found["items"]
    assert [one["confidence"] for one in found["items"]] == ["alternate", "low", "high"]
    assert found["result"] == "alternate"
    (proposed,) = red["alternatives"]
    assert proposed["id"]
    assert proposed["product"]["configuration"] == {"flow": {"irValue": 50, "irUnits": "MBPS"}}
    assert proposed["product"]["offering_id"] == "offer"
    assert proposed["installation_interval"]["amount"] == 10
    assert yellow["alternatives"]
    assert "alternatives" not in green
    assert [one["confidence"] for one in silent["items"]] == ["none", "low", "high"]
    assert not [one for one in silent["items"] if "alternatives" in one]


def test_an_alternative_that_the_buyer_could_not_order_is_not_proposed(store: Store, tmp_path: Path) -> None:
    asked = item("1", "ALTERNATE-50-Wels")
    asked["product"]["configuration"] = {"flow": {"irValue": 100, "irUnits": "MBPS"}}
    with working(store, tmp_path):
        found = judged(store, inquire(store, asked, alternatives_wanted=True))
    assert found["items"][0]["confidence"] == "none"


def test_nobody_to_deliver_is_a_verdict_too(store: Store, tmp_path: Path) -> None:
    with_profile(store, routes=[{"offering": "another"}])
    with working(store, tmp_path):
        found = judged(store, inquire(store, item("1")))
    assert found["items"][0]["confidence"] == "none"
    assert found["items"][0]["confidence_reason"] == "Nobody delivers this product there."


def test_a_line_between_items_is_judged_with_them(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        line = {**item("3", schema=LINE), "relations": onto("1", "2")}
        del line["product"]["places"]
        assert judged(store, inquire(store, item("1"), item("2"), line))["state"] == "ready"


def test_a_qualification_whose_worker_is_gone_is_found_again(store: Store, tmp_path: Path) -> None:
    with working(store, tmp_path):
        id = inquire(store, item("1"), item("2", "THINK-1-Graz"))
        eventually(lambda: qualification_of(store, id)["items"][0]["state"], lambda state: state == "ready")
    before = qualification_of(store, id)
    assert before["state"] == "in_progress"
    with working(store, tmp_path):
        found = judged(store, id)
    assert found["state"] == "ready"
    assert found["items"][0] == before["items"][0]


def test_a_back_end_that_is_away_does_not_make_the_buyer_wait_beyond_the_day(store: Store, tmp_path: Path) -> None:
    with_profile(store, routes=[{"backend": "nowhere"}])
    with working(store, tmp_path):
        found = judged(store, inquire(store, item("1"), requested_completion_at=in_seconds(0.6)))
    assert found["state"] == "unable_to_provide"


OFFERS = [{"id": "uni", "schemas": [UNI]}, {"id": "line", "schemas": [LINE]}, {"id": "gone", "schemas": [UNI],
                                                                              "status": "endOfSale"}]


def test_a_query_finds_what_can_be_had_at_a_place(store: Store, tmp_path: Path) -> None:
    with_profile(store, offerings=OFFERS)
    with working(store, tmp_path):
        found = judged(store, look_around(store, "Graz"), QUERY)
        nothing = judged(store, look_around(store, "RED-Linz"), QUERY)
    assert found["state"] == nothing["state"] == "ready"
    (one,) = found["items"]
    assert one["product"]["offering_id"] == "uni"
    assert one["product"]["places"][0]["id"] == "Graz"
    assert found["expires_at"] == one["guaranteed_until"]
    assert nothing["items"] == []


def test_a_query_is_given_up_on_its_day(store: Store, tmp_path: Path) -> None:
    with_profile(store, offerings=OFFERS)
    with working(store, tmp_path):
        id = look_around(store, "THINK-60-Graz", requested_completion_at=in_seconds(0.6))
        found = judged(store, id, QUERY)
    assert (found["state"], "items" in found) == ("unable_to_provide", False)
