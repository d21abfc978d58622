"""The native facade where every role is a process of its own: a worker places orders with a layer elsewhere, or with
one that it has itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from sqlalchemy import URL

from tests.databases import fresh_database
from tests.journeys.test_production_form import Production
from tests.running import MEF, eventually

NATIVE = "/internet-on-demand/connections"
CLIENT = "demo-carrier-sil"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, postgres_server: URL,
               redis_server: str) -> Iterator[Production]:
    with fresh_database(postgres_server) as database:
        service = Production(tmp_path_factory.mktemp("native"), database, redis_server)
        eventually(lambda: ready(f"http://127.0.0.1:{service.sil_port}"), 60)
        yield service
        service.close()


def ready(url: str) -> bool:
    """Whether a layer takes requests."""
    try:
        return requests.get(f"{url}/ready", timeout=1).status_code == 200
    except requests.ConnectionError:
        return False


def call(service: Production, method: str, path: str, document: Any = None) -> Any:
    """A request to the layer for enterprises."""
    headers = {"Authorization": f"Bearer {service.token(CLIENT)}"}
    url = f"http://127.0.0.1:{service.sil_port}{NATIVE}{path}"
    return service.http.request(method, url, json=document, headers=headers, timeout=30)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.parametrize("elsewhere", [True, False], ids=["a layer elsewhere", "a layer of its own"])
def test_a_worker_places_the_order_behind_a_connection(production: Production, elsewhere: bool) -> None:
    service = production
    service.worker.stop()
    service.worker.env = {**service.worker.env,
                          "LSO_SIL_URL": f"http://127.0.0.1:{service.sil_port}" if elsewhere else ""}
    service.worker.start()
    answer = call(service, "POST", "", {"bandwidth": "30 Mbps", "locationId": "SITE-QUAY-4"})
    assert answer.status_code == 201, answer.text
    id = answer.json()["id"]
    eventually(lambda: call(service, "GET", f"/{id}").json()["status"] == "active", seconds=60)
    orders = service.get(f"{MEF}/productOrder?externalId={id}").json()
    assert [order["state"] for order in orders] == ["completed"]
    asked = (service.folder / "sil.log").read_text()
    assert ('"client":"native:facade"' in asked) == elsewhere
    (service.folder / "sil.log").write_text("")
