"""Orders follow what was qualified; and whose question it is, only they see."""

from __future__ import annotations

from tests.conformance.desk import Desk, changed
from tests.conformance.qualification.inquiring import (
    CANTATA,
    ITEM,
    PATH,
    SONATA,
    TMF,
    Document,
    asked,
    judged,
    question,
)
from tests.journeys.documents import ours
from tests.running import MEF, Running

ORDERED = "/productOrderItem/0"


def an_order(reference: Document, offering: str = "OFFER-INTERNET-BASIC") -> Document:
    order = changed(ours("sonata/internet_add.json"), f"{ORDERED}/productOfferingQualificationItem", reference)
    return changed(order, f"{ORDERED}/product/productOffering/id", offering)


def test_an_order_follows_what_was_qualified_and_what_was_proposed_instead(service: Running) -> None:
    poq, orders = Desk(service, SONATA, "demo-carrier"), Desk(service, MEF, "demo-carrier")
    made = asked(poq, question("YELLOW-ALTERNATE-50-Street-1", provideAlternative=True))
    proposal = made["productOfferingQualificationItem"][0]["alternateProductOfferingProposal"][0]
    name = {"productOfferingQualificationId": made["id"], "id": "1"}
    assert orders.made(an_order(name))["id"]
    chosen = {**name, "alternateProductOfferingProposalId": proposal["id"]}
    assert orders.made(an_order(chosen))["id"]
    reference = f"{ORDERED}/productOfferingQualificationItem"
    for wrong, at in (
            (name, "productOfferingQualificationId"), (name, "id"), (chosen, "alternateProductOfferingProposalId")):
        unknown = an_order({**wrong, at: "no-such"})
        assert orders.refused(unknown) == {(f"{reference}/{at}", "referenceNotFound")}
    assert orders.refused(an_order(name, "BasicInternetAccessOffering-0001")) == {(f"{reference}/id", "invalidValue")}
    waiting = asked(poq, question("THINK-5-Street-1", instant=False))
    assert orders.refused(an_order({**name, "productOfferingQualificationId": waiting["id"]})) == {
        (f"{reference}/productOfferingQualificationId", "invalidValue")}
    other = asked(Desk(service, SONATA, "norms-strict"), question())
    assert orders.refused(an_order({**name, "productOfferingQualificationId": other["id"]})) == {
        (f"{reference}/productOfferingQualificationId", "referenceNotFound")}


def test_one_tenant_never_sees_anothers(service: Running) -> None:
    mine, other = Desk(service, SONATA, "demo-carrier"), Desk(service, SONATA, "norms-strict")
    made = judged(mine, question(instant=False, externalId="isolation"))
    assert other.get(f"{PATH}/{made['id']}").status_code == 404
    assert other.listed("externalId=isolation", PATH) == []


def test_carriers_products_are_not_there_for_enterprises(service: Running) -> None:
    uni = {"@type": "urn:mef:lso:spec:sonata:carrier-ethernet-operator-uni:v5.0.0:all"}
    document = changed(question(), f"{ITEM}/product/productConfiguration", uni)
    document = changed(document, f"{ITEM}/product/productOffering/id", "OFFER-OPERATOR-UNI")
    made = asked(Desk(service, SONATA, "demo-carrier"), document)
    assert Desk(service, CANTATA, "demo-carrier-sil").get(f"{PATH}/{made['id']}").status_code == 404
    assert Desk(service, TMF, "demo-carrier-sil").get(f"/checkServiceQualification/{made['id']}").status_code == 404
    refused = Desk(service, CANTATA, "demo-carrier-sil").refused(document, PATH)
    assert (f"{ITEM}/product/productConfiguration/@type", "invalidValue") in refused


def test_the_same_key_is_one_question(poq: Desk) -> None:
    headers = {"Idempotency-Key": f"once {poq.base}"}
    answers = [poq.call("POST", PATH, json=question(), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
