"""Story 4: which stories run through which back ends is a table in docs/backends.md, and every cell of it is played."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.conformance.asking import CANCEL, MOVE, answered, awaiting, to_cancel, to_move
from tests.conformance.desk import ITEM, Desk, Document, at, change, changed, internet
from tests.journeys.chaos.plan import Plan
from tests.journeys.documents import ours
from tests.journeys.far_sides import BACK_ENDS, HOUSE, FarSides, enterprise, near
from tests.running import MEF, TMF, Running, eventually
from tests.test_docs import rows

ADDRESSES = "/mefApi/sonata/geographicAddressManagement/v7"
SOMEWHERE = {"@type": "FieldedAddress", "streetNr": HOUSE["number"], "streetName": HOUSE["street"],
             "city": HOUSE["city"], "country": HOUSE["country"]}
AT_ONCE, LATE = "ADDR-QUAY-4", "DELAY-5-Street-1"
ENVELOPES = [f"{ITEM}/product/productConfiguration/ipUni/{way}BandwidthProfileEnvelope/0/maxIr/irValue"
             for way in ("ingress", "egress")]
NO_END = "The network behind this service cannot end connections."
NO_STOP = "The work on item ia-1 has begun and cannot be stopped."
Story = Callable[[Desk, FarSides], str]


def wanted(place: str) -> Document:
    """Internet access at a place that every back end knows."""
    where = [{"@type": "GeographicAddressRef", "role": "INSTALL_LOCATION", "id": place}]
    return changed(internet(), f"{ITEM}/product/place", where)


def added(desk: Desk) -> Document:
    """Internet access that is there."""
    order = desk.ended(desk.made(wanted(AT_ONCE))["id"])
    assert order["state"] == "completed"
    return order


def begun(desk: Desk, far: FarSides) -> Document:
    """An order that its back end has begun to work on, by that back end's own books."""
    order = desk.made(wanted(LATE))
    eventually(lambda: far.begun()[f"{order['id']}.ia-1"])
    return desk.once(order["id"], "inProgress")


def add(desk: Desk, far: FarSides) -> str:
    order = added(desk)
    assert far.done()[f"{order['id']}.ia-1"] == 1
    return str(order["state"])


def modify(desk: Desk, far: FarSides) -> str:
    order = change(added(desk)["productOrderItem"][0]["product"])
    for envelope in ENVELOPES:
        order = changed(order, envelope, 500)
    return str(desk.ended(desk.made(order)["id"])["state"])


def delete(desk: Desk, far: FarSides) -> str:
    product = added(desk)["productOrderItem"][0]["product"]["id"]
    order = desk.ended(desk.made(changed(ours("sonata/internet_delete.json"), f"{ITEM}/product/id", product))["id"])
    if order["state"] == "rejected":
        assert [error["value"] for error in order["productOrderItem"][0]["terminationError"]] == [NO_END]
    return str(order["state"])


def add_a_line(desk: Desk, far: FarSides) -> str:
    order = desk.ended(desk.made(ours("sonata/epl_add.json"))["id"])
    if order["state"] == "rejected":
        assert all(error["value"] for item in order["productOrderItem"] for error in item.get("terminationError", ()))
    return str(order["state"])


def cancel_early(desk: Desk, far: FarSides) -> str:
    tmf = Desk(desk.service, TMF, enterprise(desk.client))
    order = tmf.made({**ours("tmf/internet_add.json"), "requestedStartDate": "2090-01-01T00:00:00Z"})
    tmf.made({"productOrder": {"id": order["id"]}}, CANCEL)
    ended = tmf.ended(order["id"])
    assert far.begun()[f"{order['id']}.1"] == 0
    return str(ended["state"])


def cancel(desk: Desk, far: FarSides) -> str:
    order = begun(desk, far)
    task = desk.once(desk.made(to_cancel(order), CANCEL)["id"], "done", "rejected", path=CANCEL)
    ended = desk.ended(order["id"])
    if task["state"] == "rejected":
        assert task["cancellationDeniedReason"] == NO_STOP
        assert ended["state"] == "completed"
        assert far.done()[f"{order['id']}.ia-1"] == 1
        return "refused"
    assert far.done()[f"{order['id']}.ia-1"] == 0
    return str(ended["state"])


def move(desk: Desk, far: FarSides, **wish: object) -> str:
    order = begun(desk, far)
    task = desk.made(to_move(order, **(wish or {"requestedCompletionDate": "2031-05-01T08:00:00Z"})), MOVE)
    state = desk.once(task["id"], "done", "rejected", path=MOVE)["state"]
    (item,), (before,) = (one["productOrderItem"] for one in (desk.once(order["id"], "inProgress"), order))
    changes = [name for name in ("requestedCompletionDate", "expediteAcceptedIndicator")
               if item.get(name) != before.get(name)]
    assert (state == "done") == bool(changes)
    return "refused" if state == "rejected" else str(state)


def expedite(desk: Desk, far: FarSides) -> str:
    return move(desk, far, expediteIndicator=True)


def charge(desk: Desk, far: FarSides) -> str:
    order = desk.made(at("CHARGE-Quay"))
    answered(desk, awaiting(desk, order), "accepted")
    return str(desk.ended(order["id"])["state"])


def locate(desk: Desk, far: FarSides) -> str:
    addresses = Desk(desk.service, ADDRESSES, desk.client)
    told = addresses.post({"provideAlternative": True, "submittedGeographicAddress": SOMEWHERE},
                          "/geographicAddressValidation").json()
    best = told["bestMatchGeographicAddress"]
    assert addresses.read(best["id"], "/geographicAddress")["streetNr"] == HOUSE["number"]
    order = desk.made(wanted(best["id"]))
    assert desk.ended(order["id"])["state"] == "completed"
    return str(told["validationResult"])


STORIES: dict[str, Story] = {
    "an address that it alone knows is looked for, and ordered to": locate,
    "internet access is added": add,
    "its bandwidth is changed": modify,
    "it is ended": delete,
    "a private line is added with both its ends": add_a_line,
    "an order is cancelled before its work begins": cancel_early,
    "an order is cancelled in flight": cancel,
    "an item is moved to another day in flight": move,
    "an item is hurried in flight": expedite,
    "a charge comes up and is accepted": charge,
}
TABLE = {cells[0]: cells[1:] for cells in rows("docs/backends.md", "", "Which story runs through which")
         if not cells[0].startswith("-")}
COLUMNS = TABLE.pop("story", [])
CELLS = [(story, column, cell) for story, cells in TABLE.items()
         for column, cell in zip(COLUMNS, cells, strict=True) if cell != "–"]


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarSides]:
    network = FarSides(Plan(orders=0, kills=0), tmp_path_factory.mktemp("far"))
    yield network
    network.close()


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory, far: FarSides) -> Iterator[Running]:
    with near(tmp_path_factory.mktemp("near"), far) as service:
        yield service


def test_the_table_names_every_story_and_every_back_end_and_the_sandbox_runs_them_all() -> None:
    assert set(TABLE) == set(STORIES)
    assert set(COLUMNS) == set(BACK_ENDS)
    assert {story for story, column, _ in CELLS if column == "sandbox"} == set(STORIES)


@pytest.mark.parametrize(("story", "column", "ends"), CELLS)
def test_a_story_runs_through_a_back_end_as_the_table_says(
        bridge: Running, far: FarSides, story: str, column: str, ends: str) -> None:
    assert STORIES[story](Desk(bridge, MEF, BACK_ENDS[column]), far) == ends
