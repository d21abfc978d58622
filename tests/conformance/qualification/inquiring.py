"""Questions to send, and the desks to send them to."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.conformance.desk import Desk, changed
from tests.running import Running

Document = dict[str, Any]
SONATA = "/mefApi/sonata/productOfferingQualification/v7"
CANTATA = "/mefApi/cantata/productOfferingQualification/v1"
TMF = "/tmf-api/serviceQualificationManagement/v4"
PATH = "/productOfferingQualification"
ITEM = "/productOfferingQualificationItem/0"
FINAL = ("done.ready", "done.unableToProvide", "terminatedWithError")
BASIC = "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"
CONTACT = {"role": "buyerContactInformation", "name": "Ines Marin", "emailAddress": "ines@harbour.example",
           "number": "+351 21 555 0101"}
PRODUCT: Document = {
    "productOffering": {"id": "OFFER-INTERNET-BASIC"},
    "place": [{"@type": "GeographicSiteRef", "role": "INSTALL_LOCATION", "id": "SITE-QUAY-4"}],
    "productConfiguration": {
        "@type": BASIC, "ipvc": {"mtu": 1500, "ipvcEndPoint": {"identifier": "quay"}},
        "ipUni": {"ingressBandwidthProfileEnvelope": [{"maxIr": {"irValue": 100, "irUnits": "MBPS"}, "tE": 10}]},
        "ipUniAccessLink": {"identifier": "quay"}, "ipUniAccessLinkTrunk": {}},
}


def question(*places: str, instant: bool = True, **members: Any) -> Document:
    """Whether internet access can be had: at the quay, or at each of some addresses; some bring out what the sandbox
    does on demand (`rules.yaml` there)."""
    items: list[Document] = [
        {"id": str(number), "action": "add", "product": copy.deepcopy(PRODUCT)}
        for number in range(1, max(2, len(places) + 1))]
    for item, place in zip(items, places, strict=False):
        item["product"]["place"] = [{"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": place}]
    return {"instantSyncQualification": instant, "relatedContactInformation": [CONTACT],
            "productOfferingQualificationItem": items, **members}


def asked(desk: Desk, document: Document) -> Document:
    """The answer to a question."""
    return desk.made(document, PATH)


def judged(desk: Desk, document: Document) -> Document:
    """The answer to a question, once there is one."""
    return desk.once(asked(desk, document)["id"], *FINAL, path=PATH)


def about(item: Document, **members: Any) -> Document:
    """A question about one item."""
    return {**question(**members), "productOfferingQualificationItem": [item]}


def at_home(service: Running, client: str = "demo-carrier") -> Desk:
    """Where a partner asks."""
    return Desk(service, SONATA, client)


@pytest.fixture(params=["sonata", "cantata"])
def poq(request: pytest.FixtureRequest, service: Running) -> Desk:
    """Either edition of MEF."""
    return at_home(service) if request.param == "sonata" else Desk(service, CANTATA, "demo-carrier-sil")


__all__ = ["at_home", "changed", "poq"]
