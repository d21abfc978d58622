"""Clients that do what the documentation tells them to: a key with every order, and the same again until an answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread

import requests

from tests.journeys.chaos.fleet import Fleet
from tests.journeys.chaos.plan import Wish
from tests.running import MEF

PATIENCE_SECONDS = 90.0
AGAIN_SECONDS, AGAIN_MOST = 0.1, 1.0


@dataclass
class Order:
    """What a client knows of its order. id: once it has its 201."""

    wish: Wish
    id: str = ""
    acknowledged_at: float = 0.0
    retries: int = 0
    replayed: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Customer:
    """Sends its orders one after the other, evenly over `seconds`."""

    def __init__(self, fleet: Fleet, wishes: Sequence[Wish], seconds: float) -> None:
        self.orders = [Order(wish) for wish in wishes]
        self._fleet = fleet
        self._pause = seconds / max(1, len(wishes))
        self._http = requests.Session()
        self._thread = Thread(target=self._run, name="customer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Until every order has its answer, or is given up."""
        return self._thread.is_alive()

    def _run(self) -> None:
        begun = time.monotonic()
        with self._http:
            for number, order in enumerate(self.orders):
                time.sleep(max(0.0, begun + number * self._pause - time.monotonic()))
                self._send(order)
                if order.wish.twice and order.id:
                    self._send(order)

    def _send(self, order: Order) -> None:
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE_SECONDS:
            asked = time.monotonic()
            wait = self._ask(order)
            order.slowest = max(order.slowest, time.monotonic() - asked)
            if wait is None:
                return
            order.retries += 1
            time.sleep(wait)
        order.wrong.append(f"no answer within {PATIENCE_SECONDS} s")

    def _ask(self, order: Order) -> float | None:
        """Seconds to wait before the next attempt; None when there is none."""
        wish = order.wish
        headers = {"Authorization": f"Bearer {self._fleet.token(wish.client)}", "Idempotency-Key": wish.key}
        url = self._fleet.door("pil" if wish.base == MEF else "sil") + f"{wish.base}/productOrder"
        try:
            answer = self._http.post(url, json=wish.document, headers=headers, timeout=10)
        except requests.RequestException:
            return AGAIN_SECONDS
        if answer.status_code == 503 and "Retry-After" not in answer.headers:
            order.wrong.append("a 503 that does not say when to come again")
        if answer.status_code >= 500 or answer.status_code in (409, 429):
            if answer.status_code != 503:
                order.wrong.append(f"{answer.status_code}: {answer.text[:200]}")
            return min(AGAIN_MOST, float(answer.headers.get("Retry-After", AGAIN_SECONDS)))
        if answer.status_code != 201:
            order.wrong.append(f"{answer.status_code}: {answer.text[:500]}")
            return None
        id = answer.json()["id"]
        order.replayed += "Idempotency-Replayed" in answer.headers
        if order.id and order.id != id:
            order.wrong.append(f"answered as {order.id}, then as {id}")
        order.id, order.acknowledged_at = id, order.acknowledged_at or time.time()
        return None
