"""An order that is to be placed with the Strategic Interface Layer in the name of a tenant, or to be cancelled there,
and what came of it.

Only the plain data; who calls is in `lso.workflow.connection`, how it is called in `lso.gateway.reach`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from lso.errors import UpstreamError

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Placement:
    """An order to be placed, or cancelled, in the name of a tenant and perhaps of one of its buyers.

    key: the same whenever it is asked for. trace_id: of the request that it came from. what: is asked for.
    """

    tenant: str
    buyer_id: str | None
    order_id: str
    key: str
    body: Document
    trace_id: str | None = None
    what: Literal["place", "cancel"] = "place"


@dataclass(frozen=True, slots=True)
class Said:
    """What the layer answered: a status, and the body if it is a document."""

    status: int
    body: Document


Place = Callable[[Placement], Said]
"""Calls the layer. Blocks; raises UpstreamError when it does not answer."""


def nowhere(_placement: Placement) -> Said:
    """Where there is no layer to call."""
    raise UpstreamError("There is no layer that takes orders.")
