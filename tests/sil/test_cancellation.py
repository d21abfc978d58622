"""Cancellations at the doors of Cantata and TMF622: one room, other words."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from lso.store import order as orders
from tests.gateway.conftest import Running
from tests.gateway.test_orders import TMF_INTERNET
from tests.pil.scene import (
    CANCEL,
    CANTATA,
    CHARGE,
    MOVE,
    SONATA,
    TMF,
    Document,
    a_cancellation,
    a_charge,
    a_move,
    an_order,
    asked,
    finished,
    listed,
    wrong,
)

HERE = TMF + CANCEL


def tmf_order(service: Running, state: str = "in_progress") -> str:
    return an_order(service, state, "enterprise", TMF, TMF_INTERNET)


def tmf_cancellation(order: str, **members: object) -> Document:
    return {"productOrder": {"id": order}, **members}


def violations(service: Running, document: Document, status: int = 400) -> set[tuple[str, str]]:
    answer = service.call("POST", HERE, "enterprise", json=document)
    assert answer.status_code == status, answer.text
    return {(one["propertyPath"], one["code"]) for one in answer.json()["violation"]}


def test_a_tmf_cancellation_is_acknowledged_and_reads_as_it_was_sent(service: Running) -> None:
    order = tmf_order(service)
    sent = tmf_cancellation(order, cancellationReason="moved away", requestedCancellationDate="2026-12-01T10:00:00Z",
                            colour="red", **{"@type": "CancelProductOrder"})
    answer = service.call("POST", HERE, "enterprise", json=sent)
    told = answer.json()
    assert (answer.status_code, told["state"]) == (201, "acknowledged")
    assert answer.headers["location"] == told["href"]
    assert told["productOrder"].pop("href").endswith(f"{TMF}/productOrder/{order}")
    assert {name: value for name, value in told.items() if name not in ("id", "href", "state")} == sent


def test_a_tmf_cancellation_of_nothing_or_of_anothers_order_is_refused(service: Running) -> None:
    foreign = an_order(service)
    for document in (tmf_cancellation("nowhere"), tmf_cancellation(foreign)):
        assert violations(service, document) == {("/productOrder/id", "referenceNotFound")}
    assert violations(service, {}) == {("/productOrder", "missingProperty")}


@pytest.mark.parametrize("state", ["completed", "cancelled", "assessing_cancellation"])
def test_what_an_order_cannot_bear_is_a_conflict_in_tmf(service: Running, state: str) -> None:
    document = tmf_cancellation(tmf_order(service, state))
    assert violations(service, document, 409) == {("/productOrder/id", "invalidValue")}


def test_an_order_bears_one_request_at_a_time_whoever_asks(service: Running) -> None:
    order = an_order(service)
    asked(service, SONATA + CANCEL, a_cancellation(order))
    answer = service.call("POST", HERE, "carrier-sil", json=tmf_cancellation(order))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_cancellation_for_a_later_day_keeps_no_other_request_off_its_order(service: Running) -> None:
    order = tmf_order(service)
    for day in ("2090-01-01T00:00:00Z", "2091-01-01T00:00:00Z"):
        asked(service, HERE, tmf_cancellation(order, requestedCancellationDate=day), "enterprise")
    asked(service, HERE, tmf_cancellation(order), "enterprise")
    again = service.call("POST", HERE, "enterprise", json=tmf_cancellation(order))
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_tmf_lists_take_any_attribute_as_a_filter_and_count_all(service: Running) -> None:
    one, two = tmf_order(service), tmf_order(service)
    first = asked(service, HERE, tmf_cancellation(one, cancellationReason="moved away"), "enterprise")["id"]
    later = tmf_cancellation(two, cancellationReason="changed mind", requestedCancellationDate="2027-01-05T00:00:00Z")
    second = asked(service, HERE, later, "enterprise")["id"]
    finished(service, "cancellation", second, "done", "beta")
    for query, found in ((f"productOrder.id={one}", first), (f"productOrder.id={two}&state=done", second),
                         (f"id={first}", first), (f"productOrder.id={one}&cancellationReason=moved%20away", first),
                         (f"productOrder.id={two}&requestedCancellationDate.gt=2027-01-01T00:00:00Z", second),
                         (f"productOrder.id={two}&cancellationReason.regex=change.*", second)):
        answer = service.call("GET", f"{HERE}?{query}", "enterprise")
        assert [row["id"] for row in answer.json()] == [found], query
        assert answer.headers["x-total-count"] == answer.headers["x-result-count"] == "1", query
    page = service.call("GET", f"{HERE}?limit=1&offset=1&productOrder.id={one},{two}", "enterprise")
    assert [row["id"] for row in page.json()] == [second]
    assert (page.headers["x-total-count"], page.headers["x-result-count"]) == ("2", "1")
    assert listed(service, f"{HERE}?state=acknowledged&productOrder.id={two}", "enterprise") == []


def test_fields_choose_what_tmf_shows_of_a_cancellation(service: Running) -> None:
    told = asked(service, HERE, tmf_cancellation(tmf_order(service)), "enterprise")
    assert service.call("GET", f"{HERE}/{told['id']}?fields=state", "enterprise").json() == {"state": "acknowledged"}
    rows = service.call("GET", f"{HERE}?fields=state&id={told['id']}", "enterprise").json()
    assert [set(row) for row in rows] == [{"id", "href", "state"}]


def test_what_a_tmf_client_cannot_say_is_filled_in_for_others(service: Running) -> None:
    order = an_order(service)
    told = asked(service, HERE, tmf_cancellation(order), "carrier-sil")
    seen = service.call("GET", f"{SONATA}{CANCEL}/{told['id']}").json()
    assert seen["cancellationReasonType"] == "commercial"
    assert [one["role"] for one in seen["relatedContactInformation"]] == ["cancelProductOrderSellerContact"]


def test_cantata_asks_for_all_that_sonata_asks_for(service: Running) -> None:
    order = an_order(service, client="carrier-sil", path=CANTATA)
    cancellation = asked(service, CANTATA + CANCEL, a_cancellation(order), "carrier-sil")
    assert cancellation["href"].endswith(f"{CANTATA}{CANCEL}/{cancellation['id']}")
    assert listed(service, f"{CANTATA}{CANCEL}?productOrderId={order}", "carrier-sil") == [cancellation["id"]]
    finished(service, "cancellation", cancellation["id"], "rejected")
    moved = asked(service, CANTATA + MOVE, a_move(order, expediteIndicator=True), "carrier-sil")
    assert service.call("GET", f"{CANTATA}{MOVE}/{moved['id']}", "carrier-sil").json() == moved
    nothing = service.call("POST", CANTATA + MOVE, "carrier-sil", json=a_move(order))
    assert wrong(nothing) == {("/requestedCompletionDate", "missingProperty")}


def test_a_charge_is_answered_in_cantata(service: Running) -> None:
    charge = a_charge(service, an_order(service))
    assert listed(service, f"{CANTATA}{CHARGE}?productOrderId={charge.order_id}", "carrier-sil") == [charge.id]
    verdicts = {"chargeItem": [{"id": name, "acceptanceIndicator": "accepted"} for name in ("1", "2")]}
    answer = service.call("PATCH", f"{CANTATA}{CHARGE}/{charge.id}", "carrier-sil", json=verdicts)
    assert (answer.status_code, answer.json()["state"]) == (200, "completed")
    assert answer.json()["href"].endswith(f"{CANTATA}{CHARGE}/{charge.id}")


def test_what_an_order_costs_is_found_by_its_links(service: Running) -> None:
    order = an_order(service)

    def listed_on(connection: Any) -> None:
        stored = orders.fetch(connection, "alpha", order)
        assert stored is not None
        first, *rest = stored.document["items"]
        document = {**stored.document, "items": [{**first, "charges": [{"id": "ch-1"}]}, *rest],
                    "cancellation_charges": [{"id": "ch-2"}]}
        orders.replace(connection, dataclasses.replace(stored, document=document), stored.version)

    service.world.store.commit_now(listed_on)
    for base, client in ((SONATA, "carrier"), (CANTATA, "carrier-sil")):
        shown = service.call("GET", f"{base}/productOrder/{order}", client).json()
        charges = shown["productOrderItem"][0]["charge"] + shown["cancellationCharge"]
        assert [one["id"] for one in charges] == ["ch-1", "ch-2"]
        for one in charges:
            assert one["href"].endswith(f"{base}/charge/{one['id']}")
