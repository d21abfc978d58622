"""One edition at its address: its document as mounted, its dialect, its validators, and what of it we offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lso.dialects.dialect import Dialect
from lso.dialects.edition import Edition
from lso.gateway.product import Products
from lso.gateway.request import Offer
from lso.gateway.specification import Specification, load
from lso.gateway.validator import Validators
from lso.gateway.world import World

Document = dict[str, Any]
LENIENT_QUERIES = frozenset({"tmf"})
"""Dialects whose lists may be filtered by any attribute."""


@dataclass(frozen=True, slots=True)
class Mount:
    """What the middlewares need to know of an edition."""

    edition: Edition
    dialect: Dialect
    specification: Specification
    document: Document
    validators: Validators
    offers: dict[str, Offer] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """The base path, which may be empty."""
        return self.edition.base_path

    @property
    def lenient(self) -> bool:
        """True when query parameters that the document does not name may be filters."""
        return self.edition.dialect in LENIENT_QUERIES


def mount(edition: Edition, dialect: Dialect, offers: dict[str, Offer], world: World, products: Products) -> Mount:
    """Load and prepare one edition."""
    specification = load(world.specs / edition.document)
    document = specification.mounted(
        base_path=edition.base_path,
        version=edition.version,
        unrouted=edition.unrouted,
        server=world.settings.public_url.rstrip("/"),
    )
    if edition.mapping is not None:
        world.book.mapping(edition.mapping)  # compiled now, not in the middle of the first request
    known = products if edition.products is not None else None
    return Mount(edition, dialect, specification, document, Validators(specification, known, edition.products), offers)
