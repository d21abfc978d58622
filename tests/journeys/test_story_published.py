"""Every published body goes through the front door: what is valid is accepted and answered, what is not gets exactly
the pointers of what is wrong, and every corrected twin is accepted. Skipped where the bodies do not lie beside us."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from lso.demo.seed import load_demo
from lso.gateway.identity import client as clients
from lso.service.directory import apply_profile
from lso.store import product as products
from lso.store.engine import Store, open_store
from tests.conformance.desk import FINAL, Desk, Document
from tests.journeys.documents import PUBLISHED, holds
from tests.running import MEF, Running
from tests.tenants import MODEL, like

AS_PUBLISHED, CORRECTED, STRICT = "as-published", "as-corrected", "as-strict"
INDEX = PUBLISHED / "index.json"
SAMPLES = json.loads(INDEX.read_text(encoding="utf-8")) if INDEX.is_file() else []
HOMES = {Path(sample["file"]).with_suffix("").as_posix(): sample for sample in SAMPLES}
MENDED = [name for name in HOMES if (PUBLISHED / "corrected" / f"{name}.json").is_file()]
Found = set[tuple[str, str]]


@cache
def faults() -> Any:
    """The table of what is wrong."""
    file = Path(__file__).parent / "published.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))["bodies"]


def wrong(name: str, *, strict: bool) -> Found:
    """What is wrong with a body, for tenants that are strict or not."""
    told = faults().get(name, {})
    parts = ("always", "strict", "also") if strict else ("always",)
    found = {(f"{told['in']}/{at}", code) for part in parts for at, code in told.get(part, {}).items()}
    return found | (set(told.get("beside", {}).items()) if strict else set())


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With a tenant for each way to look at the bodies, which has what the demo's carrier has."""
    folder = tmp_path_factory.mktemp("published")
    with open_store(f"sqlite:///{folder / 'lso.sqlite3'}") as store:
        secrets = {tenant: equipped(store, tenant) for tenant in (AS_PUBLISHED, CORRECTED, STRICT)}
    service = Running(folder, backoff_seconds="0.1")
    service.admit(secrets)
    yield service
    service.close()


def equipped(store: Store, tenant: str) -> str:
    """A tenant with profile and products of the demo's carrier; the secret of its client."""
    apply_profile(store, like(tenant, strict=tenant == STRICT))
    mine = [dataclasses.replace(one, tenant=tenant) for one in load_demo().products if one.tenant == MODEL]

    def keep(connection: Any) -> None:
        for product in mine:
            products.insert(connection, product)

    store.commit_now(keep)
    return clients.add(store, tenant, tenant, "pil")


def body(name: str) -> Document:
    document: Document = json.loads((PUBLISHED / f"{name}.json").read_text(encoding="utf-8"))
    return document


def door(service: Running, tenant: str, name: str) -> tuple[Desk, str]:
    """Where a body goes; some were published for the release before."""
    base, _, resource = HOMES[name]["path"].rpartition("/")
    return Desk(service, MEF if resource == "productOrder" else base, tenant), f"/{resource}"


def address(_desk: Desk, _path: str, told: Document) -> None:
    assert told["validationResult"] == "success"
    assert told["bestMatchGeographicAddress"]["id"]


def qualified(desk: Desk, path: str, told: Document) -> None:
    done = desk.once(told["id"], "done.ready", path=path)
    assert {item["serviceabilityConfidence"] for item in done["productOfferingQualificationItem"]} == {"green"}


def quoted(desk: Desk, path: str, told: Document) -> None:
    done = desk.once(told["id"], "approved.orderable", "approved.orderableAlternate", path=path)
    assert all(item["quoteItemPrice"] for item in done["quoteItem"])


def ordered(desk: Desk, path: str, told: Document) -> None:
    done = desk.once(told["id"], *FINAL, path=path)
    assert (done["state"], {item["state"] for item in done["productOrderItem"]}) == ("completed", {"completed"})


SENSIBLE: dict[str, Callable[[Desk, str, Document], None]] = {
    "/geographicAddressValidation": address, "/productOfferingQualification": qualified, "/quote": quoted,
    "/productOrder": ordered}


def answered(service: Running, tenant: str, name: str, document: Document) -> None:
    """Accepted, repeated, and brought to a sensible end."""
    desk, path = door(service, tenant, name)
    answer = desk.post(document, path)
    assert answer.status_code in (200, 201), answer.text
    assert holds(answer.json(), document) == []
    SENSIBLE[path](desk, path, answer.json())


@pytest.mark.skipif(not SAMPLES, reason="the published samples are not beside the project")
def test_the_table_of_faults_agrees_with_the_index_of_the_bodies() -> None:
    assert set(faults()) <= set(HOMES)
    schema_faults = {name for name, told in faults().items() if {"always", "strict"} & set(told)}
    assert schema_faults == {name for name, sample in HOMES.items() if not sample["valid_against_spec"]}


@pytest.mark.parametrize("name", HOMES)
def test_a_published_body_is_answered_or_told_exactly_what_is_wrong(service: Running, name: str) -> None:
    if found := wrong(name, strict=False):
        desk, path = door(service, AS_PUBLISHED, name)
        assert desk.refused(body(name), path) == found
    else:
        answered(service, AS_PUBLISHED, name, body(name))


@pytest.mark.parametrize("name", [name for name in HOMES if wrong(name, strict=True)])
def test_a_strict_seller_finds_more(service: Running, name: str) -> None:
    desk, path = door(service, STRICT, name)
    assert desk.refused(body(name), path) == wrong(name, strict=True)


@pytest.mark.parametrize("name", MENDED)
def test_a_corrected_twin_is_accepted_and_answered(service: Running, name: str) -> None:
    answered(service, CORRECTED, name, body(f"corrected/{name}"))
