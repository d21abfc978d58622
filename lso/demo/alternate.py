"""The story of an alternate: the network is not sure, and proposes less; that is quoted, and ordered."""

from __future__ import annotations

from collections.abc import Iterator

from lso.demo.buyer import Buyer, Wanted, following, internet, known
from lso.demo.client import Astray, Customer
from lso.demo.door import faces
from lso.demo.story import Reached, Story

PLACE = "YELLOW-ALTERNATE-50-Street-1"


def settled(customer: Customer) -> Iterator[Reached]:
    """What is proposed is taken."""
    buyer = Buyer(customer, "Sonata")
    poq = buyer.qualified(internet(known(PLACE)))
    (item,) = poq["productOfferingQualificationItem"]
    if not item.get("alternateProductOfferingProposal"):
        raise Astray("no alternate")
    yield Reached(item["serviceabilityConfidence"], 1, 3, moment="perhaps; and there is an alternate",
                  faces=faces("qualification", poq["id"]))
    proposal = item["alternateProductOfferingProposal"][0]
    product = proposal["alternateProduct"]
    wanted = Wanted(product["productOffering"]["id"], product["productConfiguration"], known(PLACE))
    named = following(poq)
    quote = buyer.quoted(wanted, {**named, "alternateProductProposalId": proposal["id"]})
    yield Reached(quote["state"], 2, 3, moment="the alternate has a price", faces=faces("quote", quote["id"]))
    order = buyer.ordered(
        wanted, quoteItem={"quoteId": quote["id"], "id": "1"},
        productOfferingQualificationItem={**named, "alternateProductOfferingProposalId": proposal["id"]})
    yield Reached(order["state"], 3, 3, order["id"], "the alternate is there")


STORIES = (Story("A qualification comes back yellow; its alternate is ordered", "completed", settled),)
