"""The stories of orders that something comes in the way of: a cancellation, a charge, another date.

The pretend network is made to want or to do these things by the name of the place (lso/backends/sandbox/rules.yaml).
"""

from __future__ import annotations

from collections.abc import Iterator

from lso.demo.client import FINAL, SONATA, TMF, Astray, Customer, Document
from lso.demo.story import Reached, Story, sample

CARRIER, ENTERPRISE = "demo-carrier", "demo-carrier-sil"
CANCEL, CHARGE, MOVE = "cancelProductOrder", "charge", "modifyProductOrderItemRequestedDeliveryDate"
ANOTHER_DAY = "2031-05-01T08:00:00Z"


def cancelled(customer: Customer) -> Iterator[Reached]:
    """An order by TMF622 that is being worked on is not wanted any more."""
    wanted = sample("tmf/internet_add.json")
    wanted["productOrderItem"][0]["product"]["place"][0]["name"] = "DELAY-60-Quay"
    id = customer.made(f"{TMF}/productOrder", ENTERPRISE, wanted)["id"]
    order = _once(customer, TMF, id, "inProgress")
    yield Reached(order["state"], 1, 3, id)
    asked = {"productOrder": {"id": id}, "cancellationReason": "The hotel stays closed."}
    task = customer.made(f"{TMF}/{CANCEL}", ENTERPRISE, asked)["id"]
    yield Reached("asked to stop", 2, 3, id)
    order = _once(customer, TMF, id, *FINAL)
    yield Reached(order["state"], 3, 3, id, "the order has been cancelled", ((CANCEL, task),))


def paid(customer: Customer) -> Iterator[Reached]:
    """The work costs more than was thought, and the buyer accepts."""
    id, charge = _charged(customer, _internet("CHARGE-Quai du Port"))
    yield Reached("held", 1, 3, id, "a charge holds the order", ((CHARGE, charge["id"]),))
    _answer(customer, charge, "accepted")
    yield Reached("accepted", 2, 3, id)
    order = _once(customer, SONATA, id, *FINAL)
    yield Reached(order["state"], 3, 3, id)


def declined(customer: Customer) -> Iterator[Reached]:
    """One end of a line costs more, the buyer declines: that end and the line fail, the other end is built."""
    line = sample("sonata/epl_add.json")
    line["productOrderItem"][2]["product"]["place"][0]["addrLine1"] = "CHARGE-Depot North"
    id, charge = _charged(customer, line)
    yield Reached("held", 1, 3, id)
    _answer(customer, charge, "rejected")
    yield Reached("declined", 2, 3, id)
    order = _once(customer, SONATA, id, *FINAL)
    yield Reached(order["state"], 3, 3, id, "a charge was declined", ((CHARGE, charge["id"]),))


def moved(customer: Customer) -> Iterator[Reached]:
    """An item is wanted on another day, and then as soon as can be, which has its price."""
    made = customer.made(f"{SONATA}/productOrder", CARRIER, _internet("DELAY-4-EXPEDITE-CHARGE-Quay"))
    id, item = made["id"], {"productOrderId": made["id"], "productOrderItemId": made["productOrderItem"][0]["id"]}
    yield Reached(_once(customer, SONATA, id, "inProgress")["state"], 1, 5, id)
    wish = _wish(customer, item, requestedCompletionDate=ANOTHER_DAY)
    customer.once(f"{SONATA}/{MOVE}/{wish['id']}", CARRIER, lambda seen: seen["state"] == "done")
    _once(customer, SONATA, id, "inProgress")
    yield Reached("moved", 2, 5, id, "an item is on another day", ((MOVE, wish["id"]),))
    wish = _wish(customer, item, expediteIndicator=True)
    charge = _charge(customer, id)
    yield Reached("has a price", 3, 5, id, "to be sooner has a price", ((MOVE, wish["id"]), (CHARGE, charge["id"])))
    _answer(customer, charge, "accepted")
    order = customer.once(f"{SONATA}/productOrder/{id}", CARRIER, lambda seen: seen["productOrderItem"][0].get(
        "expediteAcceptedIndicator"))
    hurried = order["productOrderItem"][0].get("expediteAcceptedIndicator")
    yield Reached("hurried" if hurried else "not hurried", 4, 5, id)
    order = _once(customer, SONATA, id, *FINAL)
    yield Reached(order["state"] if hurried else "not hurried", 5, 5, id)


def _internet(street: str) -> Document:
    order = sample("sonata/internet_add.json")
    order["productOrderItem"][0]["product"]["place"][0]["streetName"] = street
    return order


def _once(customer: Customer, base: str, id: str, *states: str) -> Document:
    """The order, once it is in one of these states."""
    client = CARRIER if base == SONATA else ENTERPRISE
    order: Document = customer.once(f"{base}/productOrder/{id}", client, lambda seen: seen["state"] in states)
    return order


def _wish(customer: Customer, item: Document, **wish: object) -> Document:
    return customer.made(f"{SONATA}/{MOVE}", CARRIER, {"productOrderItem": item, **wish})


def _charged(customer: Customer, wanted: Document) -> tuple[str, Document]:
    """An order, and the charge that comes up with it."""
    id = customer.made(f"{SONATA}/productOrder", CARRIER, wanted)["id"]
    return id, _charge(customer, id)


def _charge(customer: Customer, id: str) -> Document:
    """The charge of an order that waits for an answer. Raises Astray when none comes up."""
    rows = customer.once(f"{SONATA}/{CHARGE}?productOrderId={id}&state=awaitingResponse", CARRIER, len)
    if not rows:
        raise Astray("no charge")
    return customer.done("GET", f"{SONATA}/{CHARGE}/{rows[0]['id']}", CARRIER)


def _answer(customer: Customer, charge: Document, verdict: str) -> None:
    said = [{"id": item["id"], "acceptanceIndicator": verdict} for item in charge["chargeItem"]]
    customer.done("PATCH", f"{SONATA}/{CHARGE}/{charge['id']}", CARRIER, {"chargeItem": said})


STORIES = (
    Story("An enterprise cancels by TMF622 what is being worked on", "cancelled", cancelled),
    Story("A carrier accepts a charge, and the work goes on", "completed", paid),
    Story("A carrier declines one, and what rests on it fails", "partial", declined),
    Story("A carrier moves an item, then pays to have it soon", "completed", moved),
)
