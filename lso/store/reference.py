"""What back ends call the things we asked them for: their ids beside ours, never instead of ours."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from lso.store.schema import back_end_references as references
from lso.store.schema import products
from lso.store.statement import Statement
from lso.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Reference:
    """external_id: ours, by which a request is known to a back end; their_id: what it answered, once it has.

    changed_at: when it was first asked; asked_at: when last, or not before when it is to be asked again.
    reason: why it is parked, or what a person said of it.
    """

    tenant: str
    backend: str
    external_id: str
    order_id: str
    item_id: str
    their_id: str | None
    state: str
    changed_at: float
    asked_at: float | None = None
    reason: str | None = None


_FIELDS = tuple(field.name for field in dataclasses.fields(Reference))
_ALL = tuple(references.c[name] for name in _FIELDS)
_new = upsert(references).values({name: bindparam(name) for name in _FIELDS})
_PUT = Statement(_new.on_conflict_do_update(
    index_elements=["tenant", "backend", "external_id"],
    set_={name: _new.excluded[name] for name in ("their_id", "state", "changed_at", "asked_at", "reason")},
))
_FETCH = Statement(sa.select(*_ALL).where(
    references.c.tenant == bindparam("owner"), references.c.backend == bindparam("of_backend"),
    references.c.external_id == bindparam("external"),
))
_OF_ORDER = Statement(
    sa.select(*_ALL).where(references.c.tenant == bindparam("owner"), references.c.order_id == bindparam("order"))
    .order_by(references.c.item_id, references.c.external_id)
)
_IN_STATE = Statement(
    sa.select(*_ALL).where(references.c.tenant == bindparam("owner"), references.c.state == bindparam("in_state"))
    .order_by(references.c.changed_at, references.c.external_id)
)
_NAMED = Statement(sa.select(references.c.external_id).where(
    references.c.backend == bindparam("of_backend"), references.c.their_id == bindparam("name")))

_FORGET = Statement(sa.delete(references).where(
    references.c.tenant == bindparam("owner"), references.c.order_id == bindparam("order"),
    ~sa.exists().where(products.c.tenant == references.c.tenant, products.c.order_id == references.c.order_id,
                       products.c.item_id == references.c.item_id),
))


def put(connection: Connection, reference: Reference) -> None:
    """Keep a reference, or what is new about it."""
    _PUT.change(connection, {name: getattr(reference, name) for name in _FIELDS})


def fetch(connection: Connection, tenant: str, backend: str, external_id: str) -> Reference | None:
    """The reference of a request."""
    row = _FETCH.row(connection, {"owner": tenant, "of_backend": backend, "external": external_id})
    return None if row is None else _reference(row)


def of_order(connection: Connection, tenant: str, order_id: str) -> list[Reference]:
    """All references of an order, by item."""
    return [_reference(row) for row in _OF_ORDER.rows(connection, {"owner": tenant, "order": order_id})]


def forget(connection: Connection, tenant: str, order_id: str) -> None:
    """Drop the references of an order that is no more, but for those by which its products are known."""
    _FORGET.change(connection, {"owner": tenant, "order": order_id})


def in_state(connection: Connection, tenant: str, state: str) -> list[Reference]:
    """All references of a tenant in a state, the oldest first."""
    return [_reference(row) for row in _IN_STATE.rows(connection, {"owner": tenant, "in_state": state})]


def named(connection: Connection, backend: str, their_id: str) -> frozenset[str]:
    """External ids of the requests, of any tenant, that a back end answered with that id."""
    return frozenset(row[0] for row in _NAMED.rows(connection, {"of_backend": backend, "name": their_id}))


def _reference(row: tuple[Any, ...]) -> Reference:
    return Reference(*row)
