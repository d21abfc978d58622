"""Requests for quotes, and the desks to send them to."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.conformance.desk import Desk
from tests.conformance.qualification.inquiring import CONTACT, PRODUCT
from tests.running import Running

Document = dict[str, Any]
SONATA = "/mefApi/sonata/quoteManagement/v8"
CANTATA = "/mefApi/cantata/quoteManagement/v2"
PATH, ITEM = "/quote", "/quoteItem/0"
LATER = "2031-01-01T00:00:00Z"
TERM = {"name": "Three years", "duration": {"amount": 36, "units": "calendarMonths"}, "endOfTermAction": "autoRenew"}
TECHNICAL = {**CONTACT, "role": "quoteItemTechnicalContact"}
FINAL = ("answered", "approved.orderable", "approved.orderableAlternate", "unableToProvide", "rejected")


def request(*places: str, instant: bool = True, level: str = "firm", **members: Any) -> Document:
    """What internet access would cost: at the quay, or at each of some addresses; some bring out what the sandbox does
    on demand (`rules.yaml` there)."""
    items: list[Document] = [
        {"id": str(number), "action": "add", "product": copy.deepcopy(PRODUCT), "requestedQuoteItemTerm": dict(TERM),
         "relatedContactInformation": [TECHNICAL]} for number in range(1, max(2, len(places) + 1))]
    for item, place in zip(items, places, strict=False):
        item["product"]["place"] = [_place(place)]
    waiting = {} if instant else {"requestedQuoteCompletionDate": LATER}
    return {"instantSyncQuote": instant, "buyerRequestedQuoteLevel": level, "relatedContactInformation": [CONTACT],
            "quoteItem": items, **waiting, **members}


def asked(desk: Desk, document: Document) -> Document:
    """The answer to a request."""
    return desk.made(document, PATH)


def priced(desk: Desk, document: Document) -> Document:
    """The result of a request, once there is one."""
    return desk.once(asked(desk, document)["id"], *FINAL, path=PATH)


def about(item: Document, **members: Any) -> Document:
    """A request about one item."""
    return {**request(**members), "quoteItem": [item]}


def _place(id: str) -> Document:
    """A street by value: it need not be known, and the sandbox reads its name."""
    return {"@type": "FieldedAddress", "role": "INSTALL_LOCATION", "streetName": id, "city": "Vienna",
            "country": "Austria"}


@pytest.fixture(params=["sonata", "cantata"])
def desk(request: pytest.FixtureRequest, service: Running) -> Desk:
    """Either edition of MEF."""
    return Desk(service, SONATA, "demo-carrier") if request.param == "sonata" else \
        Desk(service, CANTATA, "demo-carrier-sil")
