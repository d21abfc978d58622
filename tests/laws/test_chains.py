"""From dialect to dialect through the hub, and all the way back: complements pair up, nothing is lost on the way."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.laws.difference import difference, same
from tests.laws.direction import DOCUMENTS, Direction, directions

RESOURCES = ("order", "qualification", "quote")
CHAINS = [pair for resource in RESOURCES for pair in permutations(
    [one for one in directions() if one.reading and one.mapping.name.removesuffix("+ext").endswith("." + resource)], 2)]


@pytest.mark.parametrize(("first", "second"), CHAINS, ids=str)
def test_a_document_that_visits_another_dialect_comes_home_the_same(first: Direction, second: Direction) -> None:
    for seed, document in first.documents(DOCUMENTS // 10):
        ours, kept, _ = first.forth(document)
        theirs, kept_there, _ = second.back(ours)
        back_at_hub = second.forth(theirs, kept_there).document
        home = first.back(back_at_hub, kept).document
        if not same(home, document):
            pytest.fail(f"{first} by way of {second}, seed {seed}\n  " + "\n  ".join(difference(document, home)))
