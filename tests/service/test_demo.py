"""The demo data: everything that a published sample names is there, and it can be ordered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lso.canonical.tenant import Profile
from lso.demo.seed import load_demo
from lso.dialects.book import Book
from lso.gateway.judge import ProductJudge
from lso.lifecycle.rules import catalogue
from lso.settings import data_folder
from tests.service.conftest import OWN, PUBLISHED

NAMED = {"productOffering": "offerings", "billingAccount": "billing_accounts", "product": "products",
         "productRelationship": "products"}


def named(value: Any, under: str = "") -> Iterator[tuple[str, str]]:
    """What a document refers to by id: the kind of thing, and its id."""
    if isinstance(value, list):
        for one in value:
            yield from named(one, under)
    elif isinstance(value, dict):
        if under in NAMED and isinstance(value.get("id"), str):
            yield NAMED[under], value["id"]
        if value.get("@type") in ("GeographicAddressRef", "GeographicSiteRef"):
            yield "places", value["id"]
        for name, one in value.items():
            yield from named(one, name)


def known() -> dict[str, set[str]]:
    data = load_demo()
    profile = Profile.model_validate(data.profiles[0])
    return {"offerings": {offering.id for offering in profile.offerings},
            "places": {place.id for place in profile.places}, "billing_accounts": set(profile.billing_accounts),
            "products": {product.id for product in data.products if product.tenant == profile.tenant}}


def missing(files: list[Path]) -> set[tuple[str, str, str]]:
    here = known()
    bodies = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in files}
    return {(name, kind, id) for name, body in bodies.items() for kind, id in named(body) if id not in here[kind]}


def test_everything_that_a_published_body_names_is_there() -> None:
    files = sorted(PUBLISHED.rglob("uc*.json"))
    if not files:
        pytest.skip("the published samples are not beside the project")
    assert not missing(files)


def test_everything_that_an_order_of_our_own_names_is_there() -> None:
    assert not missing([file for file in OWN.glob("sonata/*.json") if "held" not in file.name])


def test_every_demo_product_is_of_an_offering_of_its_tenant_and_stands_on_what_is_there() -> None:
    data = load_demo()
    profiles = {document["tenant"]: Profile.model_validate(document) for document in data.profiles}
    ids = {(product.tenant, product.id) for product in data.products}
    for product in data.products:
        offerings = {offering.id: offering.schemas for offering in profiles[product.tenant].offerings}
        if product.offering_id is not None:
            assert product.schema in offerings[product.offering_id]
        for relation in product.document.get("relations", ()):
            assert (product.tenant, relation["product_id"]) in ids


def test_the_smallest_configuration_of_every_kind_satisfies_its_product_schema(the_book: Book) -> None:
    judge = ProductJudge(data_folder("specs") / "products")
    for urn, rule in catalogue().products.items():
        assert not judge(urn, dict(rule.least)), urn
    ordered = {urn for edition in the_book.editions for urn in edition.products or ()}
    assert ordered == set(catalogue().products)
