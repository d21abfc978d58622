"""A translation fits the document that it is to be sent to, or what it lacks is told, there and where it came from."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lso.dialects.book import book
from lso.dialects.passage import Passage, end, origins, translate
from lso.gateway.completeness import KIND, Completeness, Homes
from lso.settings import data_folder
from tests.laws.difference import difference

ROOT = Path(__file__).parent.parent.parent
OWN = ROOT / "tests" / "samples"
PUBLISHED = ROOT.parent / "shared" / "samples"
RESOURCES = {"order": "order", "poq": "qualification", "quote": "quote", "address": "address_validation"}
FILES = [*((file, RESOURCES[file.name.split("_")[1]]) for file in sorted(PUBLISHED.glob("**/uc*.json"))),
         *((file, "order") for file in sorted((OWN / "sonata").glob("*.json"))),
         *((file, file.parent.name) for file in sorted((OWN / "sonata").glob("q*/*.json")))]
ABROAD = [pytest.param(file, resource, target, id=f"{file.parent.name}-{file.stem}-{target}")
          for file, resource in FILES for target in ("cantata", "tmf")
          if (target, resource) not in (("tmf", "address_validation"), ("tmf", "quote_operation"))]


@pytest.fixture(scope="module")
def completeness() -> Completeness:
    return Completeness(book(), data_folder("specs"))


def read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def judged(completeness: Completeness, source: str, target: str, resource: str,
           document: dict[str, Any]) -> tuple[Passage, dict[str, str]]:
    """A translation, and what it lacks: pointer into the document sent, by pointer into the one made."""
    ends = end(book(), source, resource), end(book(), target, resource)
    made = translate(*ends, document)
    found = completeness.findings(target, resource, made.document, partial(origins, *ends, document))
    assert {one["kind"] for one in found} <= {KIND}
    return made, {one["at"]: one["pointer"] for one in found}


def corrected(file: Path) -> bool:
    """Whether nothing is wrong with a body where it comes from."""
    twin = PUBLISHED / "corrected" / file.parent.name / file.name
    return OWN in file.parents or "corrected" in file.parts or not twin.is_file()


@pytest.mark.parametrize(("file", "resource", "target"), ABROAD)
def test_a_translation_fits_the_document_of_its_language_or_says_what_it_lacks(
        completeness: Completeness, file: Path, resource: str, target: str) -> None:
    made, lacks = judged(completeness, "sonata", target, resource, read(file))
    back = translate(end(book(), target, resource), end(book(), "sonata", resource), made.document, made.complement)
    assert list(difference(back.document, read(file))) == []
    foreign = target == "cantata" and "access_eline" in file.name
    if target == "tmf" or (corrected(file) and not foreign):
        assert lacks == {}
    else:
        assert all("/product/" in at for at in lacks), "faults of its own, and products that Cantata does not know"


def test_what_tm_forum_requires_and_mef_does_not_say_is_made_of_what_is_there(completeness: Completeness) -> None:
    made, _ = judged(completeness, "sonata", "tmf", "order", read(OWN / "sonata" / "internet_add.json"))
    assert [one["id"] for one in made.document["relatedParty"]] == [
        one["role"] for one in made.document["relatedParty"]]
    (item,) = made.document["productOrderItem"]
    assert [one["id"] for one in item["product"]["agreement"]] == ["Harbour frame contract"]


def test_what_cannot_be_made_up_is_told_with_where_to_mend_it(completeness: Completeness) -> None:
    document = read(OWN / "sonata" / "internet_add.json")
    del document["productOrderItem"][0]["id"], document["relatedContactInformation"][0]["role"]
    _, lacks = judged(completeness, "sonata", "tmf", "order", document)
    assert lacks == {
        "/productOrderItem/0/id": "/productOrderItem/0", "/relatedParty/0/id": "/relatedContactInformation/0"}


def test_what_tm_forum_leaves_out_and_mef_requires_is_told_as_well(completeness: Completeness) -> None:
    _, lacks = judged(completeness, "tmf", "sonata", "order", read(OWN / "tmf" / "gift_card.json"))
    contact = {f"/relatedContactInformation/0/{name}": "/relatedParty/0" for name in ("name", "emailAddress", "number")}
    assert lacks == {**contact, "/productOrderItem/1/action": "/productOrderItem/1"}


@pytest.mark.parametrize(("target", "resource"), [("canonical", "order"), ("tmf", "site"), ("latin", "order")])
def test_where_there_is_no_document_nothing_is_lacking(completeness: Completeness, target: str, resource: str) -> None:
    assert completeness.findings(target, resource, {}, dict) == []


def test_an_edition_is_judged_by_its_own_document(completeness: Completeness) -> None:
    for resource, required in (("order", "/productOrderItem"), ("cancellation", "/productOrder")):
        found = completeness.findings("tmf.v4.order", resource, {}, dict)
        assert [one["at"] for one in found] == [required]


def test_what_was_made_of_nothing_leads_to_what_all_beside_it_came_from() -> None:
    homes = Homes({"/a/0/x": "/b/0/c/x", "/a/0/y": "/b/0/d", "/a/1/x": "/b/1/c/x"})
    assert {at: homes.of(at) for at in ("/a/0/x", "/a/0/id", "/a/1/id", "/a/7/id", "/id")} == {
        "/a/0/x": "/b/0/c/x", "/a/0/id": "/b/0", "/a/1/id": "/b/1/c", "/a/7/id": "/b", "/id": ""}


def test_a_long_document_without_anything_is_led_back_in_no_time(completeness: Completeness) -> None:
    many = 10_000
    document = {"productOrderItem": [{"name": str(number)} for number in range(many)]}
    where = {f"/productOrderItem/{number}/name": f"/items/{number}/name" for number in range(many)}
    found = completeness.findings("tmf", "order", document, lambda: where)
    assert {one["pointer"] for one in found} == {f"/items/{number}" for number in range(many)}
