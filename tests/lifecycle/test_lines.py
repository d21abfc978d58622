"""An address in lines is the house that the same address in fields is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lso.lifecycle.address import Known, differences, lines, shown
from lso.lifecycle.postal import fielded, formatted

HOUSE = {"city": "Marseille", "postcode": "13002", "country": "France"}
NUMBER = st.from_regex(r"[1-9][0-9]{0,3}[A-Za-z]?", fullmatch=True)
SUFFIX = st.sampled_from(["", "A", "b", "E", "bis", "ter", "Quater", "14", "3A", "AB", "1/2"])
WORD = st.from_regex(r"[a-zäß]{1,8}|[0-9]{1,3}|[0-9]{1,2}(th|[a-c])|bis|ter|N|B|M[.] Curie|d'Or", fullmatch=True)
STREET = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
RANGE = st.fixed_dictionaries({}, optional={"number_last": NUMBER, "number_last_suffix": SUFFIX})
ASKED = st.sampled_from(["", "4 Rue X", "Rue X 4", "Quai du Port"])


@given(STREET, st.sampled_from(["", "Quai", "Street", "N"]), NUMBER, SUFFIX, RANGE, ASKED)
def test_what_is_shown_in_lines_is_read_as_the_same_house(street: str, kind: str, number: str, suffix: str,
                                                          last: dict[str, str], asked: str) -> None:
    address = {**HOUSE, "street": street, "street_type": kind, "number": number, "number_suffix": suffix, **last}
    made = lines(address, {"line1": asked})
    assert formatted(made).house == fielded(address).house, made
    assert formatted(made).street == fielded(address).street, made
    assert differences(formatted(made), fielded(address)) == frozenset(), made


@pytest.mark.parametrize(("number", "suffix", "line"), [
    ("20", "14", "Example 20/14"), ("4", "bis", "Example 4bis"), ("12", "A", "Example 12A"),
    ("12A", "B", "Example 12A/B"), ("12", "/3", "Example 12/3"), ("9", "", "Example 9"), ("", "", "Example")])
def test_a_suffix_stays_apart_from_its_number(number: str, suffix: str, line: str) -> None:
    assert lines({"street": "Example", "number": number, "number_suffix": suffix}, {})["line1"] == line


@pytest.mark.parametrize(("line", "house", "street"), [
    ("Quai du Port 4bis", "4 bis", "du port quai"), ("Quai du Port 4 bis", "4 bis", "du port quai"),
    ("4 bis Quai du Port", "4 bis", "du port quai"), ("4bis, Quai du Port", "4 bis", "du port quai"),
    ("Quai du Port, 4 TER", "4 ter", "du port quai"), ("20/14 Example", "20 14", "example"),
    ("Example 20 / 14", "20 14", "example"), ("Example 12A", "12 a", "example"), ("12 A Example", "12 a", "example"),
    ("100 N Main St", "100", "main north street"), ("7 Rose Ter", "7", "rose terrace"),
    ("Route 66 12", "12", "66 route"), ("Example 3-5", "3 5", "example"), ("17. Juni 5", "5", "17 juni"),
    ("5th Avenue 12", "12", "5th avenue"),
    ("２０／１４ Example", "20 14", "example"), ("Example 12 1/2", "12 1 2", "example")])
def test_the_number_of_a_house_is_found_as_it_is_usually_written(line: str, house: str, street: str) -> None:
    found = formatted({"line1": line, **HOUSE})
    assert (found.house, found.street) == (house, street)


def test_a_long_line_is_read_as_quickly_as_a_short_one() -> None:
    for line in ("1" * 500_000 + "!", "1 " * 500_000, "1/" * 500_000 + " Quai", "4 b" * 300_000):
        assert len(formatted({"line1": line}).house) <= 160


@pytest.mark.parametrize(("country", "line"), [("France", "Quai du Port 4bis"), ("it", "Quai du Port 4bis"),
                                               ("Hungary", "du Port Quai 4bis"), ("", "du Port Quai 4bis")])
def test_the_type_of_a_street_stands_where_the_country_has_it(country: str, line: str) -> None:
    quay = {"street": "du Port", "street_type": "Quai", "number": "4", "number_suffix": "bis", "country": country}
    one = shown(Known("Q", {"fielded": quay}), "formatted_address")
    assert one is not None
    assert one["formatted"]["line1"] == line
