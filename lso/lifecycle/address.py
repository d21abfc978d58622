"""How an address as submitted compares with addresses that are known, and what is answered (MEF 121 R11-R21, D5-D7).

Pure: whoever can look addresses up gives the candidates. One address may be known in several representations; an id
names it in one of them, so that what was answered is found again as it was answered (R16, R21).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lso.errors import Finding
from lso.lifecycle.postal import Postal, fielded, formatted, house_of, numbered, street_of, type_first

Document = dict[str, Any]
KINDS = {"fielded_address": "fielded", "formatted_address": "formatted", "address_label": "labelled", "point": "point"}
"""Representations, and the member that holds each."""
MARKS = {"formatted_address": "~formatted", "address_label": "~label", "point": "~point"}
DATUMS = frozenset({"wgs84", "epsg 4326"})
CLOSE = frozenset({"street", "town", "postcode", "locality"})
"""Parts that a slip may have got wrong."""
_GLUED = re.compile(r"[^\W\d_]|bis|ter|quater|quinquies", re.IGNORECASE)
_FRACTION = re.compile(r"[1-3]/[234]")
_PARTS = ("country", "town", "postcode", "region", "locality", "street", "house", "within")


@dataclass(frozen=True, slots=True)
class Known:
    """An address that is known: its id, and the canonical address with all representations that there are of it."""

    id: str
    document: Document

    @property
    def kind(self) -> str:
        """The representation that its plain id stands for."""
        return next((kind for kind, member in KINDS.items() if member in self.document), "fielded_address")


def parts(address: Mapping[str, Any]) -> Postal:
    """What is compared of a postal address; of one known in fields and in lines, the fields."""
    if "fielded" in address:
        return fielded(address["fielded"])
    return formatted(address.get("formatted") or {})


def examine(submitted: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What is wrong with an address as submitted, beyond its schema."""
    found = []
    if "id" in submitted:
        found.append(Finding("/submitted/id", "unexpectedProperty", "an id is given by the seller (MEF 121 R11)"))
    if submitted.get("kind") not in KINDS:
        found.append(Finding("/submitted/kind", "invalidValue", f"known are {', '.join(KINDS)}"))
    if submitted.get("kind") == "point":
        found += _examine_point(submitted.get("point") or {})
    return tuple(found)


def answer(asked: Document, candidates: Sequence[Known]) -> tuple[str, Known | None, tuple[Known, ...]]:
    """The result, the best match and the others that may be meant, of candidates for a postal address.

    The best match has the level of detail that was asked for. Where several would do, none is the best.
    """
    wanted = parts(asked)
    seen = [(one, differences(wanted, parts(one.document))) for one in candidates]
    for result, fits in (("success", lambda found: not found), ("partial", lambda found: found <= CLOSE)):
        fitting = [one for one, found in seen if fits(found)]
        if len(fitting) == 1:
            return result, fitting[0], tuple(one for one in candidates if one is not fitting[0])
        if fitting:
            break
    return "partial" if candidates else "fail", None, tuple(candidates)


def differences(asked: Postal, known: Postal) -> frozenset[str]:
    """Parts in which two addresses differ: both say something and not the same, or the level of detail is another."""
    found = {name for name in _PARTS if (left := getattr(asked, name)) and (right := getattr(known, name))
             and left != right}
    return frozenset(found | {name for name in ("house", "within") if bool(getattr(asked, name)) != bool(
        getattr(known, name))})


def shown(known: Known, kind: str, asked: Mapping[str, Any] | None = None) -> Document | None:
    """A known address in one representation; None where there is none of that kind. Lines are made of fields, in the
    order in which they were asked for."""
    representation = known.document.get(KINDS[kind])
    if representation is None and kind == "formatted_address" and "fielded" in known.document:
        representation = lines(known.document["fielded"], (asked or {}).get("formatted") or {})
    if representation is None:
        return None
    found = {"kind": kind, "id": known.id if kind == known.kind else known.id + MARKS.get(kind, ""),
             KINDS[kind]: representation}
    if kind in ("point", "address_label") and "fielded" in known.document:
        found["associated"] = {**known.document["fielded"], "id": known.id}
    for member in ("allows_new_site", "has_public_site"):
        if member in known.document:
            found[member] = known.document[member]
    return found


def named(id: str) -> tuple[str, str | None]:
    """The address behind an id, and the representation that it names: None for that of the plain id."""
    for kind, mark in MARKS.items():
        if id.endswith(mark):
            return id.removesuffix(mark), kind
    return id, None


def lines(address: Mapping[str, Any], asked: Mapping[str, Any]) -> Document:
    """An address in lines, the number in front where it was asked for so, or would be misread behind the street."""
    number = "-".join(filter(None, (_joined(address, "number"), _joined(address, "number_last"))))
    names = ("street_type", "street", "street_suffix") if _type_first(address, asked) else (
        "street", "street_type", "street_suffix")
    street = " ".join(address[name] for name in names if address.get(name))
    made = {"line1": _line(number, street, str(asked.get("line1") or "").lstrip()[:1].isdigit())}
    if within := _told(address.get("within") or {}):
        made["line2"] = within
    return made | {name: address[name] for name in ("city", "locality", "region", "postcode", "postcode_extension",
                                                    "country", "country_code") if name in address}


def _joined(address: Mapping[str, Any], name: str) -> str:
    """A number with its suffix: 12B, 4bis, 20/14, 12 1/2."""
    number, suffix = (str(address.get(member) or "").strip() for member in (name, f"{name}_suffix"))
    if not number:
        return "" if name == "number_last" else suffix
    if not suffix[:1].isalnum() or (number[-1].isdecimal() and _GLUED.fullmatch(suffix)):
        return number + suffix
    return f"{number}{' ' if _FRACTION.fullmatch(suffix) else '/'}{suffix}"


def _line(number: str, street: str, first: bool) -> str:
    """The first way to write both that is read as it was meant."""
    ways = [f"{street} {number}".strip(), f"{number} {street}".strip(), f"{number}, {street}"]
    if first:
        ways.insert(0, ways.pop(1))
    meant = house_of(number), street_of(street)
    return next((way for way in ways for read in (numbered(way),) if (house_of(read[0]), street_of(read[1])) == meant),
                ways[0])


def _type_first(address: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether the line that was sent has the type of the street (Quai, Via) before its name; where none was, or it
    does not have both, whether its country does."""
    line, kind, name = (str(value or "").casefold() for value in (
        asked.get("line1"), address.get("street_type"), address.get("street")))
    if kind and kind in line and name in line:
        return line.index(kind) < line.index(name)
    return type_first(address.get("country_code") or address.get("country"))


def _told(within: Mapping[str, Any]) -> str:
    units = [value for unit in within.get("units") or () for value in (unit.get("kind"), unit.get("number"))]
    return " ".join(value for value in (*(value for name, value in within.items() if name != "units"), *units) if value)


def _examine_point(point: Mapping[str, Any]) -> Iterable[Finding]:
    datum = str(point.get("datum", "")).casefold().replace(":", " ")
    if datum not in DATUMS:
        yield Finding("/submitted/point/datum", "invalidValue", "agreed are WGS84 and EPSG:4326")
    for name, most in (("x", 90.0), ("y", 180.0)):
        value = degrees(point.get(name))
        if value is None:
            yield Finding(f"/submitted/point/{name}", "invalidFormat", "degrees are a decimal number")
        elif abs(value) > most:
            yield Finding(f"/submitted/point/{name}", "invalidValue", f"degrees are from -{most:g} to {most:g}")


def degrees(text: object) -> float | None:
    """Degrees as told in an address."""
    if type(text) is not str or not text.isascii() or len(text) > 40 or any(letter in "naNA_xX" for letter in text):
        return None
    try:
        return float(text)
    except ValueError:
        return None
