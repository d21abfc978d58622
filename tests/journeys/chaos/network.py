"""The back ends that orders go through: the sandbox network, a legacy system that would do everything twice if it were
asked twice, and another service of our own, by its native facade; and what their own books say was done."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import requests
import sqlalchemy as sa
import yaml

from lso.backends.sandbox.embedded import Sandbox
from lso.store.engine import open_store
from tests.journeys.chaos.plan import NATIVE, Plan, prepare
from tests.running import Process, Running, eventually
from tests.servers import free_port

SECRET = "CHAOS_SECRET"
LEAD_SECONDS = "0.3"
ENDINGS = {"activated", "changed", "ceased"}
DEVELOPER = "demo-developer"
FACADE = "/internet-on-demand"
MARK = "LSO "


class Network:
    """All three, from start to close. They are somebody else's, and nobody kills them here."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.sandbox_url, self.legacy_url = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        env = {**os.environ, "LSO_VAR": str(folder), "LSO_SANDBOX_LEAD_SECONDS": LEAD_SECONDS}
        self._programs = [
            Process([*words, "--port", url.rpartition(":")[2]], env, folder / f"{words[0]}.log")
            for words, url in ((["sandbox"], self.sandbox_url), (["legacy", "--not-repeatable"], self.legacy_url))]
        try:
            self._far = folder / "far"
            self._far.mkdir()
            prepare(plan, f"sqlite:///{self._far / 'lso.sqlite3'}", self._far, DEVELOPER)
            self.native = Running(self._far, sandbox_lead_seconds=LEAD_SECONDS)
            for url in (self.sandbox_url, self.legacy_url):
                eventually(lambda url=url: _answers(url), 60)
        except BaseException:
            self._end_programs()
            raise
        self.file = folder / "backends.yaml"
        self.file.write_text(yaml.safe_dump(self._described()))

    @property
    def settings(self) -> dict[str, str]:
        """How a bridge finds them."""
        secrets = json.loads((self._far / "demo-credentials.json").read_text())
        return {"LSO_SANDBOX_URL": self.sandbox_url, "LSO_BACKENDS": str(self.file), SECRET: secrets[DEVELOPER]}

    def close(self) -> None:
        """End them."""
        self.native.close()
        self._end_programs()

    def begun(self) -> Counter[str]:
        """How often something was begun, by our external id of the item."""
        lines = [*self._ledger(self.sandbox_url), *self._ledger(self.legacy_url)]
        begun = Counter(line["external_id"].partition("#")[0] for line in lines if line["entry"] == "accepted")
        return begun + Counter(self._connections().values())

    def done(self) -> Counter[str]:
        """How often it was done, likewise."""
        lines = [*self._ledger(self.sandbox_url), *self._ledger(self.legacy_url)]
        done = Counter(line["external_id"].partition("#")[0] for line in lines if line["entry"] in ENDINGS)
        connections, orders = self._connections(), self._far_orders()
        for entry in self._far_ledger():
            if entry.entry in ENDINGS:
                done[connections[orders[entry.external_id.rpartition(".")[0]]]] += 1
        return done

    def asked(self) -> int:
        """How many submissions there were, those that were repeats among them."""
        lines = [*self._ledger(self.sandbox_url), *self._ledger(self.legacy_url)]
        log = (self._far / "service.log").read_text(encoding="utf-8")
        return sum(line["entry"] == "submitted" for line in lines) + log.count('"operation":"createConnection"')

    def _connections(self) -> dict[str, str]:
        """Which of our items each connection of the far side was made for."""
        found: dict[str, str] = {}
        path = f"{FACADE}/connections?limit=1000"
        while path:
            page = self.native.get(path, DEVELOPER).json()
            found |= {one["id"]: one["description"].removeprefix(MARK) for one in page["connections"]}
            path = f"{FACADE}/connections?cursor={page['nextCursor']}" if page.get("nextCursor") else ""
        return found

    def _far_orders(self) -> dict[str, str]:
        """The connection behind each order of the far side."""
        with open_store(f"sqlite:///{self._far / 'lso.sqlite3'}") as store:
            rows = store.query_now(lambda c: c.execute(sa.text("SELECT id, external_id FROM orders")).fetchall())
        return {row[0]: row[1] for row in rows}

    def _far_ledger(self) -> tuple[Any, ...]:
        network = Sandbox(self._far / "sandbox.sqlite3", lead_seconds=float(LEAD_SECONDS))
        try:
            return network.ledger()
        finally:
            network.close()

    def _ledger(self, url: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(requests.get(f"{url}/ledger", timeout=30).content)
        return found

    def _described(self) -> list[dict[str, Any]]:
        native = {"name": NATIVE.lower(), "kind": "rest", "url": f"{self.native.url}{FACADE}", "poll_seconds": 0.2,
                  "token_url": f"{self.native.url}/oauth2/token", "client_id": DEVELOPER, "secret": {"env": SECRET},
                  "additions": ["idempotency_key", "delete", "description"]}
        return [native, {"name": "legacy", "kind": "soap", "url": f"{self.legacy_url}/serviceOrder",
                         "poll_seconds": 0.2}]

    def _end_programs(self) -> None:
        for one in self._programs:
            one.stop()


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=1).status_code == 200
    except requests.RequestException:
        return False
