"""The story of a purchase, in each language: is there such an address, can it be had there, for how much, then the
order. Each answer is shown in every language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lso.demo.buyer import Buyer, Wanted, following, internet, known
from lso.demo.client import Customer, Document
from lso.demo.door import DOORS, faces
from lso.demo.story import Reached, Story

ASKED = {"@type": "FieldedAddress", "streetNr": "4", "streetNrSuffix": "bis", "streetName": "du Port",
         "streetType": "Quai", "city": "Marseille", "postcode": "13002", "country": "France"}
STEPS = 4


def bought(language: str, wanted: Callable[[Document], Wanted] = internet) -> Callable[[Customer], Iterator[Reached]]:
    """The story of a purchase by one client of a tenant; its others look on. wanted: what, given the place."""
    def play(customer: Customer) -> Iterator[Reached]:
        buyer = Buyer(customer, language)
        place = buyer.validated(ASKED)
        yield Reached("found", 1, STEPS, moment=f"{language}: an address is found", faces=faces("address", place))
        product = wanted(known(place))

        poq = buyer.qualified(product)
        shown = faces("qualification", poq["id"])
        yield Reached(poq["state"], 2, STEPS, moment=f"{language}: it can be had there", faces=shown)

        quote = buyer.quoted(product, following(poq))
        shown = faces("quote", quote["id"])
        yield Reached(quote["state"], 3, STEPS, moment=f"{language}: it has a price", faces=shown)

        order = buyer.ordered(product, productOfferingQualificationItem=following(poq),
                              quoteItem={"quoteId": quote["id"], "id": "1"})
        state, id = order["state"], order["id"]
        yield Reached(state, STEPS, STEPS, id, f"{language}: it is ordered, and there", whole=language)
        yield Reached(state, STEPS, STEPS, id, f"{language}: the quote is accepted", faces=shown)
    return play


NUMBERS = {"Sonata": "Sonata", "Cantata": "Cantata", "TM Forum": "TMF645, 648 and 622"}
STORIES = tuple(Story(f"From the address to the order by {NUMBERS[language]}", "completed", bought(language))
                for language in DOORS)
