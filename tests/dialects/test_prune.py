"""Parts that a dialect could not express are left out of its view, and nothing else is touched."""

from __future__ import annotations

import copy

from lso.dialects.mef import dialect
from lso.dialects.prune import load_required, prune
from lso.settings import data_folder

REQUIRED = load_required(data_folder("mappings") / "sonata" / "common.required.yaml")
CONTACT = {"role": "customer", "name": "A", "email": "a@b.example", "phone": "1"}
TERM = {"name": "Year", "duration": {"amount": 1, "unit": "calendar_months"}, "at_end": "roll"}
ORDER = {"contacts": [CONTACT], "items": [{"id": "1", "action": "add", "requested_term": TERM,
                                          "product": {"places": [{"role": "A", "kind": "site", "id": "S"}]}}]}


def test_a_complete_order_is_not_even_copied() -> None:
    assert prune(ORDER, REQUIRED) is ORDER


def test_incomplete_parts_are_left_out_wherever_they_are() -> None:
    order = {"contacts": [CONTACT, {"role": "customer"}], "items": [
        {"id": "1", "requested_term": {"name": "Year"}, "terms": [TERM, {}],
         "product": {"id": "P", "places": [{"role": "A", "kind": "Depot"}]}}]}
    before = copy.deepcopy(order)
    assert prune(order, REQUIRED) == {"contacts": [CONTACT],
                                      "items": [{"id": "1", "terms": [TERM], "product": {"id": "P"}}]}
    assert order == before


def test_junk_is_none_of_its_business() -> None:
    for junk in ({"items": "x"}, {"items": [1, None]}, {"items": [{"product": []}]}, {"items": None}, {}):
        assert prune(junk, REQUIRED) == junk


def test_an_item_that_changes_nothing_is_not_shown_in_mef() -> None:
    order = {"items": [{"id": "1", "action": "no_change"}, {"id": "2", "action": "add"}]}
    assert dialect("sonata").prepare(order, False) == {"items": [{"id": "2", "action": "add"}]}
    assert dialect("sonata").prepare(order, True) is order


def test_a_proposal_that_names_no_offering_is_no_proposal() -> None:
    whole = {"id": "A", "installation_interval": {"amount": 1, "unit": "business_days"},
             "product": {"offering_id": "O", "schema": "urn:x"}}
    asked = {"items": [{"alternatives": [whole, {**whole, "product": {"offering_id": "O"}}, {"id": "B"}]}]}
    assert prune(asked, REQUIRED) == {"items": [{"alternatives": [whole]}]}
