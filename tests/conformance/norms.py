"""The tables of requirements beside this file, the tests that bear their names, and the page that shows both.

`python -m tests.conformance.norms` writes the page anew.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
TABLES = Path(__file__).parent / "tables"
PAGE = ROOT / "docs" / "conformance.md"
COMMAND = "python -m tests.conformance.norms"
NAMED = re.compile(r"test((?:_[a-z]{1,2}\d+)+)_")
OPENING = f"""# Conformance

Which requirement of which standard is held where. A requirement is held by the tests that are named after it, or stands
here with the reason why there is none. Requirements are told in our words; their numbers are the standard's.

This page is made of the tables in `tests/conformance/tables` and the tests; `{COMMAND}` writes it.
"""


@dataclass(frozen=True)
class Test:
    """A test, and the file that it is in."""

    name: str
    file: Path


@dataclass(frozen=True)
class Requirement:
    """One row. why: the reason why no test bears its name; note: a judgement that its tests rest on."""

    number: str
    binds: str
    says: str
    why: str = ""
    note: str = ""


@dataclass(frozen=True)
class Norm:
    """One table: requirements by section, the folders in which its tests are, and the numbers that it must have."""

    title: str
    intro: str
    sections: dict[str, tuple[Requirement, ...]]
    folders: tuple[Path, ...]
    numbers: dict[str, tuple[int, int]]

    @property
    def requirements(self) -> Iterator[Requirement]:
        """All rows, in order."""
        for rows in self.sections.values():
            yield from rows

    @property
    def wanted(self) -> set[str]:
        """The numbers that there must be."""
        return {f"{letters}{number}" for letters, (first, last) in self.numbers.items()
                for number in range(first, last + 1)}

    @cached_property
    def tests(self) -> dict[str, tuple[Test, ...]]:
        """The tests in its folders, by the number that they bear."""
        found: dict[str, tuple[Test, ...]] = {}
        for folder in self.folders:
            for file in sorted(folder.glob("test_*.py")):
                for test in tests_of(file):
                    for number in numbers_of(test.name):
                        found[number] = (*found.get(number, ()), test)
        return found


@cache
def norms() -> tuple[Norm, ...]:
    """All tables."""
    return tuple(_read(file) for file in sorted(TABLES.glob("*.yaml")))


@cache
def tests_of(file: Path) -> tuple[Test, ...]:
    """The tests of a file."""
    return tuple(Test(node.name, file) for node in ast.parse(file.read_text(encoding="utf-8")).body
                 if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def numbers_of(name: str) -> list[str]:
    """The requirements that a test is named after: `test_r27_r47_…` is about R27 and R47."""
    found = NAMED.match(name)
    return found[1].upper().strip("_").split("_") if found else []


def page() -> str:
    """The whole page."""
    return "\n".join([OPENING, *(_chapter(norm) for norm in norms())])


def _read(file: Path) -> Norm:
    raw: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    sections = {section["title"]: tuple(Requirement(number, **row) for number, row in section["rows"].items())
                for section in raw["sections"]}
    return Norm(raw["title"], raw["intro"], sections, tuple(ROOT / name for name in raw["tests"]),
                {letters: (first, last) for letters, (first, last) in raw["numbers"].items()})


def _chapter(norm: Norm) -> str:
    lines = [f"## {norm.title}", "", norm.intro]
    for title, rows in norm.sections.items():
        lines += [f"### {title}", "", "| | binds | what it demands | held by |", "|---|---|---|---|"]
        lines += [_row(norm, row) for row in rows]
        lines.append("")
    return "\n".join(lines)


def _row(norm: Norm, row: Requirement) -> str:
    held = ", ".join(f"[{test.name}](../{test.file.relative_to(ROOT)})" for test in norm.tests.get(row.number, ()))
    says = f"{row.says} (*{row.note}*)" if row.note else row.says
    return f"| {row.number} | {row.binds} | {says} | {held or f'not tested: {row.why}'} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
