"""All that a request may need, put together once at start-up by whoever starts the process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lso.canonical.tenant import Caller
from lso.gateway.metrics import Metrics
from lso.settings import Settings, data_folder

if TYPE_CHECKING:
    from lso.dialects.book import Book
    from lso.service.charge import Charges
    from lso.service.connection import Connections
    from lso.service.directory import Directory
    from lso.service.gazetteer import Addresses
    from lso.service.order import Orders
    from lso.service.qualification import Qualifications
    from lso.service.quote import Quotes
    from lso.service.resource import Resources
    from lso.service.site import Sites
    from lso.service.subscription import Subscriptions
    from lso.service.translation import Translations
    from lso.store.engine import Store


@dataclass(frozen=True, slots=True)
class World:
    """Services and settings.

    resources: services of what can be asked about an order, by kind; qualifications: of what is asked before, likewise
    authenticate: headers (names in lower case) to the caller; raises Unauthenticated
    tokens: the token endpoint: body of the form and Authorization header, to the token response
    keys: the public keys, as a JWKS document
    checks: what readiness rests on, by name; each raises when it does not hold
    specs: the folder of specifications
    """

    settings: Settings
    store: Store
    book: Book
    orders: Orders
    resources: Mapping[str, Resources]
    qualifications: Mapping[str, Qualifications]
    charges: Charges
    quotes: Quotes
    connections: Connections
    addresses: Addresses
    sites: Sites
    subscriptions: Subscriptions
    translations: Translations
    directory: Directory
    authenticate: Callable[[Mapping[str, str]], Caller]
    tokens: Callable[[bytes, str | None], dict[str, Any]]
    keys: Callable[[], dict[str, Any]]
    checks: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    metrics: Metrics = field(default_factory=Metrics)
    specs: Path = field(default_factory=lambda: data_folder("specs"))
