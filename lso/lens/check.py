"""The build-time checker: holds a mapping table against both of its specifications.

Stricter than a type checker, because it knows the specifications: it refuses what `refusal` and `vocabulary` list, and
every place that no row names, no `rest` covers and no `drop` excuses. It reads schema trees and tables, never
documents or files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from lso.lens import refusal, vocabulary
from lso.lens.coverage import Coverage, cover
from lso.lens.path import path_text
from lso.lens.route import OURS, THEIRS, Use, uses
from lso.lens.schema import SchemaNode
from lso.lens.table import Path_, Row, Table


class Problem(NamedTuple):
    """Something a table may not say, or should not."""

    place: str
    row: str
    rule: str
    reason: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {'warning: ' if self.warning else ''}{self.row + ' ' if self.row else ''}{self.reason}"


@dataclass(frozen=True)
class Report:
    """The verdict on one table."""

    table: str
    problems: tuple[Problem, ...]
    coverage: tuple[Coverage, Coverage]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What must be mended before the table may be used."""
        return tuple(problem for problem in self.problems if not problem.warning)

    def __str__(self) -> str:
        return "\n".join([self.table, *(f"  {one}" for one in (*self.coverage, *self.problems))])


def check(table: Table, theirs: SchemaNode, ours: SchemaNode, *, tested: frozenset[str] = frozenset()) -> Report:
    """Every problem of a table, and how much of either specification it accounts for.

    tested: names of the codecs and calls that a law test covers.
    """
    top = Use("main", (theirs, ours))
    coverage = cover(table, top, THEIRS), cover(table, top, OURS)
    problems = [*_refused(table, theirs, ours, tested), *(p for one in coverage for p in _missing(table, one))]
    return Report(table.name, tuple(dict.fromkeys(problems)), coverage)


def _refused(table: Table, theirs: SchemaNode, ours: SchemaNode, tested: frozenset[str]) -> Iterator[Problem]:
    rules = (refusal.path, refusal.overlap, vocabulary.words, refusal.key, partial(refusal.law, tested), refusal.only,
             vocabulary.shape, refusal.same)
    for use in uses(table, theirs, ours):
        for rule in rules:
            for found in rule(table, use):
                place = found.row.place or _file(table)
                yield Problem(place, show_row(found.row), found.rule, found.reason, found.warning)


def _missing(table: Table, coverage: Coverage) -> Iterator[Problem]:
    for place in coverage.missing:
        reason = f"{coverage.specification}: {place} is named by no row, covered by no rest, excused by no drop"
        yield Problem(_file(table), "", "coverage", reason)


def _file(table: Table) -> str:
    """The file as places name it: folder and name."""
    return "/".join(table.place.split("/")[-2:])


def show_row(row: Row) -> str:
    """A row as it stands in the table."""
    how = f", {_flow(row.how)}" if row.how else ""
    return f"[{show_paths(row.theirs)}, {show_paths(row.ours)}{how}]"


def show_paths(paths: tuple[Path_, ...]) -> str:
    """One column of a row as it stands in the table."""
    texts = [path_text(path) for path in paths]
    return "~" if not texts else texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, str):
        return value
    return "~" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
