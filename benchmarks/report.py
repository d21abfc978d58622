"""The figures of a run, and how they are shown and kept."""

from __future__ import annotations

import json
import os
import platform
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "latest.json"
COMPARED = RESULTS.with_name("compared.md")
Kept = Mapping[tuple[str, str, int], float]


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


def last(file: Path = RESULTS) -> Kept:
    """The values of the last run that was kept, by part and what was measured: twice the same is counted."""
    if not file.is_file():
        return {}
    kept, met = json.loads(file.read_text(encoding="utf-8"))["figures"], Counter[tuple[str, str]]()
    found: dict[tuple[str, str, int], float] = {}
    for figure in kept:
        name = (figure["part"], alike(figure["what"]))
        met[name] += 1
        if figure["value"] is not None:
            found[*name, met[name]] = figure["value"]
    return found


def alike(what: str) -> str:
    """What was measured, without the counts that differ from run to run."""
    return re.sub(r"\d[\d,]* (?=orders|qualifications)", "", what)


def to_last(figures: Iterable[Figure], kept: Kept) -> Iterator[tuple[Figure, str]]:
    """Each figure and how many times the last one it is."""
    met = Counter[tuple[str, str]]()
    for figure in figures:
        name = (figure.part, alike(figure.what))
        met[name] += 1
        before = kept.get((*name, met[name]))
        yield figure, f"{figure.value / before:.2f}" if before and figure.value is not None else "new"


def show(figures: Iterable[Figure], notes: Iterable[str]) -> None:
    """Print the table, the notes, and plainly what was missed; beside each figure, how many times the last one kept."""
    console = Console(width=None if os.isatty(1) else 150)
    table = Table(title="medians of interleaved rounds, one run")
    for column in ("part", "what", "ours", "compared with", "value", "to last", "bar", ""):
        table.add_column(column, justify="right" if column in {"ours", "value", "to last", "bar"} else "left")
    figures = list(figures)
    for figure, ratio in to_last(figures, last()):
        verdict = {True: "pass", False: "MISSED", None: ""}[figure.met]
        table.add_row(figure.part, figure.what, figure.ours, figure.other, figure.shown, ratio,
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
    """Keep the figures of a whole run, and a page of the ratio of each to the run that was kept before."""
    figures = list(figures)
    file.parent.mkdir(exist_ok=True)
    COMPARED.write_text(page(figures, last(file)), encoding="utf-8")
    kept = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "figures": [asdict(figure) | {"shown": figure.shown, "bar": figure.bar, "met": figure.met}
                    for figure in figures],
        "notes": list(notes),
    }
    file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def page(figures: Iterable[Figure], kept: Kept) -> str:
    """The page, as Markdown."""
    head = ("# The last run, and how many times the run before it each figure is\n\n"
            "Written by `make bench`. `new`: not in the run before.\n\n"
            "| part | what | compared with | value | to last | bar | met |\n|---|---|---|--:|--:|--:|---|\n")
    words = {True: "yes", False: "**no**", None: ""}
    return head + "".join(
        f"| {one.part} | {one.what} | {one.other} | {one.shown} | {ratio} | {one.bar} | {words[one.met]} |\n"
        for one, ratio in to_last(figures, kept))
