"""What an item costs, by the rows of a price book."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from lso.canonical.price import number
from lso.canonical.price_row import PriceRow
from lso.lifecycle.pricing import Sought, bandwidth, price, written


def row(amount: str = "100", **members: Any) -> PriceRow:
    told = {"offering": "O", "name": "Access", "kind": "recurring", "per": "month", "currency": "EUR", **members}
    return PriceRow.model_validate({"amount": amount, **told})


def amounts(*rows: PriceRow, **sought: Any) -> dict[str, Any] | None:
    found = price(rows, Sought(**sought))
    return None if found is None else {one["name"]: one["net"]["value"] for one in found.prices}


def test_the_lowest_tier_that_holds_the_bandwidth_is_taken() -> None:
    tiers = (row("499", up_to_mbps="1000"), row("129.90", up_to_mbps="100"))
    assert amounts(*tiers, mbps=Decimal(100)) == {"Access": 129.9}
    assert amounts(*tiers, mbps=Decimal("100.1")) == {"Access": 499}
    assert amounts(*tiers, mbps=Decimal(1001)) is None
    assert amounts(*tiers) is None, "a tier says nothing of what has no bandwidth"


def test_nothing_is_given_away_that_is_beyond_all_tiers() -> None:
    book = (row("129.90", up_to_mbps="100"), row("50", name="Installation", kind="non_recurring", per=None))
    assert amounts(*book, mbps=Decimal(50)) == {"Access": 129.9, "Installation": 50}
    assert amounts(*book, mbps=Decimal(200)) is None


def test_own_prices_come_before_everybodys_and_a_class_of_places_before_any_place() -> None:
    book = (row("10"), row("9", place_class="metro"), row("8", tenant="one"),
            row("7", tenant="one", place_class="metro"))
    assert amounts(*book, place_class="metro") == {"Access": 7}
    assert amounts(*book[:2], place_class="metro") == {"Access": 9}
    assert amounts(*book) == {"Access": 8}


def test_each_line_is_priced_by_itself() -> None:
    book = (row("10", term_months=12), row("900", name="Installation", kind="non_recurring", per=None),
            row("0.05", name="Traffic", kind="usage", per=None, unit="GB"))
    found = price(book, Sought(term_months=12))
    assert found is not None
    assert [(one["name"], one.get("per"), one.get("unit_of_measure")) for one in found.prices] == [
        ("Access", "month", None), ("Installation", None, None), ("Traffic", None, "GB")]


def test_what_ends_a_product_is_priced_by_rows_that_say_so() -> None:
    book = (row("10"), row("5", action="modify"), row("0", name="Removal", kind="non_recurring", per=None,
                                                     action="delete"))
    assert amounts(*book) == {"Access": 10}
    assert amounts(*book, action="modify") == {"Access": 5}
    assert amounts(*book, action="delete") == {"Removal": 0}
    assert amounts(*book[:2], action="delete") is None


@pytest.mark.parametrize(("wanted", "offered"), [(12, 12), (24, 12), (25, 36), (60, 36), (None, 12), (1, 12)])
def test_the_nearest_term_is_offered(wanted: int | None, offered: int) -> None:
    found = price((row(term_months=12), row("80", term_months=36)), Sought(term_months=wanted))
    assert found is not None
    assert found.term_months == offered


def test_what_holds_for_every_term_is_offered_for_the_one_wanted() -> None:
    found = price((row(),), Sought(term_months=7))
    assert found is not None
    assert found.term_months == 7


def test_the_longest_installation_and_any_doubt_count_for_the_whole() -> None:
    found = price((row(interval_days=10), row(name="Mast", interval_days=40, subject_to_feasibility=True)), Sought())
    assert found is not None
    assert (found.interval_days, found.subject_to_feasibility) == (40, True)


def test_amounts_are_exact_and_tax_is_rounded_half_even_to_cents() -> None:
    told = written(row("0.125", tax_rate="19"))
    assert told["net"] == {"value": 0.125, "currency": "EUR"}
    assert told["gross"] == {"value": 0.15, "currency": "EUR"}
    assert told["tax_rate"] == 19
    assert isinstance(number(Decimal("100.00")), int)
    assert repr(number(Decimal("123456789012.345"))) == "123456789012.345"


def test_the_largest_rate_of_a_configuration_is_its_bandwidth() -> None:
    told = {"a": [{"cir": {"irValue": 2, "irUnits": "GBPS"}}, {"cir": {"irValue": 500, "irUnits": "MBPS"}}]}
    assert bandwidth(told) == 2000
    assert bandwidth({"a": {"irValue": True, "irUnits": "PARSECS"}}) is None


@pytest.mark.parametrize("wrong", [
    {"amount": "1e3"}, {"amount": "-1"}, {"amount": " 5"}, {"amount": 0.1}, {"amount": "NaN"},
    {"amount": "1234567890.1234567"}, {"currency": "EURO"}, {"currency": "XXX"}, {"per": None},
    {"kind": "usage"}, {"kind": "non_recurring"},
    {"term_months": 0}, {"colour": "red"}, {"name": ""}])
def test_a_row_that_could_be_misread_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        row(**wrong)
