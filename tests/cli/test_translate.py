"""`lso translate` and `lso explain`, as one types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lso.cli import main
from lso.dialects.spelling import aliases

SAMPLES = Path(__file__).parent.parent / "samples"
HELD = str(SAMPLES / "sonata" / "internet_held.json")


def run(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=given)


def test_a_file_is_translated_with_complement_findings_and_losses() -> None:
    made = json.loads(run("translate", "--from", "sonata", "--to", "tmf", HELD).output)
    assert made["document"]["state"] == "held"
    assert {"at": "/projectId", "why": "no counterpart", "kept": "complement"} in made["losses"]
    assert made["findings"] == []


def test_what_the_other_dialect_requires_and_nobody_said_is_told_with_its_place() -> None:
    gift = ("--from", "tmf", "--to", "sonata", str(SAMPLES / "tmf" / "gift_card.json"))
    lacking = [one for one in json.loads(run("translate", "--only", "findings", *gift).output) if "kind" in one]
    assert {(one["kind"], one["code"], one["at"], one["pointer"]) for one in lacking} >= {
        ("incomplete", "missingProperty", "/relatedContactInformation/0/name", "/relatedParty/0")}
    told = run("explain", *gift).output
    assert "lacks /relatedContactInformation/0/name: name is required. See /relatedParty/0." in told
    assert "found /productOrderItem/0/quantity: expected 1" in told


def test_a_respelled_product_is_a_finding_in_whatever_dialect() -> None:
    spelled, meant = next(iter(aliases().items()))
    mef = {"productOrderItem": [{"id": "1", "product": {"productConfiguration": {"@type": spelled}}}]}
    made = json.loads(run("translate", "--from", "sonata", "--to", "tmf", "-", given=json.dumps(mef)).output)
    pointer = "/productOrderItem/0/product/productConfiguration/@type"
    (found,) = (one for one in made["findings"] if "kind" not in one)
    assert (found["pointer"], found["code"]) == (pointer, "invalidValue")
    assert meant in found["reason"]
    back = run("translate", "--from", "tmf", "--to", "sonata", "-", given=json.dumps(made["document"]))
    assert [one["pointer"] for one in json.loads(back.output)["findings"] if "kind" not in one] == [
        "/productOrderItem/0/product/productSpecification/id"]


def test_the_complement_handed_back_brings_the_file_home(tmp_path: Path) -> None:
    there = json.loads(run("translate", "--from", "sonata", "--to", "tmf", HELD).output)
    (tmp_path / "there.json").write_text(json.dumps(there["document"]))
    (tmp_path / "kept.json").write_text(json.dumps(there["complement"]))
    back = run("translate", "--from", "tmf", "--to", "sonata", "--only", "document",
               "--complement", str(tmp_path / "kept.json"), str(tmp_path / "there.json"))
    assert json.loads(back.output) == json.loads(Path(HELD).read_text())


@pytest.mark.parametrize("source", ["sonata", "cantata", "tmf", "canonical", "sonata.grace.order"])
@pytest.mark.parametrize("target", ["sonata", "cantata", "tmf", "canonical", "tmf.v4.order"])
def test_every_pair_of_dialects_works(source: str, target: str) -> None:
    for command in ("translate", "explain"):
        assert run(command, "--from", source, "--to", target, "-", given='{"id": "1"}').exit_code == 0


def test_the_extended_variant_says_what_the_plain_one_cannot() -> None:
    words = ("--from", "sonata", "--to", "tmf", "--only", "document", HELD)
    assert "projectId" not in json.loads(run("translate", *words).output)
    assert json.loads(run("translate", "--extended", *words).output)["projectId"] == "Harbour roll-out"


def test_an_explanation_names_source_row_and_conversion() -> None:
    told = run("explain", "--from", "sonata", "--to", "tmf", HELD).output
    assert "/state\n    from /state\n    row  sonata/order.yaml:" in told
    assert "how  words order_state" in told
    assert "lost /projectId: no counterpart" in told


def test_what_is_not_an_order_is_translated_by_its_resource_or_by_an_edition_served_or_not() -> None:
    declined = str(SAMPLES / "sonata" / "quote" / "declined.json")
    by_resource = run("translate", "--from", "sonata", "--to", "tmf", "--resource", "quote", declined).output
    assert json.loads(by_resource)["document"]["state"] == "rejected"
    assert run("translate", "--from", "sonata.grace.quote", "--to", "tmf.v4.quote", declined).output == by_resource
    told = run("translate", "--from", "sonata.grace.quote", "--to", "canonical", "--resource", "quote_operation",
               "--only", "document", "-", given='{"quoteId": "QUO-4"}')
    assert json.loads(told.output) == {"quote_id": "QUO-4"}


def test_what_is_said_only_sometimes_is_lost_for_that_reason() -> None:
    lost = json.loads(run("translate", "--from", "sonata", "--to", "tmf", "--resource", "qualification", "--only",
                          "losses", str(SAMPLES / "sonata" / "qualification" / "answered.json")).output)
    assert {"at": "/productOfferingQualificationItem/1/serviceabilityConfidenceReason", "kept": "complement",
            "why": "said only where confidence is none or alternate"} in lost


@pytest.mark.parametrize(("words", "reason"), [
    (("--from", "latin", "--to", "tmf", HELD), "no mapping between latin and order"),
    (("--from", "sonata", "--to", "tmf", "--resource", "invoice", HELD), "no mapping between sonata and invoice"),
    (("--from", "sonata", "--to", "tmf", "-"), "is not JSON"),
])
def test_what_cannot_be_translated_is_said_plainly(words: tuple[str, ...], reason: str) -> None:
    said = run("translate", *words, given="[")
    assert said.exit_code == 1
    assert reason in said.output
