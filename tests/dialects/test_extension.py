"""The extended TM Forum variant, and the schema that describes its extra members."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from lso.dialects import face
from lso.dialects.book import book
from lso.lens import Row, load_table
from lso.settings import data_folder
from tests.dialects.test_face import BASE, BOOK, SONATA, TMF, placed, sample

MAPPINGS = data_folder("mappings")
SCHEMA: dict[str, Any] = json.loads((data_folder("specs") / "tmf" / "MefProductOrder.schema.json").read_text())


def members(node: Any) -> set[str]:
    """Every member that a schema names, at any depth."""
    if isinstance(node, list):
        return set().union(*map(members, node))
    if not isinstance(node, dict):
        return set()
    return set(node.get("properties", {})) | set().union(*map(members, node.values()))


def extended_rows() -> list[Row]:
    table = load_table(MAPPINGS / "tmf" / "order.yaml", folder=MAPPINGS, variant="ext")
    return [row for rows in table.sets.values() for row in rows if row.how.get("ext") == "true"]


def test_the_schema_names_every_extra_member() -> None:
    written = {[part for part in path if part != "*"][-1] for row in extended_rows() for path in row.theirs}
    assert written <= members(SCHEMA)


@pytest.mark.parametrize("name", ["internet_held", "epl_add", "access_eline_add"])
def test_an_extended_order_fits_the_schema_and_says_where_it_is(name: str) -> None:
    order = placed(face.read(BOOK, SONATA, sample(f"sonata/{name}.json")).document)
    shown = face.show(BOOK, TMF, order, {}, base_url=BASE, extended=True)
    assert (shown["@type"], shown["@baseType"]) == ("MefProductOrder", "ProductOrder")
    assert shown["@schemaLocation"] == f"{BASE}/specs/tmf/MefProductOrder.schema.json"
    jsonschema_rs.Draft7Validator(SCHEMA, validate_formats=True).validate(shown)


def test_an_extended_order_leaves_only_folded_words_behind() -> None:
    order = placed(face.read(BOOK, SONATA, sample("sonata/epl_add.json")).document)
    written = book().mapping("tmf.order+ext").write(TMF_PREPARED(order, False))
    assert "rest" not in json.dumps(written.complement)


TMF_PREPARED = BOOK.dialect(TMF).prepare
