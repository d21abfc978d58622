"""The site: where exactly, and whose, within one or more addresses, such as a floor, a meet-me room or a rack.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lso.canonical.contact import Contact
from lso.canonical.model import Model, Text
from lso.canonical.place import Location

Visibility = Literal["public", "private"]


class Site(Model):
    """A place that somebody controls. Private ones are shown only to whom they concern."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    name: Text | None = None
    description: Text | None = Field(None, description="for people, for instance the way there")
    company: Text | None = Field(None, description="who controls access, for instance the owner of the building")
    customer: Text | None = Field(None, description="whose space it is, for instance a tenant of the building")
    visibility: Visibility | None = None
    places: tuple[Location, ...] | None = Field(None, description="where it is, told in one or more ways; never a site")
    contacts: tuple[Contact, ...] | None = None


def dump(site: Site) -> dict[str, Any]:
    """What was set, and nothing else."""
    return site.model_dump(mode="json", by_alias=True, exclude_unset=True)
