"""Either edition of MEF, with places."""

from __future__ import annotations

import pytest

from tests.conformance.desk import Desk
from tests.conformance.places import ADDRESSES, CLIENTS
from tests.running import Running


@pytest.fixture(params=["sonata", "cantata"])
def desk(request: pytest.FixtureRequest, placed: Running) -> Desk:
    """A desk of either edition."""
    return Desk(placed, ADDRESSES[request.param], CLIENTS[request.param])
