"""Starts our own commands as real processes, and waits for them by their doors."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.forked import Forked


def free_port() -> int:
    """A port nobody listens on, a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def program(*arguments: str, **environment: str) -> Iterator[Forked]:
    """`lso` with these arguments; killed at the end, if it is still there."""
    with Path(os.devnull).open("w") as nowhere:
        process = Forked(arguments, {**os.environ, **environment}, nowhere, sys.__stderr__)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def answering(url: str, *, seconds: float = 20) -> str:
    """The base URL, once GET /health answers there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if requests.get(f"{url}/health", timeout=1).status_code == 200:
                return url
        except requests.RequestException:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers at {url}")


@contextmanager
def sandbox_program(state: Path, port: int, lead_seconds: float = 0.05) -> Iterator[Forked]:
    """`lso sandbox`, answering."""
    with program("sandbox", "--port", str(port), "--state", str(state),
                 LSO_SANDBOX_LEAD_SECONDS=str(lead_seconds)) as process:
        answering(f"http://127.0.0.1:{port}")
        yield process
