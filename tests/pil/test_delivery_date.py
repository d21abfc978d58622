"""Wishes for another delivery date, at the door of Sonata: MEF 123 R63-R72, O11, O12."""

from __future__ import annotations

import pytest

from tests.gateway.conftest import Running
from tests.pil.scene import (
    CANCEL,
    CANTATA,
    MOVE,
    SONATA,
    TMF,
    Document,
    a_cancellation,
    a_move,
    an_order,
    asked,
    finished,
    listed,
    moment,
    wrong,
)

HERE = SONATA + MOVE
LATER = "2027-03-01T12:00:00Z"


def test_r63_a_wish_to_expedite_names_the_item_and_has_the_indicator(service: Running) -> None:
    order = an_order(service)
    told = asked(service, HERE, a_move(order, expediteIndicator=True))
    assert told["expediteIndicator"] is True
    for where, member in ((order, "productOrderItemId"), ("nowhere", "productOrderId")):
        answer = service.call("POST", HERE, json=a_move(where, "nowhere", expediteIndicator=True))
        assert wrong(answer) == {(f"/productOrderItem/{member}", "referenceNotFound")}
    assert wrong(service.call("POST", HERE, json={"productOrderItem": {}, "expediteIndicator": True})) == {
        ("/productOrderItem/productOrderItemId", "missingProperty"),
        ("/productOrderItem/productOrderId", "missingProperty")}


def test_o11_a_wish_to_expedite_may_name_a_date(service: Running) -> None:
    told = asked(service, HERE, a_move(an_order(service), expediteIndicator=True, requestedCompletionDate=LATER))
    assert told["requestedCompletionDate"] == LATER


@pytest.mark.parametrize("wish", [{"expediteIndicator": True}, {"requestedCompletionDate": LATER},
                                  {"requestedCompletionDate": LATER, "expediteIndicator": False}])
def test_r64_r65_r67_r68_the_answer_repeats_what_was_sent_and_has_id_and_date(service: Running, wish: Document) -> None:
    order = an_order(service)
    sent = {**a_move(order), **wish}
    before = moment()
    answer = service.call("POST", HERE, json=sent)
    told = answer.json()
    assert (answer.status_code, told["state"]) == (201, "acknowledged")
    assert answer.headers["location"] == told["href"] != ""
    assert before <= told["creationDate"] <= moment()
    assert told["productOrderItem"].pop("productOrderHref").endswith(f"{SONATA}/productOrder/{order}")
    assert {name: value for name, value in told.items() if name not in ("id", "href", "state", "creationDate")} == sent


def test_r66_a_wish_for_another_date_names_it(service: Running) -> None:
    order = an_order(service)
    for wish in ({}, {"expediteIndicator": False}):
        answer = service.call("POST", HERE, json={**a_move(order), **wish})
        assert wrong(answer) == {("/requestedCompletionDate", "missingProperty")}


def test_a_date_that_is_none_is_malformed_not_missing(service: Running) -> None:
    answer = service.call("POST", HERE, json=a_move(an_order(service), requestedCompletionDate="soon"))
    assert wrong(answer) == {("/requestedCompletionDate", "invalidFormat")}


def test_o12_wishes_are_asked_for_by_state_indicator_order_and_dates(service: Running) -> None:
    one, two = an_order(service), an_order(service)
    first = asked(service, HERE, a_move(one, expediteIndicator=True, requestedCompletionDate="2027-02-01T00:00:00Z"))
    second = asked(service, HERE, a_move(two, requestedCompletionDate=LATER))
    finished(service, "delivery_date", second["id"], "done")
    both = f"{HERE}?requestedCompletionDate.gt=2027-01-31T00:00:00Z&creationDate.gt={moment(-1)}"
    assert {first["id"], second["id"]} <= set(listed(service, both))
    for query, found in ((f"productOrderId={one}", first), (f"productOrderId={two}&state=done", second),
                         (f"productOrderId={two}&expediteIndicator=false", second),
                         (f"productOrderId={one}&expediteIndicator=true&state=acknowledged", first),
                         (f"productOrderId={one}&requestedCompletionDate.lt=2027-02-15T00:00:00Z", first),
                         (f"productOrderId={two}&creationDate.lt={moment(1)}", second)):
        assert listed(service, f"{HERE}?{query}") == [found["id"]], query
    for query in (f"productOrderId={two}&requestedCompletionDate.lt=2027-02-15T00:00:00Z",
                  f"productOrderId={one}&creationDate.gt={moment(1)}", f"productOrderId={one}&state=rejected"):
        assert listed(service, f"{HERE}?{query}") == [], query
    for query in ("expediteIndicator=perhaps", "creationDate.gt=yesterday", "state=nowhere"):
        assert service.call("GET", f"{HERE}?{query}").json()["code"] == "invalidQuery", query


def test_r69_a_list_of_wishes_shows_the_whole_of_each(service: Running) -> None:
    order = an_order(service)
    told = asked(service, HERE, a_move(order, requestedCompletionDate=LATER))
    assert service.call("GET", f"{HERE}?productOrderId={order}").json() == [told]


def test_r70_no_wish_found_is_an_empty_list(service: Running) -> None:
    answer = service.call("GET", f"{HERE}?productOrderId=nowhere")
    assert (answer.status_code, answer.json(), answer.headers["x-total-count"]) == (200, [], "0")


def test_r71_a_wish_is_shown_whole(service: Running) -> None:
    told = asked(service, HERE, a_move(an_order(service), requestedCompletionDate=LATER))
    assert service.call("GET", f"{HERE}/{told['id']}").json() == told
    cantata = service.call("GET", f"{CANTATA}{MOVE}/{told['id']}", "carrier-sil").json()
    assert {**cantata, "href": "", "productOrderItem": ""} == {**told, "href": "", "productOrderItem": ""}


def test_r72_a_wish_that_does_not_exist_is_not_found(service: Running) -> None:
    told = asked(service, HERE, a_move(an_order(service), requestedCompletionDate=LATER))
    for path, client in ((f"{HERE}/nowhere", "carrier"), (f"{HERE}/{told['id']}", "rival"),
                         (f"{SONATA}{CANCEL}/{told['id']}", "carrier")):
        answer = service.call("GET", path, client)
        assert (answer.status_code, answer.json()["code"]) == (404, "notFound")


@pytest.mark.parametrize("state", ["completed", "failed", "assessing_cancellation", "assessing_charge"])
def test_an_order_that_has_ended_or_is_assessed_is_not_moved(service: Running, state: str) -> None:
    answer = service.call("POST", HERE, json=a_move(an_order(service, state), expediteIndicator=True))
    assert wrong(answer) == {("/productOrderItem/productOrderId", "invalidValue")}


def test_an_order_that_is_moved_cannot_be_cancelled_meanwhile(service: Running) -> None:
    order = an_order(service)
    asked(service, HERE, a_move(order, expediteIndicator=True))
    answer = service.call("POST", f"{SONATA}{CANCEL}", json=a_cancellation(order))
    assert wrong(answer) == {("/productOrder/productOrderId", "invalidValue")}


def test_tm_forum_has_no_such_wish(service: Running) -> None:
    assert service.call("GET", f"{TMF}{MOVE}", "carrier-sil").status_code == 404
