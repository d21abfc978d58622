"""What the demo shows beside its stories: moments in the words of each language, one order whole in each, and what is
lost between two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.json import JSON
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from lso.demo.client import LANGUAGES, Customer, Document
from lso.demo.story import Reached

LONG = 160
NO_WORD = "–"
ITEMS = frozenset({"productOfferingQualificationItem", "serviceQualificationItem", "quoteItem"})
WHERE = ("streetType", "streetName", "streetNr", "streetNrSuffix", "postcode", "city")
SURE = ("serviceabilityConfidence", "qualificationResult")
INSTEAD = ("alternateProductOfferingProposal", "alternateServiceProposal")
WAYS = {"Sonata": ("sonata", "tmf", "TMF622"), "Cantata": ("cantata", "tmf", "TMF622"),
        "TM Forum": ("tmf", "sonata", "Sonata")}


def moments() -> Table:
    """An empty table of moments."""
    table = Table("moment", *LANGUAGES, title="The same moment, in the words of each", expand=True)
    for column, ratio in zip(table.columns, (3, 4, 4, 4), strict=True):
        column.ratio, column.overflow = ratio, "fold"
    return table


def verdicts() -> Table:
    """An empty table of what became of bodies that were sent."""
    table = Table(expand=True, title="What became of every body, and of its corrected twin")
    table.add_column("body", ratio=2, overflow="fold")
    table.add_column("as it is", min_width=8)
    table.add_column("its twin", min_width=8)
    table.add_column("where it is wrong", ratio=3, overflow="fold")
    return table


def words(customer: Customer, reached: Reached) -> list[str]:
    """What each language says of a moment: the order, its items, and what stands beside it; or its other subject."""
    if reached.faces:
        return ["\n".join(_told(customer, reached.faces.get(name, ""), client))
                for name, (_, client) in LANGUAGES.items()]
    return ["\n".join(_said(customer, base, client, reached)) for base, client in LANGUAGES.values()]


def side_by_side(customer: Customer, id: str) -> Table:
    """One order, whole, in every language."""
    table = Table.grid(expand=True)
    for _ in LANGUAGES:
        table.add_column(ratio=1)
    views = {name: customer.read(base, client, id).json() for name, (base, client) in LANGUAGES.items()}
    table.add_row(*(Panel(_folded(brief(view)), title=name) for name, view in views.items()))
    return table


def losses(customer: Customer, language: str, id: str) -> Table:
    """What others cannot hold of an order that was placed in a language: TMF622, or, of its own, Sonata."""
    base, client = LANGUAGES[language]
    source, target, other = WAYS[language]
    there = customer.translate(client, source, target, customer.read(base, client, id).json())
    lost = Table(f"where in the {language} document", "why", expand=True,
                 title=f"What {other} cannot hold; kept in the complement, back on the way back")
    for column, ratio in zip(lost.columns, (2, 1), strict=True):
        column.ratio, column.overflow = ratio, "fold"
    for loss in there["losses"]:
        lost.add_row(loss["at"], loss["why"])
    return lost


def brief(value: Any) -> Any:
    """A document that fits on a screen: the configuration of a product is told by its size."""
    if isinstance(value, dict):
        return {name: brief(inner) if name not in ("productConfiguration", "value") or len(json.dumps(inner)) < LONG
                else f"({len(json.dumps(inner))} bytes)" for name, inner in value.items()}
    return [brief(inner) for inner in value] if isinstance(value, list) else value


def _folded(document: Any) -> Text:
    """A document in colours, of which nothing is cut however narrow it gets."""
    text = JSON(json.dumps(document)).text
    text.no_wrap, text.overflow = False, "fold"
    return text


def _said(customer: Customer, base: str, client: str, reached: Reached) -> list[str]:
    order: Document = customer.read(base, client, reached.order).json()
    said = [order["state"], *(f"item {item['id']}: {item['state']}" for item in order["productOrderItem"])]
    for path, id in reached.beside:
        answer = customer.call("GET", f"{base}/{path}/{id}", client)
        said.append(f"{_short(path)}: {answer.json()['state'] if answer.status_code == 200 else NO_WORD}")
    return said


def _told(customer: Customer, path: str, client: str) -> Iterator[str]:
    """What a language says of an address, a qualification or a quote: its state, its items, what they cost."""
    if not path:
        yield NO_WORD
        return
    document = customer.done("GET", path, client)
    yield document.get("state") or " ".join(document[name] for name in WHERE if name in document)
    for item in next((value for name, value in document.items() if name in ITEMS), ()):
        sure = next((item[name] for name in SURE if name in item), "")
        yield f"item {item['id']}: {item['state']}{sure and f', {sure}'}"
        yield from (f"  instead: {other['id']}" for name in INSTEAD for other in item.get(name, ()))
        for price in item.get("quoteItemPrice", ()):
            amount = price["price"]["dutyFreeAmount"]
            yield f"  {price['name']}: {amount['value']:.2f} {amount['unit']} {price.get('recurringChargePeriod', '')}"


def _short(path: str) -> str:
    """The first word of a path: cancel, charge, modify."""
    return path[:next((index for index, letter in enumerate(path) if letter.isupper()), len(path))]
