"""What one POST productOrder costs: one parse, one validation, one transaction, and no look at the configuration."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

import pil.app
from lso.dialects.book import book
from lso.gateway import inspection, parser
from lso.gateway.app import Door
from lso.gateway.validator import Validator
from lso.lens.translation import Lens
from lso.settings import Settings
from lso.store import connect
from lso.store.engine import Store, open_store
from lso.store.statement import Statement
from tests.gateway.conftest import SONATA, build_world, fetch, serving
from tests.gateway.test_orders import INTERNET


class Ear:
    """Hears of every file that is opened while it listens; an audit hook cannot be taken out again."""

    def __init__(self) -> None:
        self.listening = False
        self.opened: list[str] = []
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.listening and event == "open":
            self.opened.append(str(arguments[0]))


EAR = Ear()


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Counts calls of the real functions; nothing is replaced but the counting around them."""
    counts: Counter[str] = Counter()
    reading = {id(mapping.read) for mapping in book().mappings.values()}

    def count(owner: Any, name: str, label: Callable[..., str]) -> None:
        real = getattr(owner, name)

        def counting(*args: Any, **kwargs: Any) -> Any:
            counts[label(*args)] += 1
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    count(inspection, "parse", lambda *_: "parse")
    count(parser.jiter, "from_json", lambda *_: "second parse")
    count(Validator, "findings", lambda *_: "validation")
    count(Lens, "__call__", lambda lens, *_: f"translation {'read' if id(lens) in reading else 'write'}")
    count(connect, "begin_write", lambda *_: "transaction")
    count(connect, "begin_read", lambda *_: "read")
    count(Store, "commit", lambda *_: "commit")
    count(Statement, "row", lambda *_: "select")
    count(Statement, "rows", lambda *_: "select")
    EAR.opened.clear()
    EAR.listening = True
    try:
        yield counts
    finally:
        EAR.listening = False
        monkeypatch.undo()


async def send(door: Door, body: bytes, token: str) -> int:
    """One request, straight into the application."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def answer(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
    path = f"{SONATA}/productOrder"
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    await door(scope, receive, answer)  # type: ignore[arg-type]
    return statuses[0]


FOLLOWED = ("quoteItem", "productOfferingQualificationItem")
FREE = {**INTERNET, "productOrderItem": [{name: value for name, value in item.items() if name not in FOLLOWED}
                                         for item in INTERNET["productOrderItem"]]}


@pytest.mark.parametrize(("order", "looked_up"), [(FREE, {}), (INTERNET, {"read": 1})],
                         ids=["free", "following a quote"])
def test_an_order_is_parsed_validated_translated_and_committed_once(
    order: dict[str, Any], looked_up: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(f"sqlite:///{tmp_path / 'count.sqlite3'}") as store:
        world, secrets = build_world(store, Settings(var=tmp_path))
        door = pil.app.create(world)
        with serving(door) as url:
            token = fetch(url, "carrier", secrets["carrier"])
        body = orjson.dumps(order)

        async def twice() -> Counter[str]:
            assert await send(door, body, token) == 201  # fills what is kept for good: the agreement, the caller
            with counted(monkeypatch) as counts:
                assert await send(door, body, token) == 201
            return counts

        counts = asyncio.run(twice())
    assert counts["select"] <= 1 + len(looked_up)
    del counts["select"]
    # Read once when it comes in, written once when it is shown; what it follows is looked up in one go.
    assert counts == {
        "parse": 1, "validation": 1, "translation read": 1, "translation write": 1, "commit": 1, "transaction": 1,
        **looked_up,
    }  # fmt: skip
    assert EAR.opened == []
