"""`lso mapping check` and `lso mapping show`, as a person would call them."""

from __future__ import annotations

from click.testing import CliRunner

from lso.cli.mapping import mapping


def test_check_prints_coverage_and_ends_well() -> None:
    told = CliRunner().invoke(mapping, ["check"])
    assert told.exit_code == 0, told.output
    assert "sonata.order\n  sonata/productOrderManagement.yaml#/ProductOrder: 197 places" in told.output
    assert "0 missing: 100%" in told.output


def test_check_of_one_table_leaves_the_others_out() -> None:
    told = CliRunner().invoke(mapping, ["check", "tmf.order"])
    assert told.output.startswith("tmf.order\n")
    assert "sonata" not in told.output


def test_check_of_an_unknown_table_says_which_there_are() -> None:
    told = CliRunner().invoke(mapping, ["check", "klingon.order"])
    assert told.exit_code == 1
    assert "no mapping klingon.order; there are: cantata.address, cantata." in told.output


def test_show_prints_the_code_of_both_directions() -> None:
    told = CliRunner().invoke(mapping, ["show", "sonata.order"])
    assert told.exit_code == 0, told.output
    assert told.output.index("# sonata.order: read") < told.output.index("# sonata.order: write")
    assert "s.get('productOrderItem')" in told.output
    assert "s.get('items')" in told.output


def test_show_prints_one_direction_where_one_is_asked_for() -> None:
    told = CliRunner().invoke(mapping, ["show", "cantata.order", "--direction", "write"])
    assert "s.get('items')" in told.output
    assert "s.get('productOrderItem')" not in told.output
