"""`lso spec`: our own specifications are whole, and what is wrong with others is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lso.cli import main
from lso.settings import data_folder

Change = Callable[[str, str, str], None]


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder("specs"), tmp_path / "specs"))


@pytest.fixture
def change(specs: Path) -> Change:
    def change(file: str, before: str, after: str) -> None:
        text = (specs / file).read_text()
        assert before in text
        (specs / file).write_text(text.replace(before, after))

    return change


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["spec", *words])


def test_the_list_names_every_edition_with_its_address() -> None:
    lines = run("list").output.splitlines()
    assert ["tmf.v4.order", "4.0.0", "sil", "/tmf-api/productOrderingManagement/v4", "tmf/TMF622-ProductOrder-v4.yaml",
            "tmf.order"] in [line.split("\t") for line in lines]


def test_our_specifications_are_whole_and_the_check_says_what_is_served() -> None:
    told = run("check")
    assert told.exit_code == 0, told.output
    assert "sonata/productOrderManagement.yaml: 16 operations\n  served: listProductOrder create" in told.output
    assert "10 operations, and 8 that the subscriber serves" in told.output
    assert "  served: listConnections createConnection getConnection deleteConnection updateBandwidth\n" in told.output


def test_every_mistake_in_the_editions_is_told_at_once(specs: Path, change: Change) -> None:
    change("editions.yaml", "mapping: tmf.order", "mapping: tmf.orders")
    change("editions.yaml", "mapping: tmf.quote", "mapping: tmf.quotation")
    change("editions.yaml", "document: native/internetOnDemand.yaml", "document: native/gone.yaml")
    change("sonata/productOrderManagement.yaml", "components/schemas/Note}", "components/x/Note}")
    change("platform/identity.yaml", "description: Signed JWT., type: string", "type: string, pattern: '('")
    told = run("check", "--quiet", "--specs", str(specs))
    assert told.exit_code == 1
    assert "tmf.v4.order: there is no mapping tmf.orders" in told.output
    assert "tmf.v4.quote: there is no mapping tmf.quotation" in told.output
    assert "sonata.grace.order: 'x' is referred to, and is not there" in told.output
    assert "native/gone.yaml" in told.output
    assert "platform.v1.identity: SpecificationError: Identity: not OpenAPI 3.0 at /components/schemas/T" in told.output


def test_a_document_that_no_edition_names_is_loaded_all_the_same(specs: Path) -> None:
    orders = specs / "tmf" / "TMF622-ProductOrder-v4.yaml"
    shutil.copy(orders, specs / "tmf" / "waiting.yaml")
    (specs / "tmf" / "broken.yaml").write_text(orders.read_text().replace("schemas/EntityRef}", "schemas/Nobody}"))
    told = run("check", "--specs", str(specs))
    assert told.exit_code == 1
    assert "tmf/waiting.yaml: 18 operations, served by no edition\n" in told.output
    assert "tmf/broken.yaml: 'Nobody' is referred to, and is not there\n1 to be mended\n" in told.output


def test_a_product_among_the_respellings_is_told_where_it_belongs(specs: Path) -> None:
    index = specs / "products" / "index.yaml"
    (specs / "products" / "acme").mkdir()
    (specs / "products" / "acme" / "darkFibre.yaml").write_text("type: object\n")
    index.write_text(index.read_text() + "  urn:acme:dark-fibre:v1: acme/darkFibre.yaml\n")
    told = run("check", "--quiet", "--specs", str(specs))
    assert told.exit_code == 1
    assert ("urn:acme:dark-fibre:v1 stands for acme/darkFibre.yaml, which is a file: the line of a product belongs "
            "under `schemas:`\n") in told.output


def test_a_product_without_a_schema_is_told(specs: Path, change: Change) -> None:
    change("products/index.yaml", "  urn:mef:lso:spec:cantata-sonata:ip-uni:v1.0.0:all: internet/ipUni.yaml\n", "")
    told = run("check", "--quiet", "--specs", str(specs))
    assert told.exit_code == 1
    assert "sonata allows urn:mef:lso:spec:cantata-sonata:ip-uni:v1.0.0:all, which has no schema" in told.output
