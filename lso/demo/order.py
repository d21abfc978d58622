"""The stories of orders that nothing comes in the way of: placed, watched, at their end; or refused at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lso.demo.client import CANTATA, FINAL, SONATA, TMF, Customer
from lso.demo.story import Reached, Story, sample


def ordered(base: str, client: str, name: str) -> Callable[[Customer], Iterator[Reached]]:
    """The story of one sample, ordered there."""
    def play(customer: Customer) -> Iterator[Reached]:
        answer = customer.place(base, client, sample(name))
        if answer.status_code != 201:
            yield Reached(str(answer.status_code), 1, 1)
            return
        for order in customer.watch(base, client, answer.json()["id"]):
            items = order["productOrderItem"]
            ended = sum(item.get("state") in FINAL for item in items)
            yield Reached(order["state"], ended, len(items), order["id"])
    return play


STORIES = (
    Story("A carrier orders internet access by Sonata", "completed",
          ordered(SONATA, "demo-carrier", "sonata/internet_add.json")),
    Story("A carrier orders an Ethernet private line with two ends", "completed",
          ordered(SONATA, "demo-carrier", "sonata/epl_add.json")),
    Story("A carrier orders an Access E-Line", "completed",
          ordered(SONATA, "demo-carrier", "sonata/access_eline_add.json")),
    Story("An enterprise may not: Cantata does not know that product", "422",
          ordered(CANTATA, "demo-carrier-sil", "sonata/access_eline_add.json")),
    Story("An enterprise orders internet access by TMF622", "completed",
          ordered(TMF, "demo-enterprise", "tmf/internet_add.json")),
    Story("An enterprise orders what no network can deliver", "rejected",
          ordered(TMF, "demo-enterprise", "tmf/gift_card.json")),
)
