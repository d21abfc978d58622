"""An Internet On-Demand API on a real socket, as published or with our additions; and its ledger.

Each write may be told, once, to take effect and lose its answer (`lose`), or to lose itself (`drop`).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.backends.misbehaving import Answer, Misbehaving, Seen

TOKEN = "token-1"


class NativeApi:
    """looks: how often a new connection is looked at before it is active."""

    def __init__(self, *additions: str, looks: int = 1) -> None:
        self.additions = set(additions)
        self.looks = looks
        self.connections: dict[str, dict[str, Any]] = {}
        self.ledger: list[str] = []
        self.lose = self.drop = 0
        self.tokens = 0
        self.stale = False
        self._keys: dict[str, Answer] = {}
        self._seen: dict[str, int] = {}

    def serve(self, *answers: Answer) -> Misbehaving:
        """The server; answers come before anything else."""
        return Misbehaving(*answers, always=self)

    def __call__(self, seen: Seen) -> Answer:
        path = seen.path.partition("?")[0]
        if path == "/oauth2/token":
            self.tokens += 1
            return _json(200, {"access_token": f"token-{self.tokens}", "token_type": "Bearer", "expires_in": 300})
        if seen.headers.get("authorization") != f"Bearer token-{max(self.tokens, 1)}" or self.stale:
            self.stale = False
            return _json(401, {"title": "who are you"})
        if seen.method == "GET":
            return self._get(path)
        if self.drop:
            self.drop -= 1
            return Answer(hang_up=True)
        if len(seen.body) < int(seen.headers.get("content-length", 0)):  # who asked was cut off
            return Answer(hang_up=True)
        key = seen.headers.get("idempotency-key", "") if "idempotency_key" in self.additions else ""
        answer = self._keys.get(key) or self._write(seen, path)
        if key:
            self._keys[key] = answer
        if self.lose:
            self.lose -= 1
            return Answer(hang_up=True)
        return answer

    def make(self, bandwidth: str, location: str, description: str = "", **more: Any) -> dict[str, Any]:
        """A connection, as it is shown."""
        name = f"conn-{len(self.connections) + 1}"
        made = {"id": name, "status": "provisioning", "bandwidth": bandwidth, "location": location,
                "createdAt": datetime.now(UTC).isoformat(), **more}
        if "description" in self.additions:
            made["description"] = description
        self.connections[name] = made
        self.ledger.append(f"make {bandwidth} {location}")
        return made

    def _get(self, path: str) -> Answer:
        if path.endswith("/connections"):
            return _json(200, {"connections": list(self.connections.values())})
        found = self.connections.get(path.rpartition("/")[2])
        if found is None:
            return _json(404, {"title": "not found"})
        self._seen[found["id"]] = self._seen.get(found["id"], 0) + 1
        if found["status"] == "provisioning" and self._seen[found["id"]] > self.looks:
            found["status"] = "active"
        return _json(200, found)

    def _write(self, seen: Seen, path: str) -> Answer:
        body = json.loads(seen.body) if seen.body else {}
        if seen.method == "POST":
            return _json(201, self.make(body["bandwidth"], body["locationId"], body.get("description", "")))
        found = self.connections.get(path.split("/")[2])
        if found is None:
            return _json(404, {"title": "not found"})
        if seen.method == "PUT":
            found["bandwidth"] = body["bandwidth"]
            self.ledger.append(f"set {found['id']} {body['bandwidth']}")
            return Answer(200)
        if "delete" not in self.additions:
            return Answer(405)
        found["status"] = "terminated"
        self.ledger.append(f"end {found['id']}")
        return _json(202, found)


def _json(status: int, document: Any) -> Answer:
    return Answer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})
