"""What back ends say before there is an order: the pretend network in this process and over HTTP, and those that cannot
be asked beforehand."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from lso.backends.router import Router
from lso.backends.sandbox.client import SandboxClient
from lso.backends.sandbox.embedded import Sandbox
from lso.canonical.tenant import Profile
from lso.cli.composition import back_ends, foundation
from lso.errors import UpstreamError
from lso.lifecycle.ports.question import Surveying
from lso.lifecycle.promise import UNASKED, USUAL, Promises
from lso.settings import Settings
from lso.workflow.survey import Surveyor
from tests.backends.test_sandbox import request_for
from tests.backends.test_sandbox_demands import network
from tests.backends.test_soap import legacy_program, wanted
from tests.workflow.scene import hurried

__all__ = ["network"]
FAST = {"flow": [{"maxIr": {"irValue": 100, "irUnits": "MBPS"}}, {"maxIr": {"irValue": 1, "irUnits": "GBPS"}}]}
Network = Sandbox | SandboxClient


@pytest.mark.parametrize(("place", "confidence", "reason"), [
    ("Budapest.1", "high", ""), ("YELLOW-Vienna", "low", "Whether there is a free pair"),
    ("RED-Vienna", "none", "The place cannot be served."), ("REJECT-Vienna", "none", "The place cannot be served."),
])
def test_a_place_decides_how_sure_it_is(network: Network, place: str, confidence: str, reason: str) -> None:
    said = network.survey(request_for(place))
    assert (said.confidence, said.reason.startswith(reason)) == (confidence, True)
    assert (said.installation_interval is not None) is (confidence != "none")
    assert (said.guaranteed_until is not None) is (confidence != "none")
    assert said.alternates == ()


def test_where_less_can_be_had_less_is_proposed_in_the_same_units(network: Network) -> None:
    said = network.survey(request_for("ALTERNATE-50-Vienna", configuration=FAST))
    assert said.confidence == "none"
    (other,) = said.alternates
    assert other.product["configuration"] == {
        "flow": [{"maxIr": {"irValue": 50, "irUnits": "MBPS"}}, {"maxIr": {"irValue": 0.05, "irUnits": "GBPS"}}]}
    assert "places" not in other.product
    fitting = request_for("ALTERNATE-50-Vienna", configuration=other.product["configuration"])
    assert (network.survey(fitting).confidence, network.feasible(fitting)) == ("high", None)
    assert network.feasible(request_for("ALTERNATE-50-Vienna", configuration=FAST))
    unsure = network.survey(request_for("YELLOW-ALTERNATE-50-Vienna", configuration=FAST))
    assert (unsure.confidence, len(unsure.alternates)) == ("low", 1)


def test_a_network_that_thinks_says_when_to_ask_again(network: Network) -> None:
    asked = replace(request_for("THINK-2-Vienna"), asked_at=time.time())
    said = network.survey(asked)
    assert said.confidence is None
    assert 1 < (said.look_again_seconds or 0) <= 2
    assert network.survey(replace(asked, asked_at=time.time() - 3)).confidence == "high"


def test_a_place_without_room_is_red_until_there_is_some(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "net.sqlite3", lead_seconds=1)
    sandbox.keep_places([replace(sandbox.usual("Small"), ports=0)])
    assert sandbox.survey(request_for("Small")).confidence == "none"
    sandbox.keep_places([replace(sandbox.usual("Small"), ports=1)])
    assert sandbox.survey(request_for("Small")).confidence == "high"
    sandbox.close()


def test_a_network_that_cannot_be_reached_is_not_a_verdict() -> None:
    client = SandboxClient("http://127.0.0.1:9", timeout_seconds=0.2)
    with pytest.raises(UpstreamError):
        client.survey(request_for())
    client.close()


def surveyed(folder: Path, url: str, kind: str, promises: Promises, **more: Any) -> Callable[..., Any]:
    """Asks the back end of that kind."""
    entry = {"name": "outside", "url": url, "kind": kind, "limits": {"timeout_seconds": 0.5}, **more}
    (folder / "backends.yaml").write_text(yaml.safe_dump([entry]))
    settings: Settings = hurried(var=folder, backends=folder / "backends.yaml")
    profile = Profile.model_validate({"tenant": "acme", "name": "A", "routes": [{"backend": "outside"}]})

    def ask(request: Any) -> Any:
        with foundation(settings) as base, back_ends(base) as router:
            assert router.surveying("outside") is None
            return Surveyor(base.store, router).ask(request, profile, promises)

    return ask


@pytest.mark.parametrize("kind", ["rest", "soap"])
def test_who_cannot_be_asked_beforehand_is_spoken_for_by_the_agreement(tmp_path: Path, kind: str) -> None:
    promises = Promises.model_validate({"interval": {"amount": 15, "unit": "business_days"}})
    with legacy_program(tmp_path / "legacy.sqlite3") as url:
        ask = surveyed(tmp_path, url, kind, promises)
        said = ask(wanted("ADDR-1"))
        assert (said.confidence, said.installation_interval) == ("low", {"amount": 15, "unit": "business_days"})
        assert said.reason == f"{UNASKED} {USUAL}"
        assert ask(replace(wanted("ADDR-1"), action="modify", service_id=None)).confidence == "none"


def test_a_router_knows_who_can_be_surveyed(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "net.sqlite3", lead_seconds=1)
    assert isinstance(Router({"sandbox": sandbox}).surveying("sandbox"), Surveying)
    sandbox.close()
