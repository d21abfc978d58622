"""What may happen to a quote, decision by decision; the tables say what each state has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lso.canonical.quote import Quote
from lso.lifecycle.machine import QUOTE_MACHINE, IllegalTransition
from lso.lifecycle.ports.question import Quotation
from lso.lifecycle.quotation import PlaceClass, QuoteTerms, another, later
from lso.lifecycle.quote import accept, begin, cancel, changes, decline, expire, give_up, offer, overdue, reject
from lso.lifecycle.quote_states import ITEM_STATES, QUOTE_ITEM_MEMBERS, QUOTE_MEMBERS
from lso.lifecycle.spot import Spot, described

Document = dict[str, Any]
NOW, AT, VALID = datetime(2030, 1, 1, tzinfo=UTC), "2030-01-01T00:00:00Z", timedelta(days=1)
PRICES = ({"name": "Port", "kind": "recurring", "per": "month", "net": {"value": 0.1, "currency": "EUR"}},)
SAID = Quotation(prices=PRICES)


def acknowledged(*names: str, **members: Any) -> Document:
    return {"id": "Q", "quoted_at": AT, "contacts": [], "state": "acknowledged", "requested_level": "firm",
            "history": [{"state": "acknowledged", "at": AT}], "expected_completion_at": AT,
            "items": [{"id": name, "action": "add", "state": "acknowledged"} for name in names], **members}


def under_way(*names: str, **members: Any) -> Document:
    return begin(acknowledged(*names, **members), at=AT)


def orderable(*names: str) -> Document:
    return offer(under_way(*names), dict.fromkeys(names, SAID), at=NOW, valid=VALID)


DRAFT = offer(under_way("1", "2"), {"1": Quotation(prices=PRICES, draft=True), "2": SAID}, at=NOW, valid=VALID)
HALF = offer(under_way("1", "2"), {"2": SAID}, at=NOW, valid=VALID)


@pytest.mark.parametrize("quote", [
    acknowledged("1"), under_way("1"), HALF, DRAFT, orderable("1", "2"), cancel(HALF, at=AT), cancel(DRAFT, at=AT),
    decline(orderable("1"), at=AT), accept(orderable("1"), at=NOW), expire(orderable("1"), at=AT), give_up(HALF, at=AT),
    reject(acknowledged("1", "2"), {"1": [{"code": "otherIssue"}]}, at=AT),
    offer(under_way("1", "2"), {"1": Quotation(refused="No.")}, at=NOW, valid=VALID),
    offer(under_way("1", requested_level="budgetary"), {"1": SAID}, at=NOW, valid=VALID)])
def test_a_quote_and_its_items_are_as_their_states_demand(quote: Document) -> None:
    Quote.model_validate(quote)
    needed, barred = QUOTE_MEMBERS[quote["state"]]
    assert needed <= set(quote)
    assert set(quote).isdisjoint(barred)
    allowed, some = ITEM_STATES[quote["state"]]
    states = {item["state"] for item in quote["items"]}
    assert states <= allowed
    assert not some or states & some
    for item in quote["items"]:
        assert QUOTE_ITEM_MEMBERS[item["state"]][0] <= set(item)
        assert set(item).isdisjoint(QUOTE_ITEM_MEMBERS[item["state"]][1])
    assert quote["history"][-1]["state"] == quote["state"]


@pytest.mark.parametrize("state", sorted(QUOTE_MACHINE.ends))
def test_nothing_happens_to_what_is_over(state: str) -> None:
    quote = orderable("1") | {"state": state}
    for decision in (cancel, decline, expire):
        with pytest.raises(IllegalTransition):
            decision(quote, at=AT)


def test_what_is_overdue_is_neither_accepted_nor_declined_whatever_its_state_says() -> None:
    quote, then = orderable("1"), NOW + VALID
    assert overdue(quote, then)
    assert not overdue(quote, then - timedelta(milliseconds=1))
    with pytest.raises(IllegalTransition):
        accept(quote, at=then)
    with pytest.raises(IllegalTransition):
        decline(quote, at="2030-01-02T00:00:00Z")


def test_sums_are_exact_and_by_period_and_currency() -> None:
    quote = orderable("1", "2", "3")
    assert [(one["per"], one["net"]) for one in quote["total_prices"]] == [("month", {"value": 0.3, "currency": "EUR"})]


@pytest.mark.parametrize(("amounts", "total"), [
    ([150], 150), ([150.0], 150), ([49.9], 49.9), ([1e22], 10**22), ([49.9, 0.1], 50), ([150, 49.9], 199.9), ([0], 0)])
def test_a_sum_is_spelled_as_its_value_whatever_it_was_made_of(amounts: list[float], total: float) -> None:
    prices = tuple({"kind": "non_recurring", "net": {"value": one, "currency": "EUR"}} for one in amounts)
    quote = offer(under_way("1"), {"1": Quotation(prices=prices)}, at=NOW, valid=VALID)
    (one,) = quote["total_prices"]
    assert repr(one) == repr({"name": "Total", "kind": "non_recurring", "net": {"value": total, "currency": "EUR"}})


def test_the_beginning_is_told_before_its_items_and_the_end_after_them() -> None:
    before, half, after = acknowledged("1"), under_way("1"), orderable("1")
    assert [one.kind for one in changes(before, half, at=AT)] == ["quote_state", "quote_item_state"]
    assert [one.kind for one in changes(half, after, at=AT)] == ["quote_item_state", "quote_state"]


def test_terms_and_intervals_are_compared_in_whatever_units_they_are_said() -> None:
    month, days = {"amount": 1, "unit": "calendar_months"}, {"amount": 31, "unit": "calendar_days"}
    assert later(days, month)
    assert not later(month, days)
    assert later({"amount": 5, "unit": "business_days"}, {"amount": 6, "unit": "calendar_days"})
    assert not later(None, month)
    assert another(({"duration": month},), {"duration": days})
    assert not another(({"duration": month},), {"duration": month, "name": "Other"})


def test_the_first_class_that_holds_a_place_counts() -> None:
    terms = QuoteTerms(place_classes=(PlaceClass(name="metro", prefix="M-"), PlaceClass(name="home", country="France"),
                                      PlaceClass(name="rest")))
    for place, name in ((Spot(id="M-1"), "metro"), (Spot(id="S-1", site=True, address="M-1"), "metro"),
                        (described({"fielded": {"country": "FR"}}), "home"), (Spot(id="X"), "rest")):
        assert terms.class_of([place]) == name
    assert terms.class_of([Spot(id="X"), Spot(id="M-2")]) == "metro"
    assert terms.class_of([]) is None
