"""What items of a quote would cost: asked of the back ends that can tell, else looked up in the price book.

Outside any transaction. A back end that would not deliver is not asked for its price, and neither is the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lso.backends.router import Router
from lso.canonical.price_row import PriceList
from lso.canonical.tenant import Profile
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import ServiceRequest
from lso.lifecycle.ports.question import Quotation
from lso.lifecycle.pricing import Sought, bandwidth, listed, months
from lso.lifecycle.quotation import from_book
from lso.service.agreement import quote_terms_of
from lso.service.price_lists import PriceLists
from lso.service.whereabouts import whereabouts
from lso.store.engine import Store
from lso.store.resource import StoredResource
from lso.workflow.enquiry import asked_of
from lso.workflow.question import questions

Document = dict[str, Any]
Asked = tuple[Document, ServiceRequest]
NOBODY = "Nobody delivers this product there."
PRICELESS = "There is no price for this."
NO_PRICES = PriceList()


@dataclass(slots=True)
class Told:
    """What was said, by the ids of items. error: why some could not be asked."""

    said: Mapping[str, Quotation] = field(default_factory=dict)
    error: UpstreamError | None = None


class Quoter:
    """Asks the back ends that a profile leads to."""

    def __init__(self, store: Store, router: Router) -> None:
        self._store = store
        self._router = router
        self._lists = PriceLists(store)

    def __call__(self, resource: StoredResource, profile: Profile, items: Iterable[Document]) -> Told:
        """What items would cost."""
        said: dict[str, Quotation] = {}
        unsaid: list[Asked] = []
        error = None
        for item, request in questions(self._store, resource, items):
            try:
                told = self._ask(request, item, profile)
            except UpstreamError as failure:
                error = failure
            else:
                if told is None:
                    unsaid.append((item, request))
                else:
                    said[item["id"]] = told
        if unsaid:
            said.update(self._looked_up(unsaid, profile))
        return Told(said, error)

    def _ask(self, request: ServiceRequest, item: Document, profile: Profile) -> Quotation | None:
        """What one item would cost; None where that is left to the price book. Raises UpstreamError when its back end
        does not answer."""
        if request.action == "no_change":
            return Quotation(refused=PRICELESS)
        name = self._router.choose(profile, request.product)
        if name is None:
            return Quotation(refused=NOBODY)
        if (reason := asked_of(self._router.back_end(name).feasible, request)) is not None:
            return Quotation(refused=reason)
        pricing = self._router.pricing(name)
        return None if pricing is None else asked_of(pricing.quote, request, item)

    def _looked_up(self, asked: Sequence[Asked], profile: Profile) -> Iterator[tuple[str, Quotation]]:
        """What the price book says, all of it as it is at one moment."""
        lists = self._lists.of(profile.tenant, (
            name for _item, request in asked if type(name := request.product.get("offering_id")) is str))
        classes = self._classes(asked, profile, lists)
        for item, request in asked:
            found = lists.get(request.product.get("offering_id") or "", NO_PRICES)
            priced = listed(found, Sought(
                request.action, classes.get(item["id"]),
                bandwidth(request.product.get("configuration")) if found.tiered else None,
                months((item.get("requested_term") or {}).get("duration"))))
            yield item["id"], Quotation(refused=PRICELESS) if priced is None else from_book(priced, item)

    def _classes(self, asked: Iterable[Asked], profile: Profile,
                 lists: Mapping[str, PriceList]) -> dict[str, str | None]:
        """By the ids of items the classes of their places, where prices hang on them."""
        terms = quote_terms_of(profile)
        placed = [(item["id"], request.product.get("places") or ()) for item, request in asked
                  if lists.get(request.product.get("offering_id") or "", NO_PRICES).classed]
        if not (placed and terms.place_classes):
            return {}
        return self._store.query_now(lambda connection: {
            id: terms.class_of(whereabouts(connection, profile, place) for place in places) for id, places in placed})
