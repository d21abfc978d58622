"""Tables that no code can be written for are refused at build time, with file and line; their first line says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from lso.lens import TableError, compile_mapping, load_table
from tests.lens.shop import CALLS, CODECS, TABLES

REFUSED = sorted((TABLES / "refused").glob("*.yaml"))


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_table_that_cannot_work_is_refused(path: Path) -> None:
    why = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    with pytest.raises(TableError) as refused:
        compile_mapping(load_table(path, folder=TABLES), CODECS, CALLS)
    assert why in str(refused.value)
    assert f"refused/{path.name}:" in str(refused.value)


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(TableError, match=r"nowhere\.yaml"):
        load_table(TABLES / "nowhere.yaml", folder=TABLES)
