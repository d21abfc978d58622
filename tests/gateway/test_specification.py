"""Loading specifications: bundling, normalising, and published files in place of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lso.gateway.bundle import SpecificationError, follow
from lso.gateway.specification import SCHEME, load
from tests.gateway.paths import ORDERS, PUBLISHED_ORDERS, PUBLISHED_TMF, SPECS, published


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        found = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return found + [one for value in node.values() for one in references(value)]
    return [one for element in node for one in references(element)] if isinstance(node, list) else []


@pytest.mark.parametrize("file", sorted(SPECS.glob("*/*.yaml")), ids=lambda file: file.name)
def test_every_reference_of_a_loaded_document_is_local_and_leads_somewhere(file: Path) -> None:
    if file.parent.name in ("products", "soap") or file.stem == "common":
        pytest.skip("a part of other documents, or no OpenAPI document")
    document = load(file).document
    for reference in references(document):
        assert reference.startswith("#/")
        assert follow(document, reference[1:]) is not None


def test_media_types_lose_their_parameters() -> None:
    post = load(ORDERS).document["paths"]["/productOrder"]["post"]
    assert list(post["requestBody"]["content"]) == ["application/json"]
    assert list(load(ORDERS).document["components"]["responses"]["Error422"]["content"]) == ["application/json"]


def test_every_operation_needs_its_own_scope_unless_it_is_open_to_all() -> None:
    for operation in load(ORDERS).operations():
        assert operation.body["security"] == [{SCHEME: [operation.name]}]
    for operation in load(SPECS / "platform" / "health.yaml").operations():
        assert operation.public


def test_what_changes_something_and_is_no_patch_takes_an_idempotency_key() -> None:
    for operation in load(ORDERS).operations():
        headers = [parameter["name"] for parameter in operation.body.get("parameters", ()) if "name" in parameter]
        assert ("Idempotency-Key" in headers) == (operation.method in {"post", "put", "delete"})


def test_the_file_itself_is_not_changed_by_loading() -> None:
    before = ORDERS.read_bytes()
    load(ORDERS).mounted(base_path="/x", version="9")
    assert ORDERS.read_bytes() == before
    assert load(ORDERS).document["info"]["version"] != "9"


def test_paths_that_the_subscriber_serves_are_not_mounted_but_known() -> None:
    specification = load(SPECS / "tmf" / "TMF622-ProductOrder-v4.yaml")
    mounted = specification.mounted(base_path="/tmf", version="4", unrouted=("/listener/*",))
    assert not any(path.startswith("/listener") for path in mounted["paths"])
    assert any(path.startswith("/listener") for path in specification.document["paths"])


def test_the_mounted_document_says_where_it_is_and_which_version() -> None:
    mounted = load(ORDERS).mounted(base_path="/mefApi/x/v5", version="5.0.0", server="https://lso.example")
    assert mounted["servers"] == [{"url": "https://lso.example/mefApi/x/v5"}]
    assert mounted["info"]["version"] == "5.0.0"


def test_the_published_order_document_loads_like_ours() -> None:
    theirs = load(published(PUBLISHED_ORDERS))
    assert {one.name for one in theirs.operations()} == {one.name for one in load(ORDERS).operations()}


def test_swagger_two_is_read_as_openapi() -> None:
    theirs = load(published(PUBLISHED_TMF))
    create = next(one for one in theirs.operations() if one.name == "createProductOrder")
    body = create.body["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/ProductOrder_Create"}
    assert 201 in create.declared
    assert theirs.document["openapi"].startswith("3.0")


def test_references_among_files_may_share_names(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("components: {schemas: {Thing: {type: integer}}}")
    (tmp_path / "api.yaml").write_text(json.dumps({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": {"Thing": {"type": "string"},
                                   "Both": {"properties": {"a": {"$ref": "#/components/schemas/Thing"},
                                                           "b": {"$ref": "other.yaml#/components/schemas/Thing"}}}}},
    }))  # fmt: skip
    schemas = load(tmp_path / "api.yaml").document["components"]["schemas"]
    kinds = {name: follow({"components": {"schemas": schemas}}, part["$ref"][1:])["type"]
             for name, part in schemas["Both"]["properties"].items()}  # fmt: skip
    assert kinds == {"a": "string", "b": "integer"}


def test_another_version_of_openapi_is_refused_at_start(tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n")
    with pytest.raises(SpecificationError):
        load(tmp_path / "new.yaml")
