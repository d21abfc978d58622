"""Where one tenant does business in each language, and as which of its clients."""

from __future__ import annotations

from typing import NamedTuple

TM_FORUM = "TM Forum"
MEF = "/mefApi/{}/"


class Doors(NamedTuple):
    """Where a language asks for what, and orders it. address: of MEF where the language has no word for it."""

    client: str
    address: str
    qualification: str
    quote: str
    order: str


def _mef(name: str, client: str, *releases: int) -> Doors:
    base, (address, qualification, quote, order) = MEF.format(name), releases
    return Doors(client, f"{base}geographicAddressManagement/v{address}/geographicAddress",
                 f"{base}productOfferingQualification/v{qualification}/productOfferingQualification",
                 f"{base}quoteManagement/v{quote}/quote", f"{base}productOrderingManagement/v{order}/productOrder")


DOORS = {
    "Sonata": _mef("sonata", "demo-carrier", 7, 7, 8, 10),
    "Cantata": _mef("cantata", "demo-carrier-sil", 1, 1, 2, 5),
    TM_FORUM: Doors("demo-carrier-sil", f"{MEF.format('cantata')}geographicAddressManagement/v1/geographicAddress",
                    "/tmf-api/serviceQualificationManagement/v4/checkServiceQualification",
                    "/tmf-api/quoteManagement/v4/quote", "/tmf-api/productOrderingManagement/v4/productOrder"),
}


def faces(kind: str, id: str) -> dict[str, str]:
    """Where each language that has a word for a kind of thing shows one."""
    return {name: f"{getattr(doors, kind)}/{id}" for name, doors in DOORS.items()
            if (kind, name) != ("address", TM_FORUM)}
