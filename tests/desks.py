"""The desks at which the demo's carrier does business with a running service, and one who listens to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.desk import Desk
from tests.listener import Listener
from tests.running import CANTATA, MEF, TMF, Running


@pytest.fixture
def sonata(service: Running) -> Desk:
    """The tenant as a partner."""
    return Desk(service, MEF, "demo-carrier")


@pytest.fixture
def cantata(service: Running) -> Desk:
    """The same tenant as an enterprise that speaks MEF."""
    return Desk(service, CANTATA, "demo-carrier-sil")


@pytest.fixture
def tmf(service: Running) -> Desk:
    """The same tenant as an enterprise that speaks TM Forum."""
    return Desk(service, TMF, "demo-carrier-sil")


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()
