"""The native API at the door: what it answers, what it refuses and how, and who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.running import TMF, Running, eventually

NATIVE = "/internet-on-demand/connections"
DEVELOPER, OTHER = "demo-developer", "demo-enterprise"
WANTED = {"bandwidth": "100 Mbps", "locationId": "SITE-QUAY-4"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("native"), sandbox_lead_seconds="0.05")
    yield running
    running.close()


def call(service: Running, method: str, path: str = "", document: Any = None, *, key: str = "",
         client: str = DEVELOPER) -> requests.Response:
    more = {"json": document} if document is not None else {}
    return service.call(method, NATIVE + path, client, headers={"Idempotency-Key": key} if key else {}, **more)


def active(service: Running, **more: Any) -> str:
    """The id of a new connection that works."""
    id: str = call(service, "POST", document=WANTED | more).json()["id"]
    eventually(lambda: call(service, "GET", f"/{id}").json()["status"] == "active")
    return id


def orders(service: Running, id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.get(f"{TMF}/productOrder?externalId={id}", DEVELOPER).json()
    return found


def problem(answer: requests.Response, status: int) -> set[tuple[str, str]]:
    """The violations of a problem: where, and of what kind."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["detail"]
    return {(error["pointer"], error["code"]) for error in body.get("errors", [])}


@pytest.mark.parametrize(("document", "found"), [
    ({}, {("/bandwidth", "missingProperty"), ("/locationId", "missingProperty")}),
    ({"bandwidth": 5, "locationId": ["x"]}, {("/bandwidth", "invalidFormat"), ("/locationId", "invalidFormat")}),
    ({"bandwidth": "fast", "locationId": "Nowhere"},
     {("/bandwidth", "invalidFormat"), ("/locationId", "referenceNotFound")}),
    ({"bandwidth": "101 Gbps", "locationId": "Nowhere"},
     {("/bandwidth", "invalidValue"), ("/locationId", "referenceNotFound")}),
    ({"bandwidth": "0 Mbps", "locationId": "SITE-QUAY-4"}, {("/bandwidth", "invalidValue")}),
    ({"bandwidth": "9 Mbps", "locationId": "SITE-QUAY-4", "description": 7}, {("/description", "invalidFormat")}),
])
def test_all_that_is_wrong_is_told_at_once_in_the_developers_own_members(
        service: Running, document: Any, found: set[tuple[str, str]]) -> None:
    assert problem(call(service, "POST", document=document), 422) == found


def test_a_change_is_examined_alike(service: Running) -> None:
    id = active(service)
    wrong = {"bandwidth": "200 Gbps", "effectiveDate": "tomorrow"}
    answer = call(service, "PUT", f"/{id}/bandwidth", wrong)
    assert problem(answer, 422) == {("/bandwidth", "invalidValue"), ("/effectiveDate", "invalidFormat")}
    assert len(orders(service, id)) == 1


def test_what_is_not_there_is_not_found_and_nobody_elses_is_there(service: Running) -> None:
    id = active(service)
    for path in (f"/{id}", "/nothing"):
        for client in ((OTHER,) if path == f"/{id}" else (OTHER, DEVELOPER)):
            assert problem(call(service, "GET", path, client=client), 404) == set()
            assert problem(call(service, "DELETE", path, client=client), 404) == set()
            changed = call(service, "PUT", f"{path}/bandwidth", {"bandwidth": "9 Mbps"}, client=client)
            assert problem(changed, 404) == set()
    assert id not in call(service, "GET", client=OTHER).text
    assert id in call(service, "GET").text


def test_carriers_have_no_business_here(service: Running) -> None:
    problem(call(service, "GET", client="demo-carrier"), 403)
    reading = {"Authorization": f"Bearer {service.token(DEVELOPER, 'read')}"}
    assert requests.get(service.url + NATIVE, headers=reading, timeout=5).status_code == 200
    assert requests.post(service.url + NATIVE, headers=reading, json=WANTED, timeout=5).status_code == 403
    assert requests.get(service.url + NATIVE, timeout=5).status_code == 401


def test_the_same_key_gives_the_same_connection_and_the_same_change(service: Running) -> None:
    made = [call(service, "POST", document=WANTED, key="make").json()["id"] for _ in range(3)]
    assert len(set(made)) == 1
    eventually(lambda: call(service, "GET", f"/{made[0]}").json()["status"] == "active")
    faster = {"bandwidth": "300 Mbps", "effectiveDate": "2098-01-01T00:00:00Z"}
    told = [call(service, "PUT", f"/{made[0]}/bandwidth", faster, key="change") for _ in range(3)]
    assert [answer.status_code for answer in told] == [200] * 3
    eventually(lambda: len(orders(service, made[0])) == 2)
    assert problem(call(service, "PUT", f"/{made[0]}/bandwidth", {"bandwidth": "1 Gbps"}, key="change"), 422)


def test_changes_at_different_moments_wait_side_by_side_and_the_same_moment_is_refused(service: Running) -> None:
    id = active(service)
    for hour in (1, 2):
        answer = call(service, "PUT", f"/{id}/bandwidth",
                      {"bandwidth": f"{hour} Gbps", "effectiveDate": f"2099-01-01T0{hour}:00:00Z"})
        assert answer.status_code == 200, answer.text
    again = {"bandwidth": "5 Gbps", "effectiveDate": "2099-01-01T03:00:00+02:00"}
    assert problem(call(service, "PUT", f"/{id}/bandwidth", again), 409) == set()
    dates = eventually(lambda: sorted(one["requestedStartDate"] for one in orders(service, id)[1:])[1:] and [
        one["requestedStartDate"] for one in orders(service, id)[1:]])
    assert sorted(dates) == ["2099-01-01T01:00:00.000Z", "2099-01-01T02:00:00.000Z"]
    assert call(service, "PUT", f"/{id}/bandwidth", {"bandwidth": "50 Mbps"}).status_code == 200
    eventually(lambda: call(service, "GET", f"/{id}").json()["bandwidth"] == "50 Mbps")


def test_nothing_changes_while_it_is_made_and_once_is_enough(service: Running) -> None:
    slow = "DELAY-5-Street-1"
    id = call(service, "POST", document=WANTED | {"locationId": slow}).json()["id"]
    assert problem(call(service, "PUT", f"/{id}/bandwidth", {"bandwidth": "9 Mbps"}), 409) == set()
    assert problem(call(service, "DELETE", f"/{id}"), 409) == set()
    eventually(lambda: call(service, "GET", f"/{id}").json()["status"] == "active", seconds=15)
    for _ in range(2):
        assert call(service, "PUT", f"/{id}/bandwidth", {"bandwidth": "9 Mbps"}).status_code == 200
    assert problem(call(service, "PUT", f"/{id}/bandwidth", {"bandwidth": "8 Mbps"}), 409) == set()
    assert problem(call(service, "DELETE", f"/{id}"), 409) == set()
    eventually(lambda: call(service, "GET", f"/{id}").json()["bandwidth"] == "9 Mbps", seconds=15)
    assert len(orders(service, id)) == 2
    for _ in range(2):
        assert call(service, "DELETE", f"/{id}").status_code == 202
    eventually(lambda: call(service, "GET", f"/{id}").json()["status"] == "terminated", seconds=15)
    assert call(service, "DELETE", f"/{id}").status_code == 202
    assert len(orders(service, id)) == 3
    assert problem(call(service, "PUT", f"/{id}/bandwidth", {"bandwidth": "9 Mbps"}), 409) == set()


def test_a_change_whose_moment_has_passed_is_made_at_once(service: Running) -> None:
    id = active(service)
    document = {"bandwidth": "20 Mbps", "effectiveDate": "2020-01-01T00:00:00Z"}
    assert call(service, "PUT", f"/{id}/bandwidth", document).status_code == 200
    eventually(lambda: call(service, "GET", f"/{id}").json()["bandwidth"] == "20 Mbps", seconds=5)


def test_long_lists_come_in_pages_the_oldest_first_each_once(service: Running) -> None:
    for _ in range(3):
        active(service)
    whole = [one["id"] for one in call(service, "GET").json()["connections"]]
    seen: list[str] = []
    page = call(service, "GET", "?limit=2").json()
    for _ in range(len(whole)):
        assert len(page["connections"]) <= 2
        seen += [one["id"] for one in page["connections"]]
        if "nextCursor" not in page:
            break
        page = call(service, "GET", f"?limit=2&cursor={page['nextCursor']}").json()
    assert seen == whole
    moments = [one["createdAt"] for one in call(service, "GET").json()["connections"]]
    assert moments == sorted(moments)
    assert problem(call(service, "GET", "?cursor=nonsense"), 400) == set()




def test_a_change_to_come_is_cancelled_where_orders_are_and_the_connection_says_so(service: Running) -> None:
    id = active(service)
    change = {"bandwidth": "20 Mbps", "effectiveDate": "2097-01-01T00:00:00Z"}
    assert call(service, "PUT", f"/{id}/bandwidth", change).status_code == 200
    order = eventually(lambda: orders(service, id)[1:])[0]
    eventually(lambda: orders(service, id)[1]["state"] == "inProgress")
    asked = {"productOrder": {"id": order["id"]}, "cancellationReason": "The hotel is closed."}
    answer = service.post(f"{TMF}/cancelProductOrder", asked, DEVELOPER)
    assert answer.status_code == 201, answer.text
    eventually(lambda: orders(service, id)[1]["state"] == "cancelled")
    shown = call(service, "GET", f"/{id}").json()
    assert (shown["status"], shown["bandwidth"]) == ("active", "100 Mbps")
    assert shown["statusReason"] == "The hotel is closed."
    later = change | {"effectiveDate": "2097-01-02T00:00:00Z"}
    assert call(service, "PUT", f"/{id}/bandwidth", later).status_code == 200


def test_an_end_withdraws_the_changes_to_come(service: Running) -> None:
    id = active(service)
    for day in (1, 2):
        change = {"bandwidth": f"{day} Gbps", "effectiveDate": f"2097-01-0{day}T00:00:00Z"}
        assert call(service, "PUT", f"/{id}/bandwidth", change).status_code == 200
    answers = [call(service, "DELETE", f"/{id}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert {answer.json()["statusReason"] for answer in answers} == {"The connection is being ended."}
    assert problem(call(service, "PUT", f"/{id}/bandwidth", {"bandwidth": "9 Mbps"}), 409) == set()
    eventually(lambda: call(service, "GET", f"/{id}").json()["status"] == "terminated", seconds=15)
    found = [(one["productOrderItem"][0]["action"], one["state"]) for one in orders(service, id)]
    assert found == [("add", "completed"), *[("modify", "cancelled")] * (len(found) - 2), ("delete", "completed")]
    assert call(service, "GET", f"/{id}").json()["bandwidth"] == "100 Mbps"
