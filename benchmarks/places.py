"""Whether an address is found as quickly among a million as among ten thousand: the same kinds of questions, in turn,
to a service with a small gazetteer and to one with a large one, whole and over HTTP. All places are in one country;
towns are alike in size, and names of streets recur in many towns.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.process import LSO, PROJECT, Server, token
from benchmarks.report import Figure
from benchmarks.sides import ask, filled, on_each_database

PART = "10 places"
FEW, MANY = 10_000, 1_000_000
STREETS, HOUSES, NAMES = 25, 20, 2_000
ASKED, MOST = 200, 2.0
PATH = "/mefApi/sonata/geographicAddressManagement/v7/geographicAddressValidation"
COLUMNS = ("number", "street", "street_type", "city", "postcode", "country", "latitude", "longitude")
Document = dict[str, Any]
Place = dict[str, str]


@dataclass
class Side:
    """A service and places that its gazetteer has. filled: seconds that the import took."""

    server: Server
    places: list[Place]
    token: str
    filled: float

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.server.port, timeout=60)

    def ask(self, submitted: Document, result: str) -> float:
        """Seconds that an answer takes, which must be the one expected."""
        body = json.dumps({"provideAlternative": True, "submittedGeographicAddress": submitted})
        answer = ask(self.connection, "POST", PATH, self.token, body)
        if answer.status != 200 or json.loads(answer.body)["validationResult"] != result:
            raise RuntimeError(f"{submitted}: {answer.status}: {answer.body[:500]!r}")
        return answer.took


def fielded(place: Place, **other: str) -> Document:
    """An address as it is asked for in fields."""
    return {"@type": "FieldedAddress", "streetNr": place["number"], "streetName": place["street"],
            "streetType": place["street_type"], "city": place["city"], "postcode": place["postcode"],
            "country": place["country"], **other}


def lines(place: Place) -> Document:
    """The same in lines."""
    return {"@type": "FormattedAddress", "addrLine1": f"{place['street']} Street {place['number']}",
            "city": place["city"], "country": place["country"]}


def point(place: Place) -> Document:
    """Where it is."""
    return {"@type": "MEFGeographicPoint", "spatialRef": "WGS84", "x": place["latitude"], "y": place["longitude"]}


def slip(name: str) -> str:
    """A name with two letters in the wrong order."""
    return f"{name[:3]}{name[4]}{name[3]}{name[5:]}"


KINDS: dict[str, tuple[Callable[[Place], Document], str]] = {
    "as it is known": (fielded, "success"), "in lines": (lines, "success"), "by its point": (point, "success"),
    "a slip in the street": (lambda place: fielded(place, streetName=slip(place["street"])), "partial"),
    "a slip in the town, and no postcode": (lambda place: {
        name: value for name, value in fielded(place, city=slip(place["city"])).items() if name != "postcode"},
        "partial"),
    "a number that is not there": (lambda place: fielded(place, streetNr="99"), "partial"),
}


def measure(folder: Path, notes: list[str]) -> Iterator[Figure]:
    """Both databases; PostgreSQL only where there is one."""
    yield from on_each_database(PART, folder, notes, _measure, most=MOST)


def _measure(name: str, folder: Path, urls: Sequence[str]) -> Iterator[Figure]:
    with ExitStack() as stack:
        sides = [_side(stack, folder / str(count), count, url) for count, url in zip((FEW, MANY), urls, strict=True)]
        luck = random.Random(11)
        few, many = (side.filled for side in sides)
        yield Figure(PART, f"import of {MANY:,} places, {name}", f"{many:.1f} s", f"{FEW:,} in {few:.1f} s",
                     MANY / many, unit="places/s")
        for what, (document, result) in KINDS.items():
            took = [[side.ask(document(luck.choice(side.places)), result) for side in sides] for _ in range(ASKED)]
            few, many = (median(each) for each in zip(*took[ASKED // 10:], strict=True))
            yield Figure(PART, f"address {what}, {name}", f"{many * 1e3:.2f} ms",
                         f"{FEW:,} places {few * 1e3:.2f} ms", many / few, most=MOST)


def _side(stack: ExitStack, folder: Path, count: int, url: str) -> Side:
    file = folder / "places.csv"

    def imported(server: Server) -> tuple[list[Place], float]:
        places = list(_written(file, count))
        began = perf_counter()
        subprocess.run([str(LSO), "places", "import", str(file)], env=server.environment, cwd=PROJECT, check=True,
                       stdout=subprocess.DEVNULL)
        return places, perf_counter() - began

    server, (places, took) = filled(stack, folder, url, imported)
    file.unlink()
    return Side(server, places, token(server, "demo-carrier"), took)


def _written(file: Path, count: int) -> Iterator[Place]:
    """Writes so many places; gives one house of every street."""
    luck = random.Random(5)
    streets = [_name(luck) for _ in range(NAMES)]
    with file.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for town in range(count // (STREETS * HOUSES)):
            city, postcode = _name(luck), str(10_000 + town)
            for number, street in enumerate(luck.sample(streets, STREETS)):
                for house in range(1, HOUSES + 1):
                    where = (f"{-60 + (town % 400) * 0.3 + number * 0.005:.6f}",
                             f"{-150 + (town // 400) * 0.3 + house * 0.005:.6f}")
                    row = (str(house), street, "Street", city, postcode, "Hungary", *where)
                    table.writerow(row)
                    if house == 7:
                        yield dict(zip(COLUMNS, row, strict=True))


def _name(luck: random.Random) -> str:
    return "".join(luck.choice("bcdfghklmnprstvz") + luck.choice("aeiou") + luck.choice(("", "n", "r", "l", "s"))
                   for _ in range(4)).title()
