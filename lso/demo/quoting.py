"""The stories of quotes in trouble: one is made up though the process is killed meanwhile, one expires while its order
is being written."""

from __future__ import annotations

from collections.abc import Iterator

from lso.demo.buyer import Buyer, internet
from lso.demo.client import Customer, Document
from lso.demo.door import faces
from lso.demo.own import HASTY
from lso.demo.story import Reached, Story

SLOW_SECONDS = 2
ENDED = frozenset({"approved.orderable", "approved.orderableAlternate", "unableToProvide", "rejected"})


def survived(customer: Customer) -> Iterator[Reached]:
    """A price takes its time. Where the service is the demo's own it is killed meanwhile, and started again."""
    buyer = Buyer(customer, "Sonata")
    id = buyer.quoted(internet(_street(f"SLOW-PRICE-{SLOW_SECONDS}-Quai du Port")), instant=False)["id"]
    path = f"{buyer.doors.quote}/{id}"
    seen = customer.once(path, buyer.client, lambda quote: quote["state"] == "inProgress")
    yield Reached(seen["state"], 1, 3)
    if customer.owns:
        customer.revive()
        yield Reached("killed, and back", 2, 3)
    quote = customer.once(path, buyer.client, lambda seen: seen["state"] in ENDED)
    yield Reached(quote["state"], 3, 3, moment="a deferred quote is made up", faces=faces("quote", id))


def expired(customer: Customer) -> Iterator[Reached]:
    """A tenant's quotes do not last: who is late with the order is told so."""
    buyer = Buyer(customer, "Cantata", HASTY)
    wanted = internet(_street("Quai du Port"))
    quote = buyer.quoted(wanted)
    yield Reached(quote["state"], 1, 3)
    order = buyer.ordering(wanted, quoteItem={"quoteId": quote["id"], "id": "1"})
    path = f"{buyer.doors.quote}/{quote['id']}"
    seen = customer.once(path, buyer.client, lambda quote: quote["state"] == "expired")
    yield Reached(seen["state"], 2, 3)
    answer = customer.call("POST", buyer.doors.order, buyer.client, order)
    pointers = ", ".join(one["propertyPath"] for one in answer.json()) if answer.status_code == 422 else ""
    yield Reached(str(answer.status_code), 3, 3, note=pointers)


def _street(name: str) -> Document:
    """A street by value: it need not be known, and the pretend network reads its name."""
    return {"@type": "FieldedAddress", "role": "INSTALL_LOCATION", "streetName": name, "city": "Marseille",
            "country": "France"}


STORIES = (
    Story("A deferred quote survives", "approved.orderable", survived),
    Story("A quote expires while its order is being written", "422", expired, alone=True),
)
