"""The back end that a tenant's addresses are asked of before the gazetteer, and what it answers kept as the tenant's.

It is asked outside of any transaction and of the event loop, and not for long: whoever waits is answered from the
gazetteer instead. What it tells is kept before it is shown, so that an id that was given out stays good, for that
tenant alone; the ids that it uses itself are kept beside ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection

from lso.canonical.tenant import Profile
from lso.errors import Finding, UpstreamError
from lso.lifecycle.address import KINDS, Document, Known, shown
from lso.lifecycle.ports.question import Located
from lso.service.address_entry import Unusable, answered
from lso.service.address_search import known
from lso.service.agreement import invalid
from lso.store import gazetteer
from lso.store.engine import Store
from lso.store.gazetteer import StoredAddress
from lso.store.gazetteer_filling import Entry, Met, keep

Ask = Callable[[str, Document, bool], Located | None]
"""Asks the back end of a name about an address, and whether for others that may be meant. Blocks; UpstreamError."""
Found = tuple[str, Known | None, tuple[Known, ...]]

SETTINGS, KNOWN_AS = "address", "known_as"
WAIT_SECONDS = 4.0
ASKED_MOST, KEPT_MOST = 8, 20
log = structlog.get_logger()


class Terms(BaseModel):
    """The member `address` of a profile's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    backend: str | None = Field(None, description="who is asked before the gazetteer")


def terms_of(profile: Profile) -> Terms:
    """What was agreed about addresses. Raises ValidationError where that was not checked."""
    return Terms.model_validate(profile.settings.get(SETTINGS, {}))


def check(profile: Profile) -> tuple[Finding, ...]:
    """What is wrong with what a profile says of addresses."""
    try:
        terms_of(profile)
    except ValidationError as wrong:
        return invalid(wrong, f"/settings/{SETTINGS}")
    return ()


def nobody(name: str, _submitted: Document, _others: bool) -> Located | None:
    """Where no back end can be asked."""
    raise UpstreamError(f"{name} cannot be asked from here.")


def left(name: str, reason: str, words: str = "") -> Found | None:
    """To the gazetteer, visibly."""
    log.warning("address_left_to_gazetteer", backend=name, reason=reason, their_words=words)
    return None


class Elsewhere:
    """ask: how a back end is asked. Those who wait for one that hangs hold up nobody but each other."""

    def __init__(self, store: Store, ask: Ask = nobody) -> None:
        self._store = store
        self._ask = ask
        self._threads = ThreadPoolExecutor(ASKED_MOST, "addresses")

    async def answer(self, profile: Profile, submitted: Document, *, others: bool) -> Found | None:
        """Result, best match and others, as a back end knows them; None where the gazetteer is to answer."""
        name = terms_of(profile).backend
        if name is None:
            return None
        several = others and submitted["kind"] not in ("point", "address_label")  # MEF 121 R17
        try:
            told = await asyncio.wait_for(self._asked(name, submitted, several), WAIT_SECONDS)
        except TimeoutError:
            return left(name, "It does not answer in time.")
        except UpstreamError as failure:
            return left(name, failure.reason, failure.their_words)
        if told is None:
            return left(name, "It does not take the question.")
        best = self._usable(name, profile, submitted, (told.best,) if told.best else ())
        more = self._usable(name, profile, submitted, told.others[:KEPT_MOST] if several else ())
        if told.result == "fail" or (told.result == "success" and not best) or not (best or more):
            return left(name, "It knows nothing like it.")
        kept = await self._store.commit(lambda connection: _keep(connection, profile.tenant, (*best, *more)))
        log.info("address_answered", backend=name, result=told.result, others=len(more))
        return told.result, kept[0] if best else None, kept[len(best):]

    async def _asked(self, name: str, submitted: Document, others: bool) -> Located | None:
        ask = copy_context().run
        return await asyncio.get_running_loop().run_in_executor(self._threads, ask, self._ask, name, submitted, others)

    def _usable(self, name: str, profile: Profile, submitted: Document, told: Sequence[Document]) -> tuple[Entry, ...]:
        """Those that can be kept, and shown as they were asked for."""
        found = []
        for one in told:
            try:
                entry = answered(one, profile.tenant)
            except Unusable as wrong:
                log.warning("address_not_understood", backend=name, reason=str(wrong))
                continue
            if shown(Known(entry.id, entry.document), submitted["kind"], submitted) is not None:
                theirs = {one["kind"]: one["id"]} if one.get("id") and one.get("kind") in KINDS else {}
                entry.document[KNOWN_AS] = {name: theirs}
                found.append(entry)
        return tuple(found)


def their_id(document: Document, backend: str, kind: str | None) -> str | None:
    """What a back end calls an address that it told; kind: the representation that is named, None for the first."""
    names: dict[str, str] = document.get(KNOWN_AS, {}).get(backend, {})
    return names.get(kind or Known("", document).kind) or next(iter(names.values()), None)


def _keep(connection: Connection, tenant: str, told: Sequence[Entry]) -> tuple[Known, ...]:
    """Each as the tenant's own, all that was told of it before included; written where there is something new."""
    before = {id: one.document for id, one in gazetteer.fetch_many(connection, tenant, (one.id for one in told)).items()
              if one.tenant == tenant}
    fresh = []
    for one in told:
        old = before.get(one.id, {})
        names = {**old.get(KNOWN_AS, {})}
        for name, theirs in one.document[KNOWN_AS].items():
            names[name] = {**names.get(name, {}), **theirs}
        whole = {**old, **one.document, KNOWN_AS: names}
        if whole != old:
            before[one.id] = whole
            one.document.update(whole)
            fresh.append(one)
    if fresh:
        keep(connection, fresh, Met())
    return known(connection, [StoredAddress(tenant, one.id, before[one.id]) for one in told])
