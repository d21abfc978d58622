"""The service and a database that comes late, goes and comes back: told at once, and served again at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.databases import own_postgres
from tests.journeys.documents import ours
from tests.running import MEF, Running, eventually
from tests.servers import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with own_postgres() as server:
        yield server


def test_a_door_whose_database_is_killed_refuses_at_once_and_serves_as_soon_as_it_is_back(
        tmp_path: Path, server: PostgresServer) -> None:
    service = Running(tmp_path, database_url=str(server.url), lease_seconds="2.0")
    try:
        document = ours("sonata/internet_add.json")
        placed = service.post(f"{MEF}/productOrder", document).json()["id"]
        server.kill()
        token = service.token()

        def asked(number: int) -> tuple[requests.Response, float]:
            begun = time.monotonic()
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"away-{number}"}
            answer = requests.post(f"{service.url}{MEF}/productOrder", json=document, headers=headers, timeout=30)
            return answer, time.monotonic() - begun

        with ThreadPoolExecutor(20) as many:
            answers = list(many.map(asked, range(100)))
        assert {answer.status_code for answer, _ in answers} == {503}
        assert {answer.headers["Retry-After"] for answer, _ in answers} == {"1"}
        assert max(seconds for _, seconds in answers) < 4
        begun = time.monotonic()
        assert service.get(f"{MEF}/productOrder/{placed}").status_code == 503
        assert requests.get(f"{service.url}/ready", timeout=5).status_code == 503
        assert requests.get(f"{service.url}/health", timeout=5).status_code == 200
        assert time.monotonic() - begun < 3
        server.start()
        begun = time.monotonic()
        eventually(lambda: asked(0)[0].status_code == 201, 10)
        assert time.monotonic() - begun < 3
        eventually(lambda: service.get(f"{MEF}/productOrder/{placed}").json()["state"] == "completed", 20)
    finally:
        service.close()


def test_a_service_that_starts_before_its_database_waits_for_it(tmp_path: Path, server: PostgresServer) -> None:
    server.kill()
    with ThreadPoolExecutor(1) as aside:
        starting = aside.submit(Running, tmp_path, database_url=str(server.url))
        eventually(lambda: "waiting_for_database" in _log(tmp_path), 30)
        server.start()
        service = starting.result(60)
    assert service.post(f"{MEF}/productOrder", ours("sonata/internet_add.json")).status_code == 201
    service.close()


def _log(folder: Path) -> str:
    file = folder / "service.log"
    return file.read_text() if file.exists() else ""
