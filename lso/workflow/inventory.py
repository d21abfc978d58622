"""What a completed item leaves in the inventory: a product made, changed or ended. Pure; the fulfilment keeps it."""

from __future__ import annotations

import dataclasses

from lso.canonical.order import Item
from lso.store.document import indexed
from lso.store.identifier import made_by
from lso.store.product import StoredProduct
from lso.workflow.view import Document, View


def product_id(view: View, item: Item) -> str:
    """The id of what an add makes."""
    return made_by(view.stored.tenant, view.stored.id, item.id)


def effect(view: View, item: Item, *, now: float) -> StoredProduct | None:
    """The product as the item leaves it; None when the item is about none that we have."""
    if item.action == "add":
        return _made(view, item, now)
    known = view.products.get((item.product.id if item.product else None) or "")
    if known is None or item.action == "no_change":
        return None
    if item.action == "delete":
        return dataclasses.replace(known, status="terminated")
    document = _without_silence(known.document | view.document(item), known.document)
    return dataclasses.replace(known, document=document, offering_id=document.get("offering_id"),
                               schema=document.get("schema"), status="active")


def _made(view: View, item: Item, now: float) -> StoredProduct:
    name, stored = product_id(view, item), view.stored
    document = {**view.document(item), "id": name}
    if relations := _relations(view, item, document):
        document["relations"] = relations
    return StoredProduct(
        tenant=stored.tenant, id=name, version=1, offering_id=document.get("offering_id"),
        schema=document.get("schema"), status="active", order_id=stored.id, item_id=indexed(item.id) or "",
        buyer_id=stored.buyer_id, seller_id=stored.seller_id, created_at=now, document=document,
    )


def _relations(view: View, item: Item, document: Document) -> list[Document]:
    """Ties to products; those to items of the order have become ties to what these items concern."""
    concerned = {other.id: other.product.id for other in view.order.items if other.product and other.product.id}
    tied = [{"product_id": concerned[relation.item_id], **({"kind": relation.kind} if relation.kind else {})}
            for relation in item.relations or () if relation.item_id in concerned]
    kept = list(document.get("relations") or ())
    return kept + [relation for relation in tied if relation not in kept]


def _without_silence(document: Document, before: Document) -> Document:
    """A change that says nothing of places or relations leaves them as they are."""
    return {name: before.get(name) if value in (None, []) else value for name, value in document.items()}
