"""A Sonata order to the canonical one and back, by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Document = dict[str, Any]
Pairs = list[tuple[str, str]]

AT_END = {"roll": "roll", "autoDisconnect": "disconnect", "autoRenew": "renew"}
UNITS = {"calendarMonths": "calendar_months", "calendarDays": "calendar_days", "businessDays": "business_days"}
KINDS = {"FieldedAddress": "fielded_address", "FormattedAddress": "formatted_address",
         "GeographicAddressRef": "address", "GeographicSiteRef": "site"}
DEPENDENCIES = {"startToStart": "start_to_start", "startToFinish": "start_to_finish",
                "finishToStart": "finish_to_start", "finishToFinish": "finish_to_finish"}
THEIR_AT_END = {ours: theirs for theirs, ours in AT_END.items()}
THEIR_UNITS = {ours: theirs for theirs, ours in UNITS.items()}
THEIR_KINDS = {ours: theirs for theirs, ours in KINDS.items()}
THEIR_DEPENDENCIES = {ours: theirs for theirs, ours in DEPENDENCIES.items()}
CITY: Pairs = [("city", "city"), ("locality", "locality"), ("stateOrProvince", "region"), ("postcode", "postcode"),
               ("country", "country")]
FIELDED: Pairs = [("streetNr", "number"), ("streetNrSuffix", "number_suffix"), ("streetName", "street"),
                  ("streetType", "street_type"), *CITY]
FORMATTED: Pairs = [("addrLine1", "line1"), ("addrLine2", "line2"), *CITY]
WITHIN: Pairs = [("buildingName", "building"), ("levelType", "level_kind"), ("levelNumber", "level")]
UNIT: Pairs = [("subUnitType", "kind"), ("subUnitNumber", "number")]
CONTACT: Pairs = [("role", "role"), ("name", "name"), ("organization", "organization"), ("emailAddress", "email"),
                  ("number", "phone"), ("numberExtension", "phone_extension")]
ITEM: Pairs = [("id", "id"), ("action", "action"), ("agreementName", "agreement"), ("endCustomerName", "end_customer"),
               ("relatedBuyerPON", "buyer_pon"), ("tspRestorationPriority", "tsp_priority"),
               ("expediteIndicator", "expedite")]
QUOTED: Pairs = [("quoteId", "quote_id"), ("id", "item_id")]
QUALIFIED: Pairs = [("productOfferingQualificationId", "qualification_id"), ("id", "item_id"),
                    ("alternateProductOfferingProposalId", "alternate_id")]


def to_ours(source: Document, pairs: Pairs) -> Document:
    """The members of `pairs` that are there, under our names."""
    return {ours: source[theirs] for theirs, ours in pairs if theirs in source}


def to_theirs(source: Document, pairs: Pairs) -> Document:
    """The members of `pairs` that are there, under their names."""
    return {theirs: source[ours] for theirs, ours in pairs if ours in source}


def instant(text: str) -> str:
    """A moment in UTC."""
    if text.endswith("Z"):
        return text
    return datetime.fromisoformat(text).astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_order(document: Document) -> Document:
    """Sonata to canonical."""
    order: Document = {}
    if "externalId" in document:
        order["external_id"] = document["externalId"]
    if "projectId" in document:
        order["project_id"] = document["projectId"]
    if (notes := document.get("note")) is not None:
        order["notes"] = [read_note(note) for note in notes]
    if (contacts := document.get("relatedContactInformation")) is not None:
        order["contacts"] = [to_ours(contact, CONTACT) for contact in contacts]
    order["items"] = [read_item(item) for item in document["productOrderItem"]]
    return order


def read_item(item: Document) -> Document:
    """One item, Sonata to canonical."""
    ours = to_ours(item, ITEM)
    if (account := item.get("billingAccount")) is not None:
        ours["billing_account_id"] = account["id"]
    if (wanted := item.get("requestedCompletionDate")) is not None:
        ours["requested_completion_at"] = instant(wanted)
    if (term := item.get("requestedItemTerm")) is not None:
        ours["requested_term"] = read_term(term)
    if (quoted := item.get("quoteItem")) is not None:
        ours["quote_item"] = to_ours(quoted, QUOTED)
    if (qualified := item.get("productOfferingQualificationItem")) is not None:
        ours["qualification_item"] = to_ours(qualified, QUALIFIED)
    if (notes := item.get("note")) is not None:
        ours["notes"] = [read_note(note) for note in notes]
    if (contacts := item.get("relatedContactInformation")) is not None:
        ours["contacts"] = [to_ours(contact, CONTACT) for contact in contacts]
    if (relations := item.get("productOrderItemRelationship")) is not None:
        ours["relations"] = [{"item_id": one["id"], "kind": one["relationshipType"]} for one in relations]
    if (actions := item.get("coordinatedAction")) is not None:
        ours["coordination"] = [
            {"item_id": one["itemId"], "delay": read_duration(one["coordinatedActionDelay"]),
             "dependency": DEPENDENCIES[one["coordinationDependency"]]} for one in actions]
    ours["product"] = read_product(item["product"])
    return ours


def read_note(note: Document) -> Document:
    """A note, Sonata to canonical."""
    return {"id": note["id"], "author": note["author"], "at": instant(note["date"]), "side": note["source"],
            "text": note["text"]}


def read_term(term: Document) -> Document:
    """A term, Sonata to canonical."""
    ours = {"name": term["name"], "duration": read_duration(term["duration"]),
            "at_end": AT_END[term["endOfTermAction"]]}
    if "description" in term:
        ours["description"] = term["description"]
    if "rollInterval" in term:
        ours["roll"] = read_duration(term["rollInterval"])
    return ours


def read_duration(duration: Document) -> Document:
    """A duration, Sonata to canonical."""
    return {"amount": duration["amount"], "unit": UNITS[duration["units"]]}


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
    kind = KINDS[place["@type"]]
    ours: Document = {"kind": kind, "role": place["role"]}
    if kind == "fielded_address":
        ours["fielded"] = to_ours(place, FIELDED)
        if (within := place.get("geographicSubAddress")) is not None:
            ours["fielded"]["within"] = to_ours(within, WITHIN)
            if (units := within.get("subUnit")) is not None:
                ours["fielded"]["within"]["units"] = [to_ours(unit, UNIT) for unit in units]
    elif kind == "formatted_address":
        ours["formatted"] = to_ours(place, FORMATTED)
    else:
        ours["id"] = place["id"]
    return ours


def write_order(order: Document) -> Document:
    """Canonical to Sonata."""
    document: Document = {}
    if "external_id" in order:
        document["externalId"] = order["external_id"]
    if "project_id" in order:
        document["projectId"] = order["project_id"]
    if (notes := order.get("notes")) is not None:
        document["note"] = [write_note(note) for note in notes]
    if (contacts := order.get("contacts")) is not None:
        document["relatedContactInformation"] = [to_theirs(contact, CONTACT) for contact in contacts]
    document["productOrderItem"] = [write_item(item) for item in order["items"]]
    return document


def write_item(ours: Document) -> Document:
    """One item, canonical to Sonata."""
    item = to_theirs(ours, ITEM)
    if "billing_account_id" in ours:
        item["billingAccount"] = {"id": ours["billing_account_id"]}
    if "requested_completion_at" in ours:
        item["requestedCompletionDate"] = ours["requested_completion_at"]
    if (term := ours.get("requested_term")) is not None:
        item["requestedItemTerm"] = write_term(term)
    if (quoted := ours.get("quote_item")) is not None:
        item["quoteItem"] = to_theirs(quoted, QUOTED)
    if (qualified := ours.get("qualification_item")) is not None:
        item["productOfferingQualificationItem"] = to_theirs(qualified, QUALIFIED)
    if (notes := ours.get("notes")) is not None:
        item["note"] = [write_note(note) for note in notes]
    if (contacts := ours.get("contacts")) is not None:
        item["relatedContactInformation"] = [to_theirs(contact, CONTACT) for contact in contacts]
    if (relations := ours.get("relations")) is not None:
        item["productOrderItemRelationship"] = [
            {"id": one["item_id"], "relationshipType": one["kind"]} for one in relations]
    if (coordination := ours.get("coordination")) is not None:
        item["coordinatedAction"] = [
            {"itemId": one["item_id"], "coordinatedActionDelay": write_duration(one["delay"]),
             "coordinationDependency": THEIR_DEPENDENCIES[one["dependency"]]} for one in coordination]
    item["product"] = write_product(ours["product"])
    return item


def write_note(note: Document) -> Document:
    """A note, canonical to Sonata."""
    return {"id": note["id"], "author": note["author"], "date": note["at"], "source": note["side"],
            "text": note["text"]}


def write_term(ours: Document) -> Document:
    """A term, canonical to Sonata."""
    term = {"name": ours["name"], "duration": write_duration(ours["duration"]),
            "endOfTermAction": THEIR_AT_END[ours["at_end"]]}
    if "description" in ours:
        term["description"] = ours["description"]
    if "roll" in ours:
        term["rollInterval"] = write_duration(ours["roll"])
    return term


def write_duration(ours: Document) -> Document:
    """A duration, canonical to Sonata."""
    return {"amount": ours["amount"], "units": THEIR_UNITS[ours["unit"]]}


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
    kind = ours["kind"]
    place: Document = {"@type": THEIR_KINDS[kind], "role": ours["role"]}
    if kind == "fielded_address":
        place.update(to_theirs(ours["fielded"], FIELDED))
        if (within := ours["fielded"].get("within")) is not None:
            place["geographicSubAddress"] = to_theirs(within, WITHIN)
            if (units := within.get("units")) is not None:
                place["geographicSubAddress"]["subUnit"] = [to_theirs(unit, UNIT) for unit in units]
    elif kind == "formatted_address":
        place.update(to_theirs(ours["formatted"], FORMATTED))
    else:
        place["id"] = ours["id"]
    return place
