"""Files of places read row by row: what is no such file is refused, and however long one is, it takes little room."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lso.errors import NotUnderstood
from lso.service.address_entry import Unusable
from lso.service.place_file import Reading
from lso.service.place_row import place_of
from tests.service.test_place_import import FEATURE, VALUES


def test_a_collection_of_any_length_takes_no_more_room_than_a_few_features(tmp_path: Path) -> None:
    file = tmp_path / "long.geojson"
    feature = json.dumps(FEATURE)
    with file.open("w", encoding="utf-8") as out:
        out.write('{"type": "FeatureCollection", "name": "long", "features": [')
        out.write(", ".join([feature] * 50_000))
        out.write('], "more": {"features": [1]}}')
    advanced, many = [0], 0
    tracemalloc.start()
    try:
        for row in Reading(file).rows(lambda count: advanced.append(advanced.pop() + count)):
            many += not row.bad
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (many, advanced[0]) == (50_000, file.stat().st_size)
    assert most < 2_000_000 < file.stat().st_size / 4


@pytest.mark.parametrize("text", ["", "colour,hue\nblue,red\n", "\n"])
def test_what_is_no_table_of_places_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotUnderstood):
        list(Reading(file).rows(lambda _count: None))


@pytest.mark.parametrize("text", ["", "{}", "[1]", "{", '{"features": 3}',
                                  f'{{"features": [{"9" * 5000}]}}', f'{{"features": [{"[" * 100_000}'])
def test_what_is_no_collection_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotUnderstood):
        list(Reading(file).rows(lambda _count: None))


@given(st.binary(max_size=300) | st.lists(st.lists(VALUES, max_size=6), max_size=6).map(
    lambda rows: ("number,street,city,country,id\n" + _table(rows)).encode("utf-8", "surrogatepass")),
    st.sampled_from(["a.csv", "a.geojson", "a.ndjson"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_file_holds_is_read_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    try:
        rows = list(Reading(file).rows(lambda _count: None))
    except NotUnderstood:
        return
    for row in rows:
        try:
            place_of(row.told, "*")
        except Unusable:
            continue


def _table(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(("row", "reason"), [
    ("A\rB,Main,Paris,France", "a line ends within a value that has no quotes"),
    (f"{'x' * 200_000},Main,Paris,France", "a value has more than 131072 characters")])
def test_a_line_that_is_no_row_is_told_in_words_of_ours(tmp_path: Path, row: str, reason: str) -> None:
    file = tmp_path / "places.csv"
    file.write_bytes(f"id,street,city,country\nA,Main,Paris,France\n{row}\nB,Main,Paris,France\n".encode())
    assert [(one.line, one.bad) for one in Reading(file).rows(lambda _count: None)] == [(2, ""), (3, reason), (4, "")]


def test_what_is_counted_is_said(tmp_path: Path) -> None:
    collection = {"type": "FeatureCollection", "features": [FEATURE, 7]}
    for name, text, counted in (("a.json", json.dumps(collection), "feature"),
                                ("b.json", f"{json.dumps(FEATURE)}\n7\n", "line"), ("c.csv", "id\nA\nB\n", "line")):
        reading = Reading(tmp_path / name)
        reading.file.write_text(text, encoding="utf-8")
        assert [row.line for row in reading.rows(lambda _count: None)][-1] == (3 if name == "c.csv" else 2)
        assert reading.counted == counted
