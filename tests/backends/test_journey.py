"""Orders through the back ends that a file describes, with a real worker: added, changed, ended, lost and found."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from lso.cli import main
from lso.cli.composition import back_ends, foundation
from lso.settings import Settings
from lso.settings import settings as chosen_settings
from lso.store import reference
from lso.store.engine import Store
from lso.workflow.embedded import Embedded
from tests.backends.misbehaving import Misbehaving
from tests.backends.native_api import NativeApi
from tests.backends.test_soap import BASIC, ledger, legacy_program, wanted
from tests.workflow.scene import TENANT, ended, eventually, hurried, place, products_of, signed, with_profile


@contextmanager
def working(folder: Path, url: str, **described: Any) -> Iterator[Store]:
    """A worker whose orders all go to one back end."""
    entry = {"name": "outside", "url": url, "poll_seconds": 0.05, "limits": {"timeout_seconds": 0.5}, **described}
    (folder / "backends.yaml").write_text(yaml.safe_dump([entry]))
    settings = hurried(var=folder, backends=folder / "backends.yaml")
    with foundation(settings) as base:
        with_profile(base.store, routes=[{"backend": "outside"}])
        with back_ends(base) as router:
            embedded = Embedded(base.store, base.book, router, settings, sign=signed)
            embedded.start()
            try:
                yield base.store
            finally:
                embedded.stop()


@contextmanager
def native(folder: Path, api: NativeApi, monkeypatch: pytest.MonkeyPatch, **more: Any) -> Iterator[Store]:
    monkeypatch.setenv("OUTSIDE_SECRET", "correct horse")
    with Misbehaving(always=api) as server, working(
            folder, server.url, kind="rest", token_url=f"{server.url}/oauth2/token", client_id="bridge",
            secret={"env": "OUTSIDE_SECRET"}, additions=sorted(api.additions), **more) as store:
        yield store


def item(action: str = "add", *, place_id: str = "ADDR-1", rate: int = 100,
         product: str | None = None) -> dict[str, Any]:
    said = dict(wanted(place_id, rate=rate).product) if action != "delete" else {}
    return {"id": "1", "action": action, "product": said | ({"id": product} if product else {}),
            "requested_completion_at": "2021-11-04T23:00:00Z"}


def through(store: Store, *, delete: bool) -> None:
    """Added, changed, and where it can be, ended."""
    first = place(store, item())
    assert ended(store, first)["state"] == "completed"
    made = products_of(store, first)["1"]
    assert made.schema == BASIC
    assert ended(store, place(store, item("modify", rate=200, product=made.id)))["state"] == "completed"
    last = ended(store, place(store, item("delete", product=made.id)))
    assert last["state"] == ("completed" if delete else "rejected")
    assert products_of(store, first)["1"].status == ("terminated" if delete else "active")


def lso(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """What a command prints."""
    monkeypatch.setenv("LSO_VAR", str(folder))
    chosen_settings.cache_clear()
    try:
        told = CliRunner().invoke(main, list(words))
    finally:
        chosen_settings.cache_clear()
    assert told.exit_code == 0, told.output
    return told.output


def test_a_service_is_added_changed_and_ceased_by_the_legacy_system(tmp_path: Path) -> None:
    with legacy_program(tmp_path / "legacy.sqlite3") as url, \
            working(tmp_path, f"{url}/serviceOrder", kind="soap") as store:
        through(store, delete=True)
        assert ledger(url) == ["accepted", "activated", "accepted", "changed", "accepted", "ceased"]


def test_a_legacy_system_that_loses_answers_is_asked_once_though_it_would_do_it_twice(tmp_path: Path) -> None:
    with legacy_program(tmp_path / "legacy.sqlite3", "--not-repeatable") as url, \
            working(tmp_path, f"{url}/serviceOrder", kind="soap") as store:
        lost = [place(store, item(place_id=name)) for name in ("SILENT-1-Quay", "OUTAGE-1-Quay")]
        refused, failed = place(store, item(place_id="FULL-Quay")), place(store, item(place_id="FAIL-Quay"))
        assert [ended(store, one)["state"] for one in (*lost, refused, failed)] == [
            "completed", "completed", "failed", "failed"]
        assert ledger(url).count("activated") == 2


@pytest.mark.parametrize("additions", [(), ("idempotency_key", "delete", "description")],
                         ids=["as published", "with additions"])
def test_a_connection_is_added_changed_and_where_offered_ended(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, additions: tuple[str, ...]) -> None:
    api = NativeApi(*additions)
    api.lose = 1
    with native(tmp_path, api, monkeypatch, settle_seconds=0.2) as store:
        through(store, delete="delete" in additions)
    assert [line.split()[0] for line in api.ledger] == ["make", "set", "end"][:3 if additions else 2]


def test_a_write_that_never_arrived_is_asked_again_when_it_had_time_to_appear(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api = NativeApi()
    api.drop = 2
    with native(tmp_path, api, monkeypatch, settle_seconds=0.3) as store:
        assert ended(store, place(store, item()))["state"] == "completed"
    assert api.ledger == ["make 100 Mbps ADDR-1"]


@pytest.mark.parametrize(("said", "state", "made"), [
    (("--done", "conn-1"), "completed", 2), (("--failed", "It was withdrawn."), "failed", 2),
    (("--repeat",), "completed", 3)], ids=["done", "failed", "repeat"])
def test_what_cannot_be_told_is_parked_until_a_person_says_what_became_of_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: tuple[str, ...], state: str, made: int) -> None:
    api = NativeApi()
    api.make("100 Mbps", "ADDR-1")
    api.lose = 1
    with native(tmp_path, api, monkeypatch) as store:
        order_id = place(store, item())
        eventually(lambda: store.query_now(lambda c: reference.in_state(c, TENANT, "parked")), len)
        time.sleep(0.3)
        assert len(api.ledger) == 2
        line = lso(tmp_path, monkeypatch, "items", "parked").strip()
        assert line.split("\t")[:4] == [TENANT, order_id, "1", "outside"]
        assert "2 connections might be" in line
        assert "resolved" in lso(tmp_path, monkeypatch, "items", "resolve", order_id, "1", *said)
        document = ended(store, order_id)
        assert document["state"] == state
        if state == "failed":
            assert document["items"][0]["errors"][0]["reason"] == "It was withdrawn."
        assert lso(tmp_path, monkeypatch, "items", "parked") == ""
    assert len(api.ledger) == made


def test_both_legs_of_every_exchange_can_be_read_without_secrets(tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    with native(tmp_path, NativeApi(), monkeypatch) as store:
        order_id = place(store, item())
        assert ended(store, order_id)["state"] == "completed"
    told = lso(tmp_path, monkeypatch, "activity", order_id)
    assert "POST http://127.0.0.1" in told
    assert json.loads(told.split("  > ")[1].splitlines()[0]) == {
        "bandwidth": "100 Mbps", "locationId": "ADDR-1", "description": f"LSO {order_id}.1"}
    assert '< {"id": "conn-1", "status": "provisioning"' in told
    assert "correct horse" not in told
    assert "token" not in told


@pytest.mark.parametrize(("entry", "said"), [
    ({"name": "x", "kind": "carrier pigeon", "url": "http://x"}, "kind"),
    ({"name": "x", "kind": "soap", "url": "file:///etc"}, "url"),
    ({"name": "x", "kind": "rest", "url": "http://x", "token_url": "http://x"}, "needs client_id and secret"),
    ({"name": "x", "kind": "soap", "url": "http://x", "limits": {"speed": 1}}, "limits are"),
    ({"name": "x", "kind": "soap", "url": "http://x", "secret": "correct horse"}, "secret"),
])
def test_a_description_that_cannot_be_is_refused_at_the_start(tmp_path: Path, entry: dict[str, Any], said: str) -> None:
    from lso.backends.catalogue import described
    from lso.errors import OurError

    (tmp_path / "b.yaml").write_text(yaml.safe_dump([entry]))
    with pytest.raises(OurError, match=said) as refused:
        described(tmp_path / "b.yaml")
    assert "correct horse" not in str(refused.value)


def test_the_default_is_the_sandbox_alone(tmp_path: Path) -> None:
    assert Settings(var=tmp_path).backends is None
