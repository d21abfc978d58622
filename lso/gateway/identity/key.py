"""The signing keys of this service: one a purpose signs; all are published, for what was signed with them before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from joserfc.jwk import ECKey, KeySet
from sqlalchemy import Connection

from lso.errors import Unavailable
from lso.gateway.trace import log
from lso.store import key as kept
from lso.store.engine import Store

Purpose = Literal["token", "event"]
PURPOSES: tuple[Purpose, ...] = ("token", "event")
REREAD_SECONDS = 1.0


class KeyRing:
    """The keys in the store, kept in memory and read again at most once a second: others may add one."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.store, self.clock = store, clock
        self._lock = threading.Lock()
        self._read_at = 0.0
        store.commit_now(self._first_keys)
        self._read()

    def signing(self, purpose: Purpose) -> ECKey:
        """The key that signs what we issue from now on."""
        self.refresh()
        return self._signing[purpose]

    def published(self) -> dict[str, Any]:
        """The public halves as a JWKS document (RFC 7517)."""
        self.refresh()
        return self._published

    def proving(self, purpose: Purpose) -> KeySet:
        """Every key that ever signed for a purpose, to verify with: what signs events makes no tokens."""
        return self._proving[purpose]

    def refresh(self) -> bool:
        """Read the keys again if that was more than a second ago; true when they were read.

        While the database is away, those in memory serve.
        """
        with self._lock:
            if self.clock() - self._read_at < REREAD_SECONDS:
                return False
            try:
                self._read()
            except Unavailable:
                log.warning("keys_not_read")
                self._read_at = self.clock()
                return False
            return True

    def rotate(self, purpose: Purpose) -> str:
        """Sign with a new key from now on; gives its id."""
        fresh = _fresh(purpose, self.clock())
        self.store.commit_now(lambda connection: kept.insert(connection, fresh))
        self._read()
        return fresh.id

    def _first_keys(self, connection: Connection) -> None:
        for purpose in PURPOSES:
            if kept.active(connection, purpose) is None:
                kept.insert(connection, _fresh(purpose, self.clock()))

    def _read(self) -> None:
        found = self.store.query_now(kept.all_of)
        keys = {one.id: ECKey.import_key(one.private_jwk) for one in found}
        newest = {one.purpose: keys[one.id] for one in reversed(found) if one.retired_at is None}
        self._signing: dict[Purpose, ECKey] = {purpose: newest[purpose] for purpose in PURPOSES}
        self._proving: dict[Purpose, KeySet] = {
            purpose: KeySet([keys[one.id] for one in found if one.purpose == purpose]) for purpose in PURPOSES}
        self._published = {
            "keys": [{**key.as_dict(private=False), "use": "sig", "alg": "ES256"} for key in keys.values()]}
        self._read_at = self.clock()


def _fresh(purpose: Purpose, now: float) -> kept.SigningKey:
    key = ECKey.generate_key("P-256", auto_kid=True)
    return kept.SigningKey(kept.PLATFORM, str(key.kid), purpose, key.as_dict(private=True), now)
