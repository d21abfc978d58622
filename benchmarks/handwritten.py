"""What a careful person would write by hand for the two orders of the bench: the bar the compiled tables are held to.

It covers the members these orders use, checks nothing, remembers nothing and finds no faults; the tables do all of
that. `python -m benchmarks` refuses to time it when its results differ from the
tables'.
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

AT_END = {"roll": "roll", "autoDisconnect": "disconnect", "autoRenew": "renew"}
UNITS = {"calendarMonths": "calendar_months", "calendarDays": "calendar_days"}
KINDS = {"FieldedAddress": "fielded_address", "GeographicAddressRef": "address", "GeographicSiteRef": "site"}
THEIR_AT_END = {ours: theirs for theirs, ours in AT_END.items()}
THEIR_UNITS = {ours: theirs for theirs, ours in UNITS.items()}
THEIR_KINDS = {ours: theirs for theirs, ours in KINDS.items()}
TMF_UNITS = {"calendar_months": "month", "calendar_days": "day"}
TMF_KINDS = {"fielded_address": "GeographicAddress", "address": "GeographicAddress", "site": "GeographicSite"}
FIELDED = [("streetNr", "number"), ("streetNrSuffix", "number_suffix"), ("streetName", "street"),
           ("streetType", "street_type"), ("city", "city"), ("locality", "locality"), ("stateOrProvince", "region"),
           ("postcode", "postcode"), ("country", "country")]
WITHIN = [("buildingName", "building"), ("levelType", "level_kind"), ("levelNumber", "level")]
CONTACT = [("role", "role"), ("name", "name"), ("organization", "organization"), ("emailAddress", "email"),
           ("number", "phone"), ("numberExtension", "phone_extension")]
ITEM = [("id", "id"), ("action", "action"), ("agreementName", "agreement"), ("endCustomerName", "end_customer"),
        ("relatedBuyerPON", "buyer_pon"), ("tspRestorationPriority", "tsp_priority"), ("expediteIndicator", "expedite"),
        ("requestedCompletionDate", "requested_completion_at")]


def copy(source: Document, pairs: list[tuple[str, str]], forward: bool) -> Document:
    """The members of `pairs` that are there, under their other name."""
    if forward:
        return {ours: source[theirs] for theirs, ours in pairs if theirs in source}
    return {theirs: source[ours] for theirs, ours in pairs if ours in source}


def read_order(document: Document) -> Document:
    """Sonata to canonical."""
    order: Document = {}
    if "externalId" in document:
        order["external_id"] = document["externalId"]
    if "projectId" in document:
        order["project_id"] = document["projectId"]
    order["contacts"] = [copy(c, CONTACT, True) for c in document["relatedContactInformation"]]
    order["items"] = [read_item(item) for item in document["productOrderItem"]]
    return order


def read_item(item: Document) -> Document:
    """One item, Sonata to canonical."""
    ours = copy(item, ITEM, True)
    if (account := item.get("billingAccount")) is not None:
        ours["billing_account_id"] = account["id"]
    if (term := item.get("requestedItemTerm")) is not None:
        duration = term["duration"]
        ours["requested_term"] = {"name": term["name"], "at_end": AT_END[term["endOfTermAction"]],
                                  "duration": {"amount": duration["amount"], "unit": UNITS[duration["units"]]}}
        if "description" in term:
            ours["requested_term"]["description"] = term["description"]
    if (contacts := item.get("relatedContactInformation")) is not None:
        ours["contacts"] = [copy(c, CONTACT, True) for c in contacts]
    if (relations := item.get("productOrderItemRelationship")) is not None:
        ours["relations"] = [{"item_id": r["id"], "kind": r["relationshipType"]} for r in relations]
    ours["product"] = read_product(item["product"])
    return ours


def read_product(product: Document) -> Document:
    """The product of an item, Sonata to canonical."""
    ours: Document = {}
    if (offering := product.get("productOffering")) is not None:
        ours["offering_id"] = offering["id"]
    if (configuration := product.get("productConfiguration")) is not None:
        ours["schema"] = configuration["@type"]
        ours["configuration"] = {name: value for name, value in configuration.items() if name != "@type"}
    if (places := product.get("place")) is not None:
        ours["places"] = [read_place(place) for place in places]
    return ours


def read_place(place: Document) -> Document:
    """A place, Sonata to canonical."""
    ours: Document = {"kind": KINDS[place["@type"]], "role": place["role"]}
    if place["@type"] != "FieldedAddress":
        ours["id"] = place["id"]
        return ours
    ours["fielded"] = copy(place, FIELDED, True)
    if (within := place.get("geographicSubAddress")) is not None:
        ours["fielded"]["within"] = copy(within, WITHIN, True)
    return ours


def write_order(order: Document) -> Document:
    """Canonical to Sonata."""
    document: Document = {}
    if "external_id" in order:
        document["externalId"] = order["external_id"]
    if "project_id" in order:
        document["projectId"] = order["project_id"]
    document["relatedContactInformation"] = [copy(c, CONTACT, False) for c in order["contacts"]]
    document["productOrderItem"] = [write_item(item) for item in order["items"]]
    return document


def write_item(ours: Document) -> Document:
    """One item, canonical to Sonata."""
    item = copy(ours, ITEM, False)
    if "billing_account_id" in ours:
        item["billingAccount"] = {"id": ours["billing_account_id"]}
    if (term := ours.get("requested_term")) is not None:
        duration = term["duration"]
        item["requestedItemTerm"] = {"name": term["name"], "endOfTermAction": THEIR_AT_END[term["at_end"]],
                                     "duration": {"amount": duration["amount"], "units": THEIR_UNITS[duration["unit"]]}}
        if "description" in term:
            item["requestedItemTerm"]["description"] = term["description"]
    if (contacts := ours.get("contacts")) is not None:
        item["relatedContactInformation"] = [copy(c, CONTACT, False) for c in contacts]
    if (relations := ours.get("relations")) is not None:
        item["productOrderItemRelationship"] = [{"id": r["item_id"], "relationshipType": r["kind"]} for r in relations]
    item["product"] = write_product(ours["product"])
    return item


def write_product(ours: Document) -> Document:
    """The product of an item, canonical to Sonata."""
    product: Document = {}
    if "offering_id" in ours:
        product["productOffering"] = {"id": ours["offering_id"]}
    if "schema" in ours:
        product["productConfiguration"] = {"@type": ours["schema"], **ours["configuration"]}
    if (places := ours.get("places")) is not None:
        product["place"] = [write_place(place) for place in places]
    return product


def write_place(ours: Document) -> Document:
    """A place, canonical to Sonata."""
    place: Document = {"@type": THEIR_KINDS[ours["kind"]], "role": ours["role"]}
    if ours["kind"] != "fielded_address":
        place["id"] = ours["id"]
        return place
    place.update(copy(ours["fielded"], FIELDED, False))
    if (within := ours["fielded"].get("within")) is not None:
        place["geographicSubAddress"] = copy(within, WITHIN, False)
    return place


def write_tmf(order: Document) -> Document:
    """Canonical to TMF622, plain variant."""
    document: Document = {"@type": "ProductOrder"}
    if "external_id" in order:
        document["externalId"] = order["external_id"]
    document["relatedParty"] = [
        {"@referredType": "Individual", **{name: contact[name] for name in ("name", "role") if name in contact}}
        for contact in order["contacts"]]
    dates = {item.get("requested_completion_at") for item in order["items"]}
    if len(dates) == 1 and (date := dates.pop()) is not None:
        document["requestedCompletionDate"] = date
    document["productOrderItem"] = [write_tmf_item(item) for item in order["items"]]
    return document


def write_tmf_item(ours: Document) -> Document:
    """One item, canonical to TMF622."""
    product: Document = {}
    item: Document = {"@type": "ProductOrderItem", "quantity": 1, "id": ours["id"], "action": ours["action"],
                      "product": product}
    if "billing_account_id" in ours:
        item["billingAccount"] = {"id": ours["billing_account_id"]}
    if (term := ours.get("requested_term")) is not None:
        duration = term["duration"]
        shown = {"name": term["name"], "duration": {"amount": duration["amount"], "units": TMF_UNITS[duration["unit"]]}}
        if "description" in term:
            shown["description"] = term["description"]
        item["itemTerm"] = [shown]
    if "agreement" in ours:
        product["agreement"] = [{"name": ours["agreement"]}]
    if (relations := ours.get("relations")) is not None:
        item["productOrderItemRelationship"] = [{"id": r["item_id"], "relationshipType": r["kind"]} for r in relations]
    inner = ours["product"]
    if "offering_id" in inner:
        item["productOffering"] = {"id": inner["offering_id"]}
    if "schema" in inner:
        product["productSpecification"] = {"id": inner["schema"]}
        product["productCharacteristic"] = [{"name": k, "value": v} for k, v in inner["configuration"].items()]
    if (places := inner.get("places")) is not None:
        product["place"] = [write_tmf_place(place) for place in places]
    return item


def write_tmf_place(ours: Document) -> Document:
    """A place, canonical to TMF622."""
    place: Document = {"role": ours["role"], "@referredType": TMF_KINDS[ours["kind"]]}
    if "id" in ours:
        place["id"] = ours["id"]
    return place
