"""Kills whatever may be killed, without warning, in an order that a seed decides, and starts it again."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from threading import Thread

from tests.journeys.chaos.fleet import Fleet
from tests.journeys.chaos.plan import Plan


@dataclass(frozen=True)
class Kill:
    """One kill of one or of all; seconds since the epoch."""

    names: tuple[str, ...]
    at: float
    back_at: float


class Killer:
    """Everybody is killed once before anybody is killed twice; the last kill is that of all at once.

    Who has just been started is left to it: what never gets to work is no test of what it does when it is killed.
    """

    def __init__(self, plan: Plan, fleet: Fleet) -> None:
        self.kills: list[Kill] = []
        self.error: Exception | None = None
        self._plan, self._fleet = plan, fleet
        self._dice = random.Random(plan.seed)
        self._thread = Thread(target=self._run, name="killer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Until the last kill. Raises what went wrong with starting them again."""
        if self.error:
            raise self.error
        return self._thread.is_alive()

    def _run(self) -> None:
        """So many kills, then the last; each when the one to be killed has worked for a while."""
        try:
            waiting: list[str] = []
            for _ in range(self._plan.kills):
                if not waiting:
                    waiting = self._dice.sample(list(self._fleet.members), len(self._fleet.members))
                name = waiting.pop()
                self._fleet.wait(name)
                time.sleep(self._dice.uniform(*self._plan.pause))
                self._kill(name)
            for name in self._fleet.members:
                self._fleet.wait(name)
            time.sleep(self._dice.uniform(*self._plan.pause))
            self._kill(*self._fleet.members)
        except Exception as error:
            self.error = error

    def _kill(self, *names: str) -> None:
        at = time.time()
        self._fleet.kill(*names)
        time.sleep(self._dice.uniform(*self._plan.down))
        self._fleet.raise_again(*names)
        self.kills.append(Kill(names, at, time.time()))
