"""Addresses are compared by what they mean; points by how far apart they are."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lso.lifecycle.address import Known, answer, differences, examine, lines, named, parts, shown
from lso.lifecycle.likeness import ALIKE, alike
from lso.lifecycle.point import NEAR_METRES, around, cell, metres
from lso.lifecycle.postal import Postal, country_of, fielded, fold, formatted, house_of, is_country, street_of

QUAY = {"number": "7", "number_suffix": "B", "street": "du Port", "street_type": "Quai", "city": "Marseille",
        "postcode": "13002", "country": "France"}
text = st.text(max_size=20)


@pytest.mark.parametrize(("left", "right"), [
    ("Győr", "gyor"), ("STRASSE", "straße"), ("Saint-Denis", "saint denis"), ("O'Neill ", "o neill"), ("ﬁ", "fi")])
def test_case_accents_and_punctuation_make_no_difference(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@given(text)
def test_what_is_folded_stays_as_it_is(value: str) -> None:
    assert fold(fold(value)) == fold(value)
    assert "\0" not in fold(value)


@pytest.mark.parametrize("name", ["HU", "hu", "Hungary", "magyarország", "HUNGARY"])
def test_a_country_is_known_by_code_and_name(name: str) -> None:
    assert country_of(name) == "hu"
    assert country_of("Atlantis") == "atlantis"


def test_the_countries_are_those_of_iso_3166() -> None:
    assert all(map(is_country, ("FR", "fr", "Réunion", "Åland", "Cocos (Keeling) Islands")))
    assert not any(map(is_country, ("Narnia", "ZZ", "", None)))
    assert len({country_of(name) for one in ascii_lowercase for other in ascii_lowercase for name in (one + other,)
                if is_country(name)}) == 249


def test_the_order_of_words_and_abbreviations_make_no_difference_to_a_street() -> None:
    assert street_of("Quai", "du Port") == street_of("Quai du Port") == street_of("du port", "QUAI")
    assert street_of("Main", "St", "N") == street_of("North Main Street")


@pytest.mark.parametrize(("number", "suffix"), [("7B", None), ("7", "B"), ("7 b", ""), ("007-b", None)])
def test_a_number_and_its_suffix_are_one(number: str, suffix: str | None) -> None:
    assert house_of(number, suffix) == "7 b"


@pytest.mark.parametrize(("line", "house", "street"), [
    ("7B Quai du Port", "7 b", "du port quai"), ("Quai du Port 7 B", "7 b", "du port quai"),
    ("Example 20/14", "20 14", "example"), ("12 5th Ave", "12", "5th avenue"), ("Market Square", "", "market square"),
    ("42", "42", ""), ("", "", "")])
def test_the_number_begins_or_ends_a_line(line: str, house: str, street: str) -> None:
    found = formatted({"line1": line, "city": "X", "country": "FR"})
    assert (found.house, found.street) == (house, street)


@given(st.dictionaries(st.sampled_from([*QUAY, "line1", "line2", "within", "region"]),
                       text | st.none() | st.integers() | st.dictionaries(st.sampled_from(["level", "units"]), text)))
def test_whatever_is_said_can_be_compared(address: dict[str, Any]) -> None:
    assert isinstance(fielded(address), Postal)
    assert isinstance(formatted(address), Postal)
    assert differences(fielded(address), fielded(address)) == frozenset()


def test_lines_made_of_an_address_are_read_as_that_address() -> None:
    for line in ("7B Quai du Port", "Quai du Port 7B", ""):
        assert differences(formatted(lines(QUAY, {"line1": line})), fielded(QUAY)) == frozenset()
        assert lines(QUAY, {"line1": line})["line1"] == (line or "Quai du Port 7B")
    assert lines({"street": "Main", "number": "1", "number_last": "9"}, {})["line1"] == "Main 1-9"


def known(id: str, **other: str) -> Known:
    return Known(id, {"fielded": {**QUAY, **other}})


def asked(**other: Any) -> dict[str, Any]:
    return {"kind": "fielded_address", "fielded": {**QUAY, **other}}


def test_one_that_differs_in_nothing_is_the_best() -> None:
    result, best, others = answer(asked(), [known("A"), known("B", number_suffix="C")])
    assert (result, best and best.id, [one.id for one in others]) == ("success", "A", ["B"])


def test_of_several_that_would_do_none_is_the_best() -> None:
    unsure = asked()
    del unsure["fielded"]["postcode"]
    result, best, others = answer(unsure, [known("A"), known("B", postcode="13009")])
    assert (result, best, len(others)) == ("partial", None, 2)


def test_a_slip_leaves_a_best_match_and_another_house_does_not() -> None:
    for other, found in (({"street": "du Prot"}, "A"), ({"postcode": "1"}, "A"), ({"number": "8"}, None),
                         ({"country": "Spain"}, None), ({"region": "Var"}, "A"), ({"within": {"level": "2"}}, None)):
        result, best, _others = answer(asked(**other), [known("A")])
        assert (result, best and best.id) == ("success" if other == {"region": "Var"} else "partial", found), other
    assert answer(asked(), []) == ("fail", None, ())


def test_an_id_names_an_address_in_one_representation() -> None:
    one = Known("A", {"fielded": QUAY, "labelled": {"label": "X", "label_type": "CLLI"}, "point": {"x": "1", "y": "2"}})
    for kind in ("fielded_address", "formatted_address", "address_label", "point"):
        made = shown(one, kind)
        assert made is not None
        assert named(made["id"]) == ("A", None if kind == "fielded_address" else kind)
    assert shown(Known("B", {"point": {"x": "1", "y": "2"}}), "formatted_address") is None
    assert shown(Known("B", {"point": {"x": "1", "y": "2"}}), "point") == {
        "kind": "point", "id": "B", "point": {"x": "1", "y": "2"}}


@pytest.mark.parametrize("x", ["nan", "inf", "1e400", "", "١", "0x1", "1_0", "9" * 50, "91", None, 4])
def test_what_is_no_degree_is_found_out(x: Any) -> None:
    assert [one.pointer for one in examine({"kind": "point", "point": {"datum": "WGS84", "x": x, "y": "0"}})] == [
        "/submitted/point/x"]


def test_other_kinds_of_places_are_found_out() -> None:
    assert [one.pointer for one in examine({"kind": "site"})] == ["/submitted/kind"]
    assert examine({"kind": "address_label"}) == ()


def test_parts_come_from_fields_before_lines() -> None:
    assert parts({"fielded": QUAY, "formatted": {"line1": "other"}}).street == "du port quai"


@given(st.floats(-85, 85), st.floats(-179, 179), st.floats(-1, 1), st.floats(-1, 1))
def test_what_is_near_lies_in_a_cell_around(latitude: float, longitude: float, north: float, east: float) -> None:
    other = latitude + north * 0.001, longitude + east * 0.01
    if metres((latitude, longitude), other) <= NEAR_METRES:
        assert cell(*other) in around(latitude, longitude)


def test_metres_are_metres() -> None:
    assert metres((47.5, 19.0), (47.5, 19.0)) == 0
    assert 111_000 < metres((0, 0), (1, 0)) < 111_400
    assert 55_000 < metres((60, 0), (60, 1)) < 56_000


@pytest.mark.parametrize(("left", "right"), [("example", "exmaple"), ("budapest", "budapset"), ("du port", "duport")])
def test_a_slip_leaves_names_alike(left: str, right: str) -> None:
    same, slipped, other = alike(left, (left, right, "quzzy"))
    assert same == 1
    assert list(alike(right, (left,))) == [slipped]
    assert other < ALIKE <= slipped
    assert list(alike("", ("",))) == [0]
