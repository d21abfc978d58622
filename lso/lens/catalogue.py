"""Every table of a folder of mappings, the specifications that tables name, and the samples of their conversions.

A folder of mappings holds `dialect/resource.yaml` tables, `words/`, row sets to be used by tables, and `laws.yaml`:
values that each codec and call is tried with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from lso.lens.load import EXTENDED, PLAIN, load_table
from lso.lens.reference import Documents, SchemaError
from lso.lens.schema import SchemaNode, model_schema, schema_at
from lso.lens.table import Table

MODELS = "canonical"


def tables(folder: Path) -> Iterator[Table]:
    """All tables, by name; the extended variant of those that have one follows the plain one."""
    for file in sorted(folder.glob("*/*.yaml")):
        if re.search("^mapping:", file.read_text(encoding="utf-8"), re.MULTILINE) is None:
            continue
        plain = load_table(file, folder=folder, variant=PLAIN)
        yield plain
        extended = load_table(file, folder=folder, variant=EXTENDED)
        if extended.sets != plain.sets:
            yield extended


class Specifications:
    """Opens what the `specs` of a table name: `file#/Schema` under a folder, `canonical.Model`, or
    `canonical.module.Model` where the module is not named after it."""

    def __init__(self, folder: Path) -> None:
        self._documents = Documents(lambda name: _read(folder / name))

    def schema(self, reference: str) -> SchemaNode:
        """The schema by its reference. Raises SchemaError."""
        package, _, name = reference.partition(".")
        if package != MODELS:
            return schema_at(self._documents, reference)
        home, _, name = name.rpartition(".")
        module = import_module(f"lso.{package}.{home or re.sub('(?<!^)(?=[A-Z])', '_', name).lower()}")
        model = getattr(module, name, None)
        if model is None:
            raise SchemaError(f"there is no {reference}")
        return model_schema(model)

    def of(self, table: Table) -> tuple[SchemaNode, SchemaNode]:
        """Both specifications of a table."""
        return self.schema(table.specs[0]), self.schema(table.specs[1])


def samples(folder: Path) -> dict[str, dict[str, Any]]:
    """The values each codec and call is tried with, from `laws.yaml`."""
    found: dict[str, dict[str, Any]] = _read(folder / "laws.yaml")
    return found


def lawful(folder: Path) -> frozenset[str]:
    """The codecs and calls that the laws try; the checker refuses a table that names another."""
    return frozenset(name for group in samples(folder).values() for name in group)


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
