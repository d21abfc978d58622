"""Requests to cancel an order, at the door of Sonata: MEF 123 R73-R79, O13. What becomes of them is for the worker."""

from __future__ import annotations

import pytest

from lso.store import job
from lso.store import resource as resources
from tests.gateway.conftest import Running
from tests.pil.scene import (
    CANCEL,
    CANTATA,
    CONTACT,
    SONATA,
    TMF,
    a_cancellation,
    a_move,
    an_order,
    asked,
    brought,
    finished,
    listed,
    wrong,
)

HERE = SONATA + CANCEL


def test_r73_only_who_placed_an_order_cancels_it(service: Running) -> None:
    order = an_order(service)
    answer = service.call("POST", HERE, "rival", json=a_cancellation(order))
    assert wrong(answer) == {("/productOrder/productOrderId", "referenceNotFound")}


def test_r74_a_cancellation_names_the_order_and_whom_to_contact(service: Running) -> None:
    order = an_order(service)
    silent = a_cancellation(order, relatedContactInformation=[{**CONTACT, "role": "somebody"}])
    assert wrong(service.call("POST", HERE, json=silent)) == {("/relatedContactInformation", "missingProperty")}
    assert wrong(service.call("POST", HERE, json={"productOrder": {}})) == {
        ("/productOrder/productOrderId", "missingProperty"), ("/relatedContactInformation", "missingProperty")}
    assert wrong(service.call("POST", HERE, json=a_cancellation("nowhere"))) == {
        ("/productOrder/productOrderId", "referenceNotFound")}


def test_all_that_is_wrong_is_told_together(service: Running) -> None:
    document = a_cancellation("nowhere", cancellationReasonType="boredom",
                              relatedContactInformation=[{**CONTACT, "role": "somebody"}])
    assert wrong(service.call("POST", HERE, json=document)) == {
        ("/productOrder/productOrderId", "referenceNotFound"), ("/cancellationReasonType", "invalidValue"),
        ("/relatedContactInformation", "missingProperty")}


def test_r75_r76_the_answer_repeats_what_was_sent_with_id_state_and_the_sellers_contact(service: Running) -> None:
    order = an_order(service)
    sent = a_cancellation(order, cancellationReason="The branch stays.", cancellationReasonType="technical",
                          colour="red")
    answer = service.call("POST", HERE, json=sent)
    told = answer.json()
    assert (answer.status_code, told["state"]) == (201, "acknowledged")
    assert answer.headers["location"] == told["href"]
    assert told["href"].endswith(f"{HERE}/{told['id']}")
    seller = told["relatedContactInformation"].pop()
    assert (seller["role"], seller["name"]) == ("cancelProductOrderSellerContact", "Desk")
    assert told["productOrder"].pop("productOrderHref").endswith(f"{SONATA}/productOrder/{order}")
    assert {name: value for name, value in told.items() if name not in ("id", "href", "state")} == sent


def test_members_that_the_seller_writes_are_the_sellers(service: Running) -> None:
    sent = a_cancellation(an_order(service), id="mine", state="done", cancellationDeniedReason="no")
    told = asked(service, HERE, sent)
    assert (told["id"] == "mine", told["state"], "cancellationDeniedReason" in told) == (False, "acknowledged", False)


def test_o13_cancellations_are_asked_for_by_order_state_and_kind_of_reason(service: Running) -> None:
    one, two = an_order(service), an_order(service)
    first = asked(service, HERE, a_cancellation(one, cancellationReasonType="technical"))["id"]
    second = asked(service, HERE, a_cancellation(two))["id"]
    finished(service, "cancellation", second, "rejected")
    assert listed(service, f"{HERE}?productOrderId={one}") == [first]
    assert first in listed(service, f"{HERE}?state=acknowledged&cancellationReasonType=technical")
    assert second not in listed(service, f"{HERE}?state=acknowledged")
    assert listed(service, f"{HERE}?state=rejected&productOrderId={two}") == [second]
    assert listed(service, f"{HERE}?productOrderId={two}&cancellationReasonType=commercial") == [second]
    for query in ("state=nowhere", "cancellationReasonType=boredom", "colour=red", "limit=x"):
        answer = service.call("GET", f"{HERE}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalidQuery"), query


def test_r77_a_list_shows_id_kind_of_reason_order_and_state(service: Running) -> None:
    order = an_order(service)
    told = asked(service, HERE, a_cancellation(order, cancellationReason="The branch stays."))
    row, = service.call("GET", f"{HERE}?productOrderId={order}").json()
    assert row == {"id": told["id"], "cancellationReasonType": "commercial", "state": "acknowledged",
                   "productOrder": told["productOrder"]}


def test_r78_no_cancellation_found_is_an_empty_list(service: Running) -> None:
    answer = service.call("GET", f"{HERE}?productOrderId=nowhere")
    assert (answer.status_code, answer.json()) == (200, [])
    assert answer.headers["x-total-count"] == answer.headers["x-result-count"] == "0"


def test_r79_a_cancellation_is_shown_whole(service: Running) -> None:
    told = asked(service, HERE, a_cancellation(an_order(service), cancellationReason="The branch stays."))
    assert service.call("GET", f"{HERE}/{told['id']}").json() == told
    assert service.call("GET", f"{HERE}/{told['id']}", "rival").status_code == 404
    assert service.call("GET", f"{HERE}/nowhere").status_code == 404


def test_r107_a_list_that_was_cut_says_so(service: Running) -> None:
    order = an_order(service, client="rival")
    ids = []
    for _ in range(3):
        ids.append(asked(service, HERE, a_cancellation(order), "rival")["id"])
        finished(service, "cancellation", ids[-1], "rejected", "beta")
    path = f"{HERE}?productOrderId={order}"
    whole = service.call("GET", path, "rival").headers
    assert (whole["x-total-count"], whole["x-result-count"], whole["x-pagination-throttled"]) == ("3", "3", "false")
    assert listed(service, f"{path}&limit=2", "rival") == ids[:2]
    assert listed(service, f"{path}&limit=2&offset=2", "rival") == ids[2:]


@pytest.mark.parametrize("state", ["completed", "cancelled", "failed", "partial", "rejected", "cancelling",
                                   "assessing_charge", "assessing_modification", "assessing_cancellation"])
def test_an_order_that_has_ended_or_is_assessed_cannot_be_cancelled(service: Running, state: str) -> None:
    answer = service.call("POST", HERE, json=a_cancellation(an_order(service, state)))
    assert wrong(answer) == {("/productOrder/productOrderId", "invalidValue")}
    waits = state.startswith("assess") or state == "cancelling"
    assert answer.json()[0]["reason"] == (
        "the order waits for the end of something else, or for an answer to a charge" if waits
        else "the order has come to its end")


def test_an_order_bears_one_request_at_a_time(service: Running) -> None:
    order = an_order(service)
    first = asked(service, HERE, a_cancellation(order))
    assert wrong(service.call("POST", HERE, json=a_cancellation(order))) == {
        ("/productOrder/productOrderId", "invalidValue")}
    move = a_move(order, expediteIndicator=True)
    answer = service.call("POST", f"{SONATA}/modifyProductOrderItemRequestedDeliveryDate", json=move)
    assert wrong(answer) == {("/productOrderItem/productOrderId", "invalidValue")}
    finished(service, "cancellation", first["id"], "rejected")
    asked(service, HERE, a_cancellation(order))


def test_an_accepted_request_has_its_job_and_does_not_move_the_order(service: Running) -> None:
    order = an_order(service)
    told = asked(service, HERE, a_cancellation(order))
    kept = service.world.store.query_now(lambda c: job.fetch(c, "alpha", f"alpha/cancellation/{told['id']}"))
    assert kept is not None
    assert (kept.state, kept.subject) == ("ready", told["id"])
    assert service.call("GET", f"{SONATA}/productOrder/{order}").json()["state"] == "inProgress"


def test_the_same_key_is_the_same_cancellation(service: Running) -> None:
    order = an_order(service)
    twice = [service.call("POST", HERE, json=a_cancellation(order), headers={"Idempotency-Key": order})
             for _ in range(2)]
    assert twice[0].status_code == twice[1].status_code == 201
    assert twice[0].json() == twice[1].json()
    assert len(listed(service, f"{HERE}?productOrderId={order}")) == 1
    other = service.call("POST", HERE, json=a_cancellation(order, cancellationReason="another"),
                         headers={"Idempotency-Key": order})
    assert other.status_code == 422


def test_a_cancellation_is_the_same_in_every_dialect(service: Running) -> None:
    told = asked(service, HERE, a_cancellation(an_order(service), cancellationReason="The branch stays."))
    cantata = service.call("GET", f"{CANTATA}{CANCEL}/{told['id']}", "carrier-sil").json()
    assert cantata["href"].endswith(f"{CANTATA}{CANCEL}/{told['id']}")
    assert cantata["relatedContactInformation"] == told["relatedContactInformation"]
    tmf = service.call("GET", f"{TMF}{CANCEL}/{told['id']}", "carrier-sil").json()
    assert (tmf["state"], tmf["cancellationReason"]) == ("acknowledged", "The branch stays.")
    assert tmf["productOrder"]["id"] == told["productOrder"]["productOrderId"]


def test_a_cancellation_is_its_buyers_own(service: Running) -> None:
    order = an_order(service, client="broker", params={"buyerId": "two"})
    told = asked(service, HERE, a_cancellation(order), "broker", params={"buyerId": "two"})
    assert told["id"] in listed(service, f"{HERE}?buyerId=two", "broker")
    assert told["id"] not in listed(service, f"{HERE}?buyerId=one", "broker")
    assert service.call("GET", f"{HERE}/{told['id']}", "broker-one").status_code == 404
    foreign = service.call("POST", HERE, "broker-one", json=a_cancellation(order))
    assert wrong(foreign) == {("/productOrder/productOrderId", "referenceNotFound")}


def test_a_removed_order_takes_its_cancellations_along(service: Running) -> None:
    order = an_order(service)
    told = asked(service, HERE, a_cancellation(order))
    finished(service, "cancellation", told["id"], "done")
    brought(service, order, "cancelled")
    assert service.call("DELETE", f"{TMF}/productOrder/{order}", "carrier-sil").status_code == 204
    assert service.call("GET", f"{HERE}/{told['id']}").status_code == 404
    assert listed(service, f"{HERE}?productOrderId={order}") == []


def test_a_request_that_is_refused_leaves_nothing(service: Running) -> None:
    order = an_order(service, "completed")
    service.call("POST", HERE, json=a_cancellation(order))
    assert service.world.store.query_now(lambda c: resources.of_order(c, "alpha", order)) == ()
