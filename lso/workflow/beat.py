"""`lso beat`: asks workers to sweep, every so often. Two of them do no harm: the sweep itself takes a lease."""

from __future__ import annotations

from typing import Any

from celery.apps.beat import Beat

from lso.settings import Settings
from lso.workflow.app import SWEEP, create_app


def run(settings: Settings) -> None:
    """Beat until SIGTERM or SIGINT."""
    app = create_app(settings.broker_url)
    app.conf.beat_schedule = {"sweep": {
        "task": SWEEP, "schedule": settings.sweep_seconds,
        # A sweep that nobody took in time is as good as the next one.
        "options": {"expires": 3 * settings.sweep_seconds},
    }}
    beat: Any = Beat(app=app, scheduler_cls="celery.beat:Scheduler", quiet=True)
    beat.run()
