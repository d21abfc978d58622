"""The back ends that orders go through: the sandbox network, a legacy system that would do everything twice if it were
asked twice, and somebody's connections API; and what their own books say was done."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import requests
import yaml

from tests.backends.misbehaving import Misbehaving
from tests.backends.native_api import NativeApi
from tests.journeys.chaos.plan import NATIVE
from tests.running import Process, eventually
from tests.servers import free_port

SECRET = "CHAOS_SECRET"
LEAD_SECONDS = "0.3"
ENDINGS = {"activated", "changed", "ceased"}


class Network:
    """All three, from start to close. They are somebody else's, and nobody kills them here."""

    def __init__(self, folder: Path) -> None:
        self.sandbox_url, self.legacy_url = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        env = {**os.environ, "LSO_VAR": str(folder), "LSO_SANDBOX_LEAD_SECONDS": LEAD_SECONDS}
        self._programs = [
            Process([*words, "--port", url.rpartition(":")[2]], env, folder / f"{words[0]}.log")
            for words, url in ((["sandbox"], self.sandbox_url), (["legacy", "--not-repeatable"], self.legacy_url))]
        self.native = NativeApi("idempotency_key", "delete", "description")
        self._native = Misbehaving(always=self.native)
        self._native.__enter__()
        self.file = folder / "backends.yaml"
        self.file.write_text(yaml.safe_dump(self._described()))

    def wait(self) -> None:
        """Until they answer."""
        for url in (self.sandbox_url, self.legacy_url):
            eventually(lambda url=url: _answers(url), 60)

    @property
    def settings(self) -> dict[str, str]:
        """How a bridge finds them."""
        return {"LSO_SANDBOX_URL": self.sandbox_url, "LSO_BACKENDS": str(self.file), SECRET: "open sesame"}

    def close(self) -> None:
        """End them."""
        for one in self._programs:
            one.stop()
        self._native.__exit__()

    def done(self) -> Counter[str]:
        """How often everything was done, by the external id of the item, or the place where only that is known."""
        done = Counter(line["external_id"] for line in self._ledger(self.sandbox_url) if line["entry"] in ENDINGS)
        done += Counter(line["external_id"].partition("#")[0] for line in self._ledger(self.legacy_url)
                        if line["entry"] in ENDINGS)
        return done + Counter(line.split()[-1] for line in self.native.ledger)

    def begun(self) -> Counter[str]:
        """How often something was begun, likewise."""
        lines = [*self._ledger(self.sandbox_url), *self._ledger(self.legacy_url)]
        begun = Counter(line["external_id"].partition("#")[0] for line in lines if line["entry"] == "accepted")
        return begun + Counter(line.split()[-1] for line in self.native.ledger)

    def asked(self) -> int:
        """How many submissions there were, those that were repeats among them."""
        lines = [*self._ledger(self.sandbox_url), *self._ledger(self.legacy_url)]
        writes = [seen for seen in self._native.seen if seen.method == "POST" and seen.path.endswith("/connections")]
        return sum(line["entry"] == "submitted" for line in lines) + len(writes)

    def _ledger(self, url: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(requests.get(f"{url}/ledger", timeout=30).content)
        return found

    def _described(self) -> list[dict[str, Any]]:
        native = {"name": NATIVE.lower(), "kind": "rest", "url": self._native.url, "poll_seconds": 0.2,
                  "token_url": f"{self._native.url}/oauth2/token", "client_id": "bridge", "secret": {"env": SECRET},
                  "additions": sorted(self.native.additions)}
        return [native, {"name": "legacy", "kind": "soap", "url": f"{self.legacy_url}/serviceOrder",
                         "poll_seconds": 0.2}]


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=1).status_code == 200
    except requests.RequestException:
        return False
