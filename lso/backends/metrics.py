"""Prometheus metrics of back ends. One registry a process, since back ends are shared by everything in it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REGISTRY = CollectorRegistry()

EXCHANGES = Counter("lso_backend_exchanges", "Exchanges with back ends, by how they ended: 2xx, timed out, paused",
                    ["backend", "outcome"], registry=REGISTRY)
SECONDS = Histogram("lso_backend_seconds", "Time a back end took to answer", ["backend"], buckets=BUCKETS,
                    registry=REGISTRY)
PAUSED = Gauge("lso_backend_paused", "1 while a back end is left alone after failures", ["backend"], registry=REGISTRY)
PARKED = Counter("lso_backend_parked", "Requests whose fate could not be told", ["backend"], registry=REGISTRY)
