"""Every sample, translated: to the letter as expected, and back again without loss. The published ones as well."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lso.dialects.book import book
from lso.dialects.passage import CANONICAL, end, translate
from tests.laws.difference import difference

HERE = Path(__file__).parent
OWN = sorted(file for folder in ("sonata", "tmf") for file in (HERE / folder).glob("**/*.json"))
TARGETS = (CANONICAL, "sonata", "cantata", "tmf", "tmf+ext")
MEF, TM_FORUM = ("sonata", "cantata"), ("tmf", "tmf+ext")
UNKNOWN = {"charge": TM_FORUM, "delivery_date": TM_FORUM, "quote_operation": TM_FORUM, "address": TM_FORUM,
           "address_validation": TM_FORUM, "site": TM_FORUM, "qualification_query": MEF}
PUBLISHED = HERE.parent.parent.parent / "shared" / "samples"
RESOURCES = {"order": "order", "poq": "qualification", "quote": "quote", "address": "address_validation"}
RENEW = os.environ.get("LSO_RENEW_SAMPLES") == "1"


def read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text())
    return document


def opened(name: str, resource: str = "order") -> Any:
    return end(book(), name.removesuffix("+ext"), resource, extended=name.endswith("+ext"))


def dialect_of(file: Path) -> str:
    return file.relative_to(HERE).parts[0]


def resource_of(file: Path) -> str:
    """Orders stand beside folders of other resources."""
    return "order" if file.parent.parent == HERE else file.parent.name


def name_of(file: Path) -> str:
    return "_".join(file.relative_to(HERE).with_suffix("").parts)


PAIRS = [pytest.param(file, target, id=f"{name_of(file)}-{target}") for file in OWN for target in TARGETS
         if target not in UNKNOWN.get(resource_of(file), ())]
ABROAD = [pair for pair in PAIRS if dialect_of(pair.values[0]) != pair.values[1]
          and (dialect_of(pair.values[0]), pair.values[1]) != ("sonata", "cantata")]


@pytest.mark.parametrize(("file", "target"), ABROAD)
def test_a_sample_becomes_what_is_expected(file: Path, target: str) -> None:
    resource = resource_of(file)
    made = translate(opened(dialect_of(file), resource), opened(target, resource), read(file))
    found = json.loads(json.dumps({
        "document": made.document, "complement": made.complement,
        "findings": [one._asdict() for one in made.findings], "losses": [one._asdict() for one in made.losses]}))
    expected = HERE / "expected" / name_of(file) / f"{target}.json"
    if RENEW:
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    assert list(difference(found, read(expected))) == []


@pytest.mark.parametrize(("file", "target"), PAIRS)
def test_a_sample_comes_back_as_it_was_sent(file: Path, target: str) -> None:
    home, abroad = opened(dialect_of(file), resource_of(file)), opened(target, resource_of(file))
    document = read(file)
    there = translate(home, abroad, document)
    back = translate(abroad, home, there.document, there.complement)
    assert list(difference(back.document, document)) == []
    assert document == read(file)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("word", RESOURCES)
def test_what_is_published_comes_back_as_it_was_sent(word: str, target: str) -> None:
    resource = RESOURCES[word]
    if target in UNKNOWN.get(resource, ()):
        pytest.skip(f"{target} has no {resource}")
    files = sorted(PUBLISHED.glob(f"**/uc*_{word}_*.json"))
    if not files:
        pytest.skip(f"the published samples are not at {PUBLISHED}")
    home, abroad = opened("sonata", resource), opened(target, resource)
    for file in files:
        document = read(file)
        there = translate(home, abroad, document)
        back = translate(abroad, home, there.document, there.complement)
        assert list(difference(back.document, document)) == [], file.name


def test_the_journey_over_all_dialects_brings_a_sample_home() -> None:
    document = read(HERE / "sonata" / "internet_held.json")
    sonata, tmf = opened("sonata"), opened("tmf")
    there = translate(sonata, tmf, document)
    again = translate(tmf, opened(CANONICAL), there.document, {"to": there.complement["to"]})
    back = translate(opened(CANONICAL), sonata, again.document, {"from": there.complement["from"]})
    assert list(difference(back.document, document)) == []


def test_a_state_that_has_moved_on_beats_the_remembered_one() -> None:
    document = read(HERE / "sonata" / "internet_held.json")
    sonata, tmf = opened("sonata"), opened("tmf")
    there = translate(sonata, tmf, document)
    assert there.document["state"] == "held"
    moved = translate(tmf, sonata, there.document | {"state": "inProgress"}, there.complement)
    assert moved.document["state"] == "inProgress"
    left = translate(tmf, sonata, there.document, there.complement)
    assert left.document["state"] == "held.assessingCharge"


def test_a_whole_order_date_reaches_the_items_of_a_mef_order() -> None:
    made = translate(opened("tmf"), opened("sonata"), read(HERE / "tmf" / "internet_add.json"))
    assert made.document["productOrderItem"][0]["requestedCompletionDate"] == "2026-03-02T08:00:00Z"


def test_a_date_that_all_items_share_is_the_date_of_a_tm_forum_order() -> None:
    document = read(HERE / "sonata" / "epl_add.json")
    made = translate(opened("sonata"), opened("tmf"), document)
    assert made.document["requestedCompletionDate"] == "2026-03-02T08:00:00Z"
    document["productOrderItem"][0]["requestedCompletionDate"] = "2026-04-01T08:00:00Z"
    made = translate(opened("sonata"), opened("tmf"), document)
    assert "requestedCompletionDate" not in made.document


def test_a_quantity_that_mef_cannot_say_is_a_finding() -> None:
    made = translate(opened("tmf"), opened(CANONICAL), read(HERE / "tmf" / "gift_card.json"))
    assert [(one.pointer, one.code) for one in made.findings] == [("/productOrderItem/0/quantity", "invalidValue")]


def test_a_declined_charge_is_told_apart_in_mef_alone() -> None:
    document = read(HERE / "sonata" / "cancellation" / "declined.json")
    sonata, tmf = opened("sonata", "cancellation"), opened("tmf", "cancellation")
    there = translate(sonata, tmf, document)
    assert there.document["state"] == "done"
    assert translate(tmf, sonata, there.document, there.complement).document["state"] == "done.declined"


def test_a_tm_forum_cancellation_under_assessment_is_no_charge() -> None:
    made = translate(opened("tmf", "cancellation"), opened("sonata", "cancellation"), {"state": "inProgress"})
    assert made.document == {"state": "acknowledged"}


def test_a_charge_names_its_order_whether_it_is_put_on_the_order_or_an_item() -> None:
    for name in ("item", "cancellation"):
        document = read(HERE / "sonata" / "charge" / f"{name}.json")
        made = translate(opened("sonata", "charge"), opened(CANONICAL), document)
        assert made.document["order_id"] == "ORD-1"
        assert ("item_id" in made.document) == (name == "item")
        assert made.findings == ()
