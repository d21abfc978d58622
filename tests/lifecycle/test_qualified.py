"""An item is held against the answer that it follows, as against a quoted item."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lso.lifecycle.deviation import Ground
from lso.lifecycle.named import names
from lso.lifecycle.qualified import astray
from lso.lifecycle.spot import described

Document = dict[str, Any]
AT = datetime(2026, 11, 21, tzinfo=UTC)
GROUND = Ground(AT, lambda place: described(place, address=place.get("id")), {"urn:internet:old": "urn:internet"})
BASE = "/items/0/qualification_item"


def product(rate: int = 100, **members: Any) -> Document:
    return {"offering_id": "BASIC", "schema": "urn:internet", "configuration": {"irValue": rate, "irUnits": "MBPS"},
            "places": [{"kind": "address", "role": "INSTALL_LOCATION", "id": "ADDR-1"}], **members}


def qualification(confidence: str = "high", *alternatives: int, **members: Any) -> Document:
    proposed = [{"id": f"alternate-{number}", "product": {name: product(rate)[name] for name in
                                                          ("offering_id", "schema", "configuration")},
                 "installation_interval": {"amount": 9, "unit": "business_days"}}
                for number, rate in enumerate(alternatives, start=1)]
    item = {"id": "1", "action": "add", "product": product(), "confidence": confidence,
            "installation_interval": {"amount": 5, "unit": "business_days"}, **members}
    return {"state": "ready", "items": [item | ({"alternatives": proposed} if proposed else {})]}


def against(qualification: Document, wanted: Document, *, alternate: str | None = None, tacit: bool = False,
            action: str = "add", **members: Any) -> set[tuple[str, str]]:
    reference = {"qualification_id": "Q", "item_id": "1"} | ({"alternate_id": alternate} if alternate else {})
    document = {"items": [{"action": action, "product": wanted, "qualification_item": reference, **members}]}
    found = astray(names(document).qualifications, {"Q": qualification}, frozenset(), GROUND, tacit=tacit)
    return {(one.pointer, one.code) for one in found}


@pytest.mark.parametrize("wanted", [
    product(), product(50), {}, {"offering_id": "BASIC"}, product(schema="urn:internet:old"),
    product(configuration={"managed": True}), product(places=[]),
])
def test_what_was_qualified_is_followed_by_what_does_not_say_otherwise(wanted: Document) -> None:
    assert against(qualification(), wanted) == set()


@pytest.mark.parametrize("wanted", [
    product(200), product(offering_id="OTHER"), product(schema="urn:line"), product(places=[{"id": "ADDR-2"}])])
def test_another_product_offering_place_or_more_bandwidth_was_not_qualified(wanted: Document) -> None:
    assert against(qualification(), wanted) == {(f"{BASE}/item_id", "invalidValue")}


def test_another_action_or_another_product_of_the_inventory_was_not_qualified() -> None:
    assert against(qualification(), product(), action="modify") == {(f"{BASE}/item_id", "invalidValue")}
    changed = qualification(action="modify", product=product(id="PROD-1"))
    assert against(changed, product(id="PROD-1"), action="modify") == set()
    assert against(changed, product(id="PROD-2"), action="modify") == {(f"{BASE}/item_id", "invalidValue")}


@pytest.mark.parametrize(("confidence", "alternatives"), [("none", ()), ("alternate", (50,))])
def test_a_refusal_is_not_followed(confidence: str, alternatives: tuple[int, ...]) -> None:
    refused = qualification(confidence, *alternatives)
    assert against(refused, product(50)) == {(f"{BASE}/item_id", "invalidValue")}


@pytest.mark.parametrize("confidence", ["low", "alternate"])
def test_what_was_proposed_instead_counts_where_it_is_named(confidence: str) -> None:
    proposed = qualification(confidence, 50)
    assert against(proposed, product(50), alternate="alternate-1") == set()
    assert against(proposed, product(), alternate="alternate-1") == {(f"{BASE}/alternate_id", "invalidValue")}
    elsewhere = product(50, places=[{"id": "ADDR-2"}])
    assert against(proposed, elsewhere, alternate="alternate-1") == {(f"{BASE}/alternate_id", "invalidValue")}
    assert against(proposed, product(50), alternate="alternate-2") == {(f"{BASE}/alternate_id", "referenceNotFound")}


def test_a_dialect_without_a_word_for_it_names_a_proposal_by_being_like_it() -> None:
    proposed = qualification("alternate", 20, 50)
    assert against(proposed, product(50), tacit=True) == set()
    assert against(proposed, product(100), tacit=True) == {(f"{BASE}/item_id", "invalidValue")}
    assert against(qualification("none"), product(50), tacit=True) == {(f"{BASE}/item_id", "invalidValue")}
    assert against(qualification("low", 50), product(100), tacit=True) == set()


def test_the_interval_is_that_of_what_counts() -> None:
    soon = {"amount": 6, "unit": "business_days"}
    assert against(qualification("low", 50), product(50), requested_interval=soon) == set()
    assert against(qualification("low", 50), product(50), alternate="alternate-1", requested_interval=soon) == {
        ("/items/0/requested_interval", "invalidValue")}
