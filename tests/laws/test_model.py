"""A document that the door, the mapping and the rules have nothing against fits the canonical model.

Where a dialect's orders are not completed from the profile, the service relies on it and does not hold each order
against the model once more. Documents are generated from the specification and disturbed; those count that are valid.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from pydantic import ValidationError

from lso.canonical.order import Order
from lso.dialects.book import book
from lso.dialects.edition import Edition
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validator, Validators
from lso.lens.catalogue import Specifications
from lso.lens.schema import SchemaNode
from lso.lifecycle.known import Known
from lso.lifecycle.rules import catalogue
from lso.service import draft as drafts
from lso.settings import data_folder
from tests.laws.difference import shrink
from tests.laws.direction import DOCUMENTS
from tests.laws.disturb import disturb
from tests.laws.generate import TEXTS, Generator

Document = dict[str, Any]
BOOK = book()
RELIED_ON = [edition for edition in BOOK.editions if edition.resource == "order" and edition.mapping
             and not catalogue().completes(edition.dialect)]
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


def test_what_the_schema_allows_and_the_mapping_can_read_fits_the_model(edition: Edition) -> None:
    tried = fitting = 0
    for seed, document in _documents(edition):
        tried += 1
        if not accepted(edition, document):
            continue
        fitting += 1
        if not fits(edition, document):
            small = shrink(document, lambda one: accepted(edition, one) and not fits(edition, one))
            pytest.fail(f"{edition.edition}, seed {seed}: {json.dumps(small, ensure_ascii=False)}")
    assert fitting > LEAST_VALID * tried


@pytest.fixture(params=RELIED_ON, ids=lambda edition: edition.edition)
def edition(request: pytest.FixtureRequest) -> Edition:
    found: Edition = request.param
    return found


def accepted(edition: Edition, document: Document) -> bool:
    """Whether neither the door nor the mapping has anything against a document that an order is refused for."""
    if not _validator(edition).is_valid(document):
        return False
    draft = drafts.read(BOOK, edition, document, extended=False)
    told = {finding.pointer for finding in draft.findings}
    return told.isdisjoint(finding.pointer for finding in drafts.examine(draft, Known(), ()))


def fits(edition: Edition, document: Document) -> bool:
    try:
        Order.model_validate(drafts.read(BOOK, edition, document, extended=False).document)
    except ValidationError:
        return False
    return True


@lru_cache
def _validator(edition: Edition) -> Validator:
    folder = data_folder("specs")
    validators = Validators(load(folder / edition.document), load_products(folder / "products"), edition.products)
    found = validators.body("/productOrder", "post")
    assert found is not None
    return found


def _documents(edition: Edition) -> Iterator[tuple[int, Document]]:
    specifications = Specifications(data_folder("specs"))
    table = BOOK.mapping(edition.mapping or "").table
    theirs, _ = specifications.of(table)
    for seed in range(DOCUMENTS):
        draw = random.Random(seed)
        document = Careful(draw).document(theirs)
        yield seed, disturb(draw, document) if draw.random() < 0.7 else document
