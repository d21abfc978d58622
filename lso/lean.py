"""Imports of libraries without others that they take along when those happen to be installed.

rich, and pygments with it, are here for `lso demo` and the progress bars of imports. structlog would draw tracebacks
with the one, and httpx has a command line that needs the other: 6 MB in every process, for what no server shows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(library: str) -> Iterator[None]:
    """Whoever tries to import it meanwhile is told that it is not there, unless it has been imported before."""
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[library]
