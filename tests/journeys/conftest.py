"""One running service for all stories, as `make run` starts it, and the desks at which one tenant does business."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desks import cantata, listener, sonata, tmf
from tests.running import Running

__all__ = ["cantata", "listener", "sonata", "tmf"]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("service"), backoff_seconds="0.1")
    yield running
    running.close()
