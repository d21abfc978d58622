"""A document of ours judges what is sent as the published one does: the same is valid, and wrong at the same places."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from contracts import PUBLISHED, SHARED, SPECS, STANDARDS

from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validator, Validators
from lso.lens.reference import Documents
from lso.lens.schema import SchemaNode, schema_at
from tests.laws.disturb import disturb
from tests.laws.generate import Generator

PRODUCTS = load_products(SPECS / "products")
MADE = 60
BODIES = [
    (file, operation.path, operation.method)
    for file in PUBLISHED
    if not file.startswith("native/")
    for operation in load(SPECS / file).operations()
    if "requestBody" in operation.body
]
SAMPLES = SHARED / "samples"
INDEX = json.loads((SAMPLES / "index.json").read_text(encoding="utf-8")) if SAMPLES.exists() else []
HOMES = {path: file for file, path, method in BODIES if method == "post" and file.startswith("sonata/")}


@cache
def judge(file: Path, path: str, method: str) -> Validator:
    if not file.exists():
        pytest.skip(f"the published {file.name} is not beside the project")
    validator = Validators(load(file), PRODUCTS, None).body(path, method)
    assert validator is not None
    return validator


def faults(file: Path, path: str, method: str, document: Any, *, strict: bool = False) -> set[tuple[str, str]]:
    found = judge(file, path, method).findings(document, strict=strict)
    return {(finding.pointer, finding.code) for finding in found}


def body(file: str, path: str, method: str) -> SchemaNode:
    document = load(SPECS / file).document
    (media,) = document["paths"][path][method]["requestBody"]["content"]
    steps = ("paths", path, method, "requestBody", "content", media, "schema")
    at = "/".join(step.replace("/", "~1") for step in steps)
    return schema_at(Documents({file: document}.__getitem__), f"{file}#/{at}")


@pytest.mark.parametrize(("file", "path", "method"), BODIES, ids=[" ".join(one) for one in BODIES])
def test_what_is_made_from_our_document_is_judged_alike(file: str, path: str, method: str) -> None:
    node = body(file, path, method)
    for seed in range(MADE):
        draw = random.Random(f"{path} {seed}")
        document = Generator(draw, density=0.5).document(node)
        if seed % 3 == 0:
            document = disturb(draw, document)
        theirs = faults(STANDARDS / PUBLISHED[file], path, method, document)
        assert faults(SPECS / file, path, method, document) == theirs, json.dumps(document)


@pytest.mark.parametrize("sample", INDEX, ids=[one["file"] for one in INDEX])
def test_a_published_sample_is_faultless_exactly_where_it_is_said_to_be(sample: dict[str, Any]) -> None:
    path = "/" + sample["path"].rpartition("/")[2]
    ours, theirs = SPECS / HOMES[path], STANDARDS / PUBLISHED[HOMES[path]]
    document = json.loads((SAMPLES / sample["file"]).read_text(encoding="utf-8"))
    found = faults(ours, path, "post", document, strict=True)
    assert found == faults(theirs, path, "post", document, strict=True)
    assert (not found) is sample["valid_against_spec"]
    corrected = SAMPLES / "corrected" / sample["file"]
    if corrected.exists():
        assert faults(ours, path, "post", json.loads(corrected.read_text(encoding="utf-8")), strict=True) == set()
