"""The production form: PostgreSQL, Redis, every role a process of its own, by the commands of the compose file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from sqlalchemy import URL

from tests.databases import free_port, fresh_database
from tests.journeys.documents import ours
from tests.journeys.test_stories import FINAL
from tests.running import MEF, ROOT, TMF, Process, Running, eventually

LEASE_SECONDS = 2.0


class Production(Running):
    """PIL as the service that tests talk to, with SIL, worker, beat and sandbox beside it."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.sandbox_port, self.sil_port = free_port(), free_port()
        shared = {"database_url": database, "broker_url": broker, "lease_seconds": str(LEASE_SECONDS),
                  "sandbox_url": f"http://127.0.0.1:{self.sandbox_port}", "sandbox_lead_seconds": "1.0"}
        env = {**os.environ, "LSO_VAR": str(folder), **{f"LSO_{name.upper()}": value for name, value in shared.items()}}
        self.sandbox = Process(["sandbox", "--port", str(self.sandbox_port)], env, folder / "sandbox.log")
        seeding = Process(["seed"], env, folder / "seed.log")
        assert seeding.popen.wait(60) == 0, (folder / "seed.log").read_text()
        super().__init__(folder, "--layer", "pil", **shared)
        self.sil = Process(["serve", "--layer", "sil", "--port", str(self.sil_port)], env, folder / "sil.log")
        self.worker = Process(["worker"], env, folder / "worker.log")
        self.beat = Process(["beat"], env, folder / "beat.log")

    @property
    def everything(self) -> list[Process]:
        """All processes."""
        return [self.process, self.sil, self.worker, self.beat, self.sandbox]

    def close(self) -> None:
        """Stop all of them."""
        self.http.close()
        for process in self.everything:
            process.stop()


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, postgres_server: URL,
               redis_server: str) -> Iterator[Production]:
    with fresh_database(postgres_server) as database:
        service = Production(tmp_path_factory.mktemp("production"), database, redis_server)
        yield service
        service.close()


def effects(service: Production, order: str) -> list[str]:
    """What the sandbox's own ledger says was done for an order; it also notes every time it was asked."""
    ledger = requests.get(f"http://127.0.0.1:{service.sandbox_port}/ledger", timeout=10).json()
    return [line["entry"] for line in ledger if order in line["external_id"] and line["entry"] != "submitted"]


def ended(service: Production, id: str, seconds: float = 30.0) -> dict[str, Any]:
    """The order at its end."""
    def look() -> Any:
        order = service.get(f"{MEF}/productOrder/{id}").json()
        return order["state"] in FINAL and order
    order: dict[str, Any] = eventually(look, seconds)
    return order


@pytest.mark.redis
@pytest.mark.postgres
def test_an_order_taken_by_one_process_is_fulfilled_by_others_and_read_at_another(production: Production) -> None:
    order = production.post(f"{MEF}/productOrder", ours("sonata/internet_add.json")).json()
    assert ended(production, order["id"])["state"] == "completed"
    token = production.token("demo-carrier-sil")
    url = f"http://127.0.0.1:{production.sil_port}{TMF}/productOrder/{order['id']}"
    eventually(lambda: _status(url, token) == 200)
    assert requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).json()["state"] == "completed"


@pytest.mark.redis
@pytest.mark.postgres
def test_a_killed_worker_costs_its_lease_and_nothing_is_done_twice(production: Production) -> None:
    order = production.post(f"{MEF}/productOrder", ours("sonata/internet_add.json")).json()
    eventually(lambda: production.get(f"{MEF}/productOrder/{order['id']}").json()["state"] == "inProgress")
    production.worker.kill()
    production.worker.start()
    done = ended(production, order["id"], LEASE_SECONDS + 2 + 10)  # a worker's start is no part of the promise
    assert done["state"] == "completed"
    assert effects(production, order["id"]) == ["accepted", "activated"]


def test_the_compose_file_starts_what_these_tests_start() -> None:
    roles = {"seed", "pil", "sil", "worker", "beat", "sandbox", "legacy"}
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert set(services) == {"postgres", "redis", "proxy", *roles}
    started = {name: services[name]["command"][0] for name in roles}
    assert started == {"seed": "seed", "pil": "serve", "sil": "serve", "worker": "worker", "beat": "beat",
                       "sandbox": "sandbox", "legacy": "legacy"}
    for name in ("pil", "sil"):
        assert services[name]["command"][1:3] == ["--layer", name]


def _status(url: str, token: str) -> int:
    try:
        return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code
    except requests.ConnectionError:
        return 0
