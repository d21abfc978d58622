"""What items of a quote would cost: asked of the back ends that can tell, else looked up in the price book.

Outside any transaction. A back end that would not deliver is not asked for its price, and neither is the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lso.backends.router import Router
from lso.canonical.tenant import Profile
from lso.errors import UpstreamError
from lso.lifecycle.ports import Quotation, ServiceRequest
from lso.lifecycle.pricing import Sought, bandwidth, months, price
from lso.lifecycle.quotation import QuoteTerms, from_book
from lso.service.agreement import quote_terms_of
from lso.store import price as prices
from lso.store.engine import Store
from lso.store.resource import StoredResource
from lso.workflow.enquiry import asked_of
from lso.workflow.question import questions

Document = dict[str, Any]
NOBODY = "Nobody delivers this product there."
PRICELESS = "There is no price for this."


@dataclass(frozen=True, slots=True)
class Told:
    """What was said, by the ids of items. error: why some could not be asked."""

    said: Mapping[str, Quotation] = field(default_factory=dict)
    error: UpstreamError | None = None


class Quoter:
    """Asks the back ends that a profile leads to."""

    def __init__(self, store: Store, router: Router) -> None:
        self._store = store
        self._router = router

    def __call__(self, resource: StoredResource, profile: Profile, items: Iterable[Document]) -> Told:
        """What items would cost."""
        terms = quote_terms_of(profile)
        said, error = dict[str, Quotation](), None
        for item, request in questions(self._store, resource, items):
            try:
                said[item["id"]] = self._ask(request, item, profile, terms)
            except UpstreamError as failure:
                error = failure
        return Told(said, error)

    def _ask(self, request: ServiceRequest, item: Document, profile: Profile, terms: QuoteTerms) -> Quotation:
        """What one item would cost. Raises UpstreamError when its back end does not answer."""
        if request.action == "no_change":
            return Quotation(refused=PRICELESS)
        name = self._router.choose(profile, request.product)
        if name is None:
            return Quotation(refused=NOBODY)
        if (reason := asked_of(self._router.back_end(name).feasible, request)) is not None:
            return Quotation(refused=reason)
        pricing = self._router.pricing(name)
        said = None if pricing is None else asked_of(pricing.quote, request, item)
        return said or self._looked_up(request, item, terms)

    def _looked_up(self, request: ServiceRequest, item: Document, terms: QuoteTerms) -> Quotation:
        """What the price book says."""
        offering = request.product.get("offering_id")
        rows = self._store.query_now(lambda connection: prices.of_offering(connection, request.tenant, offering)) \
            if isinstance(offering, str) else ()
        sought = Sought(request.action, terms.class_of(request.product),
                        bandwidth(request.product.get("configuration")),
                        months((item.get("requested_term") or {}).get("duration")))
        priced = price(rows, sought)
        return Quotation(refused=PRICELESS) if priced is None else from_book(priced, item)
