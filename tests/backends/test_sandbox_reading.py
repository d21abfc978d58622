"""Products as the pretend network reads them: how texts begin that ask it for something, and what is read only once."""

from __future__ import annotations

from typing import Any

import pytest

from lso.backends.sandbox.reading import Document, beginning
from lso.backends.sandbox.readings import Readings
from lso.backends.sandbox.rules import packaged_rules
from lso.canonical.glance import BRIEF_BYTES


@pytest.mark.parametrize(("patterns", "common"), [
    (["^SANDBOX-FULL", r"SANDBOX\-(?:CHARGE(-|$))"], "SANDBOX-"),
    (["^ABC-(x|y)", "ABC-D"], "ABC-"),
    ([r"^AB\d+"], "AB"),
    (["AB?C"], "A"),
    (["AB{2}"], "A"),
    (["A", "AB*"], "A"),
    (["ABCD|XY", "ABC"], ""),
    (["^(REJECT|RED)-", "^RE"], ""),
    (["(?i)ab"], ""),
    ([""], ""),
])
def test_what_all_patterns_begin_with_is_never_more_than_they_do(patterns: list[str], common: str) -> None:
    assert beginning(patterns) == common


def test_a_configuration_that_asks_for_nothing_is_read_for_its_rates_alone() -> None:
    rules = packaged_rules()
    rates = {"in": {"irValue": 2, "irUnits": "GBPS"}, "out": [{"irValue": 300, "irUnits": "MBPS"}]}
    reading = rules.read({"configuration": rates})
    assert (reading.need.mbps, reading.failure, dict(reading.demands)) == (2000, None, {})
    asking = rules.read({"configuration": rates | {"note": ["SANDBOX-YELLOW"]}})
    assert (asking.need.mbps, dict(asking.demands)) == (2000, {"yellow": 0.0})
    assert not rules.read({"configuration": rates | {"note": "not SANDBOX-YELLOW"}}).demands


def product(rate: Any = 10, place: str = "Vienna") -> Document:
    return {"schema": "urn:x-internet-access", "offering_id": "1", "places": [{"id": place}],
            "configuration": {"irValue": rate, "irUnits": "MBPS"}}


def test_products_that_tell_the_same_are_read_once_and_others_for_themselves() -> None:
    readings = Readings(packaged_rules())
    first = readings.of(product())
    assert readings.of(product(20)).need.mbps == 20.0
    assert readings.of(product(place="REJECT-1")).failure is not None
    assert readings.of({**product(), "id": "of no matter"}) is first
    assert first == packaged_rules().read(product())


@pytest.mark.parametrize("rate", [2**70, ["\ud800"], "x" * BRIEF_BYTES])
def test_what_has_no_text_or_a_long_one_is_read_again(rate: Any) -> None:
    readings = Readings(packaged_rules())
    assert readings.of(product(rate)) == packaged_rules().read(product(rate))
    assert readings.of(product(rate)) is not readings.of(product(rate))
