"""The `rest` back end in front of our own native facade, another process: with our additions, and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lso.store.engine import Store
from tests.backends.test_journey import item, working
from tests.running import TMF, Running
from tests.workflow.scene import ended, place, products_of

NATIVE = "/internet-on-demand/connections"
DEVELOPER = "demo-developer"
ADDITIONS = ("idempotency_key", "delete", "description")
PLACE = "ADDR-QUAY-4"
EITHER = pytest.mark.parametrize("additions", [(), ADDITIONS], ids=["as published", "with additions"])


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    service = Running(tmp_path_factory.mktemp("far"), backoff_seconds="0.1", sandbox_lead_seconds="0.05")
    yield service
    service.close()


@pytest.fixture
def near(far: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, additions: tuple[str, ...]) -> Iterator[Store]:
    secrets = json.loads((far.folder / "demo-credentials.json").read_text())
    monkeypatch.setenv("FAR_SECRET", secrets[DEVELOPER])
    with working(tmp_path, f"{far.url}/internet-on-demand", kind="rest", token_url=f"{far.url}/oauth2/token",
                 client_id=DEVELOPER, secret={"env": "FAR_SECRET"}, additions=list(additions), settle_seconds=2.0,
                 limits={"timeout_seconds": 10}) as store:
        yield store


def connections(far: Running, description: str) -> list[dict[str, Any]]:
    """Those of the far side that were made for a request of ours."""
    listed = far.get(f"{NATIVE}?limit=1000", DEVELOPER).json()["connections"]
    return [one for one in listed if one.get("description") == description]


@EITHER
def test_a_connection_is_added_changed_and_where_offered_ended(
        far: Running, near: Store, additions: tuple[str, ...]) -> None:
    first = place(near, item(place_id=PLACE))
    assert ended(near, first)["state"] == "completed"
    made = products_of(near, first)["1"]
    (there,) = connections(far, f"LSO {first}.1")
    assert (there["status"], there["bandwidth"]) == ("active", "100 Mbps")

    assert ended(near, place(near, item("modify", rate=200, product=made.id)))["state"] == "completed"
    assert connections(far, f"LSO {first}.1")[0]["bandwidth"] == "200 Mbps"

    last = ended(near, place(near, item("delete", product=made.id)))
    assert last["state"] == ("completed" if "delete" in additions else "rejected")
    assert connections(far, f"LSO {first}.1")[0]["status"] == ("terminated" if "delete" in additions else "active")
    placed = far.get(f"{TMF}/productOrder?externalId={there['id']}", DEVELOPER).json()
    assert [order["productOrderItem"][0]["action"] for order in placed] == ["add", "modify", "delete"][
        :3 if "delete" in additions else 2]


@EITHER
@pytest.mark.parametrize(("where", "state", "reason"), [
    ("FAIL-Street-1", "failed", "The installation at the place failed."),
    ("Nowhere-1", "failed", "No such place is known.")])
def test_what_the_far_side_refuses_or_cannot_do_fails_with_its_reason(
        near: Store, where: str, state: str, reason: str) -> None:
    document = ended(near, place(near, item(place_id=where)))
    assert document["state"] == state
    assert document["items"][0]["errors"][0]["reason"] == reason


@EITHER
def test_a_far_side_that_is_killed_again_and_again_makes_every_connection_once(far: Running, near: Store) -> None:
    ids = [place(near, item(place_id=PLACE)) for _ in range(5)]
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(lambda: [ended(near, id, seconds=60)["state"] for id in ids])
        for _ in range(2):
            far.process.kill()
            far.restart()
        assert waiting.result() == ["completed"] * 5
    assert [len(connections(far, f"LSO {id}.1")) for id in ids] == [1] * 5
