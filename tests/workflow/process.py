"""An embedded worker as a process without a door, for tests that kill it."""

from __future__ import annotations

import signal
import threading

from lso.cli.composition import back_ends, foundation
from lso.settings import settings
from lso.workflow.embedded import Embedded

UP = "up"


def main() -> None:
    """Work until told to stop. A file says since when."""
    stop = threading.Event()
    with foundation(settings()) as base, back_ends(base) as router:
        embedded = Embedded(base.store, base.book, router, base.settings, sign=base.sign)
        embedded.start()
        (base.settings.var / UP).touch()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        stop.wait()
        embedded.stop()
