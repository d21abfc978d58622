"""Who may call and what was agreed with them: all of it in memory, one immutable snapshot at a time.

A request takes what the snapshot of its moment says and never waits for the store. A thread asks once a second whether
the configuration has been changed by anybody, and only then reads it again. What is in force in this process at once
must be refreshed here; other processes follow within the second.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import Connection

from lso.canonical.tenant import Audience, Profile
from lso.errors import Invalid
from lso.service.address_elsewhere import check as check_addresses
from lso.service.agreement import check, invalid
from lso.service.connection_draft import check_profile as check_connections
from lso.store import tenant as tenants
from lso.store.engine import Store

Document = dict[str, Any]
POLL_SECONDS = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Client:
    """A credential that is not revoked. After a rotation the previous secret is good until `previous_until`."""

    id: str
    tenant: str
    audience: Audience
    scopes: frozenset[str]
    buyer_ids: tuple[str, ...] = ()
    jwks: dict[str, Any] | None = None
    secret_hash: str | None = None
    previous_hash: str | None = None
    previous_until: float | None = None

    def secret_hashes(self, now: float) -> tuple[str, ...]:
        """Hashes of the secrets that are good now."""
        previous = self.previous_hash if (self.previous_until or 0.0) > now else None
        return tuple(kept for kept in (self.secret_hash, previous) if kept)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Clients by id and the newest profiles by tenant, as of a version of the configuration."""

    version: int = 0
    clients: Mapping[str, Client] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)


class Directory:
    """The snapshot in force, and who keeps it fresh. `snapshot` is replaced as a whole, never changed."""

    def __init__(self, store: Store, poll_seconds: float = POLL_SECONDS) -> None:
        self._store = store
        self._poll_seconds = poll_seconds
        self._stopping = Event()
        self._thread = Thread(target=self._poll, name="directory", daemon=True)
        self.snapshot = store.query_now(_read)

    def client(self, id: str) -> Client | None:
        """A client that may call."""
        return self.snapshot.clients.get(id)

    def profile(self, tenant: str) -> Profile | None:
        """What is agreed with a tenant today."""
        return self.snapshot.profiles.get(tenant)

    def refresh(self) -> bool:
        """Read again if anything was changed; says whether it was."""
        if self._store.query_now(tenants.config_version) == self.snapshot.version:
            return False
        self.snapshot = self._store.query_now(_read)
        return True

    def start(self) -> None:
        """Begin to follow changes."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following them."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _poll(self) -> None:
        while not self._stopping.wait(self._poll_seconds):
            try:
                self.refresh()
            except Exception as error:  # the database may come back; until then the last snapshot serves
                log.warning("directory_not_refreshed", error=type(error).__name__)


def apply_profile(store: Store, document: Document) -> Profile:
    """Keep a profile as the newest of its tenant; orders under way keep theirs. Raises Invalid."""
    try:
        profile = Profile.model_validate(document)
    except ValidationError as wrong:
        raise Invalid("The profile is not valid.", findings=invalid(wrong)) from wrong
    if findings := (*check(profile), *check_addresses(profile), *check_connections(profile)):
        raise Invalid("The profile is not valid.", findings=findings)
    return store.commit_now(lambda connection: tenants.apply(connection, profile, now=time.time()))


def _read(connection: Connection) -> Snapshot:
    kept = [_client(row) for row in tenants.clients(connection) if row.revoked_at is None]
    return Snapshot(tenants.config_version(connection), {client.id: client for client in kept},
                    {profile.tenant: profile for profile in tenants.profiles(connection)})


def _client(row: tenants.Client) -> Client:
    return Client(id=row.id, tenant=row.tenant, audience=row.audience, scopes=frozenset(row.scopes),
                  buyer_ids=row.buyer_ids, jwks=row.jwks, secret_hash=row.secret_hash,
                  previous_hash=row.previous_hash, previous_until=row.previous_until)
