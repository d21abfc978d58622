"""Another seller who is asked for addresses, as a server that answers as it is told; and our service in front of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lso.backends.catalogue import Described, located
from lso.canonical.tenant import Caller, Profile
from lso.dialects.book import book
from lso.dialects.edition import Edition
from lso.lifecycle.ports.question import Located
from lso.service import listing
from lso.service.gazetteer import VALIDATION, Addresses
from lso.store.engine import Store
from tests.backends.misbehaving import Answer, Misbehaving
from tests.service.conftest import run

Document = dict[str, Any]
NAME = "seller"
WHERE = {"streetName": "Example", "streetNr": "20", "city": "Budapest", "country": "Hungary"}
FIELDED = {"@type": "FieldedAddress", **WHERE}
LINES = {"@type": "FormattedAddress", "addrLine1": "20 Example", "city": "Budapest", "country": "Hungary"}
LABEL = {"@type": "GeographicAddressLabel", "externalReferenceType": "CLLI", "externalReferenceId": "BUDAHU01"}
KNOWN = {**FIELDED, "id": "theirs-1"}


def told(result: str = "success", best: Document | None = KNOWN, *others: Document, **more: Any) -> Answer:
    """What the seller answers."""
    document = {"validationResult": result, "provideAlternative": True, "submittedGeographicAddress": FIELDED,
                **({"bestMatchGeographicAddress": best} if best else {}),
                **({"alternateGeographicAddress": list(others)} if others else {}), **more}
    return Answer(200, json.dumps(document).encode(), {"Content-Type": "application/json"})


@dataclass
class Desk:
    """Our service for tenants that agreed on the seller."""

    addresses: Addresses
    server: Misbehaving

    def validated(self, submitted: Document, tenant: str = "acme", **more: Any) -> Document:
        """What is answered, in Sonata."""
        body = {"provideAlternative": True, "submittedGeographicAddress": submitted, **more}
        caller = caller_of(tenant)
        found = run(self.addresses.validate(caller, edition(), body, ()))
        return listing.show(book(), caller, edition(), found, resource=VALIDATION)

    def retrieved(self, id: str, tenant: str = "acme") -> Document:
        """The address of an id. Raises NotFound."""
        caller = caller_of(tenant)
        return listing.show(book(), caller, edition(), run(self.addresses.retrieve(caller, edition(), id)))

    @property
    def asked(self) -> list[Document]:
        """What the seller was asked."""
        return [json.loads(seen.body) for seen in self.server.seen]


def edition() -> Edition:
    return book().edition("sonata.grace.address")


def caller_of(tenant: str) -> Caller:
    """A client of a tenant that agreed on the seller."""
    profile = Profile(tenant=tenant, name=tenant, settings={"address": {"backend": NAME}})
    return Caller(tenant, tenant, "pil", frozenset("*"), (), (), profile)


@contextmanager
def in_front_of_a_seller(store: Store, *answers: Answer, **limits: float) -> Iterator[Desk]:
    """answers: in turn; then 500."""
    with Misbehaving(*answers) as server:
        described = Described(name=NAME, kind="rest", url=server.url, addresses=f"{server.url}/addresses",
                              limits={"failures_most": 50, **limits})
        client = located(described)
        assert client is not None

        def ask(name: str, submitted: Document, others: bool) -> Located | None:
            assert name == NAME
            return client.locate(submitted, others=others)

        try:
            yield Desk(Addresses(store, book(), ask), server)
        finally:
            client.close()
