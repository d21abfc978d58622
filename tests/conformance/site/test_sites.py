"""MEF 122: which sites are found, by whom, and what is told of them."""

from __future__ import annotations

from tests.conformance.desk import Desk
from tests.conformance.places import SITE, SITES
from tests.journeys.documents import ours
from tests.running import MEF, Running

AT_MILL = "streetName=Mill&streetNr=12&city=Norwich"


def at(desk: Desk, client: str, query: str = "") -> int:
    """The status of a list in the name of a client."""
    return Desk(desk.service, SITES["sonata"], client, query).get(f"{SITE}?{AT_MILL}").status_code


def test_r1_sites_are_listed_and_retrieved(desk: Desk) -> None:
    (found,) = desk.listed(AT_MILL, SITE)
    assert desk.read(found["id"], SITE) == found


def test_r2_r3_who_speaks_for_several_buyers_names_one_and_nobody_else_does(desk: Desk) -> None:
    assert at(desk, "norms-broker", "buyerId=north") == 200
    assert at(desk, "norms-broker") == at(desk, "demo-carrier", "buyerId=north") == 400


def test_r4_r5_where_several_sellers_answer_one_is_named_and_nowhere_else(desk: Desk) -> None:
    assert at(desk, "norms-house", "sellerId=east") == 200
    assert at(desk, "norms-house") == at(desk, "demo-carrier", "sellerId=east") == 400


def test_r6_r13_r14_a_site_has_its_id_and_a_place_and_contacts_that_are_whole(desk: Desk) -> None:
    site = desk.read("NORM-ROOM", SITE)
    (place,) = site["place"]
    assert place == {"@type": "GeographicAddressRef", "id": "NORM-12", "href": place["href"]}
    assert place["href"].endswith("/geographicAddress/NORM-12")
    assert {"name", "number", "emailAddress", "role"} <= site["relatedContactInformation"][0].keys()


def test_r7_r8_r16_a_site_is_found_by_the_fields_of_its_address(desk: Desk) -> None:
    for query in (AT_MILL, "streetName=mill&streetType=Ln&postcode=nr34ab&streetNr=12&country=GB"):
        assert [one["id"] for one in desk.listed(query, SITE)] == ["NORM-ROOM"]


def test_r9_what_the_document_does_not_allow_is_refused(desk: Desk) -> None:
    for query in ("siteType=secret", "colour=blue"):
        assert desk.get(f"{SITE}?{query}").status_code == 400


def test_r10_a_site_is_found_by_the_id_of_its_address_and_without_any_address(desk: Desk) -> None:
    for query in ("geographicAddress.id=NORM-12", "companyName=Norms"):
        assert [one["id"] for one in desk.listed(query, SITE)] == ["NORM-ROOM"]


def test_r11_no_site_found_is_an_empty_list(desk: Desk) -> None:
    assert desk.listed("city=Atlantis", SITE) == []


def test_r12_too_many_sites_are_refused(desk: Desk) -> None:
    answer = desk.get(f"{SITE}?companyName=Norms%20of%20many")
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json()] == ["tooManyRecords"]


def test_r15_an_id_that_is_not_known_is_not_found(desk: Desk) -> None:
    assert desk.get(f"{SITE}/no-such-site").status_code == 404


def test_a_site_that_was_found_is_named_in_an_order(desk: Desk, placed: Running) -> None:
    order = ours("sonata/internet_add.json")
    order["productOrderItem"][0]["product"]["place"] = [
        {"@type": "GeographicSiteRef", "role": "INSTALL_LOCATION", "id": "NORM-ROOM"}]
    assert Desk(placed, MEF, "demo-carrier").made(order)["state"] == "acknowledged"
