"""Each table under `tables/demo` says in its first lines what the checker must say of it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lso.lens.catalogue import Specifications
from lso.lens.check import Report, check, show_row
from lso.lens.load import EXTENDED, PLAIN, load_table
from lso.lens.table import Row, Select

FOLDER = Path(__file__).parent / "tables"
TABLES = sorted(path.stem for path in (FOLDER / "demo").glob("*.yaml"))


def report(name: str, variant: str = PLAIN) -> Report:
    table = load_table(FOLDER / "demo" / f"{name}.yaml", folder=FOLDER, variant=variant)
    return check(table, *Specifications(FOLDER).of(table), tested=frozenset({"instant"}))


def expected(name: str) -> list[str]:
    lines = (FOLDER / "demo" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    return [line[2:] for line in lines if line.startswith("# ") and line != "# nothing"]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_gets_exactly_the_reasons_it_deserves(name: str) -> None:
    variant = EXTENDED if name == "path_of_an_extension" else PLAIN
    said = [
        f"{'warning' if one.warning else 'error'} {one.rule}{' ' + one.row if one.row else ''}: "
        f"{one.reason.partition(': ')[2] if one.rule == 'coverage' else one.reason}"
        for one in report(name, variant).problems
    ]
    wanted = expected(name)
    assert len(said) == len(wanted), "\n".join(said)
    for line in wanted:
        assert any(one.startswith(line) for one in said), "\n".join(said)


@pytest.mark.parametrize("name", [name for name in TABLES if not name.startswith("coverage")])
def test_a_problem_names_file_and_line_and_row(name: str) -> None:
    for problem in report(name).problems:
        file, _, line = problem.place.partition(":")
        if problem.rule != "coverage":
            text = (FOLDER / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert text.strip().startswith("- ["), problem


def test_coverage_counts_what_is_named_and_what_is_dropped() -> None:
    theirs, ours = report("in_order").coverage
    assert (theirs.count("named"), theirs.count("dropped"), theirs.missing, theirs.share) == (9, 4, (), 1.0)
    assert str(ours).startswith("specification.yaml#/Pass: 12 places, 9 named, 0 rest, 3 dropped, 0 missing: 100%")


def test_coverage_falls_with_each_forgotten_member() -> None:
    theirs, _ = report("coverage_of_a_forgotten_member").coverage
    assert theirs.missing == ("seats",)
    assert theirs.share < 1


def test_a_row_is_shown_as_it_stands_in_the_table() -> None:
    pick = ("people", Select("role", "driver"), "name")
    assert show_row(Row((pick,), (("a",), ("b",)), {"words": "w", "only": "true"})) == (
        "[people/[role=driver]/name, [a, b], {words: w, only: true}]")
    shown = [show_row(Row((("a",),), (), {"const": value})) for value in (1, True, None, "x", [0])]
    assert shown == [f"[a, ~, {{const: {text}}}]" for text in ("1", "true", "~", "x", "[0]")]
