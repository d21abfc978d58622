"""Either edition of MEF, with places."""

from __future__ import annotations

import pytest

from tests.conformance.desk import Desk
from tests.conformance.places import CLIENTS, SITES, give
from tests.running import Running


@pytest.fixture(scope="session")
def placed(service: Running) -> Running:
    """The service, once it has been given places."""
    give(service)
    return service


@pytest.fixture(params=["sonata", "cantata"])
def desk(request: pytest.FixtureRequest, placed: Running) -> Desk:
    """A desk of either edition."""
    return Desk(placed, SITES[request.param], CLIENTS[request.param])
