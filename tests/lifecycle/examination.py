"""What the rules have to say against an order, in tests of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lso.lifecycle.known import Known
from lso.lifecycle.rules import catalogue
from tests.lifecycle.conftest import ACCESS_LINE, OPERATOR_UNI

Document = dict[str, Any]
Orders = Callable[[str], Document]


def wrong(order: Document, known: Known, dialect: str = "sonata") -> set[tuple[str, str]]:
    return {(finding.pointer, finding.code) for finding in catalogue().examine(order, dialect, known)}


def wrong_later(order: Document) -> set[tuple[str, str]]:
    return {(finding.pointer, finding.code) for finding in catalogue().examine_later(order)}


def an_access_line(order: Document) -> Document:
    """The private line made an Access E-Line: between a new operator UNI and an ENNI that exists."""
    line, uni = order["items"][0], order["items"][1]
    line["product"] |= {"offering_id": "access", "schema": ACCESS_LINE, "configuration": {"uniEp": {}, "enniEp": {}},
                        "relations": [{"kind": "CONNECTS_TO_ENNI", "product_id": "enni-1"}]}
    line["relations"] = [{"kind": "CONNECTS_TO_UNI", "item_id": "here"}]
    uni["product"] = {**uni["product"], "schema": OPERATOR_UNI, "offering_id": "operator-uni"}
    order["items"] = [line, uni]
    return order
