"""Where something is: a place in a role, and the ways in which one may be described."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from lso.canonical.model import Model, Text


class SubUnit(Model):
    """The smallest part of an address: suite 4B, rack 12."""

    kind: Text | None = Field(None, description="suite, rack, door")
    number: Text | None = Field(None, description="its number or name")


class Within(Model):
    """Where inside a property."""

    building: Text | None = Field(None, description="name of the building")
    level_kind: Text | None = Field(None, description="floor, basement, mezzanine")
    level: Text | None = Field(None, description="number or name of the level")
    private_street: Text | None = Field(None, description="street inside a campus")
    private_number: Text | None = Field(None, description="number on that street")
    units: tuple[SubUnit, ...] | None = Field(None, description="from large to small")


class Town(Model):
    """What every postal address ends in, as sent."""

    city: Text | None = None
    locality: Text | None = Field(None, description="district within the city")
    region: Text | None = Field(None, description="state or province")
    postcode: Text | None = None
    postcode_extension: Text | None = Field(None, description="what some countries add to the postcode")
    country: Text | None = Field(None, description="as sent, any language")
    country_code: Text | None = Field(None, description="ISO 3166-1, two letters, where it is known")


class FieldedAddress(Town):
    """A postal address, one member a part, as sent."""

    number: Text | None = Field(None, description="house number, or the first of a range")
    number_suffix: Text | None = Field(None, description="the B of 12B")
    number_last: Text | None = Field(None, description="last number of a range")
    number_last_suffix: Text | None = Field(None, description="suffix of the last number")
    street: Text | None = Field(None, description="name of the street")
    street_type: Text | None = Field(None, description="street, avenue, lane")
    street_suffix: Text | None = Field(None, description="direction behind the street name")
    within: Within | None = Field(None, description="where inside the property")


class FormattedAddress(Town):
    """A postal address in lines, as sent."""

    line1: Text | None = None
    line2: Text | None = None


class LabelledPlace(Model):
    """A place under the label of a third party, or under a name."""

    label: Text | None = Field(None, description="the label (CLLI code) or name")
    label_type: Text | None = Field(None, description="who administers the label")


class Point(Model):
    """A point by its coordinates, as sent."""

    datum: Text | None = Field(None, description="reference system agreed at onboarding")
    x: Text | None = Field(None, description="latitude")
    y: Text | None = Field(None, description="longitude")
    z: Text | None = Field(None, description="elevation")


class Location(Model):
    """Where something is; `kind` says which representation came first, the others may stand beside it."""

    kind: Text | None = Field(None, description="first representation: fielded_address, formatted_address, "
                              "address_label, address, site, point; other: as it came, in raw; else a client's word")
    id: Text | None = Field(None, description="id of an address or site of ours")
    fielded: FieldedAddress | None = None
    formatted: FormattedAddress | None = None
    labelled: LabelledPlace | None = None
    point: Point | None = None
    schema_location: Text | None = Field(None, description="URI of the sender's definition of it")


class Place(Location):
    """A location in a role."""

    role: Text | None = Field(None, description="from the vocabulary of the product: INSTALL_LOCATION")
    raw: Any = Field(None, description="a place of a kind we do not know, verbatim")
