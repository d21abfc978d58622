"""One running service for all stories, as `make run` starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.listener import Listener
from tests.running import Running


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("service"), backoff_seconds="0.1")
    yield running
    running.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()
