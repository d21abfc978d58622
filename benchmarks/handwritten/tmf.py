"""A canonical order to TMF622, plain variant, by hand."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

UNITS = {"calendar_months": "month", "calendar_days": "day", "business_days": "businessDay"}
KINDS = {"fielded_address": "GeographicAddress", "formatted_address": "GeographicAddress",
         "address": "GeographicAddress", "site": "GeographicSite"}


def write_tmf(order: Document) -> Document:
    """Canonical to TMF622."""
    document: Document = {"@type": "ProductOrder"}
    if "external_id" in order:
        document["externalId"] = order["external_id"]
    if (notes := order.get("notes")) is not None:
        document["note"] = [{"id": note["id"], "author": note["author"], "date": note["at"], "text": note["text"]}
                            for note in notes]
    if (contacts := order.get("contacts")) is not None:
        document["relatedParty"] = [write_party(contact) for contact in contacts]
    dates = {item.get("requested_completion_at") for item in order["items"]}
    if len(dates) == 1 and (date := dates.pop()) is not None:
        document["requestedCompletionDate"] = date
    document["productOrderItem"] = [write_item(item) for item in order["items"]]
    return document


def write_party(contact: Document) -> Document:
    """A contact of the order."""
    party = {"@referredType": "Individual", "role": contact["role"]}
    if "name" in contact:
        party["name"] = contact["name"]
    return party


def write_item(ours: Document) -> Document:
    """One item."""
    product: Document = {}
    item: Document = {"@type": "ProductOrderItem", "quantity": 1, "id": ours["id"], "action": ours["action"],
                      "product": product}
    if "billing_account_id" in ours:
        item["billingAccount"] = {"id": ours["billing_account_id"]}
    if (term := ours.get("requested_term")) is not None:
        duration = term["duration"]
        shown = {"name": term["name"], "duration": {"amount": duration["amount"], "units": UNITS[duration["unit"]]}}
        if "description" in term:
            shown["description"] = term["description"]
        item["itemTerm"] = [shown]
    if (quoted := ours.get("quote_item")) is not None:
        item["quoteItem"] = {"quoteId": quoted["quote_id"], "id": quoted["item_id"]}
    if (qualified := ours.get("qualification_item")) is not None:
        item["productOfferingQualificationItem"] = {
            "productOfferingQualificationId": qualified["qualification_id"], "id": qualified["item_id"]}
    if (relations := ours.get("relations")) is not None:
        item["productOrderItemRelationship"] = [
            {"id": one["item_id"], "relationshipType": one["kind"]} for one in relations]
    if "agreement" in ours:
        product["agreement"] = [{"name": ours["agreement"]}]
    write_product(ours["product"], item, product)
    return item


def write_product(ours: Document, item: Document, product: Document) -> None:
    """What TMF622 keeps in the product, and the offering, which it keeps beside it."""
    if "offering_id" in ours:
        item["productOffering"] = {"id": ours["offering_id"]}
    if "schema" in ours:
        product["productSpecification"] = {"id": ours["schema"]}
        product["productCharacteristic"] = [
            {"name": name, "value": value} for name, value in ours["configuration"].items()]
    if (places := ours.get("places")) is not None:
        product["place"] = [write_place(place) for place in places]


def write_place(ours: Document) -> Document:
    """A place, which TMF622 only refers to."""
    place: Document = {"role": ours["role"], "@referredType": KINDS[ours["kind"]]}
    if "id" in ours:
        place["id"] = ours["id"]
    return place
