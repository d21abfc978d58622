"""The signing keys of this service: one signs, all are published until the last token of each has expired."""

from __future__ import annotations

from typing import Any

from joserfc.jwk import ECKey, KeySet
from sqlalchemy import Connection

from lso.store import key as kept
from lso.store.engine import Store


class KeyRing:
    """An immutable set of keys, the newest first."""

    def __init__(self, keys: list[ECKey]) -> None:
        self.keys = keys
        self.all = KeySet(list(keys))

    @property
    def signing(self) -> ECKey:
        """The key that signs what we issue from now on."""
        return self.keys[0]

    def published(self) -> dict[str, Any]:
        """The public half as a JWKS document (RFC 7517)."""
        return {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": "ES256"} for key in self.keys]}


def open_ring(store: Store) -> KeyRing:
    """The ring of this store; the first process to ask makes the first key."""
    found = store.query_now(kept.all_keys)
    if not found:
        fresh = ECKey.generate_key("P-256", auto_kid=True)
        store.commit_now(lambda connection: kept.add_first(connection, str(fresh.kid), fresh.as_dict(private=True)))
        found = store.query_now(kept.all_keys)
    return KeyRing([ECKey.import_key(private) for _, private in found])


def rotate(store: Store) -> str:
    """Adds a new signing key and gives its id; older ones stay published."""
    fresh = ECKey.generate_key("P-256", auto_kid=True)

    def add(connection: Connection) -> None:
        kept.add(connection, str(fresh.kid), fresh.as_dict(private=True))

    store.commit_now(add)
    return str(fresh.kid)
