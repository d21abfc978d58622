"""An order and the row that keeps it: which facts of the document get a column, and how the row becomes an order
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from lso.store.criteria import SPANS
from lso.store.document import indexed, read, write
from lso.store.instant import seconds
from lso.store.kind import kind_of

Document = dict[str, Any]
INHERITED = frozenset({"requested_completion_at"})
"""What an order says once for all items that do not say it themselves."""
_DATES = tuple((path.split("/")[1], span, f"{span}_first", f"{span}_last") for path, span in SPANS.items())


@dataclass(slots=True)
class StoredOrder:
    """An order as kept. Nobody changes one; it is not frozen, for a frozen one takes several times as long to make.

    version: counts changes, for optimistic locking. edition, mapping: how it came in.
    profile_version: the one it began with.
    complements: what the canonical document does not hold, by base name of the mapping that left it over.
    schemas: of all products that its items are about, in order, "" for those that have none; they never change.
    """

    tenant: str
    id: str
    version: int
    edition: str
    mapping: str
    profile_version: int
    buyer_id: str | None
    seller_id: str | None
    client: str
    document: Document
    complements: dict[str, Any]
    created_at: float
    schemas: tuple[str, ...]


FIELDS = ("tenant", "id", "version", "edition", "mapping", "profile_version", "buyer_id", "seller_id", "client",
          "document", "complements", "created_at")
LISTED = ("state", "external_id", "project_id", "kind", "ordered_at", "completed_at", "cancelled_at",
          "requested_first", "requested_last", "expected_first", "expected_last")


Moments = tuple[tuple[str, float], ...]


class Facts(NamedTuple):
    """listed: the columns that lists ask for. moments: item dates between the first and the last."""

    listed: dict[str, Any]
    moments: Moments


def facts(order: StoredOrder) -> Facts:
    """What an order's columns say."""
    document = order.document
    items = [item for item in document.get("items") or () if isinstance(item, dict)]
    ordered_at = seconds(document.get("ordered_at"))
    listed: dict[str, Any] = {
        "state": indexed(document.get("state")),
        "external_id": indexed(document.get("external_id")),
        "project_id": indexed(document.get("project_id")),
        "kind": kind_of(order.schemas),
        "ordered_at": order.created_at if ordered_at is None else ordered_at,
        "completed_at": seconds(document.get("completed_at")),
        "cancelled_at": seconds(document.get("cancelled_at")),
    }
    moments: list[tuple[str, float]] = []
    for name, span, first, last in _DATES:
        for_all = document.get(name) if name in INHERITED else None
        said = {text for item in items if type(text := item.get(name, for_all)) is str}
        dates = sorted({at for text in said if (at := seconds(text)) is not None}) if said else ()
        listed[first], listed[last] = (dates[0], dates[-1]) if dates else (None, None)
        if len(dates) > 2:
            moments += [(span, at) for at in dates[1:-1]]
    return Facts(listed, tuple(moments))


def columns(order: StoredOrder) -> dict[str, Any]:
    """The row of an order, but for what `facts` says."""
    return {
        "tenant": order.tenant, "id": order.id, "version": order.version, "edition": order.edition,
        "mapping": order.mapping, "profile_version": order.profile_version, "buyer_id": order.buyer_id,
        "seller_id": order.seller_id, "client": order.client, "created_at": order.created_at,
        "document": write(order.document), "complements": write(order.complements),
    }


def order_of(row: tuple[Any, ...]) -> StoredOrder:
    """The order in a row of FIELDS and the schemas of its kind."""
    return StoredOrder(*[*row[:9], read(row[9]), read(row[10]), row[11], tuple(read(row[12]))])
