"""Validation by the documents: discriminators, formats, product configurations, and findings that help."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from lso.dialects.edition import load_editions
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validator, Validators
from tests.gateway.paths import ORDERS, PUBLISHED_ORDERS, SHARED, SPECS, published

EDITIONS = {edition.edition: edition for edition in load_editions(SPECS)}
PRODUCTS = load_products(SPECS / "products")
CONTACT = {"role": "productOrderContact", "name": "A", "number": "1", "emailAddress": "a@example.com"}
BASIC = "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"
ACCESS = "urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all"
RESPELLED = "urn:mef:lso:spec:sonata:carrier-ethernet-subscriber-uni:v1.0.0:all"
PLACE = {"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": "1"}


def orders(edition: str = "sonata.grace.order", file: Path = ORDERS) -> Validator:
    validator = Validators(load(file), PRODUCTS, EDITIONS[edition].products).body("/productOrder", "post")
    assert validator is not None
    return validator


def order(**item: Any) -> dict[str, Any]:
    first = {"id": "1", "action": "delete", "product": {"id": "p"}, **item}
    return {"externalId": "x", "relatedContactInformation": [CONTACT], "productOrderItem": [first]}


def configured(urn: str, **members: Any) -> dict[str, Any]:
    return order(product={"productConfiguration": {"@type": urn, **members}})


def placed(**place: Any) -> dict[str, Any]:
    return order(product={"place": [place]})


def found(document: Any, validator: Validator | None = None, *, strict: bool = False) -> dict[str, str]:
    judged = (validator or orders()).findings(document, strict=strict)
    return {finding.pointer: finding.code for finding in judged}


def test_a_valid_order_has_no_findings() -> None:
    assert found(order()) == {}
    assert found(placed(**PLACE)) == {}


def test_all_violations_are_found_at_once() -> None:
    document = order(action="install", requestedCompletionDate="tomorrow", quantity=1)
    document["relatedContactInformation"].append({"role": 1})
    del document["productOrderItem"][0]["id"]
    assert found(document) == {
        "/productOrderItem/0/id": "missingProperty",
        "/productOrderItem/0/action": "invalidValue",
        "/productOrderItem/0/requestedCompletionDate": "invalidFormat",
        "/relatedContactInformation/1/role": "invalidFormat",
        "/relatedContactInformation/1/name": "missingProperty",
        "/relatedContactInformation/1/number": "missingProperty",
        "/relatedContactInformation/1/emailAddress": "missingProperty",
    }


def test_one_is_counted_as_one() -> None:
    (empty,) = orders().findings({**order(), "relatedContactInformation": []}, strict=False)
    assert empty.reason == "It must have at least 1 element."


def test_the_kind_of_a_place_decides_what_it_needs() -> None:
    fielded = {"@type": "FieldedAddress", "role": "x", "city": "c", "streetName": "s"}
    assert found(placed(**fielded)) == {"/productOrderItem/0/product/place/0/country": "missingProperty"}
    assert found(placed(**fielded, country="DE")) == {}
    assert found(placed(**PLACE, href=1)) == {"/productOrderItem/0/product/place/0/href": "invalidFormat"}


def test_an_unknown_kind_of_place_is_an_invalid_value() -> None:
    assert found(placed(**(PLACE | {"@type": "Lighthouse"}))) == {
        "/productOrderItem/0/product/place/0/@type": "invalidValue"
    }


def test_a_configuration_is_held_against_the_schema_that_its_type_names() -> None:
    here = "/productOrderItem/0/product/productConfiguration"
    missing = found(configured(BASIC))
    assert missing
    assert all(pointer.startswith(here) and code == "missingProperty" for pointer, code in missing.items())
    assert found(configured("urn:mef:lso:spec:nobody:knows:v1.0.0:all")) == {f"{here}/@type": "invalidValue"}
    assert found(order(product={"productConfiguration": {}})) == {f"{here}/@type": "missingProperty"}


def test_a_product_unknown_to_the_dialect_is_refused_there() -> None:
    cantata = found(configured(ACCESS), orders("cantata.grace.order"))
    assert cantata == {"/productOrderItem/0/product/productConfiguration/@type": "invalidValue"}
    assert "/productOrderItem/0/product/productConfiguration/@type" not in found(configured(ACCESS))


def test_a_respelled_product_is_accepted_except_by_strict_tenants() -> None:
    here = "/productOrderItem/0/product/productConfiguration/@type"
    assert here not in found(configured(RESPELLED))
    assert found(configured(RESPELLED), strict=True)[here] == "invalidValue"


def test_strict_tenants_hear_of_every_member_that_the_document_does_not_know() -> None:
    document = configured(BASIC, colour="red", ipvc={"a/b": 1, "ipvcServiceLevelSpecification": None})
    document["productOrderItem"][0]["billingAccount"] = {"id": "1", "billingContact": {"name": "x"}}
    document["shiny~new"] = [1]
    loose, strict = found(document), found(document, strict=True)
    assert "unexpectedProperty" not in loose.values()
    configuration = "/productOrderItem/0/product/productConfiguration"
    assert {pointer for pointer, code in strict.items() if code == "unexpectedProperty"} >= {
        "/shiny~0new",
        "/productOrderItem/0/billingAccount/billingContact",
        f"{configuration}/colour",
        f"{configuration}/ipvc/a~1b",
    }


def test_findings_never_repeat_what_was_sent() -> None:
    document = order(action="hunter2", requestedCompletionDate="hunter2", agreementName={"hunter2": 1})
    document["externalId"] = ["hunter2"]
    judged = orders().findings(document)
    assert len(judged) >= 4
    assert not any("hunter2" in finding.reason for finding in judged)
    assert all(len(finding.reason) <= 255 for finding in judged)


def test_a_word_with_a_stray_blank_in_the_standard_is_accepted_both_ways() -> None:
    tmf = Validators(load(SPECS / "tmf" / "TMF622-ProductOrder-v4.yaml"), None, None).named("ProductStatusType")
    assert tmf.is_valid("aborted")
    assert tmf.is_valid("aborted ")
    assert not tmf.is_valid("abort")


@pytest.mark.parametrize("sample", ["mef139/uc06_order_add_basic.json", "mef125_0_1/uc05_order_add_epl.json"])
def test_published_orders_are_valid_once_corrected(sample: str) -> None:
    document = json.loads(published(SHARED / "samples" / "corrected" / sample).read_text())
    assert orders().findings(document) == ()


def test_the_published_faulty_order_is_told_where() -> None:
    document = json.loads(published(SHARED / "samples" / "mef139" / "uc06_order_add_basic.json").read_text())
    envelope = "/productOrderItem/0/product/productConfiguration/ipUni/ingressBandwidthProfileEnvelope"
    assert found(document)[envelope] in {"invalidFormat", "invalidValue"}
    assert "unexpectedProperty" in found(document, strict=True).values()


def test_the_published_document_judges_like_ours() -> None:
    theirs = orders(file=published(PUBLISHED_ORDERS))
    good = placed(**PLACE)
    bad = copy.deepcopy(good)
    bad["productOrderItem"][0]["product"]["place"][0] |= {"@type": "FieldedAddress"}
    bad["productOrderItem"][0]["action"] = "noChange"
    for document in (good, bad, configured(BASIC), configured(ACCESS), {}):
        assert found(document, theirs) == found(document)


def test_of_several_alternatives_the_one_most_likely_meant_is_complained_about(tmp_path: Path) -> None:
    file = tmp_path / "api.yaml"
    file.write_text(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {Either: {oneOf: "
        "[{type: integer}, {type: object, required: [a], properties: {a: {type: object, required: [b]}}}]}}}"
    )
    either = Validators(load(file), None, None).named("Either")
    assert [(one.pointer, one.code) for one in either.findings({"a": {}})] == [("/a/b", "missingProperty")]
    assert [(one.pointer, one.code) for one in either.findings("x")] == [("", "invalidFormat")]


def test_nullable_members_and_exclusive_bounds_mean_what_openapi_means(tmp_path: Path) -> None:
    file = tmp_path / "api.yaml"
    file.write_text(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n"
        "components: {schemas: {T: {type: object, properties: {a: {type: string, nullable: true, enum: [x]}, "
        "b: {type: number, minimum: 0, exclusiveMinimum: true}}}}}"
    )
    validator = Validators(load(file), None, None).named("T")
    assert validator.is_valid({"a": None, "b": 0.1})
    assert not validator.is_valid({"b": 0})
    assert not validator.is_valid({"b": None})
