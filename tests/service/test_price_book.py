"""Price books from files."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from lso.canonical.price_row import PriceList
from lso.canonical.tenant import Profile
from lso.cli import main
from lso.errors import Invalid, NotUnderstood
from lso.service.price_book import Bad, import_file
from lso.store import price as prices
from lso.store import tenant as tenants
from lso.store.engine import Store, open_store

HEAD = "tenant,offering,place_class,up_to_mbps,term_months,name,kind,amount,currency,per,unit\n"
GOOD = HEAD + "*,OFF-1,,100,12,Access,recurring,129.90,EUR,month,\none,OFF-1,,100,12,Access,recurring,99,EUR,month,\n"


def agreed(store: Store) -> None:
    """A tenant that has classes of places."""
    classes = {"quote": {"place_classes": [{"name": "metro", "city": "Budapest"}]}}
    profile = Profile(tenant="one", name="One", settings=classes)
    store.commit_now(lambda connection: tenants.apply(connection, profile, now=0))


def imported(url: str, file: Path, text: str | bytes) -> tuple[int, list[Bad]]:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    faults: list[Bad] = []
    with open_store(url) as store:
        agreed(store)
        return import_file(store, file, bad=faults.append, done=lambda _read: None), faults


def test_rows_are_found_by_offering_for_their_tenant_and_for_everybody(store_url: str, tmp_path: Path) -> None:
    assert imported(store_url, tmp_path / "book.csv", GOOD) == (2, [])
    with open_store(store_url) as store:
        one, other = (store.query_now(lambda c, name=name: prices.of_offering(c, name, "OFF-1"))  # type: ignore[misc]
                      for name in ("one", "other"))
    assert [str(row.amount) for row in one.rows] == ["129.90", "99"]
    assert [str(row.amount) for row in other.rows] == ["129.90"], "prices of another tenant are nobody else's"


def test_a_file_can_be_imported_again_and_new_amounts_take_the_place_of_old_ones(store_url: str,
                                                                                 tmp_path: Path) -> None:
    imported(store_url, tmp_path / "book.csv", GOOD)
    assert imported(store_url, tmp_path / "book.csv", GOOD.replace("129.90", "139.90")) == (2, [])
    with open_store(store_url) as store:
        assert store.query_now(prices.offerings) == [("*", "OFF-1", 1), ("one", "OFF-1", 1)]
        (row,) = store.query_now(lambda c: prices.of_offering(c, "other", "OFF-1")).rows
        assert str(row.amount) == "139.90"
        assert store.commit_now(lambda c: prices.drop(c, "one", "OFF-1")) == 1


def test_a_list_is_the_same_until_somebody_changes_it(sqlite_url: str, tmp_path: Path) -> None:
    imported(sqlite_url, tmp_path / "book.csv", GOOD)
    with open_store(sqlite_url) as store:
        def read() -> PriceList:
            return store.query_now(lambda connection: prices.of_offering(connection, "other", "OFF-1"))

        before = read()
        assert read() is before
        imported(sqlite_url, tmp_path / "book.csv", GOOD.replace("129.90", "139.90"))
        assert [str(row.amount) for row in read().rows] == ["139.90"], "as another process would import them"


def test_bad_rows_are_told_with_their_line_and_skipped(sqlite_url: str, tmp_path: Path) -> None:
    text = GOOD + ("*,OFF-2,,,,Access,recurring,ten,EUR,month,\n*,OFF-2,,,,Fee,non_recurring,5,EURO,,\n"
                   "1,2,3,4,5,6,7,8,9,10,11,12\n")
    kept, faults = imported(sqlite_url, tmp_path / "book.csv", text)
    assert kept == 2
    assert [(one.line, one.column) for one in faults] == [(4, "amount"), (5, "currency"), (6, "")]


@pytest.mark.parametrize(("row", "column", "reason"), [
    ("two,OFF-1,,,,Access,recurring,5,EUR,month,", "tenant", "there is no tenant two"),
    ("one,OFF-1,rural,,,Access,recurring,5,EUR,month,", "place_class", "that tenant has no such class of places"),
    ("*,OFF-1,rural,,,Access,recurring,5,EUR,month,", "place_class", "no tenant has such a class of places"),
    (b"*,OFF-1,,,,Acc\xe8s,recurring,5,EUR,month,", "", "a value is not readable text of at most 1000 characters"),
    ("*,OFF-1,,,,A\rB,recurring,5,EUR,month,", "", "a line ends within a value that has no quotes"),
    (f"*,OFF-1,,,,{'x' * 200_000},recurring,5,EUR,month,", "", "a value has more than 131072 characters"),
])
def test_what_nobody_has_and_what_cannot_be_read_is_told_with_its_line(sqlite_url: str, tmp_path: Path,
                                                                       row: str | bytes, column: str,
                                                                       reason: str) -> None:
    good = "*,OFF-1,metro,,,Access,recurring,4,EUR,month,\none,OFF-1,metro,,,Access,recurring,4,EUR,month,\n"
    text = (HEAD + good).encode() + (row.encode() if isinstance(row, str) else row) + b"\n"
    kept, faults = imported(sqlite_url, tmp_path / "book.csv", text)
    assert kept == 2
    assert [(one.line, one.column, one.reason) for one in faults] == [(4, column, reason)]


@pytest.mark.parametrize("text", [b'tenant,offering\r"x\ry', b"\xff\xfet\x00e\x00", b""])
def test_what_is_no_table_is_refused_whole(sqlite_url: str, tmp_path: Path, text: bytes) -> None:
    with pytest.raises(NotUnderstood):
        imported(sqlite_url, tmp_path / "book.csv", text)


def test_a_byte_order_mark_is_no_part_of_the_first_column(sqlite_url: str, tmp_path: Path) -> None:
    assert imported(sqlite_url, tmp_path / "book.csv", "\ufeff" + GOOD) == (2, [])


def test_a_file_with_other_columns_is_refused_whole(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        imported(sqlite_url, tmp_path / "book.csv", "offering,price\nOFF-1,5\n")
    assert {(one.pointer, one.code) for one in refused.value.findings} == {
        ("/name", "missingProperty"), ("/kind", "missingProperty"), ("/amount", "missingProperty"),
        ("/currency", "missingProperty"), ("/price", "unexpectedProperty")}


def test_the_command_tells_what_it_kept_and_what_it_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSO_VAR", str(tmp_path))
    from lso.settings import settings

    settings.cache_clear()
    file = tmp_path / "book.csv"
    with open_store(settings().store_url) as store:
        agreed(store)
    file.write_text(GOOD + "*,OFF-2,,,,Access,recurring,ten,EUR,month,\n", encoding="utf-8")
    try:
        told = CliRunner().invoke(main, ["prices", "import", str(file)])
        assert told.exit_code == 0, told.output
        assert "2 prices kept, 1 faults" in told.output
        assert "line 4: amount" in told.output
        assert "one\tOFF-1\t1" in CliRunner().invoke(main, ["prices", "list"]).output
        assert "1 prices removed" in CliRunner().invoke(main, ["prices", "remove", "OFF-1", "--tenant", "one"]).output
    finally:
        settings.cache_clear()
