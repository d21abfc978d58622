"""The figures of a run, and how they are shown and kept."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True)
class Figure:
    """One line of the report.

    ours, other: what was measured, with its unit
    value: what is held against the bar, nearly always a ratio; None, unmeasured, misses the bar
    least, most: the bar; both None where a figure is only reported
    """

    part: str
    what: str
    ours: str
    other: str
    value: float | None
    unit: str = "x"
    least: float | None = None
    most: float | None = None

    @property
    def bar(self) -> str:
        """The bar in words."""
        if self.least is not None:
            return f">= {self.least:g} {self.unit}"
        return f"<= {self.most:g} {self.unit}" if self.most is not None else "reported"

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None where there is none."""
        if self.least is None and self.most is None:
            return None
        if self.value is None:
            return False
        return self.value >= self.least if self.least is not None else self.value <= (self.most or 0.0)

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return "-" if self.value is None else f"{self.value:.2f} {self.unit}"


def micro(seconds: float) -> str:
    """A time in microseconds."""
    return f"{seconds * 1e6:.1f} us"


def show(figures: Iterable[Figure], notes: Iterable[str]) -> None:
    """Print the table, the notes, and plainly what was missed."""
    console = Console(width=None if os.isatty(1) else 150)
    table = Table(title="medians of interleaved rounds, one run")
    for column in ("part", "what", "ours", "compared with", "value", "bar", ""):
        table.add_column(column, justify="right" if column in {"ours", "value", "bar"} else "left")
    figures = list(figures)
    for figure in figures:
        verdict = {True: "pass", False: "MISSED", None: ""}[figure.met]
        table.add_row(figure.part, figure.what, figure.ours, figure.other, figure.shown,
                      figure.bar, verdict, style="bold red" if figure.met is False else None)
    console.print(table)
    for note in notes:
        console.print(f"- {note}", highlight=False)
    missed = [figure for figure in figures if figure.met is False]
    judged = [figure for figure in figures if figure.met is not None]
    console.print(f"{len(judged) - len(missed)} of {len(judged)} bars met" + ("; missed:" if missed else "."))
    for figure in missed:
        console.print(f"  {figure.part}, {figure.what}: {figure.shown}, bar {figure.bar}")


def keep(figures: Iterable[Figure], notes: Iterable[str], file: Path = RESULTS) -> None:
    """Keep the figures of the last whole run."""
    kept = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "figures": [asdict(figure) | {"shown": figure.shown, "bar": figure.bar, "met": figure.met}
                    for figure in figures],
        "notes": list(notes),
    }
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
