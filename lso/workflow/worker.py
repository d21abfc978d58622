"""A worker of its own, `lso worker`: takes wake-up calls from the broker until it is told to stop."""

from __future__ import annotations

from typing import Any

from lso.backends.router import Router
from lso.dialects.book import Book
from lso.errors import OurError
from lso.service.placement import Place
from lso.settings import Settings
from lso.store.engine import Store
from lso.workflow.app import create_app
from lso.workflow.crew import Crew
from lso.workflow.delivery import Sign
from lso.workflow.embedded import QUIET


def run(store: Store, book: Book, router: Router, settings: Settings, *, sign: Sign, place: Place) -> int:
    """Work until SIGTERM or SIGINT (Celery's: jobs under way are finished); answers the exit code."""
    if settings.broker_url.startswith("memory:"):
        raise OurError("A worker of its own needs a broker that others reach: set LSO_BROKER_URL.")
    crew = Crew(create_app(settings.broker_url), store, book, router, settings, sign=sign, place=place)
    worker: Any = crew.app.Worker(pool_cls="threads", concurrency=settings.worker_threads, quiet=True, **QUIET)
    crew.start()
    try:
        worker.start()
    finally:
        crew.stop()
    return worker.exitcode or 0
