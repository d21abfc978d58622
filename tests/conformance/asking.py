"""What a buyer sends about an order under way, and the charges that this, or the work, brings about."""

from __future__ import annotations

from tests.conformance.desk import Desk, Document, at
from tests.running import eventually

CANCEL, MOVE, CHARGE = "/cancelProductOrder", "/modifyProductOrderItemRequestedDeliveryDate", "/charge"
CONTACT = {"role": "cancelProductOrderContact", "name": "Ines Moreau", "number": "+33 1 70 00 00 01",
           "emailAddress": "orders@harbour-carrier.example"}
REASON = "The branch stays where it is."
SLOW = "DELAY-30-Quay"


def under_way(desk: Desk, street: str = SLOW) -> Document:
    """An order in progress."""
    return desk.once(desk.made(at(street))["id"], "inProgress")


def to_cancel(order: Document, **members: object) -> Document:
    """What a buyer sends to cancel an order."""
    return {"productOrder": {"productOrderId": order["id"]}, "relatedContactInformation": [CONTACT],
            "cancellationReason": REASON, "cancellationReasonType": "technical", **members}


def to_move(order: Document, **members: object) -> Document:
    """What a buyer sends to have the first item of an order at another time."""
    item = {"productOrderId": order["id"], "productOrderItemId": order["productOrderItem"][0]["id"]}
    return {"productOrderItem": item, **members}


def charged(desk: Desk, *streets: str) -> tuple[Document, Document]:
    """An order that is held, and its charge."""
    order = desk.once(desk.made(at(*(streets or ("CHARGE-Quay",))))["id"], "held.assessingCharge")
    return order, awaiting(desk, order)


def awaiting(desk: Desk, order: Document) -> Document:
    """The one charge of an order that awaits an answer."""
    def look() -> list[Document]:
        return desk.listed(f"productOrderId={order['id']}&state=awaitingResponse", CHARGE)
    (row,) = eventually(look)
    return desk.read(row["id"], CHARGE)


def cancelling(desk: Desk) -> tuple[Document, Document, Document]:
    """An order whose cancellation has a price, that cancellation, and the charge."""
    order = under_way(desk, "DELAY-30-CANCEL-CHARGE-Quay")
    task = desk.made(to_cancel(order), CANCEL)
    return order, task, awaiting(desk, order)


def verdicts(charge: Document, *words: str, **more: object) -> Document:
    """An answer: one word for each item, the last of them for the rest."""
    every = [*words, *words[-1:] * len(charge["chargeItem"])]
    return {"chargeItem": [{"id": item["id"], "acceptanceIndicator": word, **more}
                           for item, word in zip(charge["chargeItem"], every, strict=False)]}


def answered(desk: Desk, charge: Document, *words: str, **more: object) -> Document:
    """The charge, once it is answered."""
    answer = desk.patch(f"{CHARGE}/{charge['id']}", verdicts(charge, *words, **more))
    assert answer.status_code == 200, answer.text
    told: Document = answer.json()
    return told
