"""Qualifications, queries, quotes, addresses and sites, seen in each edition: valid, and back at their sender as they
were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from lso.canonical import address, address_validation, qualification, qualification_query, quote, quote_operation, site
from lso.canonical.model import Model
from lso.dialects import face
from lso.dialects.edition import Edition
from lso.dialects.link import links_in, unlinked
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.lens import Row, load_table
from lso.settings import data_folder
from tests.dialects.test_extension import members
from tests.dialects.test_face import BASE, BOOK
from tests.dialects.test_satellites import beside, name_of

SAMPLES = Path(__file__).parent.parent / "samples"
SPECS, MAPPINGS = data_folder("specs"), data_folder("mappings")
MODELS: dict[str, type[Model]] = {
    "qualification": qualification.Qualification, "qualification_query": qualification_query.QualificationQuery,
    "quote": quote.Quote, "quote_operation": quote_operation.QuoteOperation, "address": address.Address,
    "address_validation": address_validation.AddressValidation, "site": site.Site}
HOMES = {"qualification_query": "qualification", "quote_operation": "quote", "address_validation": "address"}
OWN = sorted(file for resource in MODELS for file in SAMPLES.glob(f"*/{resource}/*.json"))
ASKED = [file for file in OWN if file.stem == "asked"]
WHOLE = [file for file in OWN if "id" in json.loads(file.read_text())]
SHOWN = [pytest.param(file, dialect, extended, id=f"{name_of(file)}-{dialect}{'+ext' if extended else ''}")
         for file in WHOLE
         for dialect, extended in (("sonata", False), ("cantata", False), ("tmf", False), ("tmf", True))]
EXTENDED = {"qualification": "MefCheckServiceQualification", "qualification_query": "MefQueryServiceQualification",
            "quote": "MefQuote"}
LACKING = {  # what MEF requires and a TM Forum client does not say; enrichment supplies it (translation 12)
    "qualification": {"/relatedContactInformation",
                      *(f"/productOfferingQualificationItem/{index}/action" for index in range(3))},
    "quote": {"/buyerRequestedQuoteLevel"}}


def edition_of(dialect: str, resource: str) -> Edition | None:
    try:
        return BOOK.edition(f"{dialect}.{'v4' if dialect == 'tmf' else 'grace'}.{HOMES.get(resource, resource)}")
    except KeyError:
        return None


def validators(edition: Edition) -> Validators:
    products = load_products(SPECS / "products") if edition.products else None
    return Validators(load(SPECS / edition.document), products, edition.products)


def sample(file: Path) -> tuple[Edition, str, dict[str, Any]]:
    resource = file.parent.name
    edition = edition_of(file.parent.parent.name, resource)
    assert edition is not None
    return edition, resource, json.loads(file.read_text())


@pytest.mark.parametrize("file", OWN, ids=name_of)
def test_what_is_read_fits_the_model_and_is_dumped_as_it_was(file: Path) -> None:
    own, resource, document = sample(file)
    read = face.read(BOOK, own, document, resource=resource)
    assert read.findings == ()
    dumped = MODELS[resource].model_validate(read.document).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert dumped == read.document


@pytest.mark.parametrize("file", ASKED, ids=name_of)
def test_what_is_asked_is_valid(file: Path) -> None:
    edition, resource, document = sample(file)
    body = validators(edition).body("/" + BOOK.resource(edition, resource).path, "post")
    assert body is not None
    assert body.findings(document) == ()


@pytest.mark.parametrize(("file", "dialect", "extended"), SHOWN)
def test_what_is_shown_is_valid_in_every_edition_that_has_it(file: Path, dialect: str, extended: bool) -> None:
    own, resource, document = sample(file)
    edition = edition_of(dialect, resource)
    if edition is None or not BOOK.knows(edition, resource):
        assert dialect != own.dialect
        return
    read = face.read(BOOK, own, document, resource=resource)
    mapping = BOOK.base_name(own.mapping_of(resource) or "")
    shown = face.show(BOOK, edition, read.document, {mapping: read.complement}, base_url=BASE, extended=extended,
                      native=face.native(BOOK, edition, mapping, resource=resource), resource=resource)
    path = "/" + BOOK.resource(edition, resource).path
    assert shown["href"] == f"{BASE}{edition.base_path}{path}/{document['id']}"
    answer = Validators(load(SPECS / edition.document), None, None).answer(path + "/{id}", "get", 200)
    assert answer is not None
    missed = {finding.pointer for finding in answer.findings(shown)}
    assert missed <= (LACKING[resource] if own.dialect == "tmf" != dialect else set())
    if edition is own and not extended:
        links = BOOK.links(edition, resource)
        bare = unlinked(shown, links, links_in(shown, links))
        assert {**bare, "href": None} == {**document, "href": None}


@pytest.mark.parametrize("file", [file for file in WHOLE if file.parent.name in EXTENDED], ids=name_of)
def test_an_extended_document_fits_its_schema_and_says_where_that_is(file: Path) -> None:
    own, resource, document = sample(file)
    tmf = edition_of("tmf", resource)
    assert tmf is not None
    read = face.read(BOOK, own, document, resource=resource)
    shown = face.show(BOOK, tmf, read.document, {}, base_url=BASE, extended=True, resource=resource)
    assert (shown["@type"], shown["@baseType"]) == (EXTENDED[resource], EXTENDED[resource].removeprefix("Mef"))
    name = shown["@schemaLocation"].removeprefix(f"{BASE}/specs/")
    assert name == f"tmf/{EXTENDED[resource]}.schema.json"
    jsonschema_rs.Draft7Validator(json.loads((SPECS / name).read_text()), validate_formats=True,
                                  retriever=lambda uri: json.loads(beside(name, uri).read_text())).validate(shown)


@pytest.mark.parametrize("resource", EXTENDED)
def test_the_schema_of_an_extension_names_every_extra_member(resource: str) -> None:
    def extra(rows: tuple[Row, ...]) -> set[str]:
        return {[part for part in path if part != "*"][-1] for row in rows if row.how.get("ext") == "true"
                for path in row.theirs}

    own = load_table(MAPPINGS / "tmf" / f"{resource}.yaml", folder=MAPPINGS, variant="ext")
    shared = load_table(MAPPINGS / "tmf" / "order.yaml", folder=MAPPINGS, variant="ext")
    named = members(json.loads((SPECS / "tmf" / f"{EXTENDED[resource]}.schema.json").read_text()))
    written = set().union(*(extra(rows) for name, rows in own.sets.items() if shared.sets.get(name) != rows))
    assert written <= named


def test_a_list_of_qualifications_shows_the_day() -> None:
    edition, resource, document = sample(SAMPLES / "sonata" / "qualification" / "answered.json")
    shown = face.summarise(BOOK, edition, document, resource=resource)
    assert shown == {"id": "POQ-1", "externalId": "RFQ-31", "projectId": "Harbour roll-out", "state": "done.ready",
                     "requestedPOQCompletionDate": "2026-02-02"}
    answer = Validators(load(SPECS / edition.document), None, None).answer("/productOfferingQualification", "get", 200)
    assert answer is not None
    assert answer.findings([shown]) == ()
