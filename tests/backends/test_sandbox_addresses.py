"""The town that the pretend network knows: alike in this process and where `lso sandbox` runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lso.backends.catalogue import Described, located
from lso.backends.sandbox.addresses import PretendAddresses
from lso.errors import UpstreamError
from lso.lifecycle.ports.question import Located, Locating
from tests.backends.misbehaving import Answer, Misbehaving
from tests.backends.programs import free_port, sandbox_program


@pytest.fixture(scope="module", params=["here", "elsewhere"])
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locating]:
    if request.param == "here":
        yield PretendAddresses()
        return
    port = free_port()
    with sandbox_program(Path(tmp_path_factory.mktemp("network")) / "state.sqlite3", port):
        client = located(Described(name="network", kind="sandbox", url=f"http://127.0.0.1:{port}"))
        assert client is not None
        yield client
        client.close()


def ask(network: Locating, street: str, number: str = "3", *, others: bool = True,
        city: str = "Sandbox") -> Located | None:
    fielded = {"street": street, "number": number, "city": city, "country": "Portugal"}
    return network.locate({"kind": "fielded_address", "fielded": fielded}, others=others)


def test_every_house_of_its_streets_is_known(network: Locating) -> None:
    fielded = {"street": "Trial", "number": "3", "city": "Sandbox", "country": "Portugal"}
    assert ask(network, "Trial") == Located("success", {
        "kind": "fielded_address", "id": "SBX-Trial-3", "fielded": fielded})
    assert ask(network, "Trial", city="Vienna") == ask(network, "Nowhere") == Located("fail")
    assert network.locate({"kind": "point", "point": {"x": "1", "y": "2"}}, others=True) is None


def test_a_house_that_is_not_there_brings_the_street_where_that_is_wanted(network: Locating) -> None:
    found = ask(network, "Trial", "99")
    assert found is not None
    assert (found.result, found.best, len(found.others)) == ("partial", None, 20)
    assert ask(network, "Trial", "99", others=False) == Located("partial")


def test_words_before_a_street_make_it_late_or_silent(network: Locating) -> None:
    began = time.monotonic()
    assert ask(network, "THINK-1-Trial") == ask(network, "Trial")
    assert time.monotonic() - began >= 1
    with pytest.raises(UpstreamError):
        ask(network, "AWAY-Trial")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"located": {}}', b'{"located": 7}',
                                  b'{"located": {"result": 1}}'])
def test_an_answer_that_is_none_is_told_as_such(body: bytes) -> None:
    with Misbehaving(Answer(200, body)) as server:
        client = located(Described(name="network", kind="sandbox", url=server.url))
        assert client is not None
        with pytest.raises(UpstreamError):
            ask(client, "Trial")
        client.close()
