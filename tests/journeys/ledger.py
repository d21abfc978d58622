"""What the sandbox network's own book says was done, and the events that a subscriber has heard."""

from __future__ import annotations

from typing import Any

from lso.backends.sandbox.embedded import Sandbox
from tests.listener import Listener
from tests.running import Running


def done_for(service: Running, order: str) -> list[str]:
    """What the network has done for an order, the oldest first; that it was asked is no deed."""
    network = Sandbox(service.folder / "sandbox.sqlite3", lead_seconds=0.0)
    try:
        return [line.entry for line in network.ledger() if order in line.external_id and line.entry != "submitted"]
    finally:
        network.close()


def told(listener: Listener, id: str, kind: str, under: str = "") -> list[dict[str, Any]]:
    """The events of a kind about something that came to callbacks under a path, as they came."""
    bodies = [one.body for one in listener.of(id) if one.path.startswith(under)]
    return [body["event"] for body in bodies if body["eventType"] == kind]
