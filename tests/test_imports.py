"""Arrows point down only: who may import whom, read from the source and held against the table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FREE = {"errors", "settings", "canonical", "lean"}
BELOW_GATEWAY = {"service", "workflow", "backends", "dialects", "lifecycle", "store", "lens", "gateway", "demo"}

MAY_IMPORT: dict[str, set[str]] = {
    "pil": BELOW_GATEWAY,
    "sil": BELOW_GATEWAY,
    "cli": BELOW_GATEWAY,
    "demo": {"service", "store", "lifecycle", "dialects"},
    "gateway": {"service", "dialects", "store"},
    "workflow": {"service", "backends", "dialects", "lifecycle", "store"},
    "service": {"lifecycle", "dialects", "store"},
    "backends": {"dialects", "lifecycle.ports"},
    "store": {"lifecycle.ports"},
    "dialects": {"lens"},
    "lifecycle": set(),
    "lens": set(),
    "canonical": set(),
    "errors": set(),
    "settings": set(),
    "lean": set(),
}


def modules() -> Iterator[tuple[str, Path]]:
    for folder in ("lso", "pil", "sil"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            package = parts[0] if parts[0] != "lso" else parts[1]
            if package != "__init__":
                yield package, file


def imported(file: Path) -> Iterator[str]:
    """The dotted names of this project that a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module else []
        yield from (name for name in names if name.split(".")[0] in {"lso", "pil", "sil", "tests", "benchmarks"})


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    allowed = MAY_IMPORT[package] | FREE | {package}
    wrong = []
    for owner, file in modules():
        if owner != package:
            continue
        for name in imported(file):
            parts = name.split(".")
            target = parts[1:] if parts[0] == "lso" else parts
            if not any(target[: len(rule)] == rule for rule in (a.split(".") for a in allowed)):
                wrong.append(f"{file.relative_to(ROOT)} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_every_package_has_its_row() -> None:
    assert {package for package, _ in modules()} <= set(MAY_IMPORT)
