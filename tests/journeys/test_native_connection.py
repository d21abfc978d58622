"""Story 1: a developer posts three fields to the native API; a complete, valid, Sonata-visible order appears; the
bandwidth changes at a later date; the connection is removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.documents import linkless, wrong_with
from tests.running import CANTATA, MEF, TMF, Running, eventually

NATIVE = "/internet-on-demand/connections"
CARRIER, ENTERPRISE = "demo-carrier", "demo-carrier-sil"
VIEWS = (("sonata.grace.order", MEF, CARRIER), ("cantata.grace.order", CANTATA, ENTERPRISE),
         ("tmf.v4.order", TMF, ENTERPRISE))


def connection(service: Running, id: str) -> dict[str, Any]:
    """A connection as it is now."""
    answer = service.get(f"{NATIVE}/{id}", ENTERPRISE)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def until(service: Running, id: str, **members: Any) -> dict[str, Any]:
    """The connection, once it shows these members."""
    def look() -> Any:
        shown = connection(service, id)
        return members.items() <= shown.items() and shown

    found: dict[str, Any] = eventually(look)
    return found


def orders(service: Running, id: str) -> list[dict[str, Any]]:
    """The orders about a connection, as TM Forum sees them, the oldest first."""
    found: list[dict[str, Any]] = service.get(f"{TMF}/productOrder?externalId={id}", ENTERPRISE).json()
    return found


def test_three_fields_become_a_whole_order_that_changes_later_and_ends(service: Running) -> None:
    wanted = {"bandwidth": "250 Mbps", "locationId": "SITE-QUAY-4", "description": "Quayside hotel"}
    answer = service.post(NATIVE, wanted, ENTERPRISE)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["Location"] == f"{service.url}{NATIVE}/{made['id']}"
    assert (made["status"], made["bandwidth"], made["location"], made["description"]) == (
        "provisioning", "250 Mbps", "Quay 4", "Quayside hotel")
    id = made["id"]

    active = until(service, id, status="active")
    assert active == {**made, "status": "active"}

    (first,) = orders(service, id)
    for edition, base, client in VIEWS:
        order = service.get(f"{base}/productOrder/{first['id']}", client).json()
        assert order["state"] == "completed"
        assert wrong_with(edition, order) == [], edition
    sonata = service.get(f"{MEF}/productOrder/{first['id']}", CARRIER).json()
    item = sonata["productOrderItem"][0]
    configuration = item["product"]["productConfiguration"]
    envelopes = [configuration["ipUni"][f"{way}BandwidthProfileEnvelope"] for way in ("ingress", "egress")]
    assert [one[0]["maxIr"] for one in envelopes] == [{"irValue": 250, "irUnits": "MBPS"}] * 2
    assert item["product"]["id"] == id
    assert linkless(item["product"]["place"]) == [
        {"@type": "GeographicSiteRef", "role": "INSTALL_LOCATION", "id": "SITE-QUAY-4"}]
    assert item["product"]["productOffering"] == {"id": "BasicInternetAccessOffering-0001"}
    assert item["billingAccount"] == {"id": "00000000-1111-0000-0000-000000000001"}
    assert item["requestedItemTerm"]["duration"] == {"amount": 12, "units": "calendarMonths"}
    roles = {contact["role"] for contact in item["relatedContactInformation"]}
    assert roles == {"buyerProductOrderItemContact", "buyerImplementationContact", "buyerTechnicalContact"}

    moment = datetime.now(UTC) + timedelta(seconds=3)
    told = service.call("PUT", f"{NATIVE}/{id}/bandwidth", ENTERPRISE,
                        json={"bandwidth": "1 Gbps", "effectiveDate": moment.isoformat()})
    assert told.status_code == 200
    assert told.json()["bandwidth"] == "250 Mbps"
    change = eventually(lambda: orders(service, id)[1:])[0]
    assert change["state"] in ("acknowledged", "inProgress")
    for date in ("requestedStartDate", "requestedCompletionDate"):
        assert abs(datetime.fromisoformat(change[date]) - moment) < timedelta(milliseconds=2)
    assert connection(service, id)["bandwidth"] == "250 Mbps"
    assert datetime.now(UTC) < moment, "it was looked at too late to tell"
    until(service, id, bandwidth="1 Gbps", status="active")
    assert timedelta() < datetime.now(UTC) - moment < timedelta(seconds=2)
    assert wrong_with("sonata.grace.order", service.get(f"{MEF}/productOrder/{change['id']}", CARRIER).json()) == []

    told = service.call("DELETE", f"{NATIVE}/{id}", ENTERPRISE)
    assert told.status_code == 202
    gone = until(service, id, status="terminated")
    assert "statusReason" not in gone
    assert [order["productOrderItem"][0]["action"] for order in orders(service, id)] == ["add", "modify", "delete"]
    assert {order["state"] for order in orders(service, id)} == {"completed"}


@pytest.mark.parametrize(("place", "reason"), [
    ("REJECT-Street-1", "The place cannot be served."), ("FAIL-Street-1", "The installation at the place failed.")])
def test_a_connection_that_cannot_be_made_says_why(service: Running, place: str, reason: str) -> None:
    id = service.post(NATIVE, {"bandwidth": "10 Mbps", "locationId": place}, ENTERPRISE).json()["id"]
    ended = until(service, id, status="terminated")
    assert ended["statusReason"] == reason
    assert [error["detail"] for error in ended["errors"]] == [reason]


def test_internet_access_ordered_by_sonata_is_a_connection_too(service: Running) -> None:
    listed = service.get(f"{NATIVE}?limit=1000", ENTERPRISE).json()["connections"]
    assert {"PROD-501", "SellerBasicInternetAccessId-0001"} <= {one["id"] for one in listed}
    assert connection(service, "PROD-501")["location"] == "Quay 4"
    told = service.call("PUT", f"{NATIVE}/PROD-501/bandwidth", ENTERPRISE, json={"bandwidth": "50 Mbps"})
    assert told.status_code == 200, told.text
    until(service, "PROD-501", bandwidth="50 Mbps")
    again = service.get(f"{NATIVE}?limit=1000", ENTERPRISE).json()["connections"]
    assert [one["id"] for one in again].count("PROD-501") == 1
    assert service.get(f"{NATIVE}/NewYork_UNI", ENTERPRISE).status_code == 404
