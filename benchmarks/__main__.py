"""`python -m benchmarks [PART…]`: all parts unless some are named."""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")  # connexion imports it

from benchmarks import answers, door, events, lists, memory, places, start, translation, validation, workers  # noqa: E402
from benchmarks.body import bodies  # noqa: E402
from benchmarks.report import Figure, keep, show  # noqa: E402

PARTS = ("validation", "translation", "door", "start", "lists", "workers", "events", "memory", "places",
         "answers")


def figures(parts: tuple[str, ...], folder: Path, notes: list[str]) -> Iterator[Figure]:
    """Every figure of the parts."""
    orders = bodies()
    if "validation" in parts:
        yield from validation.measure(orders)
    if "translation" in parts:
        yield from translation.measure(orders)
    if "door" in parts:
        yield from door.measure(orders, folder, notes)
    if "start" in parts:
        yield from start.measure(orders, folder)
    if "lists" in parts:
        yield from lists.measure(folder / "lists", notes)
    if "workers" in parts:
        yield from workers.measure(folder / "workers", notes)
    if "events" in parts:
        yield from events.measure(folder / "events")
    if "memory" in parts:
        yield from memory.measure(orders, folder / "memory")
    if "places" in parts:
        yield from places.measure(folder / "places", notes)
    if "answers" in parts:
        yield from answers.measure(orders, folder / "answers")


def main(named: list[str]) -> None:
    """Measure, show, and keep the figures of a whole run."""
    if unknown := set(named) - set(PARTS):
        raise SystemExit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="lso-bench-") as folder:
        found = list(figures(tuple(named) or PARTS, Path(folder), notes))
    show(found, notes)
    if not named:
        keep(found, notes)


if __name__ == "__main__":
    main(sys.argv[1:])
