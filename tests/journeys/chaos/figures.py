"""What is told of a run: who was killed how often and how long it took until the work went on, and what it cost."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.journeys.chaos.killer import Kill
from tests.journeys.chaos.run import Outcome

EVERYBODY = "all at once"


def recovery(kill: Kill, moments: Sequence[float]) -> float | None:
    """Seconds from a kill until the first of the moments after what was killed had been started again."""
    index = bisect_left(moments, kill.back_at)
    return moments[index] - kill.at if index < len(moments) else None


def show(console: Console, form: str, outcome: Outcome) -> None:
    """Two tables, and what is wrong, if anything."""
    console.print(_kills(form, outcome), _counts(form, outcome))
    for finding in outcome.findings:
        console.print(f"[red]{finding}[/red]")
    console.print("all books agree" if not outcome.findings else f"{len(outcome.findings)} things are wrong")


def _kills(form: str, outcome: Outcome) -> Table:
    table = Table(title=f"{form}: killed without warning")
    for name in ("who", "kills", "slowest to the next 201", "slowest to the next event"):
        table.add_column(name, justify="left" if name == "who" else "right")
    answered = sorted(order.acknowledged_at for order in outcome.orders if order.id)
    by_name: dict[str, list[Kill]] = {}
    for kill in outcome.kills:
        by_name.setdefault(kill.names[0] if len(kill.names) == 1 else EVERYBODY, []).append(kill)
    for name, kills in sorted(by_name.items()):
        table.add_row(name, str(len(kills)), *(_slowest(kills, moments) for moments in (answered, outcome.heard)))
    return table


def _counts(form: str, outcome: Outcome) -> Table:
    ended = outcome.orders
    table = Table(title=f"{form}: what it cost")
    table.add_column("what")
    table.add_column("how much", justify="right")
    rows = {
        "orders acknowledged": sum(bool(order.id) for order in ended),
        "items begun and done": outcome.items,
        "requests repeated by clients": sum(order.retries for order in ended),
        "answers given again for their key": sum(order.replayed for order in ended),
        "slowest answer, a refusal or not, s": round(max(order.slowest for order in ended), 2),
        "submissions to back ends, repeats included": outcome.asked,
        "events that arrived": outcome.events,
        "of them again": outcome.events_repeated,
        "events answered 500 by subscribers": outcome.refused,
        "processes that ended by themselves": len(outcome.deaths),
        "from the last start until all was at rest, s": round(outcome.rest_seconds, 1),
    }
    for name, value in rows.items():
        table.add_row(name, f"{value:,}")
    return table


def _slowest(kills: Sequence[Kill], moments: Sequence[float]) -> str:
    found = [seconds for kill in kills if (seconds := recovery(kill, moments)) is not None]
    return f"{max(found):.1f} s" if found else "none came after"
