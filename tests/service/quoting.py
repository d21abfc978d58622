"""Quotes through the service, and what they look like."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from lso.canonical.tenant import Caller
from lso.demo.seed import seed
from lso.dialects.book import Book
from lso.errors import Invalid
from lso.service.listing import show
from lso.service.quote import Quotes
from lso.store.engine import Store, open_store
from tests.service.conftest import add_client, own, run
from tests.service.placing import Placed, placed

Document = dict[str, Any]
SONATA, CANTATA, TMF = "sonata.grace.quote", "cantata.grace.quote", "tmf.v4.quote"
ANYONE = {"name": "Ines Moreau", "emailAddress": "ines@harbour.example", "number": "+33 1 70 00 00 01"}


def seeded(url: str) -> Iterator[Store]:
    """A store with the demo data."""
    with open_store(url) as opened:
        seed(opened, lambda client: add_client(opened, client.id, client.tenant, client.audience))
        yield opened


def internet(*, instant: bool = True, level: str = "firm", months: int = 36, place: str = "ADDR-QUAY-4",
             action: str = "add", **members: Any) -> Document:
    """A request for internet access, as Sonata says it."""
    item: Document = {"id": "1", "action": action, "product": _product(place)}
    if action == "delete":
        item["product"] = {"id": "PROD-501"}
    else:
        item |= {"requestedQuoteItemTerm": {"name": "Term", "endOfTermAction": "autoRenew",
                                            "duration": {"amount": months, "units": "calendarMonths"}},
                 "relatedContactInformation": [{"role": "quoteItemTechnicalContact", **ANYONE}]}
    later = {} if instant else {"requestedQuoteCompletionDate": "2031-01-01T00:00:00Z"}
    return {"buyerRequestedQuoteLevel": level, "instantSyncQuote": instant, "quoteItem": [item], **later,
            "relatedContactInformation": [{"role": "buyerContactInformation", **ANYONE}], **members}


def _product(place: str) -> Document:
    asked = own("sonata/quote/asked.json")["quoteItem"][1]["product"]
    product: Document = copy.deepcopy(asked)
    kind = "GeographicSiteRef" if place.startswith("SITE") else "GeographicAddressRef"
    product["place"] = [{"@type": kind, "role": "INSTALL_LOCATION", "id": place}]
    return product


def ask(quotes: Quotes, book: Book, caller: Caller, document: Document, edition: str = SONATA) -> Placed:
    return run(placed(quotes, caller, book.edition(edition), document))


def seen(quotes: Quotes, book: Book, caller: Caller, id: str, edition: str = SONATA) -> Document:
    stored = run(quotes.retrieve(caller, book.edition(edition), id))
    return show(book, caller, book.edition(edition), stored, resource="quote")


def refusal(quotes: Quotes, book: Book, caller: Caller, document: Document,
            edition: str = SONATA) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        ask(quotes, book, caller, document, edition)
    return {(finding.pointer, finding.code) for finding in refused.value.findings}


