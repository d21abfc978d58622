"""Sites: by what they are found. Parts of addresses are folded as `postal.py` has it, of whatever representation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lso.canonical.criteria import Condition
from lso.lifecycle.address import named
from lso.lifecycle.postal import Postal, country_of, fielded, fold, formatted, house_of, postcode_of, street_of

Document = Mapping[str, Any]
Wanted = dict[str, list[str]]

Folding = Callable[[str], str]
OWN: dict[str, Folding] = {"name": fold, "company": fold, "customer": fold}
PLACE: dict[str, tuple[str, Folding]] = {
    "places/id": ("address_id", lambda id: named(id)[0]), "places/fielded/country": ("country", country_of),
    "places/fielded/city": ("town", fold), "places/fielded/postcode": ("postcode", postcode_of),
    "places/fielded/street": ("street", street_of), "places/fielded/street_type": ("street_type", street_of),
    "places/fielded/number": ("house", house_of),
}
"""What a list asks for, and the column and folding that answer it."""


def keys(site: Document) -> dict[str, str]:
    """Whose it is and what it is called, folded."""
    return {name: fold(site.get(name)) for name in OWN}


def places(site: Document, known: Mapping[str, Document]) -> Iterator[dict[str, str]]:
    """The ways in which it is told where a site is, one for each way to tell the house: 4bis is found by that and by 4.
    known: canonical addresses by id, for those it refers to."""
    for place in site.get("places") or ():
        id = named(place.get("id") or "")[0]
        address = known.get(id, {}) if place.get("kind") == "address" else place
        parts = fielded(address["fielded"]) if "fielded" in address else (
            formatted(address["formatted"]) if "formatted" in address else Postal())
        told = address.get("fielded") or {}
        street = street_of(told.get("street")) if told else parts.street
        number = told.get("number")
        for house in dict.fromkeys((parts.house, *filter(None, (
                house_of(number, told.get("number_suffix")), house_of(number))))):
            yield {"address_id": id, "country": parts.country, "town": parts.town, "postcode": parts.postcode,
                   "street": street, "street_type": street_of(told.get("street_type")), "house": house}


def asked(conditions: Sequence[Condition]) -> tuple[Wanted, Wanted, list[Condition]]:
    """Conditions on the site itself and on its places, by column, with the folded values; and those without column."""
    own, place, rest = Wanted(), Wanted(), list[Condition]()
    for one in conditions:
        if one.path in OWN:
            own[one.path] = [OWN[one.path](value) for value in one.values]
        elif one.path in PLACE:
            column, folded = PLACE[one.path]
            place[column] = [folded(value) for value in one.values]
        else:
            rest.append(one)
    return own, place, rest


def fits(site: Document, own: Wanted, place: Wanted, known: Mapping[str, Document]) -> bool:
    """Whether a site has what is asked for, all that concerns a place at one of them."""
    mine = keys(site)
    return all(mine[name] in values for name, values in own.items()) and (not place or any(
        all(row[column] in values for column, values in place.items()) for row in places(site, known)))
