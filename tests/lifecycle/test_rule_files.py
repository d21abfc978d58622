"""The files of the catalogue: every rule has a test, every mistake is refused."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from lso.lifecycle.rules import RuleError, catalogue, folder, load


def test_every_rule_of_the_catalogue_has_a_test_named_after_it() -> None:
    functions = {node.name for file in Path(__file__).parent.glob("test_*rules.py")
                 for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}
    untested = [rule.rule for rule in catalogue().rules
                if not any(rule.rule.lower().replace("-", "_") + "_" in f"{name}_" for name in functions)]
    assert not untested


@pytest.mark.parametrize(("before", "after"), [
    ("rule: ORD-5", "rule: ORD-4b"),
    ("check: {roles: [productOrderContact]}", "check: {wishes: [productOrderContact]}"),
    ("check: {roles: [productOrderContact]}", "check: {roles: [productOrderContact], perhaps: true}"),
    ("under: quote_required", "under: moonlight"),
    ("    for: {mef: door}", "    for: {martian: door}"),
    ("    for: {mef: door}", "    for: {mef: tomorrow}"),
    ("  - rule: ORD-1", "  - rule: ORD-1\n    mood: sombre"),
    ("    of: order", "    of: order\n    when: [add]"),
    ("completed: [tmf, native]", "completed: [tmf, martian]"),
])
def test_a_rule_file_with_a_mistake_is_refused(tmp_path: Path, before: str, after: str) -> None:
    text = (folder() / "order.yaml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "order.yaml").write_text(text.replace(before, after, 1), encoding="utf-8")
    (tmp_path / "products.yaml").write_text((folder() / "products.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RuleError):
        load(tmp_path)


def test_a_product_file_with_a_mistake_is_refused(tmp_path: Path) -> None:
    (tmp_path / "order.yaml").write_text((folder() / "order.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "products.yaml").write_text("products: {urn: {least: {}, plaice: INSTALL_LOCATION}}", encoding="utf-8")
    with pytest.raises(RuleError):
        load(tmp_path)
