"""Cancellations, charges and changes of date, seen in each edition: valid, and back at their sender as they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from lso.canonical import cancellation, charge, delivery_date
from lso.dialects import face
from lso.dialects.edition import Edition
from lso.dialects.link import links_in, unlinked
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.settings import data_folder
from tests.dialects.test_face import BASE, BOOK, CANTATA, SONATA, TMF

SAMPLES = Path(__file__).parent.parent / "samples"
SPECS = data_folder("specs")
MODELS: dict[str, Any] = {"cancellation": (cancellation.Cancellation, cancellation.dump),
                          "charge": (charge.Charge, charge.dump),
                          "delivery_date": (delivery_date.DeliveryDate, delivery_date.dump)}
OWN = sorted(file for resource in MODELS for file in SAMPLES.glob(f"*/{resource}/*.json"))
WHOLE = [file for file in OWN if "id" in json.loads(file.read_text())]
SELLER = {"role": "cancelProductOrderSellerContact", "name": "Order desk", "email": "orders@seller.example",
          "phone": "+1"}


def name_of(file: Path) -> str:
    return "-".join(file.relative_to(SAMPLES).with_suffix("").parts)


def sample(file: Path) -> tuple[Edition, str, dict[str, Any]]:
    edition = TMF if file.parent.parent.name == "tmf" else SONATA
    return edition, file.parent.name, json.loads(file.read_text())


@pytest.mark.parametrize("file", OWN, ids=name_of)
def test_what_is_read_fits_the_model_and_is_dumped_as_it_was(file: Path) -> None:
    own, resource, document = sample(file)
    read = face.read(BOOK, own, document, resource=resource)
    model, dump = MODELS[resource]
    assert read.findings == ()
    assert dump(model.model_validate(read.document)) == read.document


@pytest.mark.parametrize("file", [one for one in OWN if one not in WHOLE], ids=name_of)
def test_what_a_buyer_sends_is_valid(file: Path) -> None:
    edition, resource, document = sample(file)
    path = "/" + BOOK.resource(edition, resource).path
    asked = (path + "/{id}", "patch") if resource == "charge" else (path, "post")
    body = Validators(load(SPECS / edition.document), None, None).body(*asked)
    assert body is not None
    assert body.findings(document) == ()


@pytest.mark.parametrize("file", WHOLE, ids=name_of)
@pytest.mark.parametrize("edition", [SONATA, CANTATA, TMF], ids=lambda edition: edition.dialect)
def test_every_one_is_valid_in_every_edition_that_has_it(file: Path, edition: Edition) -> None:
    own, resource, document = sample(file)
    if edition is TMF and resource != "cancellation":
        with pytest.raises(KeyError):
            BOOK.resource(edition, resource)
        return
    read = face.read(BOOK, own, document, resource=resource)
    if resource == "cancellation" and "contacts" not in read.document:  # what the service adds
        read.document["contacts"] = [SELLER]
    shown = face.show(BOOK, edition, read.document, {BOOK.base_name(own.mapping_of(resource) or ""): read.complement},
                      base_url=BASE, native=face.native(BOOK, edition, BOOK.base_name(own.mapping_of(resource) or ""),
                                                        resource=resource), resource=resource)
    path = "/" + BOOK.resource(edition, resource).path
    assert shown["href"] == f"{BASE}{edition.base_path}{path}/{document['id']}"
    answer = Validators(load(SPECS / edition.document), None, None).answer(path + "/{id}", "get", 200)
    assert answer is not None
    assert answer.findings(shown) == ()
    if edition is own:
        links = BOOK.links(edition, resource)
        bare = [unlinked(one, links, links_in(one, links)) for one in (shown, document)]
        assert {**bare[0], "href": None} == {**bare[1], "href": None}


def test_links_lead_to_the_edition_that_the_document_is_shown_in() -> None:
    _, _, document = sample(SAMPLES / "sonata" / "charge" / "cancellation.json")
    read = face.read(BOOK, SONATA, document, resource="charge")
    for edition in (SONATA, CANTATA):
        shown = face.show(BOOK, edition, read.document, {}, base_url=BASE, resource="charge")
        here = f"{BASE}{edition.base_path}"
        assert shown["productOrder"]["productOrderHref"] == f"{here}/productOrder/{read.document['order_id']}"
        assert shown["cancelProductOrder"]["href"] == f"{here}/cancelProductOrder/{read.document['cancellation_id']}"
    cancelled = {"id": "CAN-1", "order_id": "ORD-1"}
    assert face.show(BOOK, TMF, cancelled, {}, base_url=BASE, resource="cancellation")["productOrder"] == {
        "id": "ORD-1", "href": f"{BASE}{TMF.base_path}/productOrder/ORD-1"}


def test_a_list_shows_the_few_members_of_its_document() -> None:
    _, _, document = sample(SAMPLES / "sonata" / "charge" / "item.json")
    assert set(face.summarise(BOOK, SONATA, document, resource="charge")) == {
        "id", "creationDate", "responseDueDate", "state", "productOrderItem"}
    _, _, document = sample(SAMPLES / "sonata" / "cancellation" / "charged.json")
    assert set(face.summarise(BOOK, SONATA, document, resource="cancellation")) == {
        "id", "state", "productOrder", "cancellationReasonType"}


def test_an_extended_cancellation_says_what_mef_says_and_fits_its_schema() -> None:
    _, _, document = sample(SAMPLES / "sonata" / "cancellation" / "charged.json")
    read = face.read(BOOK, SONATA, document, resource="cancellation")
    shown = face.show(BOOK, TMF, read.document, {}, base_url=BASE, extended=True, resource="cancellation")
    assert shown["charge"] == {"id": "CHG-1"}
    assert shown["cancellationReasonType"] == "commercial"
    assert [party["id"] for party in shown["relatedParty"]] == [
        "cancelProductOrderContact", "cancelProductOrderSellerContact"]
    file = shown["@schemaLocation"].removeprefix(f"{BASE}/specs/")
    assert file == "tmf/MefCancelProductOrder.schema.json"
    jsonschema_rs.Draft7Validator(json.loads((SPECS / file).read_text()), validate_formats=True,
                                  retriever=lambda uri: json.loads(beside(file, uri).read_text())).validate(shown)


def beside(file: str, uri: str) -> Path:
    """The file of that name in the same folder."""
    return (SPECS / file).with_name(uri.rpartition("/")[2])
