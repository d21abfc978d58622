"""Where one asks what can be had, in TM Forum's words."""

from __future__ import annotations

import pytest

from tests.conformance.desk import Desk
from tests.conformance.qualification.inquiring import CANTATA
from tests.conformance.tmf.asking import KINDS, Kind, checks, queries
from tests.running import Running


@pytest.fixture
def check(service: Running) -> Kind:
    """Can I have it there?"""
    return checks(service)


@pytest.fixture
def query(service: Running) -> Kind:
    """What can I have there?"""
    return queries(service)


@pytest.fixture(params=["check", "query"])
def either(request: pytest.FixtureRequest, service: Running) -> Kind:
    """Both questions."""
    return KINDS[request.param](service)


@pytest.fixture
def mef(service: Running) -> Desk:
    """The same client, speaking MEF."""
    return Desk(service, CANTATA, "demo-carrier-sil")
