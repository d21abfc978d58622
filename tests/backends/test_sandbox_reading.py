"""How texts begin that ask the pretend network for something: what all of them have in common is seen at a glance."""

from __future__ import annotations

import pytest

from lso.backends.sandbox.reading import beginning
from lso.backends.sandbox.rules import packaged_rules


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
