"""What can be asked in TM Forum's words; the service is that of the folder above."""

from __future__ import annotations

import pytest

from tests.conformance.tmf.asking import KINDS, Kind
from tests.running import Running


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, service: Running) -> Kind:
    """Each of them."""
    return KINDS[request.param](service)
