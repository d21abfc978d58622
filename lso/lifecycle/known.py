"""What the rules may know beside the order: what was agreed with the buyer, and which of its products exist.

Plain data, gathered by whoever can look it up; rules never look anything up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ENDED = frozenset({"terminated", "cancelled"})


@dataclass(frozen=True, slots=True)
class OfferingFact:
    """An offering: which product schemas it may carry, and where it is in its life."""

    schemas: frozenset[str]
    status: str


@dataclass(frozen=True, slots=True)
class ProductFact:
    """A product in the buyer's inventory; `document` is the canonical product."""

    schema: str | None
    offering_id: str | None
    status: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """All of it. `schemas` are the URNs that the dialect of the order knows; `aliases` other spellings of URNs.

    policies: single_billing_account, quote_required, strict: what was agreed and binds this order.
    """

    offerings: Mapping[str, OfferingFact] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    billing_accounts: frozenset[str] = frozenset()
    quotes: frozenset[str] = frozenset()
    products: Mapping[str, ProductFact] = field(default_factory=dict)
    schemas: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    policies: frozenset[str] = frozenset()
