"""Body validation: Connexion's default validator against ours, each on the same parsed document.

Ours knows more: discriminators, formats, and the product schema that the configuration names. The faults below are what
only knowing more can find.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from connexion.exceptions import BadRequestProblem

from benchmarks import stock
from benchmarks.body import Body
from benchmarks.report import Figure, micro
from benchmarks.timing import in_turns
from lso.dialects.edition import load_editions
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validator, Validators
from lso.settings import data_folder

LEAST = 50.0
PART = "1 validation"


def order_validator(*, with_products: bool = True) -> Validator:
    """Ours, as the door compiles it for Sonata; without product schemas it knows little more than Connexion."""
    specs = data_folder("specs")
    edition = next(one for one in load_editions(specs) if one.edition == "sonata.grace.order")
    products = load_products(specs / "products") if with_products else None
    validators = Validators(load(specs / edition.document), products, edition.products)
    found = validators.body(stock.PATH, stock.METHOD)
    assert found is not None, "the order document declares a body"
    return found


def measure(orders: list[Body]) -> Iterator[Figure]:
    """Per order: the same document alone, and with product schemas as at the door; then how much stricter."""
    ours, theirs = order_validator(), stock.validator()
    same = order_validator(with_products=False)
    for order in orders:
        assert ours.findings(order.document) == (), "ours accepts the order"
        theirs._validate(order.document)
        took = in_turns({"theirs": partial(theirs._validate, order.document),
                         "same document": partial(same.findings, order.document),
                         "with product schemas": partial(ours.findings, order.document)})
        for name in ("same document", "with product schemas"):
            yield Figure(PART, f"{order}, {name}", micro(took.seconds(name)),
                         f"Connexion {micro(took.seconds('theirs'))}", took.ratio("theirs", name), least=LEAST)
    faulty = [spoil(copy.deepcopy(orders[0].document)) for spoil in FAULTS]
    refused = sum(bool(ours.findings(document)) for document in faulty)
    passed = sum(_passes(theirs, document) for document in faulty)
    yield Figure(PART, f"{len(FAULTS)} faulty bodies refused", str(refused), f"Connexion {len(FAULTS) - passed}",
                 float(refused - (len(FAULTS) - passed)), unit="more", least=1)


def _passes(validator: Any, document: Any) -> bool:
    try:
        validator._validate(document)
    except BadRequestProblem:
        return False
    return True


def _product(document: Any) -> Any:
    return document["productOrderItem"][0]["product"]


def _no_date(document: Any) -> Any:
    document["productOrderItem"][0]["requestedCompletionDate"] = "next week"
    return document


def _half_an_address(document: Any) -> Any:
    _product(document)["place"] = [{"@type": "FieldedAddress", "role": "INSTALL_LOCATION", "city": "Budapest"}]
    return document


def _unknown_kind_of_place(document: Any) -> Any:
    _product(document)["place"] = [{"@type": "Somewhere", "role": "INSTALL_LOCATION"}]
    return document


def _unknown_product(document: Any) -> Any:
    _product(document)["productConfiguration"]["@type"] = "urn:mef:lso:spec:none:such:v1.0.0:all"
    return document


def _empty_configuration(document: Any) -> Any:
    configuration = _product(document)["productConfiguration"]
    _product(document)["productConfiguration"] = {"@type": configuration["@type"]}
    return document


def _wrong_type(document: Any) -> Any:
    document["productOrderItem"] = "one"
    return document


FAULTS: tuple[Callable[[Any], Any], ...] = (
    _no_date, _half_an_address, _unknown_kind_of_place, _unknown_product, _empty_configuration, _wrong_type)
