"""The back ends of the stories, each another process with its own books, and a tenant for each that goes to it only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lso.gateway.identity import client as clients
from lso.service.directory import apply_profile
from lso.service.place_file import Row
from lso.service.place_import import import_places
from lso.store.engine import open_store
from tests.journeys.chaos.network import Network
from tests.running import Running
from tests.tenants import like

PLAIN = "native-as-published"
HOUSE = {"id": "SBX-12", "number": "12", "street": "Test", "city": "Sandbox", "country": "Portugal"}
"""Known to the sandbox network, and to the other service of ours."""
BACK_ENDS = {"sandbox": "sandbox", "soap": "legacy", "rest": PLAIN, "rest, with our additions": "native"}
"""Columns of the table in docs/backends.md, and the names that profiles route to."""


class FarSides(Network):
    """A sandbox network, a legacy system, and another service of ours: by all that it offers, and as published."""

    def _described(self) -> list[dict[str, Any]]:
        native, *others = super()._described()
        native["addresses"] = f"{self.native.url}/mefApi/cantata/geographicAddressManagement/v1"
        with open_store(f"sqlite:///{self._far / 'lso.sqlite3'}") as store:
            import_places(store, [Row(0, dict(HOUSE))])
        return [native, {**native, "name": PLAIN, "additions": []}, *others]


@contextmanager
def near(folder: Path, far: FarSides) -> Iterator[Running]:
    """A service in front of them; each back end has a tenant of its name, with a client for each audience."""
    with open_store(f"sqlite:///{folder / 'lso.sqlite3'}") as store:
        secrets = {}
        for name in BACK_ENDS.values():
            apply_profile(store, like(name, routes=[{"backend": name}], settings={"address": {"backend": name}}))
            secrets[name] = clients.add(store, name, name, "pil")
            secrets[enterprise(name)] = clients.add(store, name, enterprise(name), "sil")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in far.settings.items():
            environment.setenv(name, value)
        service = Running(folder, backoff_seconds="0.1")
    try:
        service.admit(secrets)
        yield service
    finally:
        service.close()


def enterprise(tenant: str) -> str:
    """Its client for enterprises; that for partners has its own name."""
    return f"{tenant}-sil"
