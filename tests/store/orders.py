"""Orders to keep."""

from __future__ import annotations

import uuid
from typing import Any

from lso.store.order import StoredOrder


def order(
    tenant: str = "acme", *, id: str | None = None, created_at: float = 1_700_000_000.0, **members: Any
) -> StoredOrder:
    """An order with these members in its document."""
    id = id or str(uuid.uuid4())
    document = {"id": id, "state": "acknowledged", "items": [], **members}
    schemas = {(item.get("product") or {}).get("schema") or "" for item in document["items"]}
    return StoredOrder(
        tenant=tenant, id=id, version=1, edition="sonata-grace", mapping="sonata.order", profile_version=1,
        buyer_id="buyer-1", seller_id=None, client="carrier", document=document,
        complements={"sonata.order": {"extra": [1, None]}}, created_at=created_at,
        schemas=tuple(sorted(schemas)),
    )
