"""`make chaos`: a thousand orders in either form, with a display, and figures at the end.

    python -m tests.journeys.chaos [--orders 1000] [--kills 40] [--seed 1] [--form production|embedded]

The exit status says whether all books agreed. The seed is printed: it decides orders and kills, though not the moment
at which a kill meets an order.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.journeys.chaos.figures import show
from tests.journeys.chaos.plan import Plan
from tests.journeys.chaos.run import run

FORMS = ("production", "embedded")


def main() -> int:
    """Run either form, or both."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.chaos")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--form", choices=FORMS)
    said = parser.parse_args()
    console = Console()
    wrong = 0
    for form in (said.form,) if said.form else FORMS:
        plan = Plan(orders=said.orders, kills=said.kills, seed=said.seed, seconds=3.0 * said.kills, bound=180.0,
                    workers=2)
        console.print(f"{form}: {plan.orders} orders, {plan.kills} kills and one of all at once, seed {plan.seed}")
        columns = (TextColumn("{task.description:20}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
        with tempfile.TemporaryDirectory(prefix="lso-chaos-", ignore_cleanup_errors=True) as folder:
            with Progress(*columns, console=console) as progress:
                tasks = {phase: progress.add_task(phase, total=plan.orders, start=False)
                         for phase in ("acknowledged", "at their end")}

                def watch(phase: str, done: int, total: int) -> None:
                    progress.start_task(tasks[phase])  # noqa: B023
                    progress.update(tasks[phase], completed=done, total=total)  # noqa: B023

                outcome = run(plan, form, Path(folder), watch)
            show(console, form, outcome)
            wrong += len(outcome.findings)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
