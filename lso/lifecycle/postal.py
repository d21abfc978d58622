"""Postal addresses taken apart, and folded so that case, accents, punctuation, the order of words in a street and the
usual abbreviations make no difference. What is folded is only compared; what is shown is always as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lso.settings import read_yaml

Document = Mapping[str, Any]
FOLDED_MOST = 160
_PLAIN = re.compile(r"[a-z0-9]+")
_PARTS_OF_NUMBER = re.compile(r"\d+|[^\W\d_]+")
_NUMBER = re.compile(r"\d+[^\W\d_]?")
_DIGITS = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Postal:
    """The parts of an address that are compared, each folded; empty where nothing is said.

    country: the ISO code where it is known. street: its words, name and type and direction, in alphabetical order.
    house: number, suffix and range. at: the number alone. within: all that is said of the place inside the property.
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
    return _words()["countries"].get(folded, folded)


def postcode_of(code: object) -> str:
    """A postcode without the blanks that some write and some do not."""
    return fold(code).replace(" ", "")


def street_of(*parts: object) -> str:
    """Words of a street in alphabetical order, abbreviations of usual ones written out."""
    usual = _words()["streets"]
    words = " ".join(fold(part) for part in parts if part).split()
    return " ".join(sorted(usual.get(word, word) for word in words))[:FOLDED_MOST]


def fielded(address: Document) -> Postal:
    """An address that came in fields (canonical `fielded`)."""
    get = address.get
    house = house_of(get("number"), get("number_suffix"))
    if last := house_of(get("number_last"), get("number_last_suffix")):
        house = f"{house} to {last}"
    return Postal(
        country=country_of(get("country_code") or get("country")), town=fold(get("city")),
        postcode=postcode_of(get("postcode")), region=fold(get("region")), locality=fold(get("locality")),
        street=street_of(get("street_type"), get("street"), get("street_suffix")),
        house=house[:FOLDED_MOST], at=_leading(house), within=_within(get("within")),
    )


def formatted(address: Document) -> Postal:
    """An address that came in lines (canonical `formatted`): the number of the house begins or ends the first one."""
    words = fold(address.get("line1")).split()
    front = _run(words)
    back = 0 if front == len(words) else _run(words[::-1])
    number = words[:front] if front else words[len(words) - back:]
    street = words[front:] if front else words[:len(words) - back]
    plain = fielded({**address, "number": " ".join(number), "street": " ".join(street)})
    return Postal(plain.country, plain.town, plain.postcode, plain.region, plain.locality, plain.street, plain.house,
                  plain.at, fold(address.get("line2")))


def _run(words: list[str]) -> int:
    """How many words from here on belong to the number of a house."""
    count = 0
    for word in words:
        if not (_NUMBER.fullmatch(word) or (len(word) == 1 and word.isalpha() and len(words) > count + 1)):
            break
        count += 1
    return count if any(word[0].isdigit() for word in words[:count]) else 0


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


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    """Names of countries and of streets, by their folded spellings."""
    raw = read_yaml(Path(__file__).parent / "postal.yaml")
    countries = {fold(name): str(code) for code, names in raw["countries"].items() for name in (code, *names)}
    streets = {fold(short): str(word) for word, shorts in raw["streets"].items() for short in shorts}
    return {"countries": countries, "streets": streets}
