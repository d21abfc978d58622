"""Postal addresses taken apart, and folded so that case, accents, punctuation, the order of words in a street and the
usual abbreviations make no difference. What is folded is only compared; what is shown is always as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from lso.settings import read_yaml

Document = Mapping[str, Any]
FOLDED_MOST = 160
_PLAIN = re.compile(r"[a-z0-9]+")
_PARTS_OF_NUMBER = re.compile(r"\d+|[^\W\d_]+")
_PART = r"\d+(?:\s?(?:bis|ter|quater|quinquies)|\s?[^\W\d_])?(?!\w)(?:\s[1-3]/[234](?!\w))?"
_WHOLE = rf"{_PART}(?:\s?[/–-]\s?{_PART}|/\w{{1,9}}(?!\w)){{0,4}}"
# Behind a number in front, a letter by itself is its suffix (7 B Quai) unless it is a direction (7 N Main Street).
_IN_FRONT = re.compile(rf"\s*(\d+(?=\s[nsew]\s)|{_WHOLE})(?=[\s,;]|$)", re.IGNORECASE)
_AT_THE_END = re.compile(rf"(?:^|[\s,;])({_WHOLE})[\s.,;]*$", re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Postal:
    """The parts of an address that are compared, each folded; empty where nothing is said.

    country: the ISO code where it is known. street: its words, name and type and direction, in alphabetical order.
    house: number and suffix, of a range both ends. at: the number alone. within: all that is said of the place inside
    the property.
    """

    country: str = ""
    town: str = ""
    postcode: str = ""
    region: str = ""
    locality: str = ""
    street: str = ""
    house: str = ""
    at: int | None = None
    within: str = ""


def fold(text: object) -> str:
    """Words of lower-case letters without accents; nothing for what is no text. Long ones are cut."""
    if type(text) is not str:
        return ""
    if text.isascii():
        return " ".join(_PLAIN.findall(text.lower()))[:FOLDED_MOST]
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = (letter for letter in apart if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())[:FOLDED_MOST]


def country_of(name: object) -> str:
    """The ISO 3166-1 code of a country, in lower case, by its code or English name; another name as it is, folded."""
    folded = fold(name)
    return _words().countries.get(folded, folded)


def is_country(name: object) -> bool:
    """Whether it is the code or the name of a country of ISO 3166-1."""
    return fold(name) in _words().countries


def type_first(country: object) -> bool:
    """Whether the type of a street stands before its name in that country: Quai du Port, Via Roma."""
    return country_of(country) in _words().type_first


def postcode_of(code: object) -> str:
    """A postcode without the blanks that some write and some do not."""
    return fold(code).replace(" ", "")


def street_of(*parts: object) -> str:
    """Words of a street in alphabetical order, abbreviations of usual ones written out."""
    usual = _words().streets
    words = " ".join(fold(part) for part in parts if part).split()
    return " ".join(sorted(usual.get(word, word) for word in words))[:FOLDED_MOST]


def fielded(address: Document) -> Postal:
    """An address that came in fields (canonical `fielded`)."""
    get = address.get
    house = house_of(get("number"), get("number_suffix"))
    if last := fold(get("number_last")):
        house = f"{house} {house_of(last, get('number_last_suffix'))}".strip()
    return Postal(
        country=country_of(get("country_code") or get("country")), town=fold(get("city")),
        postcode=postcode_of(get("postcode")), region=fold(get("region")), locality=fold(get("locality")),
        street=street_of(get("street_type"), get("street"), get("street_suffix")),
        house=house[:FOLDED_MOST], at=_leading(house), within=_within(get("within")),
    )


def formatted(address: Document) -> Postal:
    """An address that came in lines (canonical `formatted`)."""
    number, street = numbered(address.get("line1"))
    return replace(fielded({**address, "number": number, "street": street}), within=fold(address.get("line2")))


def numbered(line: object) -> tuple[str, str]:
    """The number of a house, which begins or ends a line, with its suffix (4 bis, 20/14, 12A) or as a range (3-5); and
    the street."""
    text = unicodedata.normalize("NFKC", line[:FOLDED_MOST]) if type(line) is str else ""
    found = _IN_FRONT.match(text) or _AT_THE_END.search(text)
    return (found[1], text[:found.start()] + text[found.end():]) if found else ("", text)


def house_of(number: object, suffix: object = None) -> str:
    """The number of a house: `12B`, `12 b` and number 12 with suffix B are one."""
    parts = _PARTS_OF_NUMBER.findall(f"{fold(number)} {fold(suffix)}")
    return " ".join(part.lstrip("0") or "0" for part in parts)


def _leading(house: str) -> int | None:
    found = _DIGITS.match(house)
    return int(found[0]) if found else None


def _within(within: Any) -> str:
    if type(within) is not dict:
        return ""
    units = within.get("units")
    told = [value for name, value in within.items() if name != "units"]
    each = units if isinstance(units, list | tuple) else ()
    told += [value for unit in each if type(unit) is dict for value in (unit.get("kind"), unit.get("number"))]
    return " ".join(folded for value in told if (folded := fold(value)))[:FOLDED_MOST]


@dataclass(frozen=True, slots=True)
class _Words:
    """Names of countries and of streets by their folded spellings; countries whose streets begin with their type."""

    countries: Mapping[str, str]
    streets: Mapping[str, str]
    type_first: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw = read_yaml(Path(__file__).parent / "postal.yaml")
    countries = {fold(name): str(code) for code, names in raw["countries"].items() for name in (code, *names)}
    streets = {fold(short): str(word) for word, shorts in raw["streets"].items() for short in shorts}
    return _Words(countries, streets, frozenset(raw["type_first"]))
