"""What is kept of a connection: begun with its first wish, or with the first wish about a product that was ordered
otherwise; extended by each further one. Pure."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from lso.canonical.connection import Connection, Wish
from lso.canonical.tenant import Caller
from lso.dialects.edition import Edition
from lso.errors import OurError
from lso.lifecycle.connection import kept, withdrawn
from lso.lifecycle.order import instant
from lso.service.connection_view import View
from lso.service.visibility import speaks_for
from lso.store.connection import KIND
from lso.store.resource import StoredResource

Document = dict[str, Any]


def begun(caller: Caller, edition: Edition, connection: Connection, schemas: tuple[str, ...],
          at: float) -> StoredResource:
    """A connection that is not kept yet. schemas: of its product."""
    return StoredResource(
        tenant=caller.tenant, kind=KIND, id=connection.id, version=1, edition=edition.edition, mapping="",
        profile_version=caller.profile.version, order_id=None, buyer_id=speaks_for(caller), seller_id=None,
        client=caller.client, document=dump(connection), complements={}, created_at=at, schemas=schemas)


def extended(caller: Caller, edition: Edition, view: View, wish: Wish, now: float) -> StoredResource:
    """What is kept of a connection with one more wish; wishes that are over are no longer needed, and others are not
    when it is to end."""
    if view.stored is not None and view.connection is not None:
        waiting = kept(view.connection.wishes, view.orders)
        wishes = (*(withdrawn(waiting) if wish.action == "delete" else waiting), wish)
        connection = view.connection.model_copy(update={"wishes": wishes})
        return dataclasses.replace(view.stored, document=dump(connection))
    if view.product is None:
        raise OurError("There is neither a connection nor a product.")
    made = instant(datetime.fromtimestamp(view.product.created_at, UTC))
    connection = Connection(id=view.product.id, created_at=made, wishes=(wish,))
    stored = begun(caller, edition, connection, (view.product.schema or "",), now)
    return dataclasses.replace(stored, buyer_id=view.product.buyer_id, seller_id=view.product.seller_id)


def dump(connection: Connection) -> Document:
    """The document of a connection."""
    return connection.model_dump(mode="json", exclude_none=True)
