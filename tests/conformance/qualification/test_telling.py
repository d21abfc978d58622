"""Notifications of qualifications (MEF 87 section 8)."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.desk import Desk
from tests.conformance.qualification.inquiring import PATH, SONATA, Document, asked, judged, question
from tests.listener import Listener
from tests.running import Running, eventually

Register = Callable[..., Document]


def told(listener: Listener, id: str) -> list[tuple[str, str | None]]:
    """Type and item of every event about a qualification."""
    return listener.told(id, "poqItemId")


def test_r45_that_one_was_made_is_told_at_once_or_not(poq: Desk, register: Register, listener: Listener) -> None:
    register(poq, listener)
    instant, later = asked(poq, question()), judged(poq, question(instant=False))
    eventually(lambda: ("poqCreateEvent", None) in told(listener, instant["id"]))
    eventually(lambda: ("poqCreateEvent", None) in told(listener, later["id"]))
    assert told(listener, instant["id"]) == [("poqCreateEvent", None)]


def test_r46_changes_are_told_of_what_is_not_answered_at_once(poq: Desk, register: Register,
                                                              listener: Listener) -> None:
    register(poq, listener)
    made = judged(poq, question(instant=False))
    heard = eventually(lambda: (found := told(listener, made["id"])) and len(found) == 5 and found)
    assert heard.count(("poqStateChangeEvent", None)) == 2
    assert heard.count(("poqItemStateChangeEvent", "1")) == 2
    assert all(one.path.endswith(f"/listener/{one.body['eventType']}") for one in listener.heard)


def test_r53_events_are_chosen_by_type(poq: Desk, register: Register, listener: Listener) -> None:
    register(poq, listener, "eventType=poqStateChangeEvent")
    made = judged(poq, question(instant=False))
    eventually(lambda: len(told(listener, made["id"])) == 2)
    assert {kind for kind, _ in told(listener, made["id"])} == {"poqStateChangeEvent"}
    assert poq.post({"callback": listener.url, "query": "eventType=noSuchEvent"}, "/hub").status_code == 400


def test_r44_only_who_has_registered_is_told(service: Running, poq: Desk, register: Register,
                                             listener: Listener) -> None:
    stranger = Desk(service, SONATA, "norms-strict")
    register(stranger, listener)
    mine = asked(poq, question())
    theirs = asked(stranger, question())
    eventually(lambda: told(listener, theirs["id"]))
    assert told(listener, mine["id"]) == []


def test_r6_events_name_the_buyer_that_the_request_named(service: Running, register: Register,
                                                         listener: Listener) -> None:
    broker = Desk(service, SONATA, "norms-broker", "buyerId=north")
    register(broker, listener)
    made = asked(broker, question())
    eventually(lambda: told(listener, made["id"]))
    (event,) = [one.body["event"] for one in listener.heard if one.body["event"]["id"] == made["id"]]
    assert event["buyerId"] == "north"
    assert Desk(service, SONATA, "norms-broker", "buyerId=south").get(f"{PATH}/{made['id']}").status_code == 404
