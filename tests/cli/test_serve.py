"""`lso serve` is told to stop: everything in the process ends in order, and nothing looks like a failure."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.running import Running


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminated"])
def test_the_service_stops_in_order_when_it_is_told_to(tmp_path: Path, told: signal.Signals) -> None:
    service = Running(tmp_path, cold=True)
    try:
        service.process.popen.send_signal(told)
        assert service.process.popen.wait(20) == 0
    finally:
        service.process.kill()
    said = (tmp_path / "service.log").read_text()
    assert "Traceback" not in said
    assert "Aborted" not in said
    assert not list(tmp_path.glob("*-wal")), "a store was not closed"
