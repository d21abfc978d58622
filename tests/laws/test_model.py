"""A document that the door, the mapping and the rules have nothing against fits the canonical model.

Where what a dialect asks for is not completed from the profile, the services rely on it and do not hold each order and
each request beside it against the model once more. Documents are generated from the specification and disturbed; those
count that are valid.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from pydantic import ValidationError

from lso.canonical.model import Model
from lso.canonical.order import Order
from lso.canonical.resource import MODELS as RESOURCES
from lso.dialects.book import book
from lso.dialects.edition import Edition
from lso.errors import Finding
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validator, Validators
from lso.lens.catalogue import Specifications
from lso.lens.schema import SchemaNode
from lso.lifecycle.known import Known
from lso.lifecycle.placing import placing
from lso.lifecycle.rules import catalogue
from lso.service import draft as drafts
from lso.service.draft import Draft
from lso.settings import data_folder
from tests.laws.difference import shrink
from tests.laws.direction import DOCUMENTS
from tests.laws.disturb import disturb
from tests.laws.generate import TEXTS, Generator

Document = dict[str, Any]
Placed = tuple[Edition, str]
BOOK = book()
MODELS: dict[str, type[Model]] = {"order": Order, **RESOURCES}
PLACED = ("order", "cancellation", "delivery_date", "qualification", "quote")
RELIED_ON = [(edition, kind) for edition in BOOK.editions for kind in (edition.resource, *edition.further)
             if kind in PLACED and edition.mapping and not catalogue().completes(edition.dialect)]
LEAST_VALID = 0.1
FORMATS = {"uri": ["https://places.example/a.json"],
           "date-time": ["2024-03-01T10:00:00Z", "2024-03-01T12:00:00.123456+02:00", "2024-03-01t10:00:00z",
                         "2024-12-31T23:59:60Z"]}


class Careful(Generator):
    """Keeps to the words and formats of a specification, so that a good part of what it makes is valid."""

    def object(self, node: SchemaNode, depth: int) -> Document:
        found = super().object(node, depth)
        return {name: value for name, value in found.items()
                if name not in node.members or not node.members[name].opaque}

    def list(self, node: SchemaNode, depth: int) -> list[Any]:
        return super().list(node, depth) or ([self.value(node.items, depth + 1)] if node.items else [])

    def text(self, node: SchemaNode, depth: int) -> str:
        if node.words is not None:
            return str(self.draw.choice(node.words))
        return self.draw.choice(FORMATS.get(node.format or "", TEXTS))


def test_what_the_schema_allows_and_the_mapping_can_read_fits_the_model(placed: Placed) -> None:
    edition, kind = placed
    tried = fitting = 0
    for seed, document in _documents(edition, kind):
        tried += 1
        if not accepted(edition, kind, document):
            continue
        fitting += 1
        if not fits(edition, kind, document):
            small = shrink(document, lambda one: accepted(edition, kind, one) and not fits(edition, kind, one))
            pytest.fail(f"{edition.edition}, {kind}, seed {seed}: {json.dumps(small, ensure_ascii=False)}")
    assert fitting > LEAST_VALID * tried


@pytest.fixture(params=RELIED_ON, ids=lambda placed: f"{placed[0].edition}-{placed[1]}")
def placed(request: pytest.FixtureRequest) -> Placed:
    found: Placed = request.param
    return found


def accepted(edition: Edition, kind: str, document: Document) -> bool:
    """Whether neither the door nor the mapping has anything against a document that it is refused for."""
    if not _validator(edition, kind).is_valid(document):
        return False
    draft = _read(edition, kind, document)
    told = {finding.pointer for finding in draft.findings}
    return told.isdisjoint(finding.pointer for finding in _examined(draft, kind))


def fits(edition: Edition, kind: str, document: Document) -> bool:
    try:
        MODELS[kind].model_validate(_read(edition, kind, document).document)
    except ValidationError:
        return False
    return True


def _read(edition: Edition, kind: str, document: Document) -> Draft:
    return drafts.read(BOOK, edition, document, extended=False, resource=None if kind == "order" else kind)


def _examined(draft: Draft, kind: str) -> tuple[Finding, ...]:
    if kind == "order":
        return drafts.examine(draft, Known(), ())
    missed = placing(kind).examine(draft.document, draft.edition.dialect, Known())
    return drafts.gather(draft, draft.findings, (), missed)


@lru_cache
def _validator(edition: Edition, kind: str) -> Validator:
    folder = data_folder("specs")
    validators = Validators(load(folder / edition.document), load_products(folder / "products"), edition.products)
    found = validators.body(f"/{BOOK.resource(edition, kind).path}", "post")
    assert found is not None
    return found


def _documents(edition: Edition, kind: str) -> Iterator[tuple[int, Document]]:
    specifications = Specifications(data_folder("specs"))
    table = BOOK.mapping(edition.mapping_of(kind) or "").table
    theirs, _ = specifications.of(table)
    for seed in range(DOCUMENTS):
        draw = random.Random(seed)
        document = Careful(draw).document(theirs)
        yield seed, disturb(draw, document) if draw.random() < 0.7 else document
