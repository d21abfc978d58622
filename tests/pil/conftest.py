"""The whole door, without a worker: what is asked stays as it was asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.conftest import Running, running


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all these tests."""
    with running(tmp_path_factory.mktemp("door")) as service:
        yield service
