"""The whole door, without a worker: what is asked stays as it was asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lso.canonical.tenant import Profile
from lso.service.directory import apply_profile
from lso.service.place_file import Row
from lso.service.place_import import import_places
from tests.gateway.conftest import AGREED, Running, running
from tests.pil.places import DOORS, OWN, PLACES, Door


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all these tests."""
    with running(tmp_path_factory.mktemp("door")) as service:
        yield service


@pytest.fixture(scope="module")
def places(service: Running) -> Iterator[None]:
    """What is known to everybody, and what to alpha alone; one of its sites stands in its profile."""
    store = service.world.store
    import_places(store, [Row(0, row) for row in PLACES])
    import_places(store, [Row(0, row) for row in OWN], tenant="alpha")
    agreed = {"tenant": "alpha", "name": "Alpha", **AGREED}
    agreed["places"] = [*AGREED["places"], {"id": "DESK-1", "kind": "site", "name": "Desk", "address": "PAIX-1"}]
    apply_profile(store, Profile.model_validate(agreed).model_dump(mode="json"))
    service.world.directory.refresh()
    yield
    apply_profile(store, Profile.model_validate({"tenant": "alpha", "name": "Alpha", **AGREED}).model_dump(mode="json"))
    service.world.directory.refresh()


@pytest.fixture(params=DOORS, ids=["sonata", "cantata"])
def door(request: pytest.FixtureRequest, service: Running, places: None) -> Door:
    """One edition, asked as one client, where places are known."""
    return Door(service, *request.param)
