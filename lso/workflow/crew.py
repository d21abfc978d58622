"""Those who do the work in one process: relay, runner, deliverer, and the Celery tasks by which they are woken."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable

from celery import Celery

from lso.backends.router import Router
from lso.dialects.book import Book
from lso.lifecycle.inquiry import INQUIRIES
from lso.service.placement import Place, nowhere
from lso.settings import Settings
from lso.store.connection import KIND as CONNECTION
from lso.store.engine import Store
from lso.workflow.app import DELIVER, RUN, SWEEP
from lso.workflow.cancellation import KIND as CANCELLATION
from lso.workflow.cancellation import Cancelling
from lso.workflow.charge import KIND as CHARGE
from lso.workflow.charge import Charging
from lso.workflow.connection import Provisioning
from lso.workflow.delivery import Deliverer, Sign
from lso.workflow.delivery_date import KIND as DELIVERY_DATE
from lso.workflow.delivery_date import Rescheduling
from lso.workflow.fulfilment import KIND, Fulfilment
from lso.workflow.job import Handler, Runner
from lso.workflow.qualification import Qualifying
from lso.workflow.quote import KIND as QUOTE
from lso.workflow.quote import Quoting
from lso.workflow.quoting import Quoter
from lso.workflow.scene import Stage
from lso.workflow.survey import Surveyor
from lso.workflow.sweeper import Sweeper
from lso.workflow.wake import Relay


class Crew:
    """place: to where the orders behind connections go. pause: see Runner; for processes that also answer requests."""

    def __init__(self, app: Celery, store: Store, book: Book, router: Router, settings: Settings, *, sign: Sign,
                 place: Place = nowhere, pause: Callable[[Relay], float] = lambda _relay: 0.0) -> None:
        owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.app = app
        self.relay = Relay(app)
        self.deliverer = Deliverer(store, book, settings, owner=owner, sign=sign)
        fulfilment = Fulfilment(store, router, settings, told=self.deliverer.nudge, wake_at=self.relay.wake_at)
        stage = Stage(store, self.relay, told=self.deliverer.nudge)
        surveyor = Surveyor(store, router)
        handlers: dict[str, Handler] = {
            KIND: fulfilment, CONNECTION: Provisioning(store, book, settings, place), CHARGE: Charging(stage, router),
            CANCELLATION: Cancelling(stage, router), DELIVERY_DATE: Rescheduling(stage, router),
            **{kind: Qualifying(kind, store, book, surveyor, settings, told=self.deliverer.nudge)
               for kind in INQUIRIES},
            QUOTE: Quoting(store, Quoter(store, router), settings, told=self.deliverer.nudge)}
        self.runner = Runner(store, self.relay, handlers, settings, owner=owner, pause=lambda: pause(self.relay))
        self.sweeper = Sweeper(store, self.relay, settings, owner=owner, deliveries=self.deliverer.nudge)
        app.task(self.runner.run, name=RUN, shared=False)
        app.task(self.deliverer.nudge, name=DELIVER, shared=False)
        app.task(self.sweeper.sweep_alone, name=SWEEP, shared=False)

    def start(self) -> None:
        """Everything but the sweeper, which whoever needs one starts."""
        self.relay.start()
        self.runner.start()
        self.deliverer.start()

    def stop(self) -> None:
        """Finish what is under way; nothing here outlives it."""
        self.runner.stop()
        self.deliverer.stop()
        self.relay.stop()
        self.app.close()
