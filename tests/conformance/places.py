"""Places that a running service is given, and how one asks about them: for the requirements of MEF 121 and MEF 122."""

from __future__ import annotations

from typing import Any

from lso.service.place_file import Row
from lso.service.place_import import import_places
from lso.store.engine import open_store
from tests.conformance.desk import Desk, Document
from tests.running import Running

ADDRESSES = {"sonata": "/mefApi/sonata/geographicAddressManagement/v7",
             "cantata": "/mefApi/cantata/geographicAddressManagement/v1"}
SITES = {"sonata": "/mefApi/sonata/geographicSiteManagement/v7",
         "cantata": "/mefApi/cantata/geographicSiteManagement/v1"}
CLIENTS = {"sonata": "demo-carrier", "cantata": "demo-carrier-sil"}
VALIDATION, ADDRESS, SITE = "/geographicAddressValidation", "/geographicAddress", "/geographicSite"

MILL = {"number": "12", "street": "Mill", "street_type": "Lane", "city": "Norwich", "postcode": "NR3 4AB",
        "country": "United Kingdom"}
ROWS: tuple[dict[str, str], ...] = (
    {**MILL, "id": "NORM-12", "label": "NRWCUK12", "label_type": "CLLI", "latitude": "52.6386", "longitude": "1.2924"},
    {**MILL, "id": "NORM-12-2", "building": "Granary"}, {**MILL, "id": "NORM-14", "number": "14"},
    *({**MILL, "id": f"NORM-LONG-{number}", "street": "Serpentine", "street_type": "Road", "number": str(number)}
      for number in range(1, 61)),
    {"id": "NORM-ROOM", "kind": "site", "address_id": "NORM-12", "name": "Meet-me room", "company": "Norms",
     "contact_name": "Tom Okafor", "contact_email": "tom@norms.example", "contact_phone": "+44 1603 00"},
    *({"id": f"NORM-MANY-{number}", "kind": "site", "address_id": "NORM-14", "company": "Norms of many"}
      for number in range(1, 102)),
)
FIELDED: Document = {"@type": "FieldedAddress", "streetNr": "12", "streetName": "Mill", "streetType": "Lane",
                     "city": "Norwich", "postcode": "NR3 4AB", "country": "United Kingdom"}
FORMATTED: Document = {"@type": "FormattedAddress", "addrLine1": "12 Mill Lane", "city": "Norwich",
                       "postcode": "NR3 4AB", "country": "United Kingdom"}
LABEL: Document = {"@type": "GeographicAddressLabel", "externalReferenceType": "CLLI",
                   "externalReferenceId": "NRWCUK12"}
POINT: Document = {"@type": "MEFGeographicPoint", "spatialRef": "WGS84", "x": "52.6386", "y": "1.2924"}
EACH = (FIELDED, FORMATTED, LABEL, POINT)


def give(service: Running) -> None:
    """Put the places into the store of a running service."""
    with open_store(f"sqlite:///{service.folder / 'lso.sqlite3'}") as store:
        import_places(store, [Row(number, row) for number, row in enumerate(ROWS)])


def asking(submitted: Document, **more: Any) -> Document:
    """A request to validate an address."""
    return {"provideAlternative": True, "submittedGeographicAddress": submitted, **more}


def validated(desk: Desk, submitted: Document, **more: Any) -> Document:
    """The answer to one."""
    answer = desk.post(asking(submitted, **more), VALIDATION)
    assert answer.status_code == 200, answer.text
    told: Document = answer.json()
    return told


def best(desk: Desk, submitted: Document) -> Document:
    """The best match of an address."""
    found: Document = validated(desk, submitted)["bestMatchGeographicAddress"]
    return found
