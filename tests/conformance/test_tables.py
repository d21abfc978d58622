"""The tables are complete, their tests exist, and the page shows both as they are."""

from __future__ import annotations

import pytest

from tests.conformance.norms import COMMAND, PAGE, Norm, norms, numbers_of, page

NORMS = norms()
BINDS = {"buyer", "seller", "both", "server"}


@pytest.mark.parametrize("norm", NORMS, ids=lambda norm: norm.title)
def test_every_requirement_stands_once(norm: Norm) -> None:
    numbers = [row.number for row in norm.requirements]
    assert sorted(numbers) == sorted(norm.wanted)


@pytest.mark.parametrize("norm", NORMS, ids=lambda norm: norm.title)
def test_every_requirement_has_tests_or_a_reason_and_never_both(norm: Norm) -> None:
    assert {row.binds for row in norm.requirements} <= BINDS
    assert all(row.says for row in norm.requirements)
    assert [row.number for row in norm.requirements if not row.why and row.number not in norm.tests] == []
    assert [row.number for row in norm.requirements if row.why and row.number in norm.tests] == []


def test_no_test_is_named_after_a_requirement_that_is_in_no_table() -> None:
    known = set().union(*(norm.wanted for norm in NORMS))
    assert set().union(*(norm.tests for norm in NORMS)) - known == set()


def test_the_name_of_a_test_says_which_requirements_it_holds() -> None:
    assert numbers_of("test_r27_cr4_an_item") == ["R27", "CR4"]
    assert numbers_of("test_an_r27_item") == numbers_of("test_rejected_items_end") == []


def test_the_page_shows_the_tables_and_tests_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"`{COMMAND}` writes it anew"
