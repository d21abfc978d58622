"""Connections of the native API and our requests: what to ask for, what a connection tells, which one is ours. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import yaml

from lso.dialects.book import book
from lso.dialects.rate import bits_per_second
from lso.errors import UpstreamError
from lso.lifecycle.ports.back_end import Progress, ProgressState, ServiceRequest
from lso.settings import data_folder

Document = dict[str, Any]
MARK = "LSO "  # begins the description of every connection that we ask for; our external id follows
SKEW_SECONDS = 5.0
REASON_MOST = 255


@dataclass(frozen=True, slots=True)
class Search:
    """What a listing says of a request that may have been taken: one of these, or several that might be it, or none."""

    one: Document | None = None
    several: int = 0


def asked(request: ServiceRequest) -> Document:
    """The body that asks for a connection; members that the product does not tell are missing."""
    order = {"description": MARK + request.external_id, "items": [{"product": request.product}]}
    return book().mapping("native.connection_request").write(order).document


def same_rate(one: Any, other: Any) -> bool:
    """Whether two texts tell the same rate."""
    bits = _bits(one)
    return bits is not None and bits == _bits(other)


def progress(connection: Document, *, poll_seconds: float) -> Progress:
    """How far a connection is that was asked for. Raises UpstreamError for a status that is not known."""
    name, state = identifier(connection), _states().get(str(connection.get("status")))
    if state is None or name is None:
        raise UpstreamError("The back end told a connection that cannot be understood.")
    if state == "failed":
        reason = str(connection.get("statusReason") or "The connection was given up.")
        return Progress("failed", reason[:REASON_MOST])
    return Progress(state, service_id=name, look_again_seconds=poll_seconds if state == "working" else None)


def identifier(connection: Document) -> str | None:
    """The id of a connection."""
    name = connection.get("id")
    return name if isinstance(name, str) and name else None


def search(connections: Iterable[Document], request: ServiceRequest, *, echoed: bool,
           others: Callable[[str], Collection[str]]) -> Search:
    """Which connection came of a request, by what can be told apart.

    echoed: whether descriptions come back, so that ours names the request. others: external ids of requests that a
    connection is already known to have come from.
    """
    wanted, since = asked(request), (request.asked_at or 0.0) - SKEW_SECONDS
    marked, exact, undated, elsewhere = list[Document](), list[Document](), 0, 0
    for connection in connections:
        name, description = identifier(connection), connection.get("description")
        if name is None:
            continue
        if description == wanted["description"]:
            marked.append(connection)
            continue
        if echoed or (isinstance(description, str) and description.startswith(MARK)):
            continue
        if not same_rate(connection.get("bandwidth"), wanted.get("bandwidth")) or set(others(name)):
            continue
        made_at = _made_at(connection)
        if made_at is not None and made_at < since:
            continue
        if connection.get("location") != wanted.get("locationId"):
            elsewhere += 1
        elif made_at is None:
            undated += 1
        else:
            exact.append(connection)
    found, doubtful = marked or exact, 0 if marked else undated
    if len(found) == 1 and not doubtful:
        return Search(found[0])
    # A location may be shown under another name than its id; where one is shown by its id, all are.
    return Search(several=len(found) + doubtful or elsewhere)


@lru_cache(maxsize=1)
def _states() -> Mapping[str, ProgressState]:
    table = yaml.safe_load((data_folder("mappings") / "words" / "connection_status.yaml").read_text(encoding="utf-8"))
    ours, native = (table["columns"].index(name) for name in ("ours", "native"))
    return {row[native]: cast(ProgressState, row[ours]) for row in table["rows"]}


def _bits(text: Any) -> Decimal | None:
    try:
        return bits_per_second(text)
    except ValueError:
        return None


def _made_at(connection: Document) -> float | None:
    order = book().mapping("native.connection").read({"createdAt": connection.get("createdAt")}).document
    made = order.get("ordered_at")
    return datetime.fromisoformat(made).timestamp() if isinstance(made, str) else None
