"""Reading tables and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from lso.lens import Select, TableError, load_table
from lso.lens.load import load_words
from lso.lens.path import parse_path, path_text, pointer, segments_of
from tests.lens.shop import TABLES

TABLE = """
mapping: a.b
sides: [shop, ours]
specs: [x, y]
rows:
  - [on, yes]
  - [version, 1.10]
  - ['@type', ~, {const: 1.10}]
  - [day, 2026-01-31, {default: false}]
  - ['~', tilde]
  - [[one, two], ~, {drop: why}]
  - [more, more, {ext: true}]
  - [~, more, {drop: plain, ext: false}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.yaml").write_text(TABLE)
    return tmp_path


def test_every_scalar_is_a_string_but_constants_and_defaults(folder: Path) -> None:
    rows = load_table(folder / "a" / "b.yaml", folder=folder).sets["main"]
    assert [(row.theirs, row.ours) for row in rows[:2]] == [((("on",),), (("yes",),)), ((("version",),), (("1.10",),))]
    assert (rows[2].how, rows[2].ours) == ({"const": 1.1}, ())
    assert (rows[3].how, rows[3].ours) == ({"default": False}, (("2026-01-31",),))
    assert rows[4].theirs == (("~",),)
    assert rows[5].theirs == (("one",), ("two",))


def test_rows_know_their_place(folder: Path) -> None:
    assert load_table(folder / "a" / "b.yaml", folder=folder).sets["main"][0].place == "a/b.yaml:6"


def test_extension_rows_are_in_the_extended_variant_only(folder: Path) -> None:
    plain, extended = (load_table(folder / "a" / "b.yaml", folder=folder, variant=variant) for variant in ("", "ext"))
    assert (plain.name, extended.name) == ("a.b", "a.b+ext")
    assert [row.theirs for row in plain.sets["main"][6:]] == [()]
    assert [row.theirs for row in extended.sets["main"][6:]] == [(("more",),)]


def test_a_table_may_be_the_same_as_another(folder: Path) -> None:
    (folder / "c.yaml").write_text("mapping: c\nsame_as: a.b\n")
    table = load_table(folder / "c.yaml", folder=folder)
    assert (table.name, table.same_as) == ("c", "a.b")
    assert table.sets == load_table(folder / "a" / "b.yaml", folder=folder).sets


def test_sets_of_used_tables_are_there_and_own_sets_overrule_them() -> None:
    table = load_table(TABLES / "shop" / "order.yaml", folder=TABLES)
    assert {"card", "person", "line"} <= set(table.sets)
    assert set(table.types) == {"place", "thing"}


def test_words_know_their_columns_and_which_are_open() -> None:
    words = load_words(TABLES / "words" / "mood.yaml")
    assert (words.columns, words.open) == (("ours", "shop"), frozenset({"shop"}))
    assert load_words(TABLES / "words" / "kind.yaml").rows[1] == (("present", None), "present")


def test_a_row_of_words_has_one_for_each_column(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("columns: [a, b]\nrows:\n  - [x]\n")
    with pytest.raises(TableError, match=r"w\.yaml:3: 1 words for 2 columns"):
        load_words(tmp_path / "w.yaml")


def test_a_path_is_written_as_it_was_read() -> None:
    text = "place/[role=a/b]/0/x"
    with pytest.raises(ValueError, match="must follow the member"):
        parse_path(text)
    assert parse_path("place/[role=a/b]/x") == ("place", Select("role", "a/b"), "x")
    assert path_text(parse_path("place/[role=a/b]/x")) == "place/[role=a/b]/x"


def test_pointers_escape_what_they_must() -> None:
    assert pointer(["a/b", "c~d", 0]) == "/a~1b/c~0d/0"
    assert segments_of("/a~1b/c~0d/0") == ("a/b", "c~d", "0")


def test_the_name_of_a_set_in_place_of_a_row_stands_for_its_rows(folder: Path) -> None:
    rows = "rows:\n  - both\nsets:\n  one:\n    - [a, b]\n  both:\n    - one\n    - [c, d]\n"
    (folder / "a" / "c.yaml").write_text("mapping: a.c\nsides: [shop, ours]\n" + rows)
    sets = load_table(folder / "a" / "c.yaml", folder=folder).sets
    assert [row.theirs for row in sets["main"]] == [(("a",),), (("c",),)]
    assert sets["main"] == sets["both"]
