"""What becomes of a qualification: verdicts, members by state, and what is told; the tables are MEF 87's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from lso.canonical.qualification import Item, ItemState, Qualification, QualificationState
from lso.lifecycle.machine import QUALIFICATION_ITEM_MACHINE, QUALIFICATION_MACHINE, IllegalTransition
from lso.lifecycle.placing import placing
from lso.lifecycle.ports.question import Alternate, Feasibility
from lso.lifecycle.promise import UNASKED, USUAL, Promises, promised, unasked
from lso.lifecycle.qualification import begin, changes, give_up, hopeless, judge
from lso.lifecycle.states import QUALIFICATION_ITEM_MEMBERS, QUALIFICATION_MEMBERS

Document = dict[str, Any]
AT, LATER = "2026-03-01T10:00:00.000Z", "2026-03-01T11:00:00.000Z"
DAYS = {"amount": 10, "unit": "business_days"}
SURE = Feasibility("high", "", DAYS, "2026-04-01T00:00:00.000Z")
UNSURE = Feasibility("low", "to be seen", DAYS)
NO = Feasibility("none", "no port")
OTHER = Alternate({"offering_id": "slower", "schema": "urn:a", "configuration": {}}, DAYS)
WRONG = [{"code": "missingProperty", "pointer": "/items/0/product", "reason": "nothing is asked for"}]


def asked(count: int = 2, **members: Any) -> Document:
    items = [{"id": str(number), "action": "add", "product": {"schema": "urn:a"}} for number in range(1, count + 1)]
    return placing("qualification").acknowledge(
        {"items": items, "contacts": [{"role": "buyerContactInformation"}], **members}, id="q-1", at=AT)


def held(document: Document) -> None:
    """Whole and items have what their states demand, nothing that they bar, and fit the model."""
    Qualification.model_validate(document)
    for thing, members in ((document, QUALIFICATION_MEMBERS),
                           *((item, QUALIFICATION_ITEM_MEMBERS) for item in document["items"])):
        needed, barred = members[thing["state"]]
        assert needed <= set(thing)
        assert not barred & set(thing)
        assert thing["history"][-1]["state"] == thing["state"]


@pytest.mark.parametrize(("said", "wrong", "state", "items", "result"), [
    ({"1": SURE, "2": SURE}, {}, "ready", ["ready", "ready"], "qualified"),
    ({"1": SURE, "2": UNSURE}, {}, "ready", ["ready", "ready"], "qualified"),
    ({"1": SURE, "2": NO}, {}, "ready", ["ready", "ready"], "unqualified"),
    ({"1": SURE}, {}, "in_progress", ["ready", "in_progress"], None),
    ({"1": SURE, "2": Feasibility(look_again_seconds=1)}, {}, "in_progress", ["ready", "in_progress"], None),
    ({}, {"1": WRONG}, "failed", ["failed", "abandoned"], None),
    ({}, {"1": WRONG, "2": WRONG}, "failed", ["failed", "failed"], None),
])
def test_the_whole_follows_from_its_items(said: Any, wrong: Any, state: str, items: list[str],
                                          result: str | None) -> None:
    begun = begin(asked(), at=AT)
    held(begun)
    after = judge(begun, said, wrong, at=LATER)
    held(after)
    assert (after["state"], [item["state"] for item in after["items"]]) == (state, items)
    assert after.get("result") == result


def test_what_is_wanted_at_once_is_seen_at_its_end_only() -> None:
    after = judge(asked(instant=True), {"1": SURE, "2": SURE}, {}, at=AT)
    held(after)
    assert [entry["state"] for thing in (after, *after["items"]) for entry in thing["history"]] == ["ready"] * 3
    failed = judge(asked(instant=True), {}, {"2": WRONG}, at=AT)
    held(failed)
    assert [item["state"] for item in failed["items"]] == ["abandoned", "failed"]


def test_it_holds_as_long_as_all_of_its_items() -> None:
    sooner = Feasibility("high", "", DAYS, "2026-03-15T00:00:00.000Z")
    assert judge(asked(instant=True), {"1": SURE, "2": sooner}, {}, at=AT)["expires_at"] == "2026-03-15T00:00:00.000Z"
    assert "expires_at" not in judge(asked(instant=True), {"1": SURE, "2": UNSURE}, {}, at=AT)


def test_alternatives_are_for_those_who_want_them_and_never_beside_green() -> None:
    said = {"1": Feasibility("none", "no", alternates=(OTHER,)), "2": Feasibility("high", "", DAYS, None, (OTHER,))}
    wanted = judge(asked(instant=True, alternatives_wanted=True), said, {}, at=AT)
    assert [item["confidence"] for item in wanted["items"]] == ["alternate", "high"]
    assert [len(item.get("alternatives", ())) for item in wanted["items"]] == [1, 0]
    assert wanted["result"] == "alternate"
    unwanted = judge(asked(instant=True), said, {}, at=AT)
    assert [item["confidence"] for item in unwanted["items"]] == ["none", "high"]


def test_reasons_are_told_unless_they_are_not_wanted() -> None:
    assert judge(asked(1, instant=True), {"1": NO}, {}, at=AT)["items"][0]["confidence_reason"] == "no port"
    silent = judge(asked(1, instant=True, reasons_wanted=False), {"1": NO}, {}, at=AT)
    assert "confidence_reason" not in silent["items"][0]


def test_when_time_is_up_what_was_judged_stays() -> None:
    half = judge(begin(asked(expected_completion_at=LATER), at=AT), {"1": SURE}, {}, at=AT)
    after = give_up(half, at=LATER)
    held(after)
    assert after["state"] == "unable_to_provide"
    assert [item["state"] for item in after["items"]] == ["ready", "abandoned"]
    with pytest.raises(IllegalTransition):
        give_up(after, at=LATER)


def test_changes_name_what_moved_and_from_where() -> None:
    before = begin(asked(), at=AT)
    told = changes(before, judge(before, {"1": SURE}, {}, at=LATER), at=LATER)
    assert [(one.kind, one.item_id, one.previous, one.state) for one in told] == [
        ("qualification_item_state", "1", "in_progress", "ready")]
    told = changes(asked(), before, at=AT)
    assert [one.kind for one in told] == ["qualification_item_state"] * 2 + ["qualification_state"]


def test_an_item_that_asks_for_no_product_is_hopeless() -> None:
    document = asked()
    document["items"][0]["product"] = {"offering_id": "a"}
    document["items"][1]["action"] = "delete"
    assert {id: [one["code"] for one in wrong] for id, wrong in hopeless(document).items()} == {
        "1": ["missingProperty"], "2": ["missingProperty"]}


def test_the_tables_know_every_state_and_only_members_there_are() -> None:
    for machine, words, members, model in (
            (QUALIFICATION_MACHINE, QualificationState, QUALIFICATION_MEMBERS, Qualification),
            (QUALIFICATION_ITEM_MACHINE, ItemState, QUALIFICATION_ITEM_MEMBERS, Item)):
        assert set(machine.table) - {""} == set(get_args(words)) == set(members)
        for needed, barred in members.values():
            assert needed | barred <= set(model.model_fields)
            assert not needed & barred


def test_what_a_back_end_cannot_tell_is_told_as_agreed_and_said_to_be_so() -> None:
    promises = Promises.model_validate({"interval": {"amount": 6, "unit": "calendar_days"}, "guaranteed_days": 7})
    now = datetime(2026, 3, 1, tzinfo=UTC)
    told = promised(unasked(None, promises), {}, promises, at=now)
    assert (told.confidence, told.installation_interval) == ("low", {"amount": 6, "unit": "calendar_days"})
    assert told.guaranteed_until == "2026-03-08T00:00:00.000Z"
    assert told.reason == f"{UNASKED} {USUAL}"
    refused = promised(unasked("no", promises), {}, promises, at=now)
    assert refused == Feasibility("none", "no")
    assert promised(SURE, {}, promises, at=now) == SURE
    waiting = Feasibility(look_again_seconds=1)
    assert promised(waiting, {}, promises, at=now) == waiting


def test_other_offerings_are_proposed_where_that_is_agreed() -> None:
    promises = Promises.model_validate({"alternates": {"fast": [
        {"offering_id": "slow", "schema": "urn:b", "configuration": {"rate": 1}}]}})
    told = promised(NO, {"offering_id": "fast", "configuration": {"rate": 9, "colour": "red"}}, promises,
                    at=datetime(2026, 3, 1, tzinfo=UTC))
    (other,) = told.alternates
    assert other.product == {"offering_id": "slow", "schema": "urn:b", "configuration": {"rate": 1, "colour": "red"}}
    assert other.installation_interval == {"amount": 30, "unit": "calendar_days"}
