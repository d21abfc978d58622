"""A buyer, from the question to the order, in one language. What it has to say is written down in Sonata's words; to
TM Forum it says what our own translation makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from lso.demo.client import FINAL, Astray, Customer, Document
from lso.demo.door import DOORS, TM_FORUM, Doors
from lso.demo.story import sample

TERM = {"name": "One year", "duration": {"amount": 12, "units": "calendarMonths"}, "endOfTermAction": "autoRenew"}
LATER = "2031-01-01T00:00:00Z"


class Wanted(NamedTuple):
    """What is to be had. configuration: with its `@type`. place: as Sonata tells it."""

    offering: str
    configuration: Document
    place: Document

    @property
    def product(self) -> Document:
        """As an item names it."""
        return {"productOffering": {"id": self.offering}, "productConfiguration": self.configuration,
                "place": [self.place]}


def known(place: str) -> Document:
    """A place by its id."""
    return {"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": place}


def internet(place: Document) -> Wanted:
    """Internet access there, as in our sample."""
    product = sample("sonata/internet_add.json")["productOrderItem"][0]["product"]
    return Wanted(product["productOffering"]["id"], product["productConfiguration"], place)


@dataclass(frozen=True)
class Buyer:
    """language: one of DOORS. as_client: who asks, by default the one that does business there."""

    customer: Customer
    language: str
    as_client: str = ""

    @property
    def doors(self) -> Doors:
        """Where it asks."""
        return DOORS[self.language]

    @property
    def client(self) -> str:
        """As whom it asks."""
        return self.as_client or self.doors.client

    def validated(self, address: Document) -> str:
        """The id of an address. Raises Astray."""
        asked = {"provideAlternative": True, "submittedGeographicAddress": address}
        found = self.customer.made(f"{self.doors.address}Validation", self.client, asked)
        return str(found["bestMatchGeographicAddress"]["id"])

    def qualified(self, wanted: Wanted) -> Document:
        """Can it be had there? Raises Astray."""
        item = {"id": "1", "action": "add", "product": wanted.product}
        return self._made("qualification", {
            "instantSyncQualification": True, "provideAlternative": True, "relatedContactInformation": contacts(),
            "productOfferingQualificationItem": [item]})

    def quoted(self, wanted: Wanted, following: Document | None = None, *, instant: bool = True) -> Document:
        """For how much? following: the item of a qualification. Raises Astray."""
        item = {"id": "1", "action": "add", "product": wanted.product, "requestedQuoteItemTerm": TERM,
                "relatedContactInformation": contacts("quoteItemTechnicalContact")}
        waiting = {} if instant else {"requestedQuoteCompletionDate": LATER}
        return self._made("quote", {
            "instantSyncQuote": instant, "buyerRequestedQuoteLevel": "firm", "relatedContactInformation": contacts(),
            "quoteItem": [item | ({"productOfferingQualificationItem": following} if following else {})], **waiting})

    def ordering(self, wanted: Wanted, **follows: Document) -> Document:
        """The order of it, in Sonata's words. follows: items of what went before, by the name of the reference."""
        order = sample("sonata/internet_add.json")
        (item,) = order["productOrderItem"]
        del item["productOfferingQualificationItem"], item["quoteItem"]
        item |= {"id": "1", "product": wanted.product, "requestedItemTerm": TERM, "requestedCompletionDate": LATER,
                 **follows}
        return order

    def ordered(self, wanted: Wanted, **follows: Document) -> Document:
        """Then it is ordered, and at its end. Raises Astray."""
        id = self._made("order", self.ordering(wanted, **follows))["id"]
        order: Document = self.customer.once(
            f"{self.doors.order}/{id}", self.client, lambda seen: seen["state"] in FINAL)
        return order

    def _made(self, kind: str, document: Document) -> Document:
        if self.language == TM_FORUM:
            translated = self.customer.translate(self.client, "sonata", "tmf", document, kind)
            if lacking := translated["findings"]:
                raise Astray(f"lacks {lacking[0]['at']}")
            document = translated["document"]
        return self.customer.made(getattr(self.doors, kind), self.client, document)


def contacts(role: str = "buyerContactInformation") -> list[Document]:
    """Who asks."""
    return [{**contact, "role": role}
            for contact in sample("sonata/internet_add.json")["relatedContactInformation"]]


def following(poq: Document) -> Document:
    """What follows a qualification names it so."""
    return {"productOfferingQualificationId": poq["id"], "id": "1"}
