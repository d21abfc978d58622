"""Our validators against Connexion's own: whatever the stock validator refuses, ours refuses too."""

from __future__ import annotations

import copy
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lso.dialects.edition import load_editions
from lso.gateway.framework import OpenAPISpecification
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from tests.gateway.paths import SPECS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from connexion.json_schema import Draft4RequestValidator
    from connexion.operations import OpenAPIOperation
    from connexion.resolver import Resolver

SAMPLES = Path(__file__).parent.parent / "samples"
EDITIONS = {edition.edition: edition for edition in load_editions(SPECS)}
PRODUCTS = load_products(SPECS / "products")
ODD = st.sampled_from([None, "", "x", 0, -1, 1.5, True, [], {}, [None], {"@type": "x"}, "2026-01-01T00:00:00Z", 2**70])
PAIRS = {"sonata.grace.order": "sonata", "tmf.v4.order": "tmf"}


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path] * bool(path) + [place for key, value in children for place in places(value, (*path, key))]


@st.composite
def disturbed(draw: st.DrawFn, folder: str) -> Any:
    """A sample order in which a few members are gone or say something odd."""
    files = sorted((SAMPLES / folder).glob("*.json"))
    document = copy.deepcopy(json.loads(draw(st.sampled_from(files)).read_text()))
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(places(document) or [("x",)]))
        node = document
        for key in path[:-1]:
            node = node[key]
        if draw(st.booleans()) and isinstance(node, dict):
            node.pop(path[-1], None)
        else:
            node[path[-1]] = draw(ODD)
    return document


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("edition", PAIRS)
def test_whatever_the_stock_validator_refuses_is_refused(edition: str) -> None:
    mounted = EDITIONS[edition]
    specification = load(SPECS / mounted.document)
    document = specification.mounted(base_path="/x", version="1", unrouted=mounted.unrouted)
    stock_operation = OpenAPIOperation.from_spec(
        OpenAPISpecification(document), path="/productOrder", method="post", resolver=Resolver(lambda _: print)
    )
    stock = Draft4RequestValidator(stock_operation.body_schema("application/json"))
    ours = Validators(specification, PRODUCTS, mounted.products).body("/productOrder", "post")
    assert ours is not None
    accepted = 0

    @given(disturbed(PAIRS[edition]))
    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    def agree(order: Any) -> None:
        nonlocal accepted
        if ours.is_valid(order):
            accepted += 1
            assert stock.is_valid(order)
            assert ours.findings(order) == ()
        else:
            assert ours.findings(order)

    agree()
    assert accepted
