"""What a list may be asked for, and how the answer is paged."""

from __future__ import annotations

import pytest

from lso.canonical.criteria import Condition, Page
from lso.dialects import mef, tmf
from lso.dialects.resource import Resource, load_resource
from lso.errors import NotUnderstood
from lso.gateway.specification import load
from lso.lens import load_table
from lso.settings import data_folder

MAPPINGS = data_folder("mappings")
COMMON = frozenset({"offset", "limit", "buyerId", "sellerId"})


def resource(dialect: str, name: str = "order") -> Resource:
    table = load_table(MAPPINGS / dialect / f"{name}.yaml", folder=MAPPINGS)
    return load_resource(MAPPINGS / dialect / f"{name}.resource.yaml", table)


MEF, TMF = resource("sonata"), resource("tmf")
DECLARED = COMMON | set(MEF.filters)
TMF_DECLARED = frozenset({"fields", "offset", "limit"})


def refusal(**query: str) -> str:
    with pytest.raises(NotUnderstood) as refused:
        mef.criteria(MEF, {name.replace("__", "."): [value] for name, value in query.items()}, DECLARED)
    return refused.value.code


def test_every_filter_of_the_document_has_a_canonical_path() -> None:
    asked = mef.criteria(MEF, {name: ["2026-01-01T00:00:00Z" if "Date" in name else "completed"]
                               for name in MEF.filters}, DECLARED)
    assert {one.path for one in asked.conditions} == {
        "state", "external_id", "project_id", "ordered_at", "completed_at", "cancelled_at",
        "items/requested_completion_at", "items/expected_completion_at"}
    assert len(asked.conditions) == 13
    assert {one.operator for one in asked.conditions} == {"eq", "gt", "lt"}


def test_a_folded_word_asks_for_all_states_that_are_shown_so() -> None:
    asked = mef.criteria(MEF, {"state": ["inProgress"]}, DECLARED)
    assert asked.conditions == (Condition("state", "in", ("in_progress", "pending", "held")),)
    asked = tmf.criteria(TMF, {"state": ["held"]}, TMF_DECLARED)
    assert asked.conditions == (Condition("state", "in", ("held", "assessing_charge")),)


def test_a_moment_is_asked_for_in_its_canonical_spelling() -> None:
    for text in ("2026-01-12T10:00:00+01:00", "2026-01-12T10:00:00 01:00"):
        asked = mef.criteria(MEF, {"orderDate.gt": [text]}, DECLARED)
        assert asked.conditions == (Condition("ordered_at", "gt", ("2026-01-12T09:00:00Z",)),)


def test_what_cannot_be_asked_for_is_refused_with_a_code() -> None:
    assert refusal(state="flying") == "invalidQuery"
    assert refusal(state="held") == "invalidQuery"
    assert refusal(orderDate__gt="yesterday") == "invalidQuery"
    assert refusal(orderDate__gt="9999-12-31T23:59:59-14:00") == "invalidQuery"
    assert refusal(colour="red") == "invalidQuery"
    assert refusal(offset="-1") == refusal(limit="many") == refusal(limit="99999999999") == "invalidQuery"
    assert refusal(externalId="") == "missingQueryValue"


SATELLITES = {"cancellation": "/cancelProductOrder", "charge": "/charge",
              "delivery_date": "/modifyProductOrderItemRequestedDeliveryDate"}


@pytest.mark.parametrize("name", SATELLITES)
def test_every_parameter_of_a_list_is_a_filter_or_a_page(name: str) -> None:
    document = load(data_folder("specs") / "sonata" / "productOrderManagement.yaml").document
    declared = {parameter.get("name") for parameter in document["paths"][SATELLITES[name]]["get"]["parameters"]}
    guide_only = {"state"} if name == "charge" else set()
    assert set(resource("sonata", name).filters) == declared - COMMON - {None} | guide_only


def test_charges_are_asked_for_by_state_though_the_document_has_no_such_parameter() -> None:
    charges = resource("sonata", "charge")
    asked = mef.criteria(charges, {"state": ["timeout"], "productOrderItemId": ["1"]}, COMMON)
    assert asked.conditions == (Condition("state", "eq", ("timed_out",)), Condition("item_id", "eq", ("1",)))


def test_a_flag_that_is_not_said_is_false() -> None:
    dates = resource("sonata", "delivery_date")
    declared = COMMON | set(dates.filters)
    assert mef.criteria(dates, {"expediteIndicator": ["true"]}, declared).conditions == (
        Condition("expedite", "eq", ("true",)),)
    assert mef.criteria(dates, {"expediteIndicator": ["false"]}, declared).conditions == (
        Condition("expedite", "ne", ("true",)),)
    with pytest.raises(NotUnderstood):
        mef.criteria(dates, {"expediteIndicator": ["perhaps"]}, declared)


def test_a_task_that_is_acknowledged_may_be_under_assessment() -> None:
    asked = mef.criteria(resource("sonata", "cancellation"), {"state": ["acknowledged"]}, COMMON)
    assert asked.conditions == (Condition("state", "in", ("acknowledged", "in_progress")),)
    asked = tmf.criteria(resource("tmf", "cancellation"), {"state": ["done"], "productOrder.id": ["7"]}, TMF_DECLARED)
    assert asked.conditions == (Condition("state", "in", ("done", "declined")), Condition("order_id", "eq", ("7",)))


def test_a_mef_parameter_given_twice_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        mef.criteria(MEF, {"state": ["held", "failed"]}, DECLARED)


def test_pages_have_the_size_of_their_dialect() -> None:
    asked = mef.criteria(MEF, {"offset": ["20"], "limit": ["500"], "buyerId": ["b"]}, DECLARED)
    assert asked.page == Page(20, 500, 100)
    assert tmf.criteria(TMF, {}, TMF_DECLARED).page == Page(0, None, 1000)


def test_attributes_that_the_store_cannot_compare_are_read_from_the_documents() -> None:
    asked = tmf.criteria(TMF, {"externalId": ["A,B"], "note.text": ["porter"], "state.ne": ["held"],
                               "orderDate.gte": ["2026-01-01T00:00:00Z"]}, TMF_DECLARED)
    assert asked.conditions == (Condition("external_id", "in", ("A", "B")),
                                Condition("ordered_at", "gte", ("2026-01-01T00:00:00Z",)))
    assert asked.matches is not None
    assert asked.matches({"note": [{"text": "porter"}], "state": "pending"})
    assert not asked.matches({"note": [{"text": "porter"}], "state": "held"})


def test_sorting_is_refused_rather_than_taken_for_an_attribute() -> None:
    with pytest.raises(NotUnderstood) as refused:
        tmf.criteria(TMF, {"sort": ["-orderDate"]}, TMF_DECLARED)
    assert refused.value.code == "invalidQuery"


def test_a_repeated_tm_forum_attribute_is_an_alternative() -> None:
    asked = tmf.criteria(TMF, {"id": ["1", "2"]}, TMF_DECLARED)
    assert asked.conditions == (Condition("id", "in", ("1", "2")),)


def test_counts_are_told_as_far_as_they_are_known() -> None:
    assert mef.page_headers(250, True, 100, True) == {
        "X-Total-Count": "250", "X-Result-Count": "100", "X-Pagination-Throttled": "true"}
    assert mef.page_headers(1000, False, 10, False) == {"X-Result-Count": "10", "X-Pagination-Throttled": "true"}
    assert tmf.page_headers(250, True, 100, False) == {"X-Total-Count": "250", "X-Result-Count": "100"}


def test_fields_select_members_and_lists_always_tell_id_and_href() -> None:
    document = {"id": "1", "href": "h", "state": "held", "note": [{"text": "a", "id": "n"}, {"text": "b"}]}
    asked = tmf.criteria(TMF, {"fields": ["state,note.text,unknown"]}, TMF_DECLARED).fields
    assert asked == ("state", "note.text", "unknown")
    assert tmf.select(document, asked, False) == {"state": "held", "note": [{"text": "a"}, {"text": "b"}]}
    assert tmf.select(document, asked, True) == {
        "state": "held", "note": [{"text": "a"}, {"text": "b"}], "id": "1", "href": "h"}
    assert tmf.select(document, None, True) is document


def test_no_fields_means_id_and_href_only() -> None:
    asked = tmf.criteria(TMF, {"fields": ["none"]}, TMF_DECLARED).fields
    assert tmf.select({"id": "1", "href": "h", "state": "held"}, asked, False) == {"id": "1", "href": "h"}
