"""Questions in trouble: the process is killed while back ends think about one; and the back end is not there at all,
when somebody wants to know at once."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.qualification.inquiring import PATH, SONATA, question
from tests.conformance.quote.quoting import SONATA as QUOTES
from tests.conformance.quote.quoting import request
from tests.listener import Listener
from tests.running import Running, eventually

Document = dict[str, Any]
ITEMS, READY = "productOfferingQualificationItem", "done.ready"
CHANGES = 6
"""Two of the question, two of each item."""


def at(*streets: str, **members: Any) -> Document:
    """A question about streets, by value: they need not be known, and the sandbox reads their names."""
    document = question(*streets, **members)
    for item, street in zip(document[ITEMS], streets, strict=True):
        item["product"]["place"] = [{"@type": "FieldedAddress", "role": "INSTALL_LOCATION", "streetName": street,
                                     "city": "Vienna", "country": "Austria"}]
    return document


def seen(service: Running, id: str) -> Document:
    told: Document = service.get(f"{SONATA}{PATH}/{id}").json()
    return told


def states(subject: Document) -> list[str]:
    return [change["state"] for change in subject["stateChange"]]


@pytest.fixture
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


def test_a_question_is_answered_once_though_the_process_is_killed_in_the_middle(tmp_path: Path,
                                                                               listener: Listener) -> None:
    service = Running(tmp_path, lease_seconds="2")
    try:
        assert service.post(f"{SONATA}/hub", {"callback": listener.url}).status_code == 201
        answer = service.post(f"{SONATA}{PATH}", at("THINK-3-Street", "Street", instant=False))
        assert answer.status_code == 201, answer.text
        id = answer.json()["id"]
        half = eventually(lambda: (told := seen(service, id))[ITEMS][1]["state"] == READY and told)
        assert (half["state"], half[ITEMS][0]["state"]) == ("inProgress", "inProgress")
        service.process.kill()
        service.restart()
        whole = eventually(lambda: (told := seen(service, id))["state"] == READY and told)
        assert [states(one) for one in (whole, *whole[ITEMS])] == [["acknowledged", "inProgress", READY]] * 3
        assert whole[ITEMS][1] == half[ITEMS][1], "what was judged before stays so"
        told = eventually(lambda: len(events := changes_told(listener)) == CHANGES and events)
        assert Counter(told.values()) == {"poqStateChangeEvent": 2, "poqItemStateChangeEvent": 4}
    finally:
        service.close()


def changes_told(listener: Listener) -> dict[str, str]:
    """The type of each event that tells of a change, by its id: one that was told twice is one."""
    told = {one.body["eventId"]: one.body["eventType"] for one in listener.heard}
    return {id: kind for id, kind in told.items() if kind.endswith("StateChangeEvent")}


def test_without_its_back_end_a_question_fails_and_a_quote_says_that_it_cannot_be_provided(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        service = Running(tmp_path, sandbox_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        try:
            answer = service.post(f"{SONATA}{PATH}", at("Street"))
            assert (answer.status_code, answer.json()) == (
                500, {"code": "internalError", "reason": "The network cannot be reached."})
            assert service.get(f"{SONATA}{PATH}").json() == [], "what was not answered is not kept"
            quote = service.post(f"{QUOTES}/quote", request("Street"))
            (item,) = quote.json()["quoteItem"]
            assert (quote.status_code, quote.json()["state"], item["state"]) == (201, *["unableToProvide"] * 2)
            assert item["terminationError"] == [{"code": "otherIssue", "value": "No price could be found in time."}]
        finally:
            service.close()
