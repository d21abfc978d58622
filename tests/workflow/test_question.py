"""How back ends are asked about the items of a request that is no order: whatever a buyer calls these, and no longer
than somebody waits for the answer."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest

from lso.backends.router import Router
from lso.backends.sandbox.client import SandboxClient
from lso.backends.sandbox.embedded import Sandbox
from lso.service import asking
from lso.store import resource as resources
from lso.store.engine import Store
from lso.workflow.question import questions
from lso.workflow.survey import Surveyor
from tests.backends.misbehaving import Answer, Misbehaving
from tests.workflow.inquiry import KIND, inquire, judged
from tests.workflow.scene import TENANT, item, with_profile, working

ODD = ("\ud800", "a/../b?c#d", "é\n", "x" * 10_000, "", "\0")


def test_whatever_an_item_is_called_a_back_end_knows_it_by_a_name_fit_for_any_url(local_store: Store) -> None:
    items = [item(name) for name in (*ODD, "ia-1")]
    id = inquire(local_store, *items)
    stored = local_store.query_now(lambda connection: resources.fetch(connection, TENANT, KIND, id))
    assert stored
    asked = {one["id"]: request for one, request in questions(local_store, stored, items)}
    names = {name: request.external_id for name, request in asked.items()}
    assert all(re.fullmatch(rf"{id}\.[A-Za-z0-9_-]{{1,64}}", name) for name in names.values())
    assert len(set(names.values())) == len(items)
    assert names["ia-1"] == f"{id}.ia-1"
    assert [request.item_id for request in asked.values()] == [one["id"] for one in items]


def test_an_item_of_any_name_is_judged_at_once_and_later(store: Store, tmp_path: Path) -> None:
    id = inquire(store, *(item(name, "THINK-0-Graz") for name in ODD))
    stored = store.query_now(lambda connection: resources.fetch(connection, TENANT, KIND, id))
    assert stored
    sandbox = Sandbox(tmp_path / "near.sqlite3", lead_seconds=0.05)
    at_once = Surveyor(store, Router({"sandbox": sandbox}))(stored, with_profile(store), stored.document["items"])
    sandbox.close()
    assert {name: one.confidence for name, one in at_once.said.items()} == dict.fromkeys(ODD, "high")
    assert at_once.error is None
    with working(store, tmp_path):
        found = judged(store, id)
    assert {one["id"]: one["confidence"] for one in found["items"]} == dict.fromkeys(ODD, "high")


def test_no_further_item_is_asked_about_when_nobody_waits_any_more(
        local_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "AT_ONCE_SECONDS", 0.1)
    id = inquire(local_store, *(item(str(number)) for number in range(5)))
    stored = local_store.query_now(lambda connection: resources.fetch(connection, TENANT, KIND, id))
    assert stored
    with Misbehaving(always=lambda _seen: Answer(after_seconds=0.3)) as network:
        client = SandboxClient(network.url)
        survey = Surveyor(local_store, Router({"sandbox": client}))
        with pytest.raises(TimeoutError):
            asyncio.run(asking.asked(survey, asking.nobody_at_hand, stored, with_profile(local_store),
                                     stored.document["items"]))
        time.sleep(1)
        client.close()
    assert len(network.seen) == 1
