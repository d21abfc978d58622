"""What can be had at a place: which offerings come into question, and what is found of them. Pure; the states are those
of a qualification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lso.lifecycle.known import Known
from lso.lifecycle.machine import QUALIFICATION_MACHINE
from lso.lifecycle.ports.question import Feasibility
from lso.lifecycle.rules import catalogue
from lso.lifecycle.scene import ProductRule
from lso.lifecycle.step import Change

Document = dict[str, Any]
KIND = "qualification_query"
ORDERABLE = "orderable"


def candidates(document: Document, known: Known) -> list[Document]:
    """Items to ask back ends about: each orderable product that fits what is looked for, in its smallest configuration
    unless another one is told.

    At a place only what stands at a place can be had: what runs between two of these is qualified with them.
    """
    wanted = document.get("criteria", {}).get("product", {})
    schema = wanted.get("schema") or wanted.get("specification_id")
    urn, found = known.aliases.get(schema or "", schema), list[Document]()
    for offering_id, offering in known.offerings.items():
        if offering.status != ORDERABLE or wanted.get("offering_id") not in (None, offering_id):
            continue
        for name in sorted(offering.schemas & known.schemas):
            rule = catalogue().products.get(name)
            if urn not in (None, name) or rule is None or not rule.ordered or (wanted.get("places") and not rule.place):
                continue
            product = _product(offering_id, name, rule, wanted)
            found.append({"id": str(len(found) + 1), "action": "add", "product": product})
    return found


def begin(document: Document) -> Document:
    """Somebody has begun to look; queries have no history."""
    return {**document, "state": QUALIFICATION_MACHINE.after(document["state"], "begin")}


def answer(document: Document, said: Mapping[str, Feasibility], asked: Sequence[Document], *, at: str) -> Document:
    """The query with all that can be had, once back ends have spoken of everything that was asked."""
    if any(item["id"] not in said or said[item["id"]].confidence is None for item in asked):
        return document
    found = [{"id": item["id"], "product": item["product"],
              **({"guaranteed_until": until} if (until := said[item["id"]].guaranteed_until) else {})}
             for item in asked if said[item["id"]].confidence != "none"]
    ends = [item["guaranteed_until"] for item in found if "guaranteed_until" in item]
    holds = {"expires_at": min(ends)} if ends and len(ends) == len(found) else {}
    return _ended(document, "answer", at) | {"items": found} | holds


def give_up(document: Document, *, at: str) -> Document:
    """The time is up."""
    return _ended(document, "give_up", at)


def changes(before: Document, after: Document, *, at: str) -> tuple[Change, ...]:
    """What subscribers hear of a query that is not answered at once."""
    if before["state"] == after["state"]:
        return ()
    return (Change("qualification_query_state", None, after["state"], at, before["state"]),)


def _ended(document: Document, move: str, at: str) -> Document:
    kept = {name: value for name, value in document.items() if name != "expected_completion_at"}
    return kept | {"state": QUALIFICATION_MACHINE.after(document.get("state"), move), "effective_at": at}


def _product(offering_id: str, schema: str, rule: ProductRule, wanted: Document) -> Document:
    product: Document = {"offering_id": offering_id, "schema": schema,
                         "configuration": {**rule.least, **wanted.get("configuration", {})}}
    if wanted.get("places"):
        product["places"] = [{**place, "role": rule.place} for place in wanted["places"][:1]]
    return product
