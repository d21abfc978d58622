"""One order, cut off at every commit, every call of a back end and every call of a subscriber."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.backends.misbehaving import Answer, Misbehaving, Seen
from tests.backends.native_api import NativeApi
from tests.backends.test_soap import legacy_program
from tests.forked import run
from tests.journeys.crash.point import ENDED
from tests.journeys.crash.scenario import SCENARIOS, Scenario
from tests.listener import Listener

OUTSIDE: dict[str, Any] = {"name": "outside", "poll_seconds": 0.05, "settle_seconds": 0.3,
                           "limits": {"timeout_seconds": 2.0}}


class Open(NativeApi):
    """It does not ask who comes: many come at once, and it knows one token only."""

    def __call__(self, seen: Seen) -> Answer:
        seen.headers["authorization"] = "Bearer token-1"
        return super().__call__(seen)


class Far:
    """A back end that orders go to; `ledger` says how often what was done for an item."""

    def __init__(self, kind: str, folder: Path, stack: ExitStack) -> None:
        self.kind = kind
        self.entry: dict[str, Any] = {}
        if kind == "soap":
            self.url = stack.enter_context(legacy_program(folder / "legacy.sqlite3", "--not-repeatable"))
            self.entry = {"kind": "soap", "url": f"{self.url}/serviceOrder"}
        elif kind.startswith("rest"):
            # A description comes back, so that connections of orders that run side by side can be told apart.
            keyed = ["idempotency_key"] if kind == "rest with keys" else []
            self.api = Open("description", *keyed)
            self.url = stack.enter_context(Misbehaving(always=self.api)).url
            self.entry = {"kind": "rest", "url": self.url, "additions": sorted(self.api.additions)}

    def done(self, results: Sequence[dict[str, Any]]) -> dict[str, Counter[str]]:
        """What was done, by our external id, according to the books of whoever did it."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        if self.kind == "soap":
            for line in requests.get(f"{self.url}/ledger", timeout=30).json():
                found[line["external_id"].partition("#")[0]][line["entry"]] += 1
        elif self.kind == "sandbox":
            for external_id, entry in (line for result in results for line in result["ledger"]):
                found[external_id][entry] += 1
        else:
            for connection in self.api.connections.values():
                name = connection["description"].removeprefix("LSO ")
                found[name]["accepted"] += 1
                found[name]["activated"] += connection["status"] == "active"
        return found


@pytest.mark.parametrize(("name", "kind"), [
    ("a line with two ends", "sandbox"), ("a cancelled access", "sandbox"),
    ("an access that is paid for", "sandbox"), ("an access on another day", "sandbox"), ("a connection", "soap"),
    ("a connection", "rest with keys"), ("a connection", "rest as published")])
def test_an_order_cut_off_anywhere_comes_to_its_end_and_is_fulfilled_once(
        tmp_path: Path, listener: Listener, name: str, kind: str) -> None:
    scenario = SCENARIOS[name]
    with ExitStack() as stack:
        far = Far(kind, tmp_path, stack)
        whole, = played(tmp_path / "whole", far, name, listener, [])
        passed: dict[str, int] = json.loads((tmp_path / "whole" / "whole" / "passed").read_text())
        assert min(passed.values()) >= 2, passed
        passed = {kind: most for kind, most in passed.items() if kind in scenario.kinds}
        points = [("before", kind, number) for kind, most in passed.items() for number in range(1, most + 1)]
        points += [("after", kind, most) for kind, most in passed.items()]
        results = played(tmp_path / "cut", far, name, listener, points)
        done = far.done([whole, *results])
    assert len(results) == len(points)
    assert whole["begun"] == 0
    # How often a back end is looked at depends on the clock; all the rest is always passed.
    assert sum(result["begun"] == ENDED for result in results) > 0.6 * len(points)
    for result in [whole, *results]:
        assert wrong(result, whole, scenario, done, listener) == [], result["folder"]


def played(folder: Path, far: Far, name: str, listener: Listener, points: Sequence[Any]) -> list[dict[str, Any]]:
    """What came of an order for each of the points; of one that is not cut off, where there are none."""
    folder.mkdir()
    if far.entry:
        (folder / "backends.yaml").write_text(yaml.safe_dump([OUTSIDE | far.entry]))
    spec = {"scenario": name, "points": points, "callback": listener.url,
            "backends": str(folder / "backends.yaml") if far.entry else "",
            "routes": [{"backend": "outside" if far.entry else "sandbox"}]}
    (folder / "spec.json").write_text(json.dumps(spec))
    done = run([str(folder / "spec.json")], os.environ, 240, "tests.journeys.crash.process:main")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-4000:]
    return [{**json.loads(file.read_text()), "folder": file.parent.name} for file in sorted(folder.glob("*/result"))]


def wrong(result: dict[str, Any], whole: dict[str, Any], scenario: Scenario, done: dict[str, Counter[str]],
          listener: Listener) -> list[str]:
    """Everything about one order that is not as with the whole one, which was never cut off."""
    document, id = result["document"], result["order"]
    found = [] if document["state"] == scenario.state else [f"it is {document['state']}"]
    if left := {name: result[name] for name in ("jobs", "dead_jobs", "deliveries", "dead_events") if result[name]}:
        found.append(f"left over: {left}")
    for item, entries in scenario.done.items():
        told = {name: count for name, count in done[f"{id}.{item}"].items() if name != "submitted" and count
                and not (count == 1 and name in scenario.maybe)}
        if told != entries:
            found.append(f"for item {item} the ledger has {told}")
    if heard(listener, id) != heard(listener, whole["order"]):
        found.append(f"heard were {heard(listener, id)}")
    if len(result["products"]) != scenario.products:
        found.append(f"it left {result['products']}")
    return found


def heard(listener: Listener, order_id: str) -> Counter[str]:
    """Which events came about an order, each counted once."""
    return Counter({one.body["eventId"]: one.body["eventType"] for one in listener.of(order_id)}.values())
