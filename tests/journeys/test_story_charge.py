"""Story 2, the second half: a Sonata order meets a blocking charge. The buyer accepts, declines, or says nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.asking import CHARGE, answered, awaiting, verdicts
from tests.conformance.desk import Desk, Document, at, changed
from tests.forked import run
from tests.journeys.documents import ours, wrong_with
from tests.journeys.ledger import done_for, told
from tests.journeys.test_stories import subscribed
from tests.listener import Listener
from tests.running import MEF, TMF, Running, eventually
from tests.tenants import like

HASTY, ANSWER_SECONDS = "story-hasty", 3.0
END_Z = "/productOrderItem/2/product/place/0/addrLine1"


def line(place: str) -> Document:
    """An Ethernet private line whose far end is at that place; the line needs both of its ends."""
    return changed(ours("sonata/epl_add.json"), END_Z, place)


def held(desk: Desk, order: Document) -> tuple[Document, Document]:
    """The order once it is held, and the charge that holds it."""
    return desk.once(order["id"], "held.assessingCharge"), awaiting(desk, order)


def states(order: Document) -> dict[str, str]:
    """The state of each item."""
    return {item["id"]: item["state"] for item in order["productOrderItem"]}


@pytest.fixture
def hasty(service: Running, tmp_path: Path) -> Iterator[Desk]:
    """A tenant of its own, which has agreed to answer charges at once; made as an operator makes one."""
    file = tmp_path / "hasty.json"
    file.write_text(json.dumps(like(HASTY, settings={"charge": {"answer_seconds": ANSWER_SECONDS}})))

    def lso(*words: str) -> str:
        done = run(words, service.env)
        done.check_returncode()
        return done.stdout.strip()

    lso("tenant", "apply", str(file))
    service.admit({HASTY: lso("client", "add", HASTY, HASTY, "--audience", "pil")})
    yield Desk(service, MEF, HASTY)
    lso("client", "revoke", HASTY, HASTY)


def test_a_charge_that_is_accepted_is_listed_on_its_item_and_the_order_goes_on(
        service: Running, listener: Listener, sonata: Desk, cantata: Desk, tmf: Desk) -> None:
    subscribed(service, MEF, sonata.client, listener.url)
    subscribed(service, TMF, tmf.client, f"{listener.url}/tmf")
    order, charge = held(sonata, sonata.made(at("CHARGE-Quai du Port")))
    item = order["productOrderItem"][0]
    assert (item["state"], [one["id"] for one in item["charge"]]) == ("held", [charge["id"]])
    assert charge["productOrderItem"]["productOrderItemId"] == item["id"]
    assert [(one["blocking"], one["state"]) for one in charge["chargeItem"]] == [(True, "awaitingResponse")]
    assert wrong_with("sonata.grace.order", charge, f"{CHARGE}/{{id}}") == []
    assert tmf.read(order["id"])["state"] == "held"

    assert answered(sonata, charge, "accepted")["state"] == "completed"
    done = sonata.ended(order["id"])
    assert [change["state"] for change in done["stateChange"]] == [
        "acknowledged", "inProgress", "held.assessingCharge", "inProgress", "completed"]
    assert [one["id"] for one in done["productOrderItem"][0]["charge"]] == [charge["id"]]
    assert wrong_with("sonata.grace.order", done) == []
    assert done_for(service, order["id"])[-1] == "activated"
    assert cantata.read(charge["id"], CHARGE)["chargeItem"][0]["acceptanceIndicator"] == "accepted"

    eventually(lambda: told(listener, charge["id"], "chargeStateChangeEvent"))
    assert len(told(listener, charge["id"], "chargeCreateEvent")) == 1
    eventually(lambda: told(listener, order["id"], "ProductOrderInformationRequiredEvent", "/tmf"))


def test_a_blocking_charge_that_is_declined_ends_its_item_and_those_that_need_it(
        service: Running, sonata: Desk, tmf: Desk) -> None:
    order, charge = held(sonata, sonata.made(line("CHARGE-Depot North")))
    assert charge["productOrderItem"]["productOrderItemId"] == "port-z"
    assert answered(sonata, charge, "rejected")["chargeItem"][0]["state"] == "declinedByBuyer"
    ended = sonata.ended(order["id"])
    assert ended["state"] == "partial"
    assert states(ended) == {"line": "failed", "port-a": "completed", "port-z": "failed"}
    for item in ended["productOrderItem"]:
        assert not item.get("charge"), "what was declined is not listed"
        assert bool(item.get("terminationError")) == (item["state"] == "failed")
    assert wrong_with("sonata.grace.order", ended) == []
    assert tmf.read(order["id"])["state"] == "partial"
    assert done_for(service, order["id"]).count("activated") == 1


def test_an_order_of_which_nothing_is_left_has_failed(sonata: Desk) -> None:
    order, charge = held(sonata, sonata.made(at("CHARGE-Quai du Port")))
    answered(sonata, charge, "rejected")
    ended = sonata.ended(order["id"])
    assert (ended["state"], list(states(ended).values())) == ("failed", ["failed"])


def test_a_buyer_who_says_nothing_until_the_due_date_has_declined(
        service: Running, listener: Listener, hasty: Desk) -> None:
    subscribed(service, MEF, HASTY, listener.url)
    order, charge = held(hasty, hasty.made(line("CHARGE-Depot North")))
    over = hasty.once(charge["id"], "timeout", path=CHARGE)
    assert [item["state"] for item in over["chargeItem"]] == ["declinedByBuyer"]
    ended = hasty.ended(order["id"])
    assert (ended["state"], states(ended)) == (
        "partial", {"line": "failed", "port-a": "completed", "port-z": "failed"})
    failed = next(item for item in ended["productOrderItem"] if item["id"] == "port-z")
    assert failed["stateChange"][-1]["changeDate"] >= charge["responseDueDate"]
    eventually(lambda: told(listener, charge["id"], "chargeTimeoutEvent"))
    late = hasty.patch(f"{CHARGE}/{charge['id']}", verdicts(charge, "accepted"))
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert done_for(service, order["id"]).count("activated") == 1
