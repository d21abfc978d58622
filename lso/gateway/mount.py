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
    """What the middlewares need to know of an edition. server: in front of its base path, in public."""

    edition: Edition
    dialect: Dialect
    specification: Specification
    validators: Validators
    server: str = ""
    offers: dict[str, Offer] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """The document as it is routed and served. Made anew each time: it is large, and rarely asked for."""
        return self.specification.mounted(base_path=self.prefix, version=self.edition.version,
                                          unrouted=self.edition.unrouted, server=self.server)

    @property
    def title(self) -> str:
        """What the document calls itself."""
        return str(self.specification.document["info"]["title"])

    @property
    def prefix(self) -> str:
        """The base path, which may be empty."""
        return self.edition.base_path

    @property
    def lenient(self) -> bool:
        """True when query parameters that the document does not name may be filters."""
        return self.edition.dialect in LENIENT_QUERIES


def mount(edition: Edition, dialect: Dialect, offers: dict[str, Offer], world: World, products: Products) -> Mount:
    """Load and prepare one edition; validators and mappings are made when first needed."""
    specification = load(world.specs / edition.document)
    known = products if edition.products is not None else None
    validators = Validators(specification, known, edition.products)
    return Mount(edition, dialect, specification, validators, world.settings.public_url.rstrip("/"), offers)
