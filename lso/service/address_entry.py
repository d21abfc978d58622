"""An address as the gazetteer keeps it, made of what a file or a back end says: checked, and by what it is found.

One that comes without an id of ours gets one made of what it says, so that what is said again keeps its id.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from lso.lifecycle.address import KINDS, degrees, parts
from lso.lifecycle.point import cell
from lso.lifecycle.postal import Postal, fold
from lso.store.gazetteer_filling import Entry

Document = dict[str, Any]
TEXT_MOST = 1000
_IDS = uuid.UUID("9b0d5f5e-6a44-4f0c-9d0e-6f3a1c0b7d52")
_NEEDED = ("street", "city", "country")
_OF_TOWN = ("city", "locality", "region", "postcode", "postcode_extension", "country")
_ONLY_SAID = ("id", "schema_location")


class Unusable(Exception):
    """What is wrong with a place, in one sentence; what it says is not repeated."""


def readable(value: str) -> bool:
    """Whether it is Unicode text of a bearable length; bytes that were none arrive as surrogates."""
    return len(value) <= TEXT_MOST and "\0" not in value and (
        value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value))


def checked(made: Document) -> Document:
    """An address in one or more representations, without fields that are too few to find it by. Raises Unusable."""
    if point := made.get("point"):
        for name, most in (("x", 90.0), ("y", 180.0)):
            value = degrees(point.get(name))
            if value is None or not abs(value) <= most:
                raise Unusable("latitude and longitude are not both degrees")
        point.setdefault("datum", "WGS84")
    labelled = made.get("labelled")
    if labelled and not (fold(labelled.get("label")) and fold(labelled.get("label_type"))):
        raise Unusable("a label needs a label_type, and the other way round")
    lines = made.get("formatted")
    postal = made.get("fielded", {})
    if lines:
        lines |= {name: postal[name] for name in _OF_TOWN if name in postal}
        if not (fold(lines.get("line1")) and fold(lines.get("city")) and fold(lines.get("country"))):
            raise Unusable("an address in lines needs line1, city and country")
    missing = [name for name in _NEEDED if not fold(postal.get(name))] if postal else []
    if missing and (postal.get("street") or not (lines or point or labelled)):
        raise Unusable(f"an address needs {', '.join(missing)}")
    return {member: value for member, value in made.items() if member != "fielded"} if missing else made


def entry(id: str, address: Document, tenant: str, *, by_street: bool = True) -> Entry:
    """An address that was checked, to be kept. by_street: whether it is found by its postal parts, where it has some.
    Raises Unusable where it is not told where it is."""
    if not any(member in address for member in KINDS.values()):
        raise Unusable("it is not told where the address is")
    found = parts(address) if by_street else Postal()
    label = label_of(address["labelled"]) if "labelled" in address else None
    point = address.get("point")
    where = cell(float(point["x"]), float(point["y"])) if point else None
    if not id:
        said = (found.country, found.town, found.postcode, found.region, found.locality, found.street, found.house,
                found.within) if found.street else (label or "", *((point["x"], point["y"]) if point else ()))
        id = str(uuid.uuid5(_IDS, "\n".join((tenant, *said))))
    return Entry(tenant, id, {"id": id, **address}, found.country, found.town, found.postcode, found.street, found.at,
                 found.within, label, where)


def answered(told: Document, tenant: str) -> Entry:
    """An address as a back end told it (canonical), as the tenant's own. Raises Unusable.

    A label or point stays an address of its own beside the postal one that goes with it, which may have several.
    """
    if not all(map(readable, _texts(told))):
        raise Unusable(f"a value is not readable text of at most {TEXT_MOST} characters")
    made: Document = {member: dict(told[member]) for member in KINDS.values() if member in told}
    if (beside := told.get("associated")) and "fielded" not in made:
        made["fielded"] = {name: value for name, value in beside.items() if name not in _ONLY_SAID}
    if "allows_new_site" in told:
        made["allows_new_site"] = told["allows_new_site"]
    return entry("", checked(made), tenant, by_street=told.get("kind") not in ("address_label", "point"))


def label_of(labelled: Mapping[str, Any]) -> str:
    """By what a label is found."""
    return f"{fold(labelled.get('label_type'))}:{fold(labelled.get('label'))}"


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
