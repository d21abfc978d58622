"""A specification as a tree: what is folded, followed and found."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from lso.lens.reference import Documents, SchemaError
from lso.lens.schema import ANYTHING, SchemaNode, leaves, model_schema, schema_at

FILES: dict[str, Any] = {
    "api/order.yaml": {"components": {"schemas": {
        "Order": {"allOf": [{"$ref": "../shared.yaml#/components/schemas/Numbered"}, {
            "type": "object", "required": ["place"], "properties": {
                "place": {"$ref": "#/components/schemas/Place"}, "places": {"type": "array", "maxItems": 1, "items": {
                    "$ref": "#/components/schemas/Place"}},
                "note": {"type": "string", "nullable": True}, "at": {"type": "string", "format": "date-time"},
                "size": {"oneOf": [{"type": "integer"}, {"type": "string", "enum": ["all"]}]},
                "next": {"$ref": "#/components/schemas/Order"}, "any": {}, "bag": {"type": "object"},
                "home": {"$ref": "#/components/schemas/Town"}}}]},
        "Place": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
                  "discriminator": {"propertyName": "kind", "mapping": {"town": "#/components/schemas/Town",
                                                                       "sea": "#/components/schemas/Sea"}}},
        "Town": {"allOf": [{"$ref": "#/components/schemas/Place"}, {"properties": {"mayor": {"type": "string"}}}]},
        "Sea": {"allOf": [{"$ref": "#/components/schemas/Place"}, {"properties": {"depth": {"type": "number"}}}]},
        "One": {"type": "object", "properties": {"kind": {"type": "string", "enum": ["a"]}, "x": {}}},
        "Two": {"type": "object", "properties": {"kind": {"type": "string", "enum": ["b"]}, "y": {}}}}}},
    "shared.yaml": {"components": {"schemas": {"Numbered": {"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"}}}}}},
}


def order() -> SchemaNode:
    return schema_at(Documents(FILES.__getitem__), "api/order.yaml#/Order")


def test_allof_is_folded_over_files() -> None:
    assert order().required == {"id", "place"}
    assert order().members["id"].types == {"string"}
    assert order().types == {"object"}


def test_a_polymorphic_object_has_a_tag_and_cases_and_a_case_has_neither() -> None:
    place = order().members["place"]
    assert place.tag == "kind"
    assert set(place.cases) == {"town", "sea"}
    assert place.cases["sea"].cases == {}
    assert set(place.cases["sea"].members) == {"kind", "depth"}
    assert place.cases["sea"].fixed == {"kind": "sea"}


def test_a_case_met_directly_knows_its_tag() -> None:
    assert order().members["home"].fixed == {"kind": "town"}
    assert order().members["home"].tag is None


def test_words_formats_null_and_lengths_are_seen() -> None:
    members = order().members
    assert members["note"].nullable
    assert members["at"].format == "date-time"
    assert members["places"].most_items == 1
    assert members["size"].types == {"integer", "string"}
    assert members["size"].words is None


def test_what_says_nothing_of_its_inside_is_opaque() -> None:
    members = order().members
    assert members["any"].opaque
    assert members["bag"].opaque
    assert not members["place"].opaque
    assert ANYTHING.opaque


def test_a_recursive_schema_ends() -> None:
    found = list(leaves(order()))
    assert "next" in found
    assert "place<sea>/depth" in found
    assert "places/*<town>/mayor" in found


def test_one_of_several_documents_unites_their_words() -> None:
    either = schema_at(Documents(FILES.__getitem__), "api/order.yaml#/One|Two")
    assert set(either.members) == {"kind", "x", "y"}
    assert either.members["kind"].words == ("a", "b")


def test_a_reference_to_nothing_is_an_error() -> None:
    with pytest.raises(SchemaError, match="Nothing"):
        schema_at(Documents(FILES.__getitem__), "api/order.yaml#/Nothing")


class Inner(BaseModel):
    state: Literal["on", "off"] | None = None
    made: Annotated[str, Field(json_schema_extra={"format": "date-time"})] | None = None


class Outer(BaseModel):
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()
    renamed_member: str | None = Field(None, alias="schema")
    number: int | float | None = None


def test_a_model_is_a_schema_under_the_names_of_its_documents() -> None:
    node = model_schema(Outer)
    assert set(node.members) == {"inner", "several", "schema", "number"}
    assert node.members["inner"].members["state"].words == ("on", "off")
    assert node.members["inner"].members["made"].format == "date-time"
    assert node.members["inner"].nullable
    assert node.members["number"].types == {"integer", "number"}
    items = node.members["several"].items
    assert items is not None
    assert set(items.members) == {"state", "made"}
