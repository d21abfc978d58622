"""What is asked of back ends before there is an order: item by item, outside any transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lso.backends.router import Router
from lso.canonical.tenant import Profile
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import ServiceRequest
from lso.lifecycle.ports.question import Alternate, Feasibility
from lso.lifecycle.promise import Promises, promised, unasked
from lso.service.agreement import promises_of
from lso.store.engine import Store
from lso.store.resource import StoredResource
from lso.workflow.enquiry import asked_of
from lso.workflow.question import questions

Document = dict[str, Any]
ORDERABLE = "orderable"
NOBODY = "Nobody delivers this product there."


@dataclass(slots=True)
class Surveyed:
    """What was said, by the ids of items. error: why some could not be asked."""

    said: Mapping[str, Feasibility] = field(default_factory=dict)
    error: UpstreamError | None = None


class Surveyor:
    """Asks the back ends that a profile leads to; what they cannot tell is told as it was agreed."""

    def __init__(self, store: Store, router: Router) -> None:
        self._store = store
        self._router = router

    def __call__(self, resource: StoredResource, profile: Profile, items: Iterable[Document]) -> Surveyed:
        """What back ends say to items of a request."""
        promises = promises_of(profile)
        said: dict[str, Feasibility] = {}
        error = None
        for item, request in questions(self._store, resource, items):
            try:
                said[item["id"]] = self.ask(request, profile, promises)
            except UpstreamError as failure:
                error = failure
        return Surveyed(said, error)

    def ask(self, request: ServiceRequest, profile: Profile, promises: Promises) -> Feasibility:
        """What the back end for a request says. Raises UpstreamError when it says nothing."""
        name = self._router.choose(profile, request.product)
        if name is None:
            return Feasibility("none", NOBODY)
        surveying = asked_of(self._router.surveying, name)
        said = (unasked(asked_of(self._router.back_end(name).feasible, request), promises) if surveying is None
                else asked_of(surveying.survey, request))
        told = promised(said, request.product, promises, at=datetime.now(UTC))
        if not told.alternates:
            return told
        offered = (_offered(one, profile) for one in told.alternates)
        return dataclasses.replace(told, alternates=tuple(one for one in offered if one is not None))


def _offered(one: Alternate, profile: Profile) -> Alternate | None:
    """An alternate by an offering that it can be ordered by; None where there is no such offering."""
    fitting = [offering.id for offering in profile.offerings
               if one.product.get("schema") in offering.schemas and offering.status == ORDERABLE]
    name = one.product.get("offering_id", fitting[0] if fitting else None)
    return dataclasses.replace(one, product={**one.product, "offering_id": name}) if name in fitting else None
