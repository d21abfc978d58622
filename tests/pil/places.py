"""Places that are known at the door: to everybody, and to one tenant alone; and the doors where they are asked for."""

from __future__ import annotations

from typing import Any

import httpx

from lso.dialects.book import book
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from tests.gateway.conftest import Running
from tests.gateway.paths import SPECS

Document = dict[str, Any]
DOORS = [("/mefApi/sonata/{}/v7", "carrier", "sonata.grace"), ("/mefApi/cantata/{}/v1", "carrier-sil", "cantata.grace")]
ADDRESSES, SITES = "geographicAddressManagement", "geographicSiteManagement"
QUAY = {"id": "QUAY-7B", "number": "7", "number_suffix": "B", "street": "du Port", "street_type": "Quai",
        "city": "Marseille", "postcode": "13002", "country": "France", "label": "MRSEFR01", "label_type": "CLLI",
        "latitude": "43.2961", "longitude": "5.3699"}
PLACES = (
    QUAY, {**QUAY, "id": "QUAY-9", "number": "9", "number_suffix": "", "label": "", "label_type": "", "latitude": "",
           "longitude": ""},
    {"id": "QUAY-7B-4", **{name: QUAY[name] for name in ("number", "number_suffix", "street", "street_type", "city",
                                                         "postcode", "country")}, "building": "Shed 4"},
    {"id": "PAIX-1", "number": "1", "street": "de la Paix", "street_type": "Rue", "city": "Paris", "country": "France"},
    *({"id": f"LONG-{number}", "number": str(number), "street": "Long", "street_type": "Street", "city": "Vienna",
       "country": "Austria"} for number in range(1, 61)),
    {"id": "MEET-ME", "kind": "site", "address_id": "QUAY-7B", "name": "Meet-me room", "company": "Port Authority",
     "contact_name": "Tom Okafor", "contact_email": "tom@port.example", "contact_phone": "+33 1"},
)
OWN = ({"id": "OWN-1", "number": "3", "street": "Hidden", "city": "Paris", "country": "France"},
       {"id": "RACK-12", "kind": "site", "address_id": "OWN-1", "name": "Rack 12", "customer": "Harbour Carrier"})
ASKED = {"@type": "FieldedAddress", "streetNr": "7", "streetNrSuffix": "B", "streetName": "du Port",
         "streetType": "Quai", "city": "Marseille", "postcode": "13002", "country": "France"}


class Door:
    """One edition, asked as one client."""

    def __init__(self, service: Running, base: str, client: str, dialect: str) -> None:
        self.service, self.base, self.client, self.dialect = service, base, client, dialect

    def get(self, api: str, path: str, client: str = "") -> httpx.Response:
        return self.service.call("GET", self.base.format(api) + path, client or self.client)

    def post(self, submitted: Document, **more: Any) -> httpx.Response:
        body = {"provideAlternative": True, "submittedGeographicAddress": submitted, **more}
        return self.service.call("POST", f"{self.base.format(ADDRESSES)}/geographicAddressValidation", self.client,
                                 json=body)

    def validated(self, submitted: Document, **more: Any) -> Document:
        """An answer, which must echo what was sent and fit the document."""
        answer = self.post(submitted, **more)
        assert answer.status_code == 200, answer.text
        told: Document = answer.json()
        assert told["submittedGeographicAddress"] == submitted
        self.fits(f"{self.dialect}.address", "/geographicAddressValidation", "post", told)
        return told

    def address(self, id: str) -> Document:
        answer = self.get(ADDRESSES, f"/geographicAddress/{id}")
        assert answer.status_code == 200, answer.text
        self.fits(f"{self.dialect}.address", "/geographicAddress/{id}", "get", answer.json())
        told: Document = answer.json()
        return told

    def sites(self, query: str = "") -> list[str]:
        answer = self.get(SITES, f"/geographicSite?{query}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["x-result-count"] == answer.headers["x-total-count"] == str(len(answer.json()))
        self.fits(f"{self.dialect}.site", "/geographicSite", "get", answer.json())
        return [one["id"] for one in answer.json()]

    def fits(self, edition: str, path: str, method: str, told: Any) -> None:
        validator = Validators(load(SPECS / book().edition(edition).document), None, None).answer(path, method, 200)
        assert validator is not None
        assert validator.findings(told) == ()


def wrong(answer: httpx.Response) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return {(one["propertyPath"], one["code"]) for one in answer.json()}


def ids(told: Document) -> tuple[str | None, set[str]]:
    best = told.get("bestMatchGeographicAddress") or {}
    return best.get("id"), {one["id"] for one in told.get("alternateGeographicAddress", ())}
