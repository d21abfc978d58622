"""A worker inside the serving process: Celery over the memory broker, woken in milliseconds, sweeping for itself.

Nothing is lost when the process is killed: the memory broker only carries wake-up calls, and the sweeper begins from
the database. It rests after each job, so that requests find the interpreter free.
"""

from __future__ import annotations

from threading import Thread
from typing import Any

from lso.backends.router import Router
from lso.dialects.book import Book
from lso.service.placement import Place, nowhere
from lso.settings import Settings
from lso.store.engine import Store
from lso.workflow.app import create_app
from lso.workflow.crew import Crew
from lso.workflow.delivery import Sign
from lso.workflow.wake import Relay

BUSY_PER_SECOND = 50
PAUSE, BUSY_PAUSE = 1.0, 9.0
QUIET = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}


class Embedded:
    """Start it after any fork, and stop it before the store is closed."""

    def __init__(self, store: Store, book: Book, router: Router, settings: Settings, *, sign: Sign,
                 place: Place = nowhere) -> None:
        self._crew = Crew(create_app("memory://localhost"), store, book, router, settings, sign=sign, place=place,
                          pause=_pause)
        self._worker: Any = self._crew.app.WorkController(
            pool_cls="threads", concurrency=settings.worker_threads, **QUIET)
        self._thread = Thread(target=self._worker.start, name="worker", daemon=True)

    @property
    def waker(self) -> Relay:
        """To be told of jobs: lifecycle.ports.process.Waker."""
        return self._crew.relay

    def start(self) -> None:
        """Begin to work. Celery's pool threads find their tasks through the app of the process, so there is one."""
        self._crew.app.set_default()
        self._crew.start()
        self._thread.start()
        self._crew.sweeper.start()

    def stop(self) -> None:
        """Finish the jobs under way, and end all threads."""
        self._crew.sweeper.stop()
        self._worker.stop()
        self._thread.join()
        self._crew.stop()


def _pause(relay: Relay) -> float:
    """A worker thread takes half of the time it could, and a tenth while many orders come in: they wait better."""
    return BUSY_PAUSE if relay.per_second > BUSY_PER_SECOND else PAUSE
