"""Is the process alive, may requests be sent here, and what do the meters say."""

from __future__ import annotations

import asyncio

from lso.gateway.request import Answer, Offer, Request
from lso.gateway.trace import log
from lso.gateway.world import World

TEXT = "text/plain; version=1.0.0; charset=utf-8"


class Health:
    """Handlers of the health document."""

    def __init__(self, world: World) -> None:
        self.checks = world.checks
        self.metrics = world.metrics

    def offers(self) -> dict[str, Offer]:
        """By operationId."""
        return {"health": Offer(self.health), "ready": Offer(self.ready), "metrics": Offer(self.exposition)}

    async def health(self, _request: Request) -> Answer:
        """Whoever can answer is alive."""
        return Answer(200, {"status": "ok"})

    async def ready(self, _request: Request) -> Answer:
        """Ready when every check holds."""
        verdicts = {name: await asyncio.to_thread(self._holds, name) for name in self.checks}
        ready = all(verdicts.values())
        checks = {name: "ok" if held else "failing" for name, held in verdicts.items()}
        return Answer(200 if ready else 503, {"status": "ok" if ready else "failing", "checks": checks})

    async def exposition(self, _request: Request) -> Answer:
        """The metrics, for Prometheus."""
        return Answer(200, self.metrics.text(), {"Content-Type": TEXT})

    def _holds(self, name: str) -> bool:
        try:
            self.checks[name]()
        except Exception as error:
            log.warning("check failed", check=name, reason=type(error).__name__)
            return False
        return True
