"""The flattened twin of a schema accepts exactly what the faithful one accepts."""

from __future__ import annotations

import copy
import json
import random
from itertools import permutations, product
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from lso.dialects.edition import load_editions
from lso.gateway.flat import flat
from lso.gateway.product import load_products
from lso.gateway.schema import HERE
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from tests.gateway.paths import SPECS
from tests.laws.disturb import disturb, places

EDITIONS = {edition.edition: edition for edition in load_editions(SPECS)}
PRODUCTS = load_products(SPECS / "products")
SAMPLES = Path(__file__).parent.parent / "samples"
BODIES = [("sonata.grace.order", "sonata"), ("cantata.grace.order", "sonata"), ("tmf.v4.order", "tmf")]
TAGS = ["A", "B", "C"]
TEXT = {"type": "string"}


@pytest.mark.parametrize(("edition", "folder"), BODIES)
def test_twins_agree_about_orders_however_spoilt(edition: str, folder: str) -> None:
    mounted = EDITIONS[edition]
    products = PRODUCTS if mounted.products is not None else None
    judge = Validators(load(SPECS / mounted.document), products, mounted.products).body("/productOrder", "post")
    assert judge is not None
    draw = random.Random(7)
    samples = [json.loads(file.read_text()) for file in sorted((SAMPLES / folder).glob("*.json"))]
    words = [*PRODUCTS.references, *PRODUCTS.aliases, "FieldedAddress", "GeographicPoint", "GeographicAddressRef"]
    answers = []
    for number in range(3000):
        document = copy.deepcopy(samples[number % len(samples)])
        if number % 3 == 0:
            disturb(draw, document)
        else:
            for here, key in draw.sample(places(document), 2):
                _change(draw, here, key, words)
        answers.append(judge.is_valid(document))
        assert answers[-1] is judge._faithful.is_valid(document), json.dumps(document)
    assert 300 < sum(answers) < 2700, "some are valid and some are not"


def test_twins_agree_about_schemas_of_every_form() -> None:
    draw = random.Random(11)
    answers = []
    for _ in range(2000):
        schemas = {name: _schema(draw, 3) for name in "XYZ"}
        whole = {"components": {"schemas": schemas}}
        faithful = jsonschema_rs.Draft202012Validator({**whole, "$ref": HERE + "X"})
        twin = jsonschema_rs.Draft202012Validator(flat({"$ref": HERE + "X"}, schemas))
        for _ in range(30):
            document = _value(draw, 3)
            answers.append(faithful.is_valid(document))
            assert twin.is_valid(document) is answers[-1], json.dumps([schemas, document])
    assert 1000 < sum(answers) < len(answers) - 1000


REFERENCE = {"$ref": HERE + "X"}
TAGGED: dict[str, Any] = {"type": "object", "required": ["t"], "properties": {"t": {"enum": ["A", "B"]}}}
WHEN_A = {"if": {"properties": {"t": {"const": "A"}}, "required": ["t"]}}
ALONE = {"properties": {"a": TEXT}, "additionalProperties": False}
EXACT: dict[str, dict[str, Any]] = {
    "choice": {"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
               "properties": {"a": REFERENCE, "b": REFERENCE}},
    "choice of anything": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}],
                           "properties": {"a": REFERENCE, "b": REFERENCE}},
    "cases beside what closes": {**TAGGED, "additionalProperties": False, "allOf": [{**WHEN_A, "then": {}}]},
    "a case that closes": {**TAGGED, "allOf": [{**WHEN_A, "then": ALONE}]},
    "a case that needs more": {**TAGGED, "allOf": [{**WHEN_A, "then": {"required": ["a", "b", "t"]}}]},
    "a case of its own tag": {**TAGGED, "allOf": [{**WHEN_A, "then": {"properties": {"t": {"enum": ["B"]}}}}]},
    "many required": {"type": "object", "properties": {"a": TEXT}, "required": ["a", "b", "t", "x"]},
    "none twice": {"type": "array", "uniqueItems": True, "maxItems": 2, "minItems": 0},
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_twins_agree_about_forms_that_are_rare(name: str) -> None:
    schemas = {"X": {"anyOf": [TEXT], "pattern": "."}, "Y": {"type": "array", "items": REFERENCE}}
    faithful = jsonschema_rs.Draft202012Validator({**EXACT[name], "components": {"schemas": schemas}})
    twin = jsonschema_rs.Draft202012Validator(flat(EXACT[name], schemas))
    texts: list[Any] = [1, "", "A", "B", "C"]
    drawn = product(permutations("abtx", 3), product(texts, repeat=3))
    objects = [dict(zip(names, values, strict=True)) for names, values in drawn]
    few = [dict(list(document.items())[:count]) for document in objects for count in range(3)]
    whole = [{**document, "t": "A", "x": "x"} for document in objects]
    lists: list[Any] = [[], ["A"], ["A", "A"], ["A", "B"], ["A", "B", "C"], "A", 1, None]
    for document in [*objects, *few, *whole, *lists]:
        assert twin.is_valid(document) is faithful.is_valid(document), json.dumps(document)


def _change(draw: random.Random, here: Any, key: Any, words: list[str]) -> None:
    if isinstance(here[key], str) and draw.random() < 0.7:
        here[key] = draw.choice([*words, here[key]])
    elif isinstance(here, dict) and draw.random() < 0.6:
        del here[key]
    elif draw.random() < 0.5:
        here[key] = draw.choice([None, 1, "x", [], {}, [{}]])


def _schema(draw: random.Random, depth: int) -> dict[str, Any]:
    """Any schema of the forms that the rewriter writes, also where they make no sense together."""
    form = draw.randrange(8 if depth else 4)
    if form == 0:
        return {"type": draw.choice(["string", "integer", "array", "object"])}
    if form == 1:
        return {"type": "string", "enum": TAGS[: draw.randrange(1, 4)]}
    if form == 2:
        return draw.choice([{}, {"enum": ["A", 1]}, {"type": ["object", "null"]}, {"minProperties": 2}])
    if form == 3:
        bounds = draw.choice([{}, {"maxItems": 1}, {"minItems": 0}, {"minItems": 1, "maxItems": 2}])
        unique = draw.choice([{}, {"uniqueItems": True}, {"uniqueItems": False}])
        return {"type": "array", "items": draw.choice([{}, {"type": "string"}]), **bounds, **unique}
    if form == 4:
        return {"items": _schema(draw, depth - 1), "type": "array"}
    if form == 5:
        named: dict[str, Any] = {"properties": _members(draw, depth)}
        if draw.random() < 0.6:
            named["type"] = "object"
        if draw.random() < 0.5:
            named["required"] = draw.sample(["t", "a", "b", "c"], draw.randrange(1, 5))
        if draw.random() < 0.1:
            return _choice(draw)
        if draw.random() < 0.15:
            named["additionalProperties"] = draw.choice([False, {"type": "string"}])
        return named
    if form == 6:
        inner = [_schema(draw, depth - 1) for _ in range(draw.randrange(1, 4))]
        beside: dict[str, Any] = draw.choice(
            [{}, {"type": "object"}, {"additionalProperties": {"type": "string"}}, _schema(draw, 0)]
        )
        return {draw.choice(["allOf", "allOf", "anyOf", "oneOf"]): inner, **beside}
    cases = [_case(draw, depth) for _ in range(draw.randrange(1, 4))]
    tagged: dict[str, Any] = {"properties": {"t": {"enum": TAGS}}, **draw.choice([{}, {"type": "object"}])}
    needed: dict[str, Any] = {"type": "object", "required": ["t"], "properties": {"t": TEXT}}
    asked = draw.choice([{}, {"required": ["t"]}, needed])
    first = draw.choice([{}, asked, _schema(draw, depth - 1)])
    if draw.random() < 0.1:
        return {**needed, **tagged, "additionalProperties": TEXT, "allOf": cases}
    return {"allOf": [first, tagged, asked, *cases], **draw.choice([{}, {}, {"additionalProperties": TEXT}])}


def _choice(draw: random.Random) -> dict[str, Any]:
    """One member of two, and what is nearly that."""
    cases = [{"required": [name]} for name in draw.choice(["ab", "ab", "ba", "a", "at", "abt"])]
    members = {name: {"$ref": HERE + draw.choice("XYZ")} for name in draw.choice(["ab", "ab", "ab", "a", "abt"])}
    beside: dict[str, Any] = draw.choice([{}, {}, {"required": ["a"]}, {"additionalProperties": False}])
    kind = draw.choice([{}, {"type": "object"}, {"type": "object"}])
    return {**kind, "oneOf": cases, "properties": members, **beside}


def _case(draw: random.Random, depth: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"properties": {"t": {"const": draw.choice(TAGS)}}}
    if draw.random() < 0.8:
        condition["required"] = ["t"]
    then = {"$ref": HERE + draw.choice("XYZ")} if draw.random() < 0.1 else _schema(draw, depth - 1)
    return {"if": condition, "then": then}


def _members(draw: random.Random, depth: int) -> dict[str, Any]:
    """Now and then a reference, as all that leads back to a schema stands below a member."""
    return {
        name: {"$ref": HERE + draw.choice("XYZ")} if draw.random() < 0.2 else _schema(draw, depth - 1)
        for name in draw.sample(["t", "a", "b"], draw.randrange(1, 4))
    }


def _value(draw: random.Random, depth: int) -> Any:
    chance = draw.random()
    if depth and chance < 0.6:
        members = {name: _value(draw, depth - 1) for name in ("a", "b", "c") if draw.random() < 0.5}
        return {**members, **({"t": draw.choice([*TAGS, "D", 1])} if draw.random() < 0.7 else {})}
    if depth and chance < 0.7:
        return [_value(draw, depth - 1) for _ in range(draw.randrange(3))]
    return draw.choice(["A", "B", "x", 1, None, True])
