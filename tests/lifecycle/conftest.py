"""Orders to work on, and what is known about their buyer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from lso.lifecycle.known import Known, OfferingFact, ProductFact

ORDERS = Path(__file__).parent / "orders"
CANTATA = "urn:mef:lso:spec:cantata-sonata:"
INTERNET, LINE, UNI = (f"{CANTATA}{name}:v1.0.0:all" for name in (
    "basic-internet-access", "epl-evc", "carrier-ethernet-subscriber-uni"))
OPERATOR_UNI = "urn:mef:lso:spec:sonata:carrier-ethernet-operator-uni:v5.0.0:all"
ACCESS_LINE = "urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all"
ENNI = "urn:mef:lso:spec:sonata:carrier-ethernet-enni-sp-so:v5.0.0:inventory"
RESPELLED_UNI = UNI.replace("cantata-sonata", "sonata")

Document = dict[str, Any]


@pytest.fixture
def an_order() -> Callable[[str], Document]:
    """A fresh copy of one of the orders beside this file."""

    def read(name: str) -> Document:
        order: Document = yaml.load((ORDERS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return order

    return read


@pytest.fixture
def known() -> Known:
    """What was agreed with the buyer, and what it has."""
    at_home = [{"role": "INSTALL_LOCATION", "kind": "address", "id": "address-1"}]
    ends = [{"kind": "CONNECTS_TO_UNI_A", "product_id": "uni-1"}, {"kind": "CONNECTS_TO_UNI_Z", "product_id": "uni-2"}]
    return Known(
        offerings={"internet": OfferingFact(frozenset({INTERNET}), "orderable"),
                   "line": OfferingFact(frozenset({LINE}), "orderable"),
                   "uni": OfferingFact(frozenset({UNI}), "orderable"),
                   "access": OfferingFact(frozenset({ACCESS_LINE}), "orderable"),
                   "operator-uni": OfferingFact(frozenset({OPERATOR_UNI}), "orderable"),
                   "retired": OfferingFact(frozenset({INTERNET}), "endOfSale")},
        places={"address-1": "address", "site-1": "site"},
        billing_accounts=frozenset({"account-1", "account-2"}),
        products={"internet-1": ProductFact(INTERNET, "internet", "active", {"places": at_home}),
                  "uni-1": ProductFact(UNI, "uni", "active", {"offering_id": "uni", "schema": UNI, "places": at_home,
                                                              "configuration": {"linkOam": "ENABLED"}}),
                  "uni-2": ProductFact(UNI, "uni", "active", {}),
                  "line-1": ProductFact(LINE, "line", "active", {"relations": ends}),
                  "gone-1": ProductFact(UNI, "uni", "terminated", {}),
                  "enni-1": ProductFact(ENNI, None, "active", {})},
        schemas=frozenset({INTERNET, LINE, UNI, ACCESS_LINE, OPERATOR_UNI}),
        aliases={RESPELLED_UNI: UNI},
    )
