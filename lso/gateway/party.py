"""In whose name a caller speaks: the rules of `buyerId` and `sellerId` (MEF 123 R2-R6).

A client of one buyer must not name it, a client of several must; likewise for the sellers behind this endpoint.
"""

from __future__ import annotations

from lso.errors import NotUnderstood
from lso.gateway.request import Request


def choose(request: Request) -> None:
    """Set the buyer and seller of a request; raises NotUnderstood."""
    caller = request.caller
    request.buyer_id = _chosen(request, "buyerId", caller.buyer_ids)
    request.seller_id = _chosen(request, "sellerId", caller.seller_ids)


def _chosen(request: Request, name: str, known: tuple[str, ...]) -> str | None:
    given = request.query.get(name)
    if len(known) <= 1:
        if given is not None:
            raise NotUnderstood(f"{name} must not be sent: this client speaks for one only.", code="invalidQuery")
        return known[0] if known else None
    if given is None:
        raise NotUnderstood(f"{name} must be sent: this client speaks for several.", code="missingQueryParameter")
    if not given[0]:
        raise NotUnderstood(f"{name} has no value.", code="missingQueryValue")
    if len(given) > 1 or given[0] not in known:
        raise NotUnderstood(f"{name} is not one of those this client speaks for.", code="invalidQuery")
    return given[0]
