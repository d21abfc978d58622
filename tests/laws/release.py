"""Tables between releases of one dialect, and the older documents, which are published but not part of the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from lso.lens import load_table
from lso.lens.reference import Documents
from lso.lens.schema import SchemaNode, schema_at
from lso.lens.table import Table
from lso.settings import data_folder

PUBLISHED = Path(__file__).parents[3] / "shared" / "standards"


def changes() -> tuple[Table, ...]:
    """Every table between releases."""
    folder = data_folder("mappings")
    return tuple(load_table(file, folder=folder) for file in sorted(folder.glob("*/changes/*.yaml")))


def specifications_of(table: Table) -> tuple[SchemaNode, SchemaNode] | None:
    """Both specifications, the newer from the project; None where the older one is not beside it."""
    older, newer = table.specs
    if not (PUBLISHED / older.partition("#")[0]).is_file():
        return None
    return schema_at(Documents(_published), older), schema_at(Documents(_ours), newer)


def _published(name: str) -> Any:
    return yaml.load((PUBLISHED / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _ours(name: str) -> Any:
    return yaml.load((data_folder("specs") / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
