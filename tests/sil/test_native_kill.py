"""The service is killed again and again while developers ask for connections: none is lost, none is ordered twice."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from tests.running import TMF, Running, eventually

NATIVE = "/internet-on-demand/connections"
DEVELOPER = "demo-developer"
CONNECTIONS, KILLS = 30, 4


def insistent(service: Running, method: str, path: str, key: str, document: Any) -> requests.Response:
    """A request made until it is answered: with the same key, that is no other request."""
    headers = {"Authorization": f"Bearer {service.token(DEVELOPER)}", "Idempotency-Key": key}
    until = time.monotonic() + 60
    while True:
        try:
            answer = requests.request(method, service.url + path, json=document, headers=headers, timeout=5)
        except requests.RequestException:
            assert time.monotonic() < until, "nobody answers"
            time.sleep(0.05)
            continue
        return answer


def accepted(folder: Path) -> int:
    """How often the sandbox network has taken something on, by its own books."""
    with sqlite3.connect(folder / "sandbox.sqlite3") as books:
        found: int = books.execute("select count(*) from ledger where entry = 'accepted'").fetchone()[0]
        return found


def test_killed_between_any_two_lines_no_connection_is_lost_and_none_is_ordered_twice(tmp_path: Path) -> None:
    service = Running(tmp_path, lease_seconds="1", sweep_seconds="0.3", backoff_seconds="0.05",
                      sandbox_lead_seconds="0.1")
    try:
        service.token(DEVELOPER)
        made: list[str] = []

        def order() -> None:
            for number in range(CONNECTIONS):
                document = {"bandwidth": "10 Mbps", "locationId": "SITE-QUAY-4", "description": str(number)}
                answer = insistent(service, "POST", NATIVE, f"make-{number}", document)
                assert answer.status_code == 201, answer.text
                made.append(answer.json()["id"])
                time.sleep(0.02)

        developer = threading.Thread(target=order)
        developer.start()
        for _ in range(KILLS):
            time.sleep(random.uniform(0.1, 0.7))
            service.process.kill()
            service.restart()
        developer.join()
        assert len(set(made)) == CONNECTIONS

        def all_active() -> bool:
            shown = service.get(NATIVE, DEVELOPER).json()["connections"]
            return [one["status"] for one in shown] == ["active"] * CONNECTIONS

        eventually(all_active, seconds=40)
        orders = service.get(f"{TMF}/productOrder?limit=1000", DEVELOPER).json()
        assert sorted(one["externalId"] for one in orders) == sorted(made)
        assert accepted(tmp_path) == CONNECTIONS
    finally:
        service.close()


def test_a_change_to_come_survives_a_kill_and_begins_when_it_is_due(tmp_path: Path) -> None:
    service = Running(tmp_path, lease_seconds="1", sweep_seconds="0.3", sandbox_lead_seconds="0.05")
    try:
        wanted = {"bandwidth": "10 Mbps", "locationId": "SITE-QUAY-4"}
        address = f"{NATIVE}/{service.post(NATIVE, wanted, DEVELOPER).json()['id']}"
        eventually(lambda: service.get(address, DEVELOPER).json()["status"] == "active")
        moment = time.time() + 8
        date = datetime.fromtimestamp(moment, UTC).isoformat()
        document = {"bandwidth": "20 Mbps", "effectiveDate": date}
        assert service.call("PUT", f"{address}/bandwidth", DEVELOPER, json=document).status_code == 200
        service.process.kill()
        service.restart()
        due = max(moment, time.time())
        while service.get(address, DEVELOPER).json()["bandwidth"] != "20 Mbps":
            assert time.time() < due + 2, "it has not begun"
            time.sleep(0.05)
        assert time.time() >= moment
        assert accepted(tmp_path) == 2
    finally:
        service.close()
