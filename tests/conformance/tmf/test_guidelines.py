"""What TM Forum's guidelines ask of a server, kept for all that can be asked: tmf630.yaml, C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.desk import Desk, Document
from tests.conformance.tmf.asking import MERGE, OPERATIONS, QUOTE, Kind
from tests.listener import Listener
from tests.running import eventually

OTHER_STATES = {"/quote": ("approved", "accepted", "pending"),
                "/checkServiceQualification": ("done", "terminatedWithError"),
                "/queryServiceQualification": ("done", "terminatedWithError")}
Register = Callable[..., Document]


def resource(kind: Kind) -> str:
    """The name that events have: `Quote`."""
    return kind.path[1].upper() + kind.path[2:]


def asked_for(kind: Kind, task: Document) -> Any:
    """What was asked about; the states of its items may move on at any time."""
    asked = task[kind.items]
    return [{**item, "state": None} for item in asked] if isinstance(asked, list) else asked


def test_c1_every_list_tells_how_many_there_are_and_how_many_are_here(kind: Kind) -> None:
    kind.made()
    answer = kind.desk.get(f"{kind.path}?limit=1")
    assert answer.status_code == 200
    assert int(answer.headers["X-Result-Count"]) == len(answer.json()) == 1
    assert int(answer.headers["X-Total-Count"]) >= 1


@pytest.mark.parametrize(("instant", "status"), [(True, 200), (False, 201)])
def test_c2_location_is_the_href_of_what_was_made(kind: Kind, instant: bool, status: int) -> None:
    answer = kind.desk.post(kind.asking(instant=instant, place="" if instant else kind.slow), kind.path)
    assert answer.status_code == status
    made = answer.json()
    assert answer.headers["Location"] == made["href"] == kind.desk.read(made["id"], kind.path)["href"]
    assert made["href"].endswith(f"{kind.desk.base}{kind.path}/{made['id']}")


@pytest.mark.parametrize(("type", "body", "status"), [
    (MERGE, {"description": "c3"}, 200),
    (OPERATIONS, [{"op": "replace", "path": "/description", "value": "c3"}], 200),
    (OPERATIONS, [{"op": "test", "path": "/description", "value": "other"},
                  {"op": "replace", "path": "/description", "value": "c3"}], 409),
    ("text/plain", {"description": "c3"}, 415),
    ("application/json-patch-query+json", [{"op": "replace", "path": "/description", "value": "c3"}], 415)])
def test_c3_patches_come_in_two_kinds(kind: Kind, type: str, body: Any, status: int) -> None:
    task = kind.waiting()
    answer = kind.patch(task["id"], body, type)
    assert answer.status_code == status, answer.text
    seen = kind.desk.read(task["id"], kind.path)["description"]
    assert seen == ("c3" if status == 200 else task["description"])


def test_c4_what_identifies_it_never_changes(kind: Kind) -> None:
    task = kind.waiting()
    for member in ("id", "href"):
        answer = kind.patch(task["id"], {member: "other"})
        assert (answer.status_code, answer.json()["violation"][0]["propertyPath"]) == (400, f"/{member}")
    moved = kind.patch(task["id"], {kind.asked_at: "2020-01-01T00:00:00Z"})
    assert moved.status_code == (400 if kind.path == QUOTE else 409)
    seen = kind.desk.read(task["id"], kind.path)
    assert [seen[name] for name in ("id", "href", kind.asked_at)] == [
        task[name] for name in ("id", "href", kind.asked_at)]


def test_c5_the_state_does_not_change_by_a_patch(kind: Kind) -> None:
    task = kind.waiting()
    for state in OTHER_STATES[kind.path]:
        assert kind.patch(task["id"], {"state": state}).status_code == 409, state
    assert kind.patch(task["id"], {"state": "asleep"}).status_code == 400
    over = kind.over()
    assert kind.patch(over["id"], {"state": "inProgress"}).status_code == 409, "what has ended does not begin again"
    assert kind.desk.read(over["id"], kind.path)["state"] == over["state"]


def test_c6_a_patch_need_not_repeat_what_was_asked_about(kind: Kind) -> None:
    task = kind.waiting()
    answer = kind.patch(task["id"], {"externalId": "c6"}, MERGE)
    assert (answer.status_code, answer.json()["externalId"]) == (200, "c6")
    assert asked_for(kind, answer.json()) == asked_for(kind, task)


def test_c7_what_was_asked_for_does_not_change(kind: Kind) -> None:
    task = kind.waiting()
    for body in ({kind.instant: True}, {kind.items: kind.asking(place="Elsewhere")[kind.items]}):
        answer = kind.patch(task["id"], body)
        assert answer.status_code == 409, answer.text
        assert answer.json()["violation"]
    seen = kind.desk.read(task["id"], kind.path)
    assert (seen[kind.instant], asked_for(kind, seen)) == (task[kind.instant], asked_for(kind, task))
    assert kind.patch(task["id"], {"mood": "blue"}).json()["mood"] == "blue", "and what nobody else knows may"


def test_c8_what_is_over_is_deleted_for_all_and_nothing_else(kind: Kind) -> None:
    assert kind.desk.call("DELETE", f"{kind.path}/{kind.waiting()['id']}").status_code == 409
    over = kind.over(externalId=f"c8{kind.path}")
    assert kind.patch(over["id"], {"externalId": "other"}).status_code == 409
    assert kind.desk.call("DELETE", f"{kind.path}/{over['id']}").status_code == 204
    assert kind.desk.get(f"{kind.path}/{over['id']}").status_code == 404
    assert kind.listed(f"externalId=c8{kind.path}") == []
    if kind.elsewhere is not None:
        base, path = kind.elsewhere
        assert Desk(kind.desk.service, base, "demo-carrier").get(f"{path}/{over['id']}").status_code == 404


@pytest.mark.parametrize(("method", "path", "body", "status"), [
    ("GET", "{path}/none", None, 404), ("POST", "{path}", {}, 400), ("PUT", "{path}/x", {}, 405),
    ("GET", "/nowhere", None, 404), ("DELETE", "/hub/none", None, 404), ("GET", "{path}?offset=-1", None, 400),
    ("GET", "{path}?limit=few", None, 400), ("POST", "/hub", {}, 400)])
def test_c9_an_error_says_what_is_wrong(kind: Kind, method: str, path: str, body: Any, status: int) -> None:
    answer = kind.desk.call(method, path.format(path=kind.path), json=body)
    error = answer.json()
    assert answer.status_code == status
    assert error["code"]
    assert error["reason"]
    assert error["status"] == str(status)
    if body == {} and path == "{path}" and method == "POST":
        assert [(one["code"], one["propertyPath"]) for one in error["violation"]] == [
            ("missingProperty", f"/{kind.items}")]


@pytest.mark.parametrize(("query", "least"), [("", {"Create", "StateChange", "Delete"}),
                                             ("eventType={0}CreateEvent", {"Create"}),
                                             ("eventType={0}DeleteEvent,{0}CreateEvent", {"Create", "Delete"})])
def test_c10_events_carry_the_resource_and_are_chosen(kind: Kind, listener: Listener, register: Register, query: str,
                                                     least: set[str]) -> None:
    register(kind.desk, listener, query.format(resource(kind)))
    task = kind.desk.made(kind.asking(instant=False, externalId="c10"), kind.path)
    kind.once(task["id"], kind.answered)
    if kind.path == QUOTE:
        assert kind.patch(task["id"], {"state": "rejected"}).status_code == 200
    assert kind.desk.call("DELETE", f"{kind.path}/{task['id']}").status_code == 204
    wanted = {f"{resource(kind)}{event}Event" for event in least}
    eventually(lambda: {one.body["eventType"] for one in listener.of(task["id"])} >= wanted)
    heard = listener.of(task["id"])
    assert not query or {one.body["eventType"] for one in heard} == wanted
    for one in heard:
        assert one.path.rpartition("/")[2].casefold() == one.body["eventType"].casefold()
        assert {"eventId", "eventTime", "eventType", "event"} <= set(one.body)
        assert one.body["event"][kind.path[1:]]["id"] == task["id"]
        assert one.body["event"][kind.path[1:]]["externalId"] == "c10"


def test_c11_what_the_server_sets_is_not_taken_from_the_client(kind: Kind) -> None:
    state = "accepted" if kind.path == QUOTE else "terminatedWithError"
    made = kind.made(id="mine", href="http://mine.example", state=state,
                     effectiveQualificationDate="1999-01-01T00:00:00Z",
                     effectiveQuoteCompletionDate="1999-01-01T00:00:00Z", **{kind.asked_at: "1999-01-01T00:00:00Z"})
    assert made["id"] != "mine"
    assert made["href"].endswith(made["id"])
    assert made["state"] == kind.answered
    assert made[kind.asked_at] > "2020"
    assert made["effectiveQuoteCompletionDate" if kind.path == QUOTE else "effectiveQualificationDate"] > "2020"


def test_c11_what_is_said_of_members_of_the_server_is_no_mistake_and_not_kept(kind: Kind) -> None:
    day = "effectiveQuoteCompletionDate" if kind.path == QUOTE else "effectiveQualificationDate"
    task = kind.waiting(state="asleep", **{day: "soon", kind.asked_at: "yesterday"})
    assert task["state"] == ("inProgress" if kind.path == QUOTE else "accepted")
    assert day not in task
    assert task[kind.asked_at] > "2020"


def test_c12_none_of_the_fields_leaves_id_and_href(kind: Kind) -> None:
    made = kind.made(externalId=f"c12{kind.path}")
    least = {"id": made["id"], "href": made["href"]}
    assert kind.listed(f"externalId=c12{kind.path}&fields=none") == [least]
    assert kind.desk.get(f"{kind.path}/{made['id']}?fields=none").json() == least


def test_c13_a_page_has_status_200_and_the_total_of_all(kind: Kind) -> None:
    ids = [kind.made(externalId=f"c13{kind.path}")["id"] for _ in range(3)]
    for narrower in ("", "&relatedParty.role=customer"):
        page = kind.desk.get(f"{kind.path}?externalId=c13{kind.path}{narrower}&offset=1&limit=1")
        assert [row["id"] for row in page.json()] == ids[1:2]
        counted = (page.status_code, page.headers["X-Total-Count"], page.headers["X-Result-Count"])
        assert counted == (200, "3", "1")
    assert kind.listed(f"externalId=c13{kind.path}&offset=9") == []


def test_c14_filters_have_alternatives_and_operators(kind: Kind) -> None:
    mark = f"c14{kind.path}"
    ids = [kind.made(externalId=f"{mark}-{letter}", description=mark)["id"] for letter in "abc"]
    a, b, c = (f"{mark}-{letter}" for letter in "abc")
    for query, wanted in ((f"externalId={a},{b}", ids[:2]), (f"externalId={a}&externalId={c}", [ids[0], ids[2]]),
                          (f"description={mark}&externalId.gt={a}", ids[1:]),
                          (f"description={mark}&externalId.lte={b}", ids[:2]),
                          (f"description={mark}&externalId.ne={b}", [ids[0], ids[2]]),
                          (f"externalId.regex={mark}-[ab]", ids[:2]),
                          (f"description={mark}&{kind.asked_at}.gt={'2090-01-01T00:00:00Z'}", [])):
        assert [row["id"] for row in kind.listed(query)] == wanted, query
