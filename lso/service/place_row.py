"""A row of a file of places: what it says, as an address or a site to be kept, or what is wrong with it.

What makes an address good enough to be kept is in `address_entry.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lso.canonical.price_row import EVERYBODY
from lso.service.address_entry import TEXT_MOST, Unusable, checked, entry, readable
from lso.settings import read_yaml
from lso.store.document import INDEXED_MOST
from lso.store.gazetteer_filling import Entry

Document = dict[str, Any]
_FLAGS = {"true": True, "false": False}


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
    """The place that a row tells of, by our column names. Raises Unusable. tenant: `*` for everybody; country: where
    the row names none."""
    if not all(map(readable, told.values())):
        raise Unusable(f"a value is not readable text of at most {TEXT_MOST} characters")
    told = {name: value for name, value in told.items() if value} | (
        {"country": country} if country and not told.get("country") and told.get("street") else {})
    id = told.get("id", "")
    if len(id) > INDEXED_MOST or not id.isprintable() or any(letter in id for letter in "/~?#"):
        raise Unusable(f"an id has at most {INDEXED_MOST} characters, and none of / ~ ? #")
    kind = told.get("kind", "address").lower()
    if kind not in ("address", "site"):
        raise Unusable("the kind is neither address nor site")
    address = _address(told)
    return entry(id, address, tenant) if kind == "address" else _site(id, told, address, tenant)


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
            raise Unusable(f"{flag} is neither true nor false")
        made[flag] = _FLAGS[value.lower()]
    return checked(made)


def _site(id: str, told: Mapping[str, str], address: Document, tenant: str) -> SiteRow:
    table = _table()
    visibility = told.get("visibility", "public" if tenant == EVERYBODY else "private").lower()
    if not id:
        raise Unusable("a site needs an id")
    if visibility not in ("public", "private") or (visibility == "private" and tenant == EVERYBODY):
        raise Unusable("a site is public, or private to the tenant that is named by --tenant")
    places: list[Document] = [{"kind": "address", "id": told["address_id"]}] if "address_id" in told else []
    kinds = {"fielded": "fielded_address", "formatted": "formatted_address", "labelled": "address_label",
             "point": "point"}
    places += [{"kind": kind, member: address[member]} for member, kind in kinds.items() if member in address]
    if not places:
        raise Unusable("it is not told where the site is (MEF 122 R14)")
    document = {"id": id, **{member: told[name] for name, member in table["site"].items() if name in told},
                "visibility": visibility, "places": places}
    contact = {member: told[name] for name, member in table["contact"].items() if name in told}
    if contact:
        if not {"name", "email", "phone"} <= contact.keys():
            raise Unusable("a contact needs contact_name, contact_email and contact_phone")
        document["contacts"] = [{"role": "locationContact", **contact}]
    return SiteRow(EVERYBODY if visibility == "public" else tenant, document)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    table: dict[str, Any] = read_yaml(Path(__file__).parent / "place_columns.yaml")
    return table

