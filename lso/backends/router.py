"""Which back end fulfils a product: the first route of the profile that fits, and the client behind its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from lso.canonical.tenant import Profile, Route
from lso.errors import OurError
from lso.lifecycle.ports.back_end import BackEnd, Flexible
from lso.lifecycle.ports.question import Locating, Pricing, Surveying


class Router:
    """The back ends of this process, by name. near: those that run in it, and answer questions without waiting.

    locating: who answers for the addresses of those that know some.
    """

    def __init__(self, back_ends: Mapping[str, BackEnd], near: Collection[str] = (),
                 locating: Mapping[str, Locating] = MappingProxyType({})) -> None:
        self._back_ends = dict(back_ends)
        self._near = frozenset(near)
        # What each can do is found out once: to ask a protocol takes longer than many a back end takes to answer.
        self._surveying = {name: one for name, one in back_ends.items() if isinstance(one, Surveying)}
        self._pricing = {name: one for name, one in back_ends.items() if isinstance(one, Pricing)}
        self._locating = dict(locating)

    def choose(self, profile: Profile, product: Mapping[str, Any]) -> str | None:
        """The name of the back end for a canonical product; None when nobody was agreed on."""
        return next((route.backend for route in profile.routes if _fits(route, product)), None)

    def at_hand(self, profile: Profile, products: Iterable[Mapping[str, Any]]) -> bool:
        """Whether all who would be asked about new products are near; what exists already may lead anywhere."""
        return all("id" not in product and ((name := self.choose(profile, product)) is None or name in self._near)
                   for product in products)

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


def _fits(route: Route, product: Mapping[str, Any]) -> bool:
    if route.offering is not None and route.offering != product.get("offering_id"):
        return False
    prefix = route.place_prefix
    return prefix is None or any(str(place.get("id") or "").startswith(prefix) for place in product.get("places") or ())
