"""Charges at the door of Sonata: MEF 123 R88-R100, O16, O17. They come up with the work on an order; here they are put
where the worker would put them."""

from __future__ import annotations

from typing import Any

from lso.store import delivery as deliveries
from lso.store import job, outbox
from tests.gateway.conftest import Running
from tests.pil.scene import (
    CANTATA,
    CHARGE,
    POSITIONS,
    SONATA,
    TMF,
    a_charge,
    an_order,
    listed,
    moment,
)

HERE = SONATA + CHARGE
NOTE = {"id": "n-1", "author": "Ines Marin", "date": "2026-11-01T12:00:00Z", "source": "buyer", "text": "As agreed."}


def verdicts(*words: str, **more: Any) -> dict[str, Any]:
    return {"chargeItem": [{"id": str(number), "acceptanceIndicator": word, **more}
                           for number, word in enumerate(words, start=1)]}


def answered(service: Running, id: str, document: Any, client: str = "carrier", path: str = HERE) -> tuple[int, Any]:
    answer = service.call("PATCH", f"{path}/{id}", client, json=document)
    return answer.status_code, answer.json()


def test_r88_r92_a_charge_has_items_dates_state_and_either_an_order_or_an_item(service: Running) -> None:
    order = an_order(service)
    on_item = service.call("GET", f"{HERE}/{a_charge(service, order).id}").json()
    assert on_item["productOrderItem"]["productOrderId"] == order
    assert on_item["productOrderItem"]["productOrderHref"].endswith(f"{SONATA}/productOrder/{order}")
    on_order = service.call("GET", f"{HERE}/{a_charge(service, order, item=False).id}").json()
    assert on_order["productOrder"]["productOrderId"] == order
    for charge, other in ((on_item, "productOrder"), (on_order, "productOrderItem")):
        assert other not in charge
        assert {"id", "creationDate", "responseDueDate", "state", "chargeItem"} <= set(charge)
        for item in charge["chargeItem"]:
            assert {"id", "activityType", "blocking", "priceType", "priceCategory", "price", "state"} <= set(item)


def test_r90_r91_a_charge_names_what_causes_it(service: Running) -> None:
    order = an_order(service)
    cancelled = service.call("GET", f"{HERE}/{a_charge(service, order, item=False, cancellation_id='c-1').id}").json()
    assert cancelled["cancelProductOrder"]["id"] == "c-1"
    assert cancelled["cancelProductOrder"]["href"].endswith(f"{SONATA}/cancelProductOrder/c-1")
    moved = service.call("GET", f"{HERE}/{a_charge(service, order, delivery_date_id='d-1').id}").json()
    assert moved["modifyProductOrderItemRequestedDeliveryDate"]["id"] == "d-1"


def test_r94_r95_an_answer_speaks_of_every_item_at_once(service: Running) -> None:
    charge = a_charge(service, an_order(service))
    for document in (verdicts("accepted"), {"chargeItem": []}, {}, verdicts("accepted", "accepted", "accepted"),
                     {"chargeItem": [{"id": "1"}, {"id": "2", "acceptanceIndicator": "perhaps"}]}):
        status, error = answered(service, charge.id, document)
        assert (status, error["code"]) == (400, "invalidBody"), document
        assert "/chargeItem" in error["message"]
    assert service.call("GET", f"{HERE}/{charge.id}").json()["state"] == "awaitingResponse"


def test_an_answer_is_kept_with_its_event_and_its_job(service: Running) -> None:
    charge = a_charge(service, an_order(service))
    status, told = answered(service, charge.id, verdicts("accepted", "rejected"))
    assert (status, told["state"]) == (200, "completed")
    assert [one["state"] for one in told["chargeItem"]] == ["acceptedByBuyer", "declinedByBuyer"]
    assert [one["acceptanceIndicator"] for one in told["chargeItem"]] == ["accepted", "rejected"]
    assert service.call("GET", f"{HERE}/{charge.id}").json() == told
    kept = service.world.store.query_now(lambda c: job.fetch(c, "alpha", f"alpha/charge/{charge.id}"))
    assert kept is not None
    assert kept.state == "ready"


def test_who_subscribed_hears_that_a_charge_was_answered(service: Running) -> None:
    heard = {"callback": "http://127.0.0.1:9/events", "query": "eventType=chargeStateChangeEvent"}
    hub = service.call("POST", f"{SONATA}/hub", json=heard).json()
    charge = a_charge(service, an_order(service))
    answered(service, charge.id, verdicts("accepted", "accepted"))
    due = service.world.store.query_now(lambda c: outbox.due(c, 4e9, 1000))
    sent = [service.world.store.query_now(lambda c, number=number: deliveries.fetch(c, "alpha", number))
            for tenant, number in due if tenant == "alpha"]
    told = [one.event.document for one in sent if one and one.event.resource_id == charge.id]
    assert [(one["kind"], one["state"], one["previous_state"]) for one in told] == [
        ("charge_state", "completed", "awaiting_response")]
    assert service.call("DELETE", f"{SONATA}/hub/{hub['id']}").status_code == 204


def test_o16_an_answer_may_append_notes(service: Running) -> None:
    charge = a_charge(service, an_order(service))
    status, told = answered(service, charge.id, verdicts("accepted", "accepted", note=[NOTE]))
    assert status == 200
    assert [one["note"] for one in told["chargeItem"]] == [[NOTE], [NOTE]]


def test_r97_what_was_answered_is_not_answered_again(service: Running) -> None:
    charge = a_charge(service, an_order(service))
    assert answered(service, charge.id, verdicts("accepted", "accepted"))[0] == 200
    status, error = answered(service, charge.id, verdicts("rejected", "rejected"))
    assert (status, error["code"]) == (409, "conflict")
    assert error["reason"] == "The charge waits for no answer any more."


def test_what_the_door_and_the_table_both_find_is_said_once(service: Running) -> None:
    charge = a_charge(service, an_order(service))
    status, error = answered(service, charge.id, verdicts("accepted", "perhaps"))
    assert (status, error["code"]) == (400, "invalidBody")
    assert error["message"].count("/chargeItem/1/acceptanceIndicator") == 1


def test_who_declines_what_blocks_cannot_accept_the_rest(service: Running) -> None:
    charge = a_charge(service, an_order(service))
    status, error = answered(service, charge.id, verdicts("rejected", "accepted"))
    assert (status, error["code"]) == (400, "invalidBody")
    assert "/chargeItem/1/acceptanceIndicator" in error["message"]
    assert answered(service, charge.id, verdicts("rejected", "rejected"))[0] == 200


def test_an_answer_that_comes_too_late_is_a_conflict(service: Running) -> None:
    charge = a_charge(service, an_order(service), days=-1)
    assert answered(service, charge.id, verdicts("accepted", "accepted"))[0] == 409


def test_o17_charges_are_asked_for_by_order_item_dates_and_state(service: Running) -> None:
    one, two = an_order(service), an_order(service)
    first, second = a_charge(service, one, days=2), a_charge(service, two, days=9, item=False)
    answered(service, second.id, verdicts("accepted", "accepted"))
    item = first.document["item_id"]
    for query, found in ((f"productOrderId={one}", first), (f"productOrderId={two}", second),
                         (f"productOrderId={one}&productOrderItemId={item}", first),
                         (f"productOrderId={two}&state=completed", second),
                         (f"productOrderId={one}&state=awaitingResponse", first),
                         (f"productOrderId={one}&responseDueDate.lt={moment(5)}&creationDate.gt={moment(-1)}", first),
                         (f"productOrderId={two}&responseDueDate.gt={moment(5)}&creationDate.lt={moment(1)}", second)):
        assert listed(service, f"{HERE}?{query}") == [found.id], query
    for query in (f"productOrderId={two}&productOrderItemId={item}", f"productOrderId={one}&state=completed",
                  f"productOrderId={one}&responseDueDate.gt={moment(5)}"):
        assert listed(service, f"{HERE}?{query}") == [], query
    for query in ("state=done", "colour=red", "creationDate.gt=soon"):
        assert service.call("GET", f"{HERE}?{query}").json()["code"] == "invalidQuery", query


def test_r98_a_list_of_charges_shows_id_order_or_item_state_and_dates(service: Running) -> None:
    order = an_order(service)
    charge = a_charge(service, order)
    row, = service.call("GET", f"{HERE}?productOrderId={order}").json()
    assert set(row) == {"id", "productOrderItem", "state", "creationDate", "responseDueDate"}
    assert row["id"] == charge.id


def test_r99_no_charge_found_is_an_empty_list(service: Running) -> None:
    answer = service.call("GET", f"{HERE}?productOrderId=nowhere")
    assert (answer.status_code, answer.json()) == (200, [])


def test_r100_a_charge_is_shown_whole_to_whom_it_concerns(service: Running) -> None:
    charge = a_charge(service, an_order(service))
    told = service.call("GET", f"{HERE}/{charge.id}").json()
    assert [one["price"]["dutyFreeAmount"]["value"] for one in told["chargeItem"]] == [
        one["price"]["net"]["value"] for one in POSITIONS]
    cantata = service.call("GET", f"{CANTATA}{CHARGE}/{charge.id}", "carrier-sil").json()
    assert cantata["chargeItem"] == told["chargeItem"]
    assert service.call("GET", f"{HERE}/{charge.id}", "rival").status_code == 404
    assert answered(service, charge.id, verdicts("accepted", "accepted"), "rival")[0] == 404
    assert answered(service, "nowhere", verdicts("accepted", "accepted"))[0] == 404


def test_tm_forum_has_no_charges(service: Running) -> None:
    assert service.call("GET", f"{TMF}{CHARGE}", "carrier-sil").status_code == 404
