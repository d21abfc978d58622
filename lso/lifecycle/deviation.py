"""How an item of a request deviates from what it follows: what was quoted, or qualified. Pure.

What an item does not say, it does not say otherwise. Compared is what prices and verdicts hang on: the product, its
kind and offering, what is done, where, and for how much bandwidth; the rest of a configuration may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lso.lifecycle.pricing import bandwidth
from lso.lifecycle.spot import Spot, apart
from lso.lifecycle.verbs import elements

Document = dict[str, Any]
Where = Callable[[Document], Spot]
_BESIDE = frozenset({"role", "schema_location"})
"""What a place says beside where it is."""


@dataclass(frozen=True, slots=True)
class Ground:
    """On what items are held against what they follow.

    at: now. where: what is known of a canonical place; asked only where two are not told alike. aliases: URNs by their
    other spellings.
    """

    at: datetime
    where: Where
    aliases: Mapping[str, str] = field(default_factory=dict)


def deviations(item: Document, action: Any, was: Document, ground: Ground) -> Iterator[str]:
    """In what an item differs, each in a word or two. action, was: what was to be done with which canonical product."""
    product = item.get("product")
    product = product if type(product) is dict else {}
    if action is not None and item.get("action") not in (None, action):
        yield "action"
    for name, told in (("id", "product"), ("offering_id", "offering"), ("schema", "kind of product")):
        said, had = _meant(product.get(name), ground), _meant(was.get(name), ground)
        if said is not None and had is not None and said != had:
            yield told
    rates = bandwidth(product.get("configuration")), bandwidth(was.get("configuration"))
    if rates[0] is not None and rates[1] is not None and rates[0] > rates[1]:
        yield "bandwidth"
    stood = [one for _, one in elements(was.get("places"))]
    if stood and any(_nowhere(place, stood, ground) for _, place in elements(product.get("places"))):
        yield "place"


def told(differences: tuple[str, ...]) -> str:
    """Differences as a sentence goes on: `another offering and another place`."""
    return " and ".join(f"another {one}" for one in differences)


def _nowhere(place: Document, stood: list[Document], ground: Ground) -> bool:
    """Whether a place is none of those."""
    said = _said(place)
    if any(said == _said(other) for other in stood):
        return False
    here = ground.where(place)
    return all(apart(here, ground.where(other)) for other in stood)


def _said(place: Document) -> Document:
    return {name: value for name, value in place.items() if name not in _BESIDE}


def _meant(value: Any, ground: Ground) -> Any:
    return ground.aliases.get(value, value) if type(value) is str else None
