"""The items of a request that is no order, as back ends are asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lso.lifecycle.ports.back_end import ServiceRequest
from lso.service.asking import in_vain
from lso.store.engine import Store
from lso.store.resource import StoredResource
from lso.workflow.view import external_id, named

Document = dict[str, Any]


def questions(store: Store, resource: StoredResource,
              items: Iterable[Document]) -> Iterator[tuple[Document, ServiceRequest]]:
    """Each item with what is asked about it: its product is what the inventory has, and what the item says anew.

    They end when nobody waits for the answers any more."""
    items = tuple(items)
    existing, service_ids = named(store, resource.tenant, items)
    for item in items:
        if in_vain():
            return
        product, id, service_id = item.get("product") or {}, item["id"], None
        if existing or service_ids:
            known = existing.get(product.get("id") or "")
            product = {**known.document, **product} if known else product
            service_id = service_ids.get(product.get("id") or "")
        yield item, ServiceRequest(
            external_id(resource.id, id), resource.tenant, resource.id, id, item.get("action") or "add", product,
            service_id=service_id, asked_at=resource.created_at)
