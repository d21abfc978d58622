"""Files of places: read row by row, kept with the same ids each time; what cannot be read is told by its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from lso.canonical.address import Address
from lso.canonical.site import Site
from lso.cli import main
from lso.service.address_entry import Unusable
from lso.service.place_file import Reading, Row
from lso.service.place_import import Imported, import_places
from lso.service.place_row import SiteRow, place_of
from lso.settings import settings as chosen
from lso.store import gazetteer, site
from lso.store.engine import Store, open_store
from lso.store.gazetteer_filling import Entry

CSV = """\ufeffID,Number,Street,City,Postcode,Country,Colour,lon,lat
A1,20,Example,Budapest,10279,Hungary,blue,19.04,47.49
,21,Example,Budapest,10279,Hungary,,,
,22,,Budapest,10279,Hungary,,,
,"23
",Example,Budapest,10279,Hungary,,,
,24,Example,Budapest,10279,Hungary,,,,too,many
,25,Example,Budapest,10279,Hungary,,999,47
"""
FEATURE = {"type": "Feature", "id": "F1", "properties": {"number": 20, "street": "Example", "city": "Budapest"},
           "geometry": {"type": "Point", "coordinates": [19.04, 47.49]}}


def imported(store: Store, file: Path, **options: Any) -> tuple[Imported, dict[int, str], Reading]:
    told: dict[int, str] = {}
    reading = Reading(file)
    found = import_places(store, reading.rows(lambda _count: None), report=told.__setitem__, **options)
    return found, told, reading


def kept(store: Store) -> dict[str, dict[str, Any]]:
    def read(connection: Connection) -> dict[str, dict[str, Any]]:
        towns = gazetteer.towns(connection, "", "hu", "budapest", "")
        streets = gazetteer.streets(connection, towns, "example")
        return {one.id: one.document for one in gazetteer.on_streets(connection, "", streets, None, 100)}

    return store.query_now(read)


@pytest.fixture
def empty(store_url: str) -> Any:
    with open_store(store_url) as opened:
        yield opened


def test_a_file_is_kept_and_its_bad_rows_are_told_by_line(empty: Store, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(CSV, encoding="utf-8")
    found, told, reading = imported(empty, file)
    assert (found, sorted(told)) == (Imported(addresses=3, skipped=3), [4, 7, 8])
    assert told[4] == "an address needs street"
    assert reading.unread == ("Colour",)
    assert kept(empty)["A1"]["point"] == {"x": "47.49", "y": "19.04", "datum": "WGS84"}


def test_a_file_read_again_changes_nothing(empty: Store, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(CSV, encoding="utf-8")
    imported(empty, file)
    first = kept(empty)
    assert imported(empty, file)[0].addresses == 3
    assert kept(empty) == first
    assert len(first) == 3


@pytest.mark.parametrize(("name", "text"), [
    ("a.geojson", json.dumps({"type": "FeatureCollection", "features": [FEATURE, {"type": "Feature"}]}, indent=1)),
    ("a.geojson", f"{json.dumps(FEATURE)}\n\n{{\n"), ("a.ndjson", f"\x1e{json.dumps(FEATURE)}\n\x1e[]\n")])
def test_geojson_is_read_as_a_collection_and_line_by_line(empty: Store, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    found, told, _reading = imported(empty, file, country="Hungary")
    assert (found.addresses, len(told)) == (1, 1)
    document = kept(empty)["F1"]
    assert document["point"] == {"x": "47.49", "y": "19.04", "datum": "WGS84"}
    assert document["fielded"] == {"number": "20", "street": "Example", "city": "Budapest", "country": "Hungary"}


ADDRESS = {"number": "1", "street": "Example", "city": "Budapest", "country": "Hungary"}


@pytest.mark.parametrize("other", [
    {"kind": "planet"}, {"city": ""}, {"label": "X"}, {"latitude": "1"}, {"latitude": "x", "longitude": "1"},
    {"allows_new_site": "maybe"}, {"id": "a/b"}, {"id": "a~label"}, {"id": "x" * 300}, {"street": "\udcff"},
    {"street": "x" * 2000}, {"city": "a\0b"}, {"kind": "site"}, {"kind": "site", "id": "S"},
    {"kind": "site", "id": "S", "visibility": "secret"},
    {"kind": "site", "id": "S", "visibility": "public", "contact_name": "Tom"}])
def test_what_is_wrong_with_a_row_is_told(other: dict[str, str]) -> None:
    told = {**ADDRESS, **other}
    if other == {"kind": "site", "id": "S"}:
        told["visibility"] = "private"
    with pytest.raises(Unusable):
        place_of(told, "*")


def test_a_row_without_an_id_gets_one_made_of_what_it_says() -> None:
    one, other = (place_of(told, "*") for told in (ADDRESS, {**ADDRESS, "street": "EXAMPLE"}))
    another, mine = place_of({**ADDRESS, "number": "2"}, "*"), place_of(ADDRESS, "acme")
    assert isinstance(one, Entry)
    assert isinstance(other, Entry)
    assert isinstance(another, Entry)
    assert isinstance(mine, Entry)
    assert one.id == other.id
    assert len({one.id, another.id, mine.id}) == 3


def test_a_site_is_kept_with_the_address_that_it_is_at(empty: Store) -> None:
    rows = [Row(1, {**ADDRESS, "id": "A1"}), Row(2, {"kind": "site", "id": "S1", "address_id": "A1"}),
            Row(3, {"kind": "site", "id": "S2", "address_id": "gone"})]
    told: dict[int, str] = {}
    assert import_places(empty, rows, report=told.__setitem__) == Imported(1, 1, 1)
    assert told == {3: "the address that the site names is not known"}
    found = empty.query_now(lambda c: site.select(c, "acme", {}, {"town": ["budapest"]}, (), 10))
    assert [one["id"] for one in found] == ["S1"]


COLUMNS = ("id", "kind", *ADDRESS, "number_suffix", "building", "unit", "line1", "label", "label_type", "latitude",
           "longitude", "allows_new_site", "visibility", "name", "contact_name", "address_id")
VALUES = st.sampled_from(["", "site", "address", "1", "Example", "Hungary", "true", "public", "-91", "1e3"]) | st.text(
    st.characters(exclude_categories=()), max_size=8)


@given(st.dictionaries(st.sampled_from(COLUMNS), VALUES))
def test_whatever_a_row_says_becomes_a_place_of_the_model_or_is_told(told: dict[str, str]) -> None:
    try:
        place = place_of(told, "acme")
    except Unusable:
        return
    model: Any = Site if isinstance(place, SiteRow) else Address
    assert model.model_validate(place.document)


def test_the_command_tells_what_it_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSO_VAR", str(tmp_path))
    chosen.cache_clear()
    file = tmp_path / "places.csv"
    file.write_text(CSV, encoding="utf-8")
    told = CliRunner().invoke(main, ["places", "import", str(file)])
    assert told.exit_code == 0, told.output
    assert "line 4: an address needs street" in told.output
    assert "columns that nobody reads: Colour" in told.output
    assert told.output.splitlines()[-1] == "3 addresses and 0 sites kept, 3 rows skipped"
    assert CliRunner().invoke(main, ["places", "import", str(file), "--tenant", "nobody"]).exit_code == 1
    assert CliRunner().invoke(main, ["places", "index"]).exit_code == 0
    monkeypatch.undo()
    chosen.cache_clear()
