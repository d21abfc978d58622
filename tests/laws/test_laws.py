"""The laws of translation, for every table in both directions, over documents made from the specifications.

LSO_LAW_DOCUMENTS says how many documents each law is tried with. A failure names the seed and shows the smallest
document found that still breaks the law, with the difference as pointers.
"""

from __future__ import annotations

import json
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lso.lens import Document
from tests.laws import law
from tests.laws.account import Accountant
from tests.laws.difference import shrink
from tests.laws.direction import CALLS, CODECS, Direction, directions
from tests.laws.generate import documents
from tests.laws.oracle import Oracle


@pytest.fixture(scope="module", params=directions(), ids=str)
def direction(request: pytest.FixtureRequest) -> Direction:
    """All laws of one direction are tried in a row, so that its documents are made once."""
    found: Direction = request.param
    return found


@lru_cache(maxsize=1)
def accountant(direction: Direction) -> Accountant:
    """One for all laws of a direction: it remembers what it has looked up."""
    return Accountant(direction.mapping.table, CODECS)


def hold(a_law: law.Law, direction: Direction) -> None:
    """The law holds for every document of the direction; if not, fails with the smallest that breaks it."""

    def broken(document: Document) -> bool:
        return bool(told(a_law, direction, document))

    for seed, document in direction.documents():
        if broken(document):
            small = shrink(document, broken)
            lines = "\n  ".join(told(a_law, direction, small))
            pytest.fail(f"{direction}, seed {seed}\n  {lines}\n  document: {json.dumps(small, ensure_ascii=False)}")


def told(a_law: law.Law, direction: Direction, document: Document) -> list[str]:
    """What a law says of a document; a translation never raises, so raising breaks any law."""
    try:
        return list(a_law(direction, document))
    except Exception as wrong:
        return [repr(wrong)]


def test_a_document_that_goes_there_and_back_is_the_same(direction: Direction) -> None:
    hold(law.round_trip, direction)


def test_an_edit_of_the_translated_document_survives(direction: Direction) -> None:
    hold(law.edits_survive, direction)


def test_every_value_is_accounted_for_and_none_is_invented(direction: Direction) -> None:
    hold(law.accounting(accountant(direction)), direction)


def test_translation_changes_nothing_it_is_given_and_repeats_itself(direction: Direction) -> None:
    hold(law.purity, direction)


def test_every_pointer_leads_into_the_document_that_was_given(direction: Direction) -> None:
    hold(law.pointers(accountant(direction)), direction)


def test_every_value_that_does_not_arrive_is_in_the_loss_report(direction: Direction) -> None:
    hold(law.loss_report(accountant(direction)), direction)


def test_a_spoiled_complement_never_breaks_a_translation(direction: Direction) -> None:
    hold(law.totality, direction)


def test_the_compiled_table_does_what_the_table_says(direction: Direction) -> None:
    table, calls = direction.mapping.table, CALLS
    oracles = Oracle(table, CODECS, calls, direction.reading), Oracle(table, CODECS, calls, not direction.reading)
    hold(law.compiled_as_interpreted(oracles), direction)


def test_a_translation_writes_only_members_that_the_other_specification_has(direction: Direction) -> None:
    hold(law.known_members, direction)


def test_the_laws_hold_for_what_hypothesis_thinks_of(direction: Direction) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.one_of(documents(direction.source), ANY_OBJECT))
    def every_law(document: Document) -> None:
        for one in (law.round_trip, law.edits_survive, law.purity, law.known_members):
            assert not told(one, direction, document)
    every_law()


ANY_OBJECT = st.dictionaries(st.text(max_size=8), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8))
