"""Tables between releases name every difference, and compose with the table of the release that is served."""

from __future__ import annotations

import pytest

from lso.dialects.book import book
from lso.lens import compile_mapping
from lso.lens.catalogue import lawful
from lso.lens.check import check
from lso.lens.table import Table
from lso.settings import data_folder
from tests.laws.difference import difference, same
from tests.laws.direction import CALLS, CODECS, DOCUMENTS
from tests.laws.generate import document
from tests.laws.release import PUBLISHED, changes, specifications_of

CHANGES = pytest.mark.parametrize("table", changes(), ids=[table.name for table in changes()])
BILLIE = {
    "id": "ORD-1", "orderVersion": "3", "description": "New branch", "requestedCompletionDate": "2021-09-01T08:00:00Z",
    "productOrderItem": [{"id": "1", "action": "add", "sellerItemIdentifier": "S-1", "billingAccount": {
        "id": "BA-1", "agreementName": "Frame 2021", "billingContact": {"role": "billing", "name": "Ines Marin"}}}]}


def of(name: str) -> Table:
    return next(table for table in changes() if table.name == name)


@CHANGES
def test_a_table_between_releases_passes_the_checker_and_covers_both(table: Table) -> None:
    found = specifications_of(table)
    if found is None:
        pytest.skip(f"{table.specs[0]} is not in {PUBLISHED}: the laws of {table.name} were not tried")
    report = check(table, *found, tested=lawful(data_folder("mappings")))
    print(report)
    assert not report.errors, "\n".join(map(str, report.errors))
    assert [one.share for one in report.coverage] == [1.0, 1.0]


@CHANGES
def test_an_old_document_becomes_canonical_and_comes_back(table: Table) -> None:
    found = specifications_of(table)
    if found is None:
        pytest.skip(f"{table.specs[0]} is not in {PUBLISHED}")
    release = compile_mapping(table, CODECS, CALLS)
    served = book().mapping(table.name.rpartition(".")[0])
    for seed in range(DOCUMENTS // 10):
        old = document(found[0], seed)
        new, kept, _ = release.read(old)
        ours, kept_of_new, _ = served.read(new)
        home = release.write(served.write(ours, kept_of_new).document, kept).document
        assert same(home, old), f"seed {seed}: " + "; ".join(difference(old, home))


def test_a_billie_order_is_understood_as_a_grace_order() -> None:
    made = compile_mapping(of("sonata.order.v7-v10"), CODECS, CALLS).read(BILLIE)
    assert made.document == {"id": "ORD-1", "productOrderItem": [
        {"id": "1", "action": "add", "agreementName": "Frame 2021", "billingAccount": {"id": "BA-1"}}]}
    assert made.findings == ()


def test_what_is_new_does_not_leak_to_an_old_partner() -> None:
    mapping = compile_mapping(of("sonata.order.v7-v10"), CODECS, CALLS)
    grace = {"id": "ORD-1", "cancellationCharge": [{"id": "CHG-1"}], "productOrderItem": [
        {"id": "1", "agreementName": "Frame 2021", "milestone": [{"name": "site visit"}]}]}
    assert mapping.write(grace).document == {
        "id": "ORD-1", "productOrderItem": [{"id": "1", "billingAccount": {"agreementName": "Frame 2021"}}]}


def test_a_charge_that_timed_out_is_completed_in_billie() -> None:
    mapping = compile_mapping(of("sonata.charge.v7-v10"), CODECS, CALLS)
    grace = {"id": "C", "state": "timeout",
             "chargeItem": [{"id": "1", "priceType": "recurring", "priceCategory": "other"}]}
    billie = mapping.write(grace)
    assert billie.document == {
        "id": "C", "state": "completed", "chargeItem": [{"id": "1", "chargeType": "recurring", "description": "other"}]}
    assert mapping.read(billie.document, billie.complement).document == grace
    free = mapping.read({"chargeItem": [{"id": "1", "description": "Twelve metres of duct"}]})
    assert free.document == {"chargeItem": [{"id": "1"}]}
    assert [(one.pointer, one.code) for one in free.findings] == [("/chargeItem/0/description", "invalidValue")]
