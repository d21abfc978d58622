"""Explanations: where each value of a translated document comes from, by which row, by which conversion."""

from __future__ import annotations

import pytest

from lso.lens.explain import Trace, explain
from tests.laws.difference import leaves, resolve
from tests.laws.direction import Direction, directions

EVERYTHING = next(one.mapping for one in directions() if one.mapping.name == "demo.everything")


def traced(direction: str, document: dict[str, object]) -> dict[str, Trace]:
    return {one.target: one for one in explain(EVERYTHING, "read" if direction == "read" else "write", document)}


def test_a_copied_value_names_its_source_and_row() -> None:
    assert traced("read", {"@type": "Thing", "name": "n", "flag": True})["/title"] == Trace(
        "/title", "/name", "demo/everything.yaml:7: [name, title]", "copied")


def test_a_word_names_its_vocabulary() -> None:
    found = traced("read", {"grade": "red"})["/confidence"]
    assert (found.source, found.conversion) == ("/grade", "words grade")
    assert found.row.endswith("[grade, confidence, {words: grade}]")


def test_a_codec_is_named() -> None:
    assert traced("read", {"due": "2024-03-01T12:00:00+02:00"})["/due_at"].conversion == "as instant"


def test_a_constant_has_no_source() -> None:
    found = traced("write", {"title": "n"})["/@type"]
    assert (found.source, found.conversion) == ("", "constant")


def test_a_default_has_no_source() -> None:
    found = traced("read", {"name": "n"})["/flagged"]
    assert (found.source, found.conversion) == ("", "default")


def test_an_inherited_value_says_so() -> None:
    found = traced("write", {"due_at": "2024-03-01T10:00:00Z", "positions": [{"key": "1"}]})["/lines/0/date"]
    assert found.conversion == "inherited"
    assert found.row.startswith("demo/everything.yaml:")


def test_a_value_inside_a_row_set_names_the_row_of_that_set() -> None:
    found = traced("read", {"lines": [{"id": "1", "unitPrice": {"amount": 2}}]})
    assert found["/positions/0/price"].source == "/lines/0/unitPrice/amount"
    assert found["/positions/0/price"].row.endswith("[unitPrice/amount, price]")


def test_a_picked_out_element_is_found_where_it_stands() -> None:
    found = traced("read", {"contacts": [{"role": "tech", "name": "t"}, {"role": "owner", "name": "o"}]})
    assert found["/owner/name"].source == "/contacts/1/name"
    assert found["/owner/name"].row.endswith("[contacts/[role=owner]/name, owner/name]")
    assert found["/technician"].source == "/contacts/0/name"


def test_the_word_that_chose_a_case_is_explained_by_the_row_of_the_list() -> None:
    found = traced("read", {"stops": [{"kind": "pier", "water": "w"}]})
    assert found["/halts/0/is"].source == "/stops/0/kind"
    assert found["/halts/0/is"].conversion == "chosen by type"
    assert found["/halts/0/water"].row.endswith("[water, water]")


def test_names_and_values_are_traced_to_their_pair() -> None:
    found = traced("read", {"traits": [{"name": "colour", "value": "red"}]})["/features/colour"]
    assert (found.source, found.conversion) == ("/traits/0/value", "names and values")


def test_everything_else_is_traced_member_by_member() -> None:
    found = traced("read", {"setup": {"@type": "urn:x", "size": 3}})
    assert found["/configuration/size"].source == "/setup/size"
    assert found["/configuration/size"].conversion == "everything else, verbatim"
    assert found["/schema"].row.endswith("[setup/@type, schema]")


@pytest.mark.parametrize("direction", directions(), ids=str)
def test_every_value_has_one_trace_and_every_source_is_there(direction: Direction) -> None:
    for seed, document in direction.documents(40):
        traces = explain(direction.mapping, "read" if direction.reading else "write", document)
        made = direction.forth(document).document
        places = [pointer for pointer, _ in leaves(made) if pointer]
        assert [one.target for one in traces] == places, seed
        for one in traces:
            if not one.row and not direction.mapping.table.rest_same:
                pytest.fail(f"{direction}, seed {seed}: {one}")
            resolve(document, one.source)
