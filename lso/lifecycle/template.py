"""Product templates: what a whole order consists of when its sender says three things.

A template is data (`mappings/native/templates`): an ordinary canonical order, into which a mapping writes what was
said. Here what the mapping cannot know is added: what follows from it, and what the tenant's profile knows. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from lso.canonical.tenant import Profile

Document = dict[str, Any]
ITEM = "1"
SETTINGS = "connection"


class Written(BaseModel):
    """A part of a template or profile; a member that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(Written):
    """The least and the most bandwidth, as people write it: `500 Mbps`."""

    least: str
    most: str


class Template(Written):
    """A template, as written."""

    template: str
    schema_urn: str = Field(alias="schema")
    bandwidth: Range
    place: str
    alike: tuple[tuple[str, str], ...]
    order: Document


class Preference(Written):
    """What a tenant's connections are like: the member `connection` of a profile's settings."""

    template: str = "internet_access"
    offering: str | None = Field(None, description="the one to order; else the first orderable one of that kind")
    bandwidth: Range | None = Field(None, description="instead of the template's")


def preference(profile: Profile) -> Preference:
    """What the profile prefers. Raises ValidationError."""
    return Preference.model_validate(profile.settings.get(SETTINGS, {}))


def offering(template: Template, profile: Profile) -> str | None:
    """The offering to order; None where the tenant may order none of that kind."""
    preferred = preference(profile).offering
    fitting = [one.id for one in profile.offerings
               if template.schema_urn in one.schemas and one.status == "orderable" and preferred in (None, one.id)]
    return fitting[0] if fitting else None


def complete(told: Document, template: Template, profile: Profile, *, id: str) -> Document:
    """The first order of a connection: what was told, in its template, with what the profile knows.

    told: the template's order after the developer's words were written into it. id: of the connection, by which the
    tenant finds all its orders.
    """
    item = told["items"][0]
    product = {**item["product"], "configuration": _alike(item["product"]["configuration"], template)}
    kinds = {place.id: place.kind for place in profile.places}
    product["places"] = [{**place, **({"kind": kinds[place["id"]]} if place.get("id") in kinds else {})}
                         for place in product["places"]]
    if (name := offering(template, profile)) is not None:
        product["offering_id"] = name
    return {**told, "external_id": id, "items": [{**item, "product": product}]}


def existing(product: Mapping[str, Any], action: str) -> Document:
    """An order about a product that is there, as far as that goes without knowing what is to change."""
    if action == "delete":
        return {"items": [{"id": ITEM, "action": action, "product": {"id": product["id"]}}]}
    kept = {name: value for name, value in product.items() if value is not None}
    return {"items": [{"id": ITEM, "action": action, "product": kept}]}


def changed(told: Document, template: Template, *, id: str, at: str) -> Document:
    """The order of a change: what was told, written into the product; to be begun and done at a moment."""
    item = told["items"][0]
    product = {**item["product"], "configuration": _alike(item["product"]["configuration"], template)}
    return {**told, "external_id": id, "requested_start_at": at, "requested_completion_at": at,
            "items": [{**item, "product": product}]}


def ended(product: Mapping[str, Any], *, id: str) -> Document:
    """The order that ends a connection."""
    return {**existing(product, "delete"), "external_id": id}


def _alike(configuration: Document, template: Template) -> Document:
    """The configuration with what is the same as what was said."""
    for source, target in template.alike:
        configuration = _with(configuration, target.split("/"), _at(configuration, source.split("/")))
    return configuration


def _at(value: Any, way: list[str]) -> Any:
    for step in way:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _with(holder: Any, way: list[str], value: Any) -> Any:
    """A copy in which a value stands at the end of a way; what is missing on the way is made."""
    if not way or value is None:
        return value if value is not None else holder
    step, rest = way[0], way[1:]
    if step.isdigit():
        index, listed = int(step), holder if isinstance(holder, list) else []
        there = listed[index] if index < len(listed) else {}
        return [*listed[:index], _with(there, rest, value), *listed[index + 1:]]
    members = holder if isinstance(holder, dict) else {}
    return {**members, step: _with(members.get(step), rest, value)}
