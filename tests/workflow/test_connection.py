"""The orders behind connections are placed once, wherever the work is cut off; what the layer below refuses is told."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lso.canonical.tenant import Caller
from lso.cli.composition import Foundation, foundation, world
from lso.cli.layer import application
from lso.demo.seed import load_demo
from lso.errors import NotUnderstood, Unauthenticated, UpstreamError
from lso.gateway.identity import client as clients
from lso.gateway.identity.token import Issuer
from lso.gateway.reach import Inside
from lso.gateway.world import World
from lso.service.directory import apply_profile
from lso.service.placement import Placement, Said
from lso.store import job as jobs
from lso.store import order as orders
from lso.store import resource as resources
from lso.store.connection import KIND
from lso.workflow.connection import Provisioning
from tests.workflow.scene import hurried

WANTED = {"bandwidth": "100 Mbps", "locationId": "SITE-QUAY-4"}
PROFILE = next(one for one in load_demo().profiles if one["tenant"] == "demo-developer")
TENANT = "demo-developer"


class Facade:
    """A service without a worker: the test does the work, and says where it is cut off."""

    def __init__(self, base: Foundation, parts: World) -> None:
        self.base, self.parts = base, parts
        self.calls: list[Placement] = []
        self.lost: list[str] = []

    def place(self, placement: Placement) -> Said:
        """The real layer. lost: where the work is cut off, call after call: before it, or after."""
        lost = self.lost.pop(0) if self.lost else ""
        if lost == "before":
            raise UpstreamError("cut off")
        self.calls.append(placement)
        said = self.base.place(placement)
        if lost == "after":
            raise UpstreamError("cut off")
        return said

    def caller(self) -> Caller:
        profile = self.parts.directory.profile(TENANT)
        assert profile is not None
        return Caller("demo-developer", TENANT, "sil", frozenset("*"), (), (), profile)

    def create(self, **more: str) -> str:
        edition = self.base.book.edition("native.2026-01-01.order")
        shown = asyncio.run(self.parts.connections.create(self.caller(), edition, WANTED | more, (), lambda _: None))
        id: str = shown["id"]
        return id

    def show(self, id: str) -> dict[str, Any]:
        edition = self.base.book.edition("native.2026-01-01.order")
        return asyncio.run(self.parts.connections.retrieve(self.caller(), edition, id))

    def work(self, id: str) -> bool:
        """One run of the job; whether it came to its end."""
        claimed = self.base.store.commit_now(lambda connection: jobs.claim(
            connection, [f"{TENANT}/{KIND}/{id}"], owner="test", lease_seconds=60.0, now=time.time() + 3600))
        assert len(claimed) == 1
        provisioning = Provisioning(self.base.store, self.base.book, self.base.settings, self.place)
        try:
            provisioning(claimed[0])
        except UpstreamError:
            self.base.store.commit_now(lambda connection: jobs.reschedule(connection, claimed[0], due_at=time.time()))
            return False
        return True

    def edit(self, kind: str, id: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Something else is written down, and the job looks at it."""
        def work(connection: Any) -> None:
            found = resources.fetch(connection, TENANT, kind, id)
            assert found is not None
            change(found.document)
            resources.replace(connection, found, found.version)
            jobs.add(connection, TENANT, kind, id, due_at=time.time())

        self.base.store.commit_now(work)

    def wishes(self, id: str) -> list[str]:
        found = self.base.store.query_now(lambda connection: resources.fetch(connection, TENANT, KIND, id))
        assert found is not None
        return [wish["state"] for wish in found.document["wishes"]]

    def orders(self) -> int:
        def count(connection: Any) -> int:
            found: int = connection.exec_driver_sql("select count(*) from orders").scalar_one()
            return found

        return self.base.store.query_now(count)


@contextmanager
def facade(folder: Path, **more: Any) -> Iterator[Facade]:
    settings = hurried(var=folder, worker_threads=0, **more)
    with foundation(settings) as base:
        apply_profile(base.store, PROFILE)
        with world(base) as parts:
            if isinstance(base.place, Inside):
                base.place.offer(lambda: application("sil", parts))
            yield Facade(base, parts)


@pytest.mark.parametrize("lost", [[], ["before"], ["after"], ["after", "before", "after"]], ids="-".join)
def test_an_order_is_placed_once_wherever_the_work_is_cut_off(tmp_path: Path, lost: list[str]) -> None:
    with facade(tmp_path) as service:
        id = service.create()
        service.lost = list(lost)
        while not service.work(id):
            assert service.show(id)["status"] == "provisioning"
        assert service.orders() == 1
        assert {call.key for call in service.calls} <= {id}
        assert service.show(id)["status"] == "provisioning"


@pytest.mark.parametrize("lost", [[], ["before"], ["after"], ["after", "before", "after"]], ids="-".join)
def test_an_order_that_is_withdrawn_is_cancelled_once_and_waited_for(tmp_path: Path, lost: list[str]) -> None:
    with facade(tmp_path) as service:
        id = service.create()
        assert service.work(id)
        service.edit(KIND, id, lambda document: document["wishes"][0].update(state="withdrawn"))
        service.lost = list(lost)
        while not service.work(id):
            assert service.wishes(id) == ["withdrawn"]
        for _ in range(2):  # until the order is over
            assert service.wishes(id) == ["stopping"]
            assert service.work(id)
        order_id = service.calls[0].order_id
        asked = service.base.store.query_now(lambda connection: resources.of_order(connection, TENANT, order_id))
        assert [(one.kind, one.document["state"]) for one in asked] == [("cancellation", "acknowledged")]
        found = service.base.store.query_now(lambda connection: orders.fetch(connection, TENANT, order_id))
        assert found is not None
        over = dataclasses.replace(found, document={**found.document, "state": "cancelled"})
        service.base.store.commit_now(lambda connection: orders.replace(connection, over, found.version))
        assert service.work(id)
        assert service.wishes(id) == []


def test_a_wish_that_is_withdrawn_before_it_was_placed_is_forgotten(tmp_path: Path) -> None:
    with facade(tmp_path) as service:
        id = service.create()
        service.edit(KIND, id, lambda document: document["wishes"][0].update(state="withdrawn"))
        assert service.work(id)
        assert (service.wishes(id), service.calls, service.orders()) == ([], [], 0)


def test_a_promise_that_has_been_forgotten_meanwhile_does_no_harm(tmp_path: Path) -> None:
    with facade(tmp_path) as service:
        id = service.create()
        service.lost = ["after"]
        assert not service.work(id)

        def forget(connection: Any) -> None:
            connection.exec_driver_sql("delete from idempotency")

        service.base.store.commit_now(forget)
        assert service.work(id)
        assert (len(service.calls), service.orders()) == (1, 1)


def test_the_order_is_the_tenants_and_the_facade_says_that_it_acts(tmp_path: Path) -> None:
    with facade(tmp_path) as service:
        id = service.create()
        assert service.work(id)
        (placement,) = service.calls
        stored = asyncio.run(service.parts.orders.retrieve(
            service.caller(), service.base.book.edition("tmf.v4.order"), placement.order_id))
        assert (stored.tenant, stored.client, stored.document["external_id"]) == (TENANT, "native:facade", id)


def test_what_the_layer_below_refuses_points_at_what_the_developer_sent(tmp_path: Path) -> None:
    with facade(tmp_path) as service:
        id = service.create()
        moved = [place for place in PROFILE["places"] if place["id"] != "SITE-QUAY-4"]
        apply_profile(service.base.store, PROFILE | {"places": moved})
        service.parts.directory.refresh()
        assert service.work(id)
        shown = service.show(id)
        assert shown["status"] == "terminated"
        assert [(error["pointer"], error["code"]) for error in shown["errors"]] == [
            ("/locationId", "referenceNotFound")]
        assert shown["statusReason"] == shown["errors"][0]["detail"]
        assert service.orders() == 0


def test_a_layer_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    with facade(tmp_path, sil_url="http://127.0.0.1:9") as service:
        id = service.create()
        assert not service.work(id)
        assert service.show(id)["status"] == "provisioning"


def test_a_delegated_token_is_good_for_one_order_of_one_tenant_and_for_nothing_else(tmp_path: Path) -> None:
    with facade(tmp_path) as service:
        issuer = Issuer(service.base.ring, service.base.settings.issuer, 3600)
        token = issuer.delegate(TENANT, "createProductOrder", "buyer-1", "order-1")
        payload = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        assert (payload["sub"], payload["act"], payload["aud"]) == (TENANT, {"sub": "native:facade"}, "sil")
        assert payload["exp"] - payload["iat"] <= 120
        caller = service.parts.authenticate({"authorization": f"Bearer {token}"})
        assert (caller.tenant, caller.client, caller.audience) == (TENANT, "native:facade", "sil")
        assert (caller.scopes, caller.buyer_ids, caller.order_id) == ({"createProductOrder"}, ("buyer-1",), "order-1")
        stranger = issuer.delegate("nobody", "createProductOrder", None, "order-1")
        with pytest.raises(Unauthenticated):
            service.parts.authenticate({"authorization": f"Bearer {stranger}"})
        with pytest.raises(NotUnderstood):
            clients.add(service.base.store, TENANT, "native:facade", "sil")
