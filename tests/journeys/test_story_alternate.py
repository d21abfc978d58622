"""A qualification comes back yellow and proposes something else: that is quoted and ordered, in every language."""

from __future__ import annotations

from typing import Any

import pytest

from lso.lifecycle.pricing import bandwidth
from tests.conformance.desk import Document
from tests.journeys.documents import holds
from tests.journeys.ledger import done_for
from tests.journeys.purchase import Wanted, languages
from tests.journeys.test_story_purchase import internet, told
from tests.running import Running

PLACE = "YELLOW-ALTERNATE-50-Street-1"


def proposed(poq: Document) -> tuple[str, Wanted]:
    """The alternate that a Sonata or Cantata qualification proposes: its id, and what it is."""
    (item,) = poq["productOfferingQualificationItem"]
    assert (item["state"], item["serviceabilityConfidence"]) == ("done.ready", "yellow")
    assert item["serviceabilityConfidenceReason"]
    (other,) = item["alternateProductOfferingProposal"]
    configuration = dict(other["alternateProduct"]["productConfiguration"])
    return other["id"], Wanted(other["alternateProduct"]["productOffering"]["id"], configuration.pop("@type"),
                               configuration, PLACE)


def proposed_by_tm_forum(poq: Document) -> Wanted:
    """The same in the words of TMF645, which has none for yellow: what can be had, if not surely, is qualified."""
    (item,) = poq["serviceQualificationItem"]
    assert item["qualificationResult"] == "qualified"
    (other,) = item["alternateServiceProposal"]
    service = other["alternateService"]
    configuration = {one["name"]: one["value"] for one in service["serviceCharacteristic"]}
    offering = next(one["id"] for one in service["relatedEntity"] if one["role"] == "productOffering")
    return Wanted(offering, service["serviceSpecification"]["id"], configuration, PLACE)


@pytest.mark.parametrize("name", ["sonata", "cantata"])
def test_what_was_proposed_instead_is_quoted_and_ordered(service: Running, name: str) -> None:
    buyer: Any = languages(service)[name]
    poq = told(buyer.poq, buyer.question(internet(PLACE)), buyer.poqs)
    alternate, wanted = proposed(poq)
    assert bandwidth(wanted.configuration) == 50
    inquiry = buyer.inquiry(wanted, poq["id"], alternateProductProposalId=alternate)
    quote = told(buyer.quote, inquiry, buyer.quotes)
    assert quote["state"] in ("approved.orderable", "approved.orderableAlternate")

    purchase = buyer.purchase(wanted, poq["id"], quote["id"])
    (item,) = purchase["productOrderItem"]
    item["productOfferingQualificationItem"]["alternateProductOfferingProposalId"] = "no-such-alternate"
    at = "/productOrderItem/0/productOfferingQualificationItem/alternateProductOfferingProposalId"
    assert buyer.order.refused(purchase) == {(at, "referenceNotFound")}
    item["productOfferingQualificationItem"]["alternateProductOfferingProposalId"] = alternate
    order = told(buyer.order, purchase, buyer.orders)["id"]
    ended = buyer.order.ended(order)
    assert ended["state"] == "completed"
    assert holds(ended["productOrderItem"][0]["product"], item["product"]) == []
    assert done_for(service, order)[-1] == "activated"


def test_tm_forum_s_customers_order_what_was_proposed_just_as_well(service: Running) -> None:
    buyer: Any = languages(service)["tmf"]
    poq = told(buyer.poq, buyer.question(internet(PLACE)), buyer.poqs)
    seen = languages(service)["sonata"].poq.read(poq["id"], "/productOfferingQualification")
    wanted = proposed_by_tm_forum(poq)
    assert wanted == proposed(seen)[1]
    quote = told(buyer.quote, buyer.inquiry(wanted, poq["id"]), buyer.quotes)
    order = told(buyer.order, buyer.purchase(wanted, poq["id"], quote["id"]), buyer.orders)
    assert buyer.order.ended(order["id"])["state"] == "completed"
