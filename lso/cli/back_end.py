"""Who fulfils: the back ends of this process, opened when they are first needed and shared by all who ask them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from threading import Lock
from typing import Any

from lso.backends.router import Router
from lso.backends.sandbox.addresses import ElsewhereAddresses, PretendAddresses
from lso.backends.sandbox.client import SandboxClient
from lso.backends.sandbox.embedded import Sandbox
from lso.canonical.tenant import Profile
from lso.errors import UpstreamError
from lso.lifecycle.address import named
from lso.lifecycle.ports.back_end import BackEnd
from lso.lifecycle.ports.question import Located, Locating
from lso.service.address_elsewhere import their_id
from lso.service.whereabouts import whereabouts
from lso.settings import Settings
from lso.store import gazetteer, reference
from lso.store.engine import Store
from lso.store.resource import StoredResource
from lso.workflow.activity import ActivityLog
from lso.workflow.enquiry import asked_of
from lso.workflow.quoting import Quoter, Told
from lso.workflow.survey import Surveyed, Surveyor


@contextmanager
def opened_back_ends(settings: Settings, store: Store) -> Iterator[Router]:
    """The sandbox network, in this process or where it runs, and those that the settings describe."""
    with ExitStack() as stack:
        sandbox: BackEnd
        addresses: Locating
        near = () if settings.sandbox_url else ("sandbox",)
        if settings.sandbox_url:
            sandbox, addresses = SandboxClient(settings.sandbox_url), ElsewhereAddresses(settings.sandbox_url)
        else:
            network = Sandbox(settings.var / "sandbox.sqlite3", lead_seconds=settings.sandbox_lead_seconds,
                              only_listed=settings.sandbox_only_listed)
            stack.callback(network.close)
            sandbox, addresses = network, PretendAddresses()
        found: dict[str, BackEnd] = {"sandbox": sandbox}
        locating: dict[str, Locating] = {"sandbox": addresses}
        if settings.backends:
            # Only now: the clients bring libraries along that weigh more than all of ours.
            from lso.backends.catalogue import connected, described, located

            activity = ActivityLog(store)
            activity.start()
            stack.callback(activity.stop)
            for one in described(settings.backends):
                found[one.name] = client = connected(one, record=activity.record, others=partial(known_for, store),
                                                     place=partial(place_called, store))
                stack.callback(client.close)
                if (known_there := located(one)) is not None:
                    locating[one.name] = known_there
                    stack.callback(known_there.close)
        yield Router(found, near, locating, partial(place_ids, store))


def known_for(store: Store, back_end: str, their_id: str) -> frozenset[str]:
    """Our external ids of the requests that a thing of a back end is known to have come from."""
    return store.query_now(lambda connection: reference.named(connection, back_end, their_id))


def place_ids(store: Store, profile: Profile, places: Iterable[dict[str, Any]]) -> frozenset[str]:
    """The ids by which places are known: as they are told, of the site, and of the address there."""
    spots = store.query_now(lambda connection: [whereabouts(connection, profile, place) for place in places])
    return frozenset(id for spot in spots for id in (spot.id, spot.address) if id is not None)


def place_called(store: Store, back_end: str, tenant: str, id: str) -> str:
    """What a back end calls a place that it told of; our own id for any other."""
    plain, kind = named(id)
    found = store.query_now(lambda connection: gazetteer.fetch(connection, tenant, plain))
    return (their_id(found.document, back_end, kind) if found else None) or id


class BackEnds:
    """Those of one process. stack: closes them."""

    def __init__(self, settings: Settings, store: Store, stack: ExitStack) -> None:
        self._settings = settings
        self._store = store
        self._stack = stack
        self._lock = Lock()
        self._router: Router | None = None

    @property
    def router(self) -> Router:
        """The way to them."""
        if self._router is None:
            with self._lock:
                if self._router is None:
                    self._router = self._stack.enter_context(opened_back_ends(self._settings, self._store))
        return self._router

    @cached_property
    def _surveyor(self) -> Surveyor:
        return Surveyor(self._store, self.router)

    @cached_property
    def _quoter(self) -> Quoter:
        return Quoter(self._store, self.router)

    def at_hand(self, profile: Profile, items: Iterable[dict[str, Any]]) -> bool:
        """Whether they can be asked about items of a request where others wait: no call leaves this process."""
        return self._store.local and self.router.at_hand(profile, [item.get("product") or {} for item in items])

    def survey(self, resource: StoredResource, profile: Profile, items: Iterable[dict[str, Any]]) -> Surveyed:
        """What they say to items of a request that is to be answered at once."""
        return self._surveyor(resource, profile, items)

    def price(self, resource: StoredResource, profile: Profile, items: Iterable[dict[str, Any]]) -> Told:
        """What items of a quote would cost that has to be there at once."""
        return self._quoter(resource, profile, items)

    def locate(self, name: str, submitted: dict[str, Any], others: bool) -> Located | None:
        """How the back end of that name knows an address; None for what it cannot say. Raises UpstreamError."""
        locating = self.router.locating(name)
        if locating is None:
            raise UpstreamError(f"{name} answers for no addresses.")
        return asked_of(locating.locate, submitted, others=others)
