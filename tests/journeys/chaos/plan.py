"""What is going to happen, as far as a seed decides it: the orders, who sends them, and how the killing goes."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lso.cli.seed import seed_demo
from lso.demo.seed import load_demo
from lso.service.directory import apply_profile
from lso.settings import Settings
from lso.store.engine import open_store
from tests.journeys.documents import ours
from tests.running import CANTATA, MEF, TMF

Document = dict[str, Any]
CLIENT = {MEF: "demo-carrier", TMF: "demo-carrier-sil", CANTATA: "demo-carrier-sil"}
LEGACY, NATIVE, OUTAGE = "LEGACY", "NATIVE", "OUTAGE-2"
ROUTES = [{"backend": "legacy", "place_prefix": f"{LEGACY}-"},
          {"backend": "legacy", "place_prefix": f"{OUTAGE}-{LEGACY}-"},
          {"backend": "native", "place_prefix": f"{NATIVE}-"}, {"backend": "sandbox"}]


@dataclass(frozen=True)
class Plan:
    """orders are sent by so many clients within about `seconds`; meanwhile there are `kills`, and one of all at once.

    pause: how long what is up is left to work before the next kill. down: how long what was killed stays away.
    bound: how long after the last start all may take to come to its end.
    """

    orders: int
    kills: int
    clients: int = 6
    seconds: float = 20.0
    pause: tuple[float, float] = (0.3, 1.5)
    down: tuple[float, float] = (0.1, 1.0)
    bound: float = 60.0
    workers: int = 1
    seed: int = 1


@dataclass(frozen=True)
class Wish:
    """One order: sent with `key` to `base`. place: what back ends that know places only will have it under."""

    key: str
    base: str
    document: Document
    place: str
    twice: bool

    @property
    def client(self) -> str:
        """Who sends it."""
        return CLIENT[self.base]


def wishes(plan: Plan) -> list[Wish]:
    """Every order, in every language and for every back end, some of them sent again although they were answered."""
    dice = random.Random(plan.seed)
    line = ours("sonata/epl_add.json")
    carrier, enterprise = ours("sonata/internet_add.json"), ours("tmf/internet_add.json")
    found = []
    for number in range(plan.orders):
        kind = dice.choice([LEGACY, LEGACY, NATIVE, NATIVE, "SANDBOX", "SANDBOX", "LINE"])
        outage = f"{OUTAGE}-" if kind in (LEGACY, "SANDBOX") and dice.random() < 0.1 else ""
        place, twice = f"{outage}{kind}-{number}", dice.random() < 0.1
        base = dice.choice([MEF, CANTATA]) if kind == "LINE" else dice.choice([MEF, CANTATA, TMF])
        document = copy.deepcopy(line if kind == "LINE" else enterprise if base == TMF else carrier)
        document["externalId"] = f"CHAOS-{number}"
        if kind != "LINE":
            document["productOrderItem"][0]["product"]["place"] = [_place(base, place)]
        found.append(Wish(f"chaos-{plan.seed}-{number}", base, document, place, twice))
    return found


def prepare(plan: Plan, store_url: str, folder: Path, tenant: str, **more: Any) -> None:
    """Demo data in a store that is not there yet, and what is agreed with a tenant: the places of every order."""
    profile = next(one for one in load_demo().profiles if one["tenant"] == tenant)
    places = [*profile["places"], *({"id": wish.place, "kind": "address"} for wish in wishes(plan))]
    with open_store(store_url) as store:
        seed_demo(store, Settings(var=folder))
        apply_profile(store, {**profile, "places": places, **more})


def _place(base: str, place: str) -> Document:
    reference = {"id": place, "role": "INSTALL_LOCATION"}
    kind = "GeographicAddress" if base == TMF else "GeographicAddressRef"
    return reference | {"@referredType" if base == TMF else "@type": kind}
