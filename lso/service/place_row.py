"""A row of a file of places: what it says, as an address or a site to be kept, or what is wrong with it.

A row without an id gets one that is made of what it says, so that the same file read again keeps the same ids.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lso.canonical.price_row import EVERYBODY
from lso.lifecycle.address import degrees
from lso.lifecycle.point import cell
from lso.lifecycle.postal import fielded, fold, formatted
from lso.service.gazetteer import label_of
from lso.settings import read_yaml
from lso.store.document import INDEXED_MOST
from lso.store.gazetteer_filling import Entry

Document = dict[str, Any]
TEXT_MOST = 1000
_IDS = uuid.UUID("9b0d5f5e-6a44-4f0c-9d0e-6f3a1c0b7d52")
_NEEDED = ("street", "city", "country")
_FLAGS = {"true": True, "false": False}


class BadRow(Exception):
    """What is wrong with a row, in one sentence; what the row says is not repeated."""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site, its places told by an address as well where the row has one; tenant: `*` where it is public."""

    tenant: str
    document: Document


def columns(names: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The columns of ours that those of a file stand for, and those that nobody reads."""
    spelled = _table()
    found = {name: spelled["also"].get(plain, plain) for name in names
             for plain in (name.strip().lower(),)}
    known = {*spelled["address"], *spelled["site"], *spelled["contact"], *spelled["unread"]}
    return ({name: ours for name, ours in found.items() if ours in known},
            tuple(name for name, ours in found.items() if ours not in known))


def place_of(told: Mapping[str, str], tenant: str, country: str = "") -> Entry | SiteRow:
    """The place that a row tells of, by our column names. Raises BadRow. tenant: `*` for everybody; country: where the
    row names none."""
    if any(len(value) > TEXT_MOST or "\0" in value or not _text(value) for value in told.values()):
        raise BadRow(f"a value is not readable text of at most {TEXT_MOST} characters")
    told = {name: value for name, value in told.items() if value} | (
        {"country": country} if country and not told.get("country") and told.get("street") else {})
    id = told.get("id", "")
    if len(id) > INDEXED_MOST or not id.isprintable() or any(letter in id for letter in "/~?#"):
        raise BadRow(f"an id has at most {INDEXED_MOST} characters, and none of / ~ ? #")
    kind = told.get("kind", "address").lower()
    if kind not in ("address", "site"):
        raise BadRow("the kind is neither address nor site")
    address = _address(told)
    return _entry(id, address, tenant) if kind == "address" else _site(id, told, address, tenant)


def _address(told: Mapping[str, str]) -> Document:
    """The canonical address of a row, with all representations that it tells of."""
    made: dict[str, Any] = {}
    for name, path in _table()["address"].items():
        if name in told:
            member, _, rest = path.partition("/")
            at = made.setdefault(member, {})
            *way, last = rest.split("/")
            for step in way:
                at = at.setdefault(step, {})
            at[last] = told[name]
    if unit := made.pop("unit", None):
        made.setdefault("fielded", {}).setdefault("within", {})["units"] = [unit]
    for flag, value in made.pop("flag", {}).items():
        if value.lower() not in _FLAGS:
            raise BadRow(f"{flag} is neither true nor false")
        made[flag] = _FLAGS[value.lower()]
    return _checked(made)


def _checked(made: Document) -> Document:
    if point := made.get("point"):
        for name, most in (("x", 90.0), ("y", 180.0)):
            value = degrees(point.get(name))
            if value is None or not abs(value) <= most:
                raise BadRow("latitude and longitude are not both degrees")
        point.setdefault("datum", "WGS84")
    labelled = made.get("labelled")
    if labelled and not (fold(labelled.get("label")) and fold(labelled.get("label_type"))):
        raise BadRow("a label needs a label_type, and the other way round")
    lines = made.get("formatted")
    postal = made.get("fielded", {})
    if lines:
        lines |= {name: postal[name] for name in ("city", "locality", "region", "postcode", "postcode_extension",
                                                  "country") if name in postal}
        if not (fold(lines.get("line1")) and fold(lines.get("city")) and fold(lines.get("country"))):
            raise BadRow("an address in lines needs line1, city and country")
    missing = [name for name in _NEEDED if not fold(postal.get(name))] if postal else []
    if missing and (postal.get("street") or not (lines or point or labelled)):
        raise BadRow(f"an address needs {', '.join(missing)}")
    return {member: value for member, value in made.items() if member != "fielded"} if missing else made


def _entry(id: str, address: Document, tenant: str) -> Entry:
    if not any(member in address for member in ("fielded", "formatted", "labelled", "point")):
        raise BadRow("it is not told where the address is")
    parts = fielded(address["fielded"]) if "fielded" in address else formatted(address.get("formatted", {}))
    label = label_of(address["labelled"]) if "labelled" in address else None
    point = address.get("point")
    where = cell(float(point["x"]), float(point["y"])) if point else None
    if not id:
        said = (parts.country, parts.town, parts.postcode, parts.region, parts.locality, parts.street, parts.house,
                parts.within) if parts.street else (label or "", *((point["x"], point["y"]) if point else ()))
        id = str(uuid.uuid5(_IDS, "\n".join((tenant, *said))))
    return Entry(tenant, id, {"id": id, **address}, parts.country, parts.town, parts.postcode, parts.street, parts.at,
                 parts.within, label, where)


def _site(id: str, told: Mapping[str, str], address: Document, tenant: str) -> SiteRow:
    table = _table()
    visibility = told.get("visibility", "public" if tenant == EVERYBODY else "private").lower()
    if not id:
        raise BadRow("a site needs an id")
    if visibility not in ("public", "private") or (visibility == "private" and tenant == EVERYBODY):
        raise BadRow("a site is public, or private to the tenant that is named by --tenant")
    places: list[Document] = [{"kind": "address", "id": told["address_id"]}] if "address_id" in told else []
    kinds = {"fielded": "fielded_address", "formatted": "formatted_address", "labelled": "address_label",
             "point": "point"}
    places += [{"kind": kind, member: address[member]} for member, kind in kinds.items() if member in address]
    if not places:
        raise BadRow("it is not told where the site is (MEF 122 R14)")
    document = {"id": id, **{member: told[name] for name, member in table["site"].items() if name in told},
                "visibility": visibility, "places": places}
    contact = {member: told[name] for name, member in table["contact"].items() if name in told}
    if contact:
        if not {"name", "email", "phone"} <= contact.keys():
            raise BadRow("a contact needs contact_name, contact_email and contact_phone")
        document["contacts"] = [{"role": "locationContact", **contact}]
    return SiteRow(EVERYBODY if visibility == "public" else tenant, document)


def _text(value: str) -> bool:
    """Whether it is Unicode text; bytes that were none arrive as surrogates."""
    return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    table: dict[str, Any] = read_yaml(Path(__file__).parent / "place_columns.yaml")
    return table

