"""The flattened twin agrees with the faithful schema about every product and every body that is mounted."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from lso.dialects.edition import load_editions
from lso.gateway.product import load_products
from lso.gateway.schema import Rewriter
from lso.gateway.specification import load
from lso.gateway.stranger import Strangers
from lso.gateway.validator import Validator, Validators
from tests.gateway.draft import Drafter, mended
from tests.gateway.paths import SPECS
from tests.laws.disturb import disturb, places

PRODUCTS = load_products(SPECS / "products")
EDITIONS = {edition.edition: edition for edition in load_editions(SPECS)}
DRAFTS = 16


@pytest.mark.parametrize("urn", sorted(PRODUCTS.references))
def test_twins_agree_about_every_product(urn: str) -> None:
    schemas = Rewriter(PRODUCTS.schemas).rewritten()
    reference = {"$ref": PRODUCTS.references[urn]}
    answers = list(_answers(Validator(reference, schemas, Strangers(schemas, {}), quick=True), urn))
    assert set(answers) == {True, False}, "some are valid and some are not"


@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_twins_agree_about_every_body(edition: str) -> None:
    mounted = EDITIONS[edition]
    products = PRODUCTS if mounted.products is not None else None
    validators = Validators(load(SPECS / mounted.document), products, mounted.products)
    for path, item in validators.paths.items():
        for method in item:
            judge = validators.body(path, method) if method in ("post", "patch", "put", "delete") else None
            if judge is not None:
                answers = list(_answers(judge, f"{edition} {method} {path}"))
                assert True in answers, f"{method} {path}: none is valid"


def _answers(judge: Validator, seed: str) -> Iterator[bool]:
    """What both say, of drafts, of the same a little changed, and of the same spoilt."""
    draw = random.Random(seed)
    drafter = Drafter(draw, judge._schemas)
    for _ in range(DRAFTS):
        drafted = drafter.document(judge._schema)
        whole = mended(copy.deepcopy(drafted), judge._faithful)
        spoilt = (changed(draw, copy.deepcopy(whole)) for changed in (_changed, _changed, _changed, disturb))
        for document in (drafted, whole, *spoilt):
            answer = judge.is_valid(document)
            assert answer is judge._faithful.is_valid(document), json.dumps(document)
            yield answer


def _changed(draw: random.Random, changed: Any) -> Any:
    """With a member less, a value of another place, an element twice, a bound exceeded, or a stranger."""
    found = places(changed)
    for here, key in draw.sample(found, min(len(found), draw.randrange(1, 3))):
        chance, (there, other) = draw.random(), draw.choice(found)
        if isinstance(here, list):
            here.append(copy.deepcopy(here[-1]))
        elif key in here and chance < 0.4:
            del here[key]
        elif chance < 0.6 and (isinstance(there, list) or other in there):
            here[key] = copy.deepcopy(there[other])
        elif chance < 0.8:
            here[key] = draw.choice([-1, 0, 1, 70000, 0.5, "", "é", [], {}, None, True])
        else:
            here["stranger"] = 1
    return changed
