"""The story of a purchase: is there such an address, can it be had there, for how much, then the order. Each answer is
shown in every language."""

from __future__ import annotations

from collections.abc import Iterator

from lso.demo.client import FINAL, SONATA, Customer, Document
from lso.demo.story import Reached, Story, sample

CARRIER = "demo-carrier"
MEF = "/mefApi"
ADDRESSES = {"Sonata": f"{MEF}/sonata/geographicAddressManagement/v7/geographicAddress",
             "Cantata": f"{MEF}/cantata/geographicAddressManagement/v1/geographicAddress"}
QUALIFICATIONS = {"Sonata": f"{MEF}/sonata/productOfferingQualification/v7/productOfferingQualification",
                  "Cantata": f"{MEF}/cantata/productOfferingQualification/v1/productOfferingQualification",
                  "TM Forum": "/tmf-api/serviceQualificationManagement/v4/checkServiceQualification"}
QUOTES = {"Sonata": f"{MEF}/sonata/quoteManagement/v8/quote", "Cantata": f"{MEF}/cantata/quoteManagement/v2/quote",
          "TM Forum": "/tmf-api/quoteManagement/v4/quote"}
ASKED = {"@type": "FieldedAddress", "streetNr": "4", "streetNrSuffix": "bis", "streetName": "du Port",
         "streetType": "Quai", "city": "Marseille", "postcode": "13002", "country": "France"}
TERM = {"name": "One year", "duration": {"amount": 12, "units": "calendarMonths"}, "endOfTermAction": "autoRenew"}
STEPS = 4


def bought(customer: Customer) -> Iterator[Reached]:
    """A carrier buys by Sonata; its other systems look on."""
    address = customer.made(f"{ADDRESSES['Sonata']}Validation", CARRIER,
                            {"provideAlternative": True, "submittedGeographicAddress": ASKED})
    place = address["bestMatchGeographicAddress"]["id"]
    yield Reached("found", 1, STEPS, moment="an address is found", faces=_faces(ADDRESSES, place))
    order = sample("sonata/internet_add.json")
    (item,) = order["productOrderItem"]
    item["product"]["place"] = [{"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": place}]
    item["requestedItemTerm"] = TERM

    poq = customer.made(QUALIFICATIONS["Sonata"], CARRIER, _question(order))
    item["productOfferingQualificationItem"] = {"productOfferingQualificationId": poq["id"], "id": item["id"]}
    yield Reached(poq["state"], 2, STEPS, moment="it can be had there", faces=_faces(QUALIFICATIONS, poq["id"]))

    quote = customer.made(QUOTES["Sonata"], CARRIER, _inquiry(order))
    item["quoteItem"] = {"quoteId": quote["id"], "id": item["id"]}
    yield Reached(quote["state"], 3, STEPS, moment="it has a price", faces=_faces(QUOTES, quote["id"]))

    id = customer.made(f"{SONATA}/productOrder", CARRIER, order)["id"]
    done = customer.once(f"{SONATA}/productOrder/{id}", CARRIER, lambda seen: seen["state"] in FINAL)
    yield Reached(done["state"], STEPS, STEPS, id, "it is ordered, and there")
    yield Reached(done["state"], STEPS, STEPS, id, "the quote is accepted", faces=_faces(QUOTES, quote["id"]))


def _question(order: Document) -> Document:
    """Can this be had?"""
    (item,) = order["productOrderItem"]
    asked = {"id": item["id"], "action": "add", "product": item["product"]}
    return {"instantSyncQualification": True, "relatedContactInformation": _contacts(order),
            "productOfferingQualificationItem": [asked]}


def _inquiry(order: Document) -> Document:
    """For how much?"""
    (item,) = order["productOrderItem"]
    asked = {"id": item["id"], "action": "add", "product": item["product"], "requestedQuoteItemTerm": TERM,
             "productOfferingQualificationItem": item["productOfferingQualificationItem"]}
    return {"instantSyncQuote": True, "buyerRequestedQuoteLevel": "firm", "quoteItem": [asked],
            "relatedContactInformation": _contacts(order)}


def _contacts(order: Document) -> list[Document]:
    return [{**contact, "role": "buyerContactInformation"} for contact in order["relatedContactInformation"]]


def _faces(bases: dict[str, str], id: str) -> dict[str, str]:
    return {language: f"{base}/{id}" for language, base in bases.items()}


STORIES = (Story("A carrier buys, from the address to the order", "completed", bought),)
