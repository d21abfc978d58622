"""The story of a connection: three fields, a later bandwidth, the end; told step by step, by HTTP only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lso.demo.client import Customer, Document

NATIVE = "/internet-on-demand/connections"
WANTED: Document = {"bandwidth": "250 Mbps", "locationId": "SITE-QUAY-4", "description": "Quayside hotel"}
FASTER = "1 Gbps"
LATER_SECONDS = 1.0
STEPS = 4


def live(customer: Customer, client: str) -> Iterator[str]:
    """What has been reached, one word a step: provisioning, active, the new bandwidth, terminated."""
    made = customer.call("POST", NATIVE, client, WANTED).json()
    address = f"{NATIVE}/{made['id']}"
    yield made["status"]
    yield _once(customer, client, address, "status", "active")
    moment = datetime.now(UTC) + timedelta(seconds=LATER_SECONDS)
    customer.call("PUT", f"{address}/bandwidth", client, {"bandwidth": FASTER, "effectiveDate": moment.isoformat()})
    yield _once(customer, client, address, "bandwidth", FASTER)
    customer.call("DELETE", address, client)
    yield _once(customer, client, address, "status", "terminated")


def _once(customer: Customer, client: str, address: str, member: str, value: str, seconds: float = 30.0) -> str:
    """The value, once a member has it; what it has when time is up."""
    until = time.monotonic() + seconds
    while (seen := str(customer.call("GET", address, client).json().get(member))) != value:
        if time.monotonic() > until:
            break
        time.sleep(0.05)
    return seen
