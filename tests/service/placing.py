"""Placing orders, through the service, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Finding, Invalid
from lso.service.order import Orders
from lso.service.resource import Resources
from tests.journeys.documents import linkless
from tests.service.conftest import run

Document = dict[str, Any]
Callers = Callable[..., Caller]
SONATA, CANTATA, TMF = "sonata.grace.order", "cantata.grace.order", "tmf.v4.order"
BASE = "http://127.0.0.1:8080"
BASIC = "urn:mef:lso:spec:cantata-sonata:basic-internet-access:v1.0.0:all"


@dataclass(frozen=True)
class Placed:
    """What has been accepted and kept, and how its caller sees it."""

    stored: Any
    shown: Document


async def placed(service: Orders | Resources, caller: Caller, edition: Edition, document: Document,
                 findings: tuple[Finding, ...] = ()) -> Placed:
    accepted: list[Placed] = []

    def remember(stored: Any, shown: Document) -> None:
        accepted.append(Placed(stored, shown))

    keep = await service.place(caller, edition, document, findings, remember)
    await keep()
    return accepted[0]


def place(orders: Orders, book: Book, caller: Caller, document: Document, edition: str = SONATA,
          findings: tuple[Finding, ...] = ()) -> Placed:
    return run(placed(orders, caller, book.edition(edition), document, findings))


def refusal(orders: Orders, book: Book, caller: Caller, document: Document, edition: str = SONATA,
            findings: tuple[Finding, ...] = ()) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        place(orders, book, caller, document, edition, findings)
    return {(finding.pointer, finding.code) for finding in refused.value.findings}


def shown(book: Book, placed: Placed, edition: str) -> Document:
    return face.show(book, book.edition(edition), placed.stored.document, placed.stored.complements, base_url=BASE,
                     native=placed.stored.edition == edition)


def without_ours(document: Document) -> Document:
    """A shown order without what the seller adds to what was sent."""
    sent: Document = linkless(document)
    for name in ("id", "orderDate", "state", "stateChange"):
        sent.pop(name, None)
    sent["relatedContactInformation"] = [one for one in sent["relatedContactInformation"]
                                         if one["role"] != "sellerContact"]
    for item in sent["productOrderItem"]:
        item.pop("state", None)
        item.pop("stateChange", None)
    return sent
