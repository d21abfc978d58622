"""Where quotes are asked for in TM Forum's words."""

from __future__ import annotations

import pytest

from tests.conformance.desk import Desk
from tests.conformance.quote.quoting import CANTATA
from tests.conformance.tmf.asking import Kind, quotes
from tests.running import Running


@pytest.fixture
def quote(service: Running) -> Kind:
    """TMF648."""
    return quotes(service)


@pytest.fixture
def mef(service: Running) -> Desk:
    """The same client, speaking MEF."""
    return Desk(service, CANTATA, "demo-carrier-sil")
