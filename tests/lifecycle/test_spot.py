"""Two places are told apart where that can be told, and taken for one where it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from lso.lifecycle.spot import Spot, apart, described

Document = dict[str, Any]


def house(street: str = "Example", number: str = "20", town: str = "Budapest", **more: str) -> Document:
    return {"kind": "fielded_address",
            "fielded": {"street": street, "number": number, "city": town, "country": "Hungary", **more}}


def line(first: str, town: str = "Budapest", country: str = "Hungary") -> Document:
    return {"kind": "formatted_address", "formatted": {"line1": first, "city": town, "country": country}}


def point(x: str, y: str) -> Document:
    return {"kind": "point", "point": {"datum": "WGS84", "x": x, "y": y}}


def label(text: str) -> Document:
    return {"kind": "address_label", "labelled": {"label": text, "label_type": "CLLI"}}


@pytest.mark.parametrize(("one", "other"), [
    (house(), house(town="New York", country="United States")), (house(), house(town="Szeged")),
    (house(), house("Sample")), (house(), house(number="22")), (house(postcode="10279"), house(postcode="6700")),
    (house(), line("Example 22")), (line("Example 20"), line("Sample 20")), (line("20 Example"), house("Sample")),
    (point("47.4979", "19.0402"), point("47.5979", "19.0402")), (label("BDPTHUEX"), label("NYCMNYEX")),
])
def test_what_is_told_otherwise_is_somewhere_else(one: Document, other: Document) -> None:
    assert apart(described(one), described(other))
    assert apart(described(other), described(one))


@pytest.mark.parametrize(("one", "other"), [
    (house(), house("EXAMPLE", town="budapest", country="hu")), (house(), line("Example 20")),
    (house(), line("20 Example", country="HU")), (house(postcode="10279"), house()), (house(number=""), house()),
    (house(), line("Example Floor 20")), (house(region="Pest"), house(region="PE")),
    (point("47.4979", "19.0402"), point("47.49791", "19.04021")), (label("BDPTHUEX"), label("bdpthuex")),
    (house(), point("47.4979", "19.0402")), (label("BDPTHUEX"), house()), ({}, house()), ({"fielded": 7}, house()),
    (point("north", "east"), point("47.4979", "19.0402")),
])
def test_where_it_cannot_be_told_nothing_is_said(one: Document, other: Document) -> None:
    assert not apart(described(one), described(other))
    assert not apart(described(other), described(one))


def test_what_is_known_decides_before_what_is_said() -> None:
    flat = described(house(), address="ADDR-1")
    assert not apart(flat, Spot(id="ADDR-1", address="ADDR-1"))
    assert not apart(flat, Spot(id="SITE-1", site=True, address="ADDR-1")), "the site stands there"
    assert apart(flat, Spot(id="ADDR-2", address="ADDR-2"))
    assert apart(Spot(id="ADDR-1"), Spot(id="ADDR-2")), "two ids, and nothing known that would make them one"
    assert apart(Spot(id="SITE-1", site=True, address="ADDR-1"), Spot(id="SITE-2", site=True, address="ADDR-1"))
    assert not apart(Spot(id="X"), described(house())), "of an id that is not in the gazetteer nothing is known"
