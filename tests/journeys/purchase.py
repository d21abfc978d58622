"""What is bought from the address to the order, in each language: its doors, and the documents that go through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.conformance.desk import Desk, Document
from tests.journeys.documents import ours
from tests.running import CANTATA, MEF, TMF, Running

CONTACT = {"role": "buyerContactInformation", "name": "Ines Moreau", "emailAddress": "orders@harbour-carrier.example",
           "number": "+33 1 70 00 00 01"}


@dataclass(frozen=True)
class Wanted:
    """A product that is to be added at a place that is known by its id.

    configuration: members beside its kind. months: for how long it is wanted.
    """

    offering: str
    schema: str
    configuration: Document
    place: str
    months: int = 12


class Counter:
    """Where one client does business in one language, step by step; `poq`, `quote` and `order` are desks."""

    def __init__(self, name: str, service: Running, client: str, poq: str, quote: str, order: str) -> None:
        self.name = name
        self.client = client
        self.service = service
        self.poq, self.quote, self.order = (Desk(service, base, client) for base in (poq, quote, order))


class Mef(Counter):
    """Sonata or Cantata."""

    poqs, quotes, orders = "/productOfferingQualification", "/quote", "/productOrder"
    approved, changed = "approved.orderable", "productOrderStateChangeEvent"

    def product(self, wanted: Wanted) -> Document:
        return {"productOffering": {"id": wanted.offering},
                "productConfiguration": {"@type": wanted.schema, **wanted.configuration},
                "place": [{"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": wanted.place}]}

    def question(self, wanted: Wanted) -> Document:
        """Can it be had?"""
        item = {"id": "1", "action": "add", "product": self.product(wanted)}
        return {"instantSyncQualification": True, "provideAlternative": True, "relatedContactInformation": [CONTACT],
                "productOfferingQualificationItem": [item]}

    def inquiry(self, wanted: Wanted, poq: str, **qualified: str) -> Document:
        """For how much? qualified: further members of the reference."""
        item = {"id": "1", "action": "add", "product": self.product(wanted), "requestedQuoteItemTerm": term(wanted),
                "productOfferingQualificationItem": {"productOfferingQualificationId": poq, "id": "1", **qualified}}
        return {"buyerRequestedQuoteLevel": "firm", "instantSyncQuote": True, "relatedContactInformation": [CONTACT],
                "quoteItem": [item]}

    def purchase(self, wanted: Wanted, poq: str, quote: str) -> Document:
        """Then it is ordered."""
        order = ours("sonata/internet_add.json")
        (item,) = order["productOrderItem"]
        item |= {"product": self.product(wanted), "quoteItem": {"quoteId": quote, "id": "1"},
                 "requestedItemTerm": term(wanted), "requestedCompletionDate": "2031-03-02T08:00:00Z",
                 "productOfferingQualificationItem": {"productOfferingQualificationId": poq, "id": "1"}}
        return order

    def confidence(self, poq: Document) -> Any:
        """How sure the seller is."""
        return poq["productOfferingQualificationItem"][0].get("serviceabilityConfidence")

    def amounts(self, quote: Document) -> list[tuple[str, float]]:
        """What it costs: kind and amount of each price."""
        return sorted((price["priceType"], price["price"]["dutyFreeAmount"]["value"])
                      for price in quote["quoteItem"][0]["quoteItemPrice"])


class TmForum(Counter):
    """TMF645, TMF648, TMF622."""

    poqs, quotes, orders = "/checkServiceQualification", "/quote", "/productOrder"
    approved, changed = "approved", "ProductOrderStateChangeEvent"

    def characteristics(self, wanted: Wanted) -> list[Document]:
        return [{"name": name, "value": value} for name, value in wanted.configuration.items()]

    def place(self, wanted: Wanted) -> list[Document]:
        return [{"id": wanted.place, "role": "INSTALL_LOCATION", "@referredType": "GeographicAddress"}]

    def product(self, wanted: Wanted) -> Document:
        return {"productSpecification": {"id": wanted.schema}, "productCharacteristic": self.characteristics(wanted),
                "place": self.place(wanted)}

    def question(self, wanted: Wanted) -> Document:
        """Can it be had?"""
        service = {"serviceSpecification": {"id": wanted.schema}, "place": self.place(wanted),
                   "serviceCharacteristic": self.characteristics(wanted),
                   "relatedEntity": [{"role": "productOffering", "id": wanted.offering,
                                      "@referredType": "ProductOffering"}]}
        return {"instantSyncQualification": True, "provideAlternative": True, "provideUnavailabilityReason": True,
                "serviceQualificationItem": [{"id": "1", "service": service}]}

    def inquiry(self, wanted: Wanted, poq: str) -> Document:
        """For how much?"""
        item = {"id": "1", "action": "add", "quantity": 1, "productOffering": {"id": wanted.offering},
                "product": {**self.product(wanted), "productTerm": [tmf_term(wanted)]},
                "productOfferingQualificationItem": {"id": "1", "productOfferingQualificationId": poq}}
        return {"instantSyncQuote": True, "quoteItem": [item]}

    def purchase(self, wanted: Wanted, poq: str, quote: str) -> Document:
        """Then it is ordered."""
        item = {"id": "1", "action": "add", "quantity": 1, "productOffering": {"id": wanted.offering},
                "product": self.product(wanted), "itemTerm": [tmf_term(wanted)],
                "billingAccount": {"id": "BA-2041"}, "quoteItem": {"id": "1", "quoteId": quote},
                "productOfferingQualificationItem": {"id": "1", "productOfferingQualificationId": poq}}
        return {"externalId": "CRM-4711", "productOrderItem": [item]}

    def confidence(self, poq: Document) -> Any:
        """How sure the seller is."""
        return poq["serviceQualificationItem"][0].get("qualificationResult")

    def amounts(self, quote: Document) -> list[tuple[str, float]]:
        """What it costs: kind and amount of each price."""
        return sorted((price["priceType"], price["price"]["dutyFreeAmount"]["value"])
                      for price in quote["quoteItem"][0]["quoteItemPrice"])


def term(wanted: Wanted) -> Document:
    """For how long."""
    return {"name": f"{wanted.months} months", "duration": {"amount": wanted.months, "units": "calendarMonths"},
            "endOfTermAction": "autoRenew"}


def tmf_term(wanted: Wanted) -> Document:
    """The same in TM Forum's words."""
    return {"name": f"{wanted.months} months", "duration": {"amount": wanted.months, "units": "month"}}


Language = Mef | TmForum


def languages(service: Running, tenant: str = "demo-carrier") -> dict[str, Language]:
    """Every language that one tenant buys in."""
    enterprise, mef = f"{tenant}-sil", "/mefApi/{}"
    return {
        "sonata": Mef("sonata", service, tenant, f"{mef.format('sonata')}/productOfferingQualification/v7",
                      f"{mef.format('sonata')}/quoteManagement/v8", MEF),
        "cantata": Mef("cantata", service, enterprise, f"{mef.format('cantata')}/productOfferingQualification/v1",
                       f"{mef.format('cantata')}/quoteManagement/v2", CANTATA),
        "tmf": TmForum("tmf", service, enterprise, "/tmf-api/serviceQualificationManagement/v4",
                       "/tmf-api/quoteManagement/v4", TMF),
    }
