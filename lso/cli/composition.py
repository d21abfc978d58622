"""Puts a process together: which parts there are, what each is given, in which order they start and stop.

The only place that knows them all. Parts are given what they need and never look for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from lso.backends.metrics import REGISTRY
from lso.backends.router import Router
from lso.canonical.task import TASKS
from lso.cli.back_end import BackEnds, opened_back_ends
from lso.dialects.book import Book, book
from lso.errors import Conflict, Unavailable
from lso.gateway import trace
from lso.gateway.identity import signature
from lso.gateway.identity.endpoint import TokenEndpoint
from lso.gateway.identity.key import KeyRing
from lso.gateway.identity.scope import scopes_of
from lso.gateway.identity.token import Authenticator, Issuer
from lso.gateway.judge import ProductJudge
from lso.gateway.reach import Elsewhere, Inside, reach
from lso.gateway.world import World
from lso.lifecycle.inquiry import INQUIRIES
from lso.lifecycle.ports.process import Waker
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
from lso.settings import Settings, data_folder
from lso.store import idempotency
from lso.store.engine import Store, open_store
from lso.workflow.app import create_app
from lso.workflow.embedded import Embedded
from lso.workflow.wake import Relay

Sign = Callable[[bytes, str, float], Mapping[str, str]]
DATABASE_SECONDS = 30.0


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Foundation:
    """What every process of the service stands on."""

    settings: Settings
    store: Store
    book: Book
    ring: KeyRing
    place: Elsewhere | Inside

    @property
    def sign(self) -> Sign:
        """Signs what goes to callbacks."""
        def sign(body: bytes, event_id: str, at: float) -> Mapping[str, str]:
            key = self.ring.signing("event")
            return signature.sign(body, event_id=event_id, at=at, key=key, issuer=self.settings.issuer)
        return sign


@contextmanager
def foundation(settings: Settings) -> Iterator[Foundation]:
    """The store, the tables and the keys; and where the log goes."""
    trace.configure(settings.log_level)
    settings.var.mkdir(parents=True, exist_ok=True)
    with opened(settings.store_url) as store:
        ring = KeyRing(store)
        with closing(reach(settings.sil_url, Issuer(ring, settings.issuer, settings.token_seconds))) as place:
            yield Foundation(settings, store, book(), ring, place)


def opened(url: str) -> Store:
    """The store. A database that is away may be starting, as we are, so it is waited for. Raises Unavailable."""
    until = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return open_store(url)
        except Unavailable:
            if time.monotonic() > until:
                raise
            trace.log.warning("waiting_for_database")
            time.sleep(0.5)


@contextmanager
def back_ends(base: Foundation) -> Iterator[Router]:
    """Who fulfils, for a process that does nothing else."""
    with opened_back_ends(base.settings, base.store) as router:
        yield router


@contextmanager
def waker(base: Foundation, near: BackEnds) -> Iterator[Waker]:
    """Who is told of work: a worker in this process, or the broker that other processes listen to."""
    if not base.settings.broker_url.startswith("memory:"):
        relay = Relay(create_app(base.settings.broker_url))
        relay.start()
        try:
            yield relay
        finally:
            relay.stop()
    elif base.settings.worker_threads == 0:
        yield Paused()
    else:
        embedded = Embedded(base.store, base.book, near.router, base.settings, sign=base.sign, place=base.place)
        embedded.start()
        try:
            yield embedded.waker
        finally:
            embedded.stop()


class Paused:
    """No worker: what is committed waits in the store. For measuring, and for a process that only takes orders in."""

    def wake(self, job_ids: object) -> None:
        """Nobody is there."""

    def wake_deliveries(self) -> None:
        """Nobody is there."""


@contextmanager
def world(base: Foundation) -> Iterator[World]:
    """All that a request may need."""
    settings, store = base.settings, base.store
    directory = Directory(store)
    issuer = Issuer(base.ring, settings.issuer, settings.token_seconds)
    addressed = (settings.issuer, f"{settings.public_url.rstrip('/')}/oauth2/token")
    with ExitStack() as opened, ExitStack() as stack:
        near = BackEnds(settings, store, opened)
        told = stack.enter_context(waker(base, near))
        stack.callback(directory.stop)
        directory.start()
        judge = ProductJudge(data_folder("specs") / "products")
        orders = Orders(store, base.book, told, now, judge=judge)
        parts = World(
            settings=settings,
            store=store,
            book=base.book,
            orders=orders,
            connections=Connections(store, base.book, told, now, orders),
            resources={kind: Resources(kind, store, base.book, told, now) for kind in sorted(TASKS)},
            qualifications={kind: Qualifications(kind, store, base.book, told, now, judge=judge, survey=near.survey,
                                                 at_hand=near.at_hand)
                            for kind in INQUIRIES},
            charges=Charges("charge", store, base.book, told, now),
            quotes=Quotes(store, base.book, told, now, judge=judge, price=near.price, at_hand=near.at_hand),
            addresses=Addresses(store, base.book, near.locate),
            sites=Sites(store),
            subscriptions=Subscriptions(store, base.book, now),
            translations=Translations(base.book),
            directory=directory,
            authenticate=Authenticator(directory, base.ring, settings.issuer),
            tokens=TokenEndpoint(directory, issuer, addressed, partial(seen, store),
                                 partial(scopes_of, base.book.editions)),
            keys=base.ring.published,
            checks={"database": store.check},
        )
        parts.metrics.registry.register(REGISTRY)
        yield parts


def seen(store: Store, client: str, name: str, expires_at: float) -> bool:
    """Whether this client has used an assertion of that id before; remembered until it expires (RFC 7523 section 3)."""
    used = idempotency.Remembered("", client, "assertion", name, "", 200, {}, b"", expires_at)
    try:
        store.commit_now(lambda connection: idempotency.remember(connection, used, now=time.time()))
    except Conflict:
        return True
    return False
