"""Prometheus metrics of the door: how many requests of which operation ended how, and how long they took."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """A registry of its own, so that several apps may live in one process; other modules may add theirs to it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "lso_requests", "Requests, by edition, operation and status", ["edition", "operation", "status"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "lso_request_seconds", "Time to answer", ["edition", "operation"], buckets=BUCKETS, registry=self.registry
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, edition: str, operation: str, status: int, seconds: float) -> None:
        """One request has been answered."""
        key = (edition, operation, status)
        found = self._children.get(key)
        if found is None:
            found = self._children[key] = (
                self._requests.labels(edition, operation, str(status)),
                self._seconds.labels(edition, operation),
            )
        found[0].inc()
        found[1].observe(seconds)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
