"""Where a place is, as far as that can be told, and whether two places are surely not the same one.

A place may be told by its id, by value, by a label or by a point; whoever can look it up gives what is known of it.
Pure: where it cannot be told that two places differ, they do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lso.lifecycle.address import parts
from lso.lifecycle.point import NEAR_METRES, metres
from lso.lifecycle.postal import Postal, fold

NOTHING = Postal()


@dataclass(frozen=True, slots=True)
class Spot:
    """id: by which it was named. site: whether that is the id of a site. address: the id of the known address there.

    point: latitude and longitude. label: with its kind, folded.
    """

    id: str | None = None
    site: bool = False
    address: str | None = None
    postal: Postal = NOTHING
    point: tuple[float, float] | None = None
    label: str | None = None


def described(place: Mapping[str, Any], *, address: str | None = None) -> Spot:
    """The spot that a canonical place tells of by value, or an address with all its representations."""
    said = {name: value for name, value in place.items() if type(value) is dict}
    label, point = said.get("labelled"), said.get("point")
    return Spot(address=address, postal=parts(said), point=None if point is None else _degrees(point),
                label=None if label is None else f"{fold(label.get('label_type'))}:{fold(label.get('label'))}")


def apart(one: Spot, other: Spot) -> bool:
    """Whether two places are surely not the same: by what they are known as, else by what is said of them."""
    if one.id is not None and one.id == other.id:
        return False
    if one.id is not None and other.id is not None and one.site and other.site:
        return True
    if one.address is not None and other.address is not None:
        return one.address != other.address
    if one.id is not None and other.id is not None:
        return True
    if one.point is not None and other.point is not None:
        return metres(one.point, other.point) > NEAR_METRES
    if one.label is not None and other.label is not None:
        return one.label != other.label
    return _elsewhere(one.postal, other.postal)


def _elsewhere(one: Postal, other: Postal) -> bool:
    """Whether two addresses differ in a part of which both speak; a line may hold more words than a street has."""
    for left, right in ((one.country, other.country), (one.town, other.town), (one.postcode, other.postcode),
                        (one.house, other.house)):
        if left and right and left != right:
            return True
    streets = set(one.street.split()), set(other.street.split())
    return not (streets[0] <= streets[1] or streets[1] <= streets[0])


def _degrees(point: Mapping[str, Any]) -> tuple[float, float] | None:
    try:
        return float(point["x"]), float(point["y"])
    except (KeyError, TypeError, ValueError):
        return None
