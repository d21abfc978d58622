"""The story of a connection: three fields, a later bandwidth, the end; told step by step, by HTTP only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lso.demo.client import Customer, Document
from lso.demo.story import Reached, Story

NATIVE, DEVELOPER = "/internet-on-demand/connections", "demo-developer"
WANTED: Document = {"bandwidth": "250 Mbps", "locationId": "SITE-QUAY-4", "description": "Quayside hotel"}
FASTER = "1 Gbps"
LATER_SECONDS = 1.0
STEPS = 4


def live(customer: Customer) -> Iterator[Reached]:
    """What has been reached, one word a step: provisioning, active, the new bandwidth, terminated."""
    made = customer.made(NATIVE, DEVELOPER, WANTED)
    address = f"{NATIVE}/{made['id']}"
    yield Reached(made["status"], 1, STEPS)
    yield Reached(_once(customer, address, "status", "active"), 2, STEPS)
    moment = datetime.now(UTC) + timedelta(seconds=LATER_SECONDS)
    customer.call("PUT", f"{address}/bandwidth", DEVELOPER, {"bandwidth": FASTER, "effectiveDate": moment.isoformat()})
    yield Reached(_once(customer, address, "bandwidth", FASTER), 3, STEPS)
    customer.call("DELETE", address, DEVELOPER)
    yield Reached(_once(customer, address, "status", "terminated"), STEPS, STEPS)


def _once(customer: Customer, address: str, member: str, value: str) -> str:
    """The value, once a member has it; what it has when time is up."""
    return str(customer.once(address, DEVELOPER, lambda seen: seen.get(member) == value).get(member))


STORIES = (Story("A developer has a connection, makes it faster and ends it", "terminated", live),)
