"""Story 2, the first half: a TMF622 order is cancelled in flight, and everybody is told in their own words."""

from __future__ import annotations

from typing import Any

from tests.conformance.asking import CANCEL
from tests.conformance.desk import Desk, Document
from tests.journeys.documents import holds, ours, wrong_with
from tests.journeys.ledger import done_for, told
from tests.journeys.test_stories import subscribed
from tests.listener import Listener
from tests.running import MEF, TMF, Running, eventually

REASON = "The hotel stays closed."
SONATA_CALLS, TMF_CALLS = "/mefApi", "/tmf"


def ordered(tmf: Desk, place: str) -> Document:
    """A TMF622 order in progress at a place of that name."""
    order = ours("tmf/internet_add.json")
    order["productOrderItem"][0]["product"]["place"][0]["name"] = place
    return tmf.once(tmf.made(order)["id"], "inProgress")


def listening(service: Running, listener: Listener) -> None:
    """One subscriber for Sonata, one for TM Forum."""
    subscribed(service, MEF, "demo-carrier", listener.url)
    subscribed(service, TMF, "demo-carrier-sil", f"{listener.url}{TMF_CALLS}")


def test_a_tm_forum_order_is_cancelled_in_flight_and_told_in_every_language(
        service: Running, listener: Listener, sonata: Desk, cantata: Desk, tmf: Desk) -> None:
    listening(service, listener)
    order = ordered(tmf, "DELAY-60-Quay")
    asked = {"productOrder": {"id": order["id"]}, "cancellationReason": REASON}
    task = tmf.made(asked, CANCEL)
    assert holds(task, asked) == []
    assert task["state"] == "acknowledged"

    ended = tmf.ended(order["id"])
    assert (ended["state"], ended["cancellationReason"]) == ("cancelled", REASON)
    assert [item["state"] for item in ended["productOrderItem"]] == ["cancelled"]
    assert done_for(service, order["id"]) == ["accepted", "cancelled"]
    done = tmf.read(task["id"], CANCEL)
    assert (done["state"], done["effectiveCancellationDate"]) == ("done", ended["cancellationDate"])
    assert wrong_with("tmf.v4.order", done, f"{CANCEL}/{{id}}") == []

    for edition, desk in (("sonata.grace.order", sonata), ("cantata.grace.order", cantata)):
        seen = desk.read(order["id"])
        assert [change["state"] for change in seen["stateChange"]] == [
            "acknowledged", "inProgress", "assessingCancellation", "pendingCancellation", "cancelled"]
        assert [change["state"] for change in seen["productOrderItem"][0]["stateChange"]] == [
            "acknowledged", "inProgress", "pending", "cancelled"]
        assert seen["cancellationReason"] == REASON
        cancellation = desk.read(task["id"], CANCEL)
        assert (cancellation["state"], cancellation["cancellationReason"]) == ("done", REASON)
        assert cancellation["productOrder"]["productOrderHref"] == seen["href"]
        assert wrong_with(edition, seen) == []
        assert wrong_with(edition, cancellation, f"{CANCEL}/{{id}}") == []

    def everything() -> Any:
        return (told(listener, order["id"], "ProductOrderStateChangeEvent", TMF_CALLS)[3:]
                and told(listener, task["id"], "CancelProductOrderStateChangeEvent", TMF_CALLS)
                and told(listener, order["id"], "productOrderStateChangeEvent", SONATA_CALLS)[3:]
                and told(listener, task["id"], "cancelProductOrderStateChangeEvent", SONATA_CALLS))

    eventually(everything)
    states = [event["productOrder"]["state"] for event in told(
        listener, order["id"], "ProductOrderStateChangeEvent", TMF_CALLS)]
    assert states == ["inProgress", "assessingCancellation", "pendingCancellation", "cancelled"]
    assert len(told(listener, task["id"], "CancelProductOrderCreateEvent", TMF_CALLS)) == 1
    assert told(listener, task["id"], "CancelProductOrderStateChangeEvent", TMF_CALLS)[-1][
        "cancelProductOrder"]["state"] == "done"
    assert told(listener, task["id"], "cancelProductOrderStateChangeEvent", SONATA_CALLS)[-1]["href"].endswith(
        f"{MEF}{CANCEL}/{task['id']}")


def test_an_order_whose_cancellation_is_refused_says_so_and_is_completed(
        service: Running, sonata: Desk, tmf: Desk) -> None:
    order = ordered(tmf, "DELAY-4-CANCEL-REFUSED-Quay")
    task = tmf.made({"productOrder": {"id": order["id"]}}, CANCEL)
    assert tmf.once(task["id"], "terminatedWithError", path=CANCEL)
    seen = sonata.read(task["id"], CANCEL)
    assert seen["state"] == "rejected"
    assert seen["cancellationDeniedReason"] == "The work has gone too far to be stopped."
    assert tmf.ended(order["id"])["state"] == "completed"
    assert done_for(service, order["id"]) == ["accepted", "activated"]
