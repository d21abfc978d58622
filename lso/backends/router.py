"""Which back end fulfils a product: the first route of the profile that fits, and the client behind its name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from lso.canonical.tenant import Profile
from lso.errors import OurError
from lso.lifecycle.ports.back_end import BackEnd, Flexible
from lso.lifecycle.ports.question import Locating, Pricing, Surveying

PlaceIds = Callable[[Profile, Iterable[Mapping[str, Any]]], Collection[str]]
"""The ids by which the places of a product are known to a tenant, however they are told."""


def as_told(_profile: Profile, places: Iterable[Mapping[str, Any]]) -> Collection[str]:
    """Those ids that the places are told by."""
    return [id for place in places if type(id := place.get("id")) is str]


class Router:
    """The back ends of this process, by name. near: those that run in it, and answer questions without waiting.

    locating: who answers for the addresses of those that know some. place_ids: asked only about a product whose route
    hangs on its place.
    """

    def __init__(self, back_ends: Mapping[str, BackEnd], near: Collection[str] = (),
                 locating: Mapping[str, Locating] = MappingProxyType({}), place_ids: PlaceIds = as_told) -> None:
        self._back_ends = dict(back_ends)
        self._near = frozenset(near)
        # What each can do is found out once: to ask a protocol takes longer than many a back end takes to answer.
        self._surveying = {name: one for name, one in back_ends.items() if isinstance(one, Surveying)}
        self._pricing = {name: one for name, one in back_ends.items() if isinstance(one, Pricing)}
        self._locating = dict(locating)
        self._place_ids = place_ids

    def choose(self, profile: Profile, product: Mapping[str, Any]) -> str | None:
        """The name of the back end for a canonical product; None when nobody was agreed on."""
        ids: Collection[str] | None = None
        for route in profile.routes:
            if route.offering is not None and route.offering != product.get("offering_id"):
                continue
            if route.place_prefix is None:
                return route.backend
            if ids is None:
                ids = self._place_ids(profile, places) if (places := product.get("places")) else ()
            if any(id.startswith(route.place_prefix) for id in ids):
                return route.backend
        return None

    def at_hand(self, profile: Profile, products: Iterable[Mapping[str, Any]]) -> bool:
        """Whether all who would be asked about new products are near; what exists already may lead anywhere."""
        for product in products:
            if "id" in product or ((name := self.choose(profile, product)) is not None and name not in self._near):
                return False
        return True

    def back_end(self, name: str) -> BackEnd:
        """The back end of that name."""
        try:
            return self._back_ends[name]
        except KeyError:
            raise OurError(f"There is no back end {name!r}.") from None

    def flexible(self, name: str) -> Flexible | None:
        """The back end of that name, if it can be asked to stop or to do things on another day."""
        found = self.back_end(name)
        return found if isinstance(found, Flexible) else None

    def surveying(self, name: str) -> Surveying | None:
        """The back end of that name, if it can tell more beforehand than whether something is feasible."""
        return self._surveying.get(name)

    def pricing(self, name: str) -> Pricing | None:
        """The back end of that name, if it can say what something would cost."""
        return self._pricing.get(name)

    def locating(self, name: str) -> Locating | None:
        """Who answers for the addresses of the back end of that name, if it knows some."""
        return self._locating.get(name)
