"""A broker that stays away for a while and comes back empty: workers and beat are back with it, not much later."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lso.store.engine import open_store
from tests.databases import own_redis
from tests.workflow.scene import ended, item, place, with_profile
from tests.workflow.test_kill import process

AWAY_SECONDS = 14.0  # beyond it, who waits longer each time would wait eight seconds more


@pytest.mark.redis
@pytest.mark.postgres
def test_orders_taken_while_the_broker_was_away_go_on_when_it_is_back(tmp_path: Path, postgres_url: str) -> None:
    with own_redis() as broker, open_store(postgres_url) as store:
        with_profile(store)
        environment = {"LSO_DATABASE_URL": postgres_url, "LSO_BROKER_URL": broker.url, "LSO_VAR": str(tmp_path),
                       "LSO_SANDBOX_LEAD_SECONDS": "0.05"}
        with process("beat", **environment), process("worker", **environment):
            ended(store, place(store, item("1")), seconds=60)
            broker.kill()
            order_id = place(store, item("1"))
            time.sleep(AWAY_SECONDS)
            broker.start()
            back = time.monotonic()
            assert ended(store, order_id, seconds=30)["state"] == "completed"
            assert time.monotonic() - back < 6
