"""Every table passes the checker and accounts for the whole of both specifications; the numbers are printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lso.lens.catalogue import Specifications, lawful, tables
from lso.lens.check import check
from lso.lens.table import Table
from lso.settings import data_folder

VERBS = Path(__file__).parent / "tables"
FOLDERS = {"mappings": (data_folder("mappings"), data_folder("specs")), "verbs": (VERBS, VERBS)}
TABLES = [(name, table) for name, (folder, _) in FOLDERS.items() for table in tables(folder)]


@pytest.mark.parametrize(("folder", "table"), TABLES, ids=[table.name for _, table in TABLES])
def test_a_table_passes_the_checker_and_covers_both_specifications(folder: str, table: Table) -> None:
    known = lawful(data_folder("mappings")) | {"span"}
    report = check(table, *Specifications(FOLDERS[folder][1]).of(table), tested=known)
    print(report)
    assert not report.errors, "\n".join(map(str, report.errors))
    assert [one.share for one in report.coverage] == [1.0, 1.0]


def test_there_is_a_table_for_every_dialect_that_orders() -> None:
    assert {"sonata.order", "cantata.order", "tmf.order", "tmf.order+ext"} <= {table.name for _, table in TABLES}
