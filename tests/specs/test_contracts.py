"""The contracts say what the published standards say, in our words, and are in order in themselves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from contracts import (
    DIFF,
    DOCUMENTS,
    EDITIONS,
    FILES,
    INDEX,
    PUBLISHED,
    SPECS,
    STANDARDS,
    follow,
    inlined,
    load,
    name,
    nodes,
    operations,
    sentences,
)

CONNEXION = Path(find_spec("connexion").submodule_search_locations[0])
OPENAPI = CONNEXION / "resources" / "schemas" / "v3.0" / "schema.json"


def published(file: str) -> Path:
    path = STANDARDS / file
    if not path.exists():
        pytest.skip(f"the published {file} is not beside the project")
    return path


def published_product(urn: str) -> Path:
    for path in sorted((STANDARDS / "products").rglob("*.yaml")):
        if urn in path.read_text(encoding="utf-8") and load(path).get("$id") == urn:
            return path
    pytest.skip(f"the published schema of {urn} is not beside the project")


def assert_same_facts(ours: Path, theirs: Path, accepted: Path | None = None) -> None:
    if not DIFF.exists():
        pytest.skip("spec_diff.py is not beside the project")
    command = [sys.executable, str(DIFF), str(ours), str(theirs)]
    result = subprocess.run(
        [*command, *(["--ignore", str(accepted)] if accepted else [])], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert int(result.stdout.split(" facts compared")[0].split()[-1]) > 0


@pytest.mark.parametrize("document", PUBLISHED)
def test_a_document_has_every_fact_of_the_standard_and_no_other(document: str) -> None:
    accepted = SPECS / document.split("/", maxsplit=1)[0] / "accepted_differences.txt"
    main = SPECS / "accepted_differences.txt"
    assert_same_facts(SPECS / document, published(PUBLISHED[document]), accepted if accepted.exists() else main)


def test_every_published_product_has_a_schema() -> None:
    theirs = {load(path).get("$id") for path in (STANDARDS / "products").rglob("*.yaml")} - {None}
    if not theirs:
        pytest.skip("no published product schema is beside the project")
    assert theirs <= set(INDEX["schemas"])


@pytest.mark.parametrize("urn", INDEX["schemas"])
def test_a_product_schema_has_every_fact_of_the_standard_and_no_other(urn: str) -> None:
    assert_same_facts(SPECS / "products" / INDEX["schemas"][urn], published_product(urn))


@pytest.mark.parametrize("urn", INDEX["schemas"])
def test_a_product_schema_has_every_keyword_of_the_standard(urn: str) -> None:
    ours, theirs = SPECS / "products" / INDEX["schemas"][urn], published_product(urn)
    assert inlined(load(ours), ours) == inlined(load(theirs), theirs)


def test_without_its_marked_additions_the_native_document_is_the_published_one(tmp_path: Path) -> None:
    theirs = published(PUBLISHED["native/internetOnDemand.yaml"])

    def bare(node: Any) -> Any:
        if isinstance(node, dict):
            return {k: bare(v) for k, v in node.items() if not (isinstance(v, dict) and v.get("x-added"))}
        if isinstance(node, list):
            return [bare(v) for v in node if not (isinstance(v, dict) and v.get("x-added"))]
        return node

    stripped = tmp_path / "native.yaml"
    stripped.write_text(yaml.safe_dump(bare(load(SPECS / "native/internetOnDemand.yaml"))), encoding="utf-8")
    assert_same_facts(stripped, theirs)


def test_no_addition_to_the_native_document_is_required() -> None:
    for node in nodes(load(SPECS / "native/internetOnDemand.yaml")):
        assert not (node.get("x-added") and node.get("required") is True)
        for member, schema in (node.get("properties") or {}).items():
            assert not (isinstance(schema, dict) and schema.get("x-added") and member in node.get("required", ()))


@pytest.mark.parametrize("document", PUBLISHED)
def test_every_component_of_the_standard_keeps_its_name(document: str) -> None:
    theirs = load(published(PUBLISHED[document]))
    here = load(SPECS / document)
    files = {follow(node["$ref"], SPECS / document)[1] for node in nodes(here) if isinstance(node.get("$ref"), str)}
    ours = {title for file in {SPECS / document, *files} for title in load(file)["components"]["schemas"]}
    assert set(theirs.get("components", {}).get("schemas", {})) | set(theirs.get("definitions", {})) <= ours


def phrases(sentence: str) -> set[tuple[str, ...]]:
    """Every eight words that follow one another."""
    found = re.findall(r"[\w@']+", sentence.lower())
    return {tuple(found[i : i + 8]) for i in range(len(found) - 7)}


@cache
def published_phrases(folder: str) -> set[tuple[str, ...]]:
    """What the published files beside the project say in place of the documents in one of our folders."""
    files = [STANDARDS / theirs for ours, theirs in PUBLISHED.items() if ours.startswith(f"{folder}/")]
    files += (STANDARDS / "products").rglob("*.yaml") if folder == "products" else ()
    return {p for file in files if file.exists() for sentence in sentences(load(file)) for p in phrases(sentence)}


@pytest.mark.parametrize("file", [f for f in FILES if name(f).split("/")[0] not in ("platform", "soap")], ids=name)
def test_the_words_are_ours(file: Path) -> None:
    theirs = published_phrases(name(file).split("/")[0])
    if not theirs:
        pytest.skip("no published file is beside the project")
    for sentence in sentences(load(file)):
        assert not phrases(sentence) & theirs, sentence


@pytest.mark.parametrize("file", FILES, ids=name)
def test_every_reference_leads_somewhere(file: Path) -> None:
    for node in nodes(load(file)):
        if isinstance(node.get("$ref"), str):
            assert follow(node["$ref"], file)[0] is not None
        if isinstance(node.get("discriminator"), dict):
            for target in (node["discriminator"].get("mapping") or {}).values():
                assert follow(target, file)[0] is not None


@pytest.mark.parametrize("file", DOCUMENTS, ids=name)
def test_a_document_is_valid_openapi_3_0(file: Path) -> None:
    validator = jsonschema_rs.Draft4Validator(json.loads(OPENAPI.read_text(encoding="utf-8")))
    assert [f"{list(e.instance_path)}: {e.message[:200]}" for e in validator.iter_errors(load(file))] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=name)
def test_every_operation_is_named_and_summed_up(file: Path) -> None:
    names = [operation.get("operationId") for _, _, operation, _ in operations(load(file))]
    assert None not in names
    assert len(names) == len(set(names))
    for path, method, operation, item in operations(load(file)):
        assert operation.get("summary"), f"{method} {path}"
        parameters = [
            follow(p["$ref"], file)[0] if "$ref" in p else p
            for p in [*item.get("parameters", ()), *operation.get("parameters", ())]
        ]
        declared = {p["name"] for p in parameters if p["in"] == "path"}
        assert declared == set(re.findall(r"\{(.*?)\}", path)), f"{method} {path}"


@pytest.mark.parametrize("file", FILES, ids=name)
def test_every_schema_is_described(file: Path) -> None:
    document = load(file)
    schemas = {**(document.get("components") or {}).get("schemas", {}), **document.get("definitions", {})}
    if "$id" in document:
        schemas[document["$id"]] = document
    assert [key for key, schema in schemas.items() if not schema.get("description")] == []


@pytest.mark.parametrize("file", sorted((SPECS / "sonata").glob("*.yaml")), ids=name)
def test_one_document_serves_both_dialects_of_the_partners(file: Path) -> None:
    assert "servers" not in load(file)
    for sentence in sentences(load(file)):
        assert not re.search(r"sonata|cantata", sentence, re.IGNORECASE), sentence


def test_the_index_of_products_is_complete_and_true() -> None:
    for urn, file in INDEX["schemas"].items():
        assert load(SPECS / "products" / file)["$id"] == urn
    named = {load(file)["$id"] for file in FILES if "$id" in load(file)}
    assert named == set(INDEX["schemas"])
    for alias, urn in INDEX["aliases"].items():
        assert alias not in INDEX["schemas"]
        assert urn in INDEX["schemas"]


def test_every_edition_can_be_mounted() -> None:
    editions = EDITIONS["editions"]
    assert len({e["edition"] for e in editions}) == len(editions)
    for edition in editions:
        paths = load(SPECS / edition["document"])["paths"]
        for pattern in edition["unrouted"]:
            assert any(fnmatchcase(path, pattern) for path in paths), pattern
        assert edition["audience"] in ("pil", "sil", "any")
        assert edition["products"] is None or edition["products"] in EDITIONS["products"]
        if edition["notification"]:
            assert load(SPECS / edition["notification"]["document"])["paths"]
    mounted = [
        (e["audience"], e["base_path"] + path) for e in editions for path in load(SPECS / e["document"])["paths"]
    ]
    assert len(set(mounted)) == len(mounted)


def test_products_between_carriers_stay_between_carriers() -> None:
    for dialect, urns in EDITIONS["products"].items():
        assert set(urns) <= set(INDEX["schemas"])
        if dialect != "sonata":
            assert not any(":spec:sonata:" in urn for urn in urns)
