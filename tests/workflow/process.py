"""A worker as a process of its own, for tests that kill it: `python -m tests.workflow.process embedded|worker|beat`.

Takes its settings from LSO_…; the store and the sandbox network are those of the settings.
"""

from __future__ import annotations

import signal
import sys
import threading

from lso.backends.router import Router
from lso.backends.sandbox.connect import connect
from lso.dialects.book import book
from lso.settings import settings
from lso.store.engine import open_store
from lso.workflow import beat, worker
from lso.workflow.embedded import Embedded
from tests.workflow.scene import signed


def main(role: str) -> None:
    """Work until told to stop."""
    if role == "beat":
        beat.run(settings())
        return
    network = connect(settings())
    with open_store(settings().store_url) as store:
        router = Router({"sandbox": network})
        if role == "worker":
            sys.exit(worker.run(store, book(), router, settings(), sign=signed))
        embedded = Embedded(store, book(), router, settings(), sign=signed)
        embedded.start()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        stop.wait()
        embedded.stop()
    network.close()


if __name__ == "__main__":
    main(sys.argv[1])
