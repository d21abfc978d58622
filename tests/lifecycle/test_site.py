"""Sites are found by what is shown of them."""

from __future__ import annotations

from lso.lifecycle.site import places


def houses(**fields: str) -> set[str]:
    """By which numbers a site is found that is at such an address."""
    address = {"street": "Example", "city": "Budapest", "country": "Hungary", **fields}
    site = {"id": "S", "places": [{"kind": "address", "id": "A"}]}
    return {row["house"] for row in places(site, {"A": {"fielded": address}})}


def test_a_house_is_found_by_its_number_alone_and_with_its_suffix() -> None:
    assert houses(number="4", number_suffix="bis") == {"4", "4 bis"}
    assert houses(number="12A") == {"12 a"}
    assert houses(number="3", number_suffix="a", number_last="5") == {"3", "3 a", "3 a 5"}
    assert houses() == {""}
