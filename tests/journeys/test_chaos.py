"""Two hundred orders through three back ends while everything is killed at random; then the books are held together.

The long run, with figures, is `make chaos`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.journeys.chaos.plan import Plan
from tests.journeys.chaos.run import run


@pytest.mark.redis
@pytest.mark.postgres
def test_production_processes_killed_at_random_lose_no_order_and_do_nothing_twice(tmp_path: Path) -> None:
    survive("production", tmp_path, kills=7)


def test_the_embedded_form_killed_at_random_loses_no_order_and_does_nothing_twice(tmp_path: Path) -> None:
    survive("embedded", tmp_path, kills=3)


def survive(form: str, folder: Path, kills: int) -> None:
    """The seed is part of a failure; it decides what is killed and when."""
    plan = Plan(orders=200, kills=kills, seconds=3.0 * kills, bound=120.0,
                seed=random.SystemRandom().randrange(1_000_000))
    outcome = run(plan, form, folder)
    assert outcome.findings == [], f"seed {plan.seed}"
    assert sum(bool(order.id) for order in outcome.orders) == plan.orders
    assert len(outcome.kills) == kills + 1
    assert sum(order.replayed for order in outcome.orders), "nobody asked twice"
    assert outcome.refused, "no subscriber was ever unwell"
