"""From questions to verdicts: what becomes of a qualification, and what changes with it. Pure; the states and their
members are in `states.py` (MEF 87 R24, R28-R31, R48-R50)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lso.lifecycle.machine import QUALIFICATION_ITEM_MACHINE, QUALIFICATION_MACHINE, Machine
from lso.lifecycle.placing import placing
from lso.lifecycle.ports.question import Feasibility
from lso.lifecycle.states import QUALIFICATION_ITEM_MEMBERS, QUALIFICATION_MEMBERS
from lso.lifecycle.step import Change

Document = dict[str, Any]
KIND = "qualification"
WORST = ("unqualified", "alternate", "qualified")
RESULTS = {"high": "qualified", "low": "qualified", "alternate": "alternate", "none": "unqualified"}
Errors = Sequence[Document]


def hopeless(document: Document) -> dict[str, Errors]:
    """What can be seen from the question alone, and was no reason to refuse it at the door: by the id of the item."""
    found: dict[str, list[Document]] = {}
    for one in placing(KIND).examine_later(document):
        item = document["items"][int(one.pointer.split("/")[2])]
        found.setdefault(item["id"], []).append({"code": one.code, "pointer": one.pointer, "reason": one.reason})
    return dict(found)


def open_items(document: Document) -> list[Document]:
    """Items that have not been judged."""
    return [item for item in document["items"] if item.get("state") not in QUALIFICATION_ITEM_MACHINE.ends]


def begin(document: Document, *, at: str) -> Document:
    """Somebody has begun to look."""
    items = [_moved(item, QUALIFICATION_ITEM_MACHINE, QUALIFICATION_ITEM_MEMBERS, "begin", at)
             for item in document["items"]]
    return {**_moved(document, QUALIFICATION_MACHINE, QUALIFICATION_MEMBERS, "begin", at), "items": items}


def judge(document: Document, said: Mapping[str, Feasibility], wrong: Mapping[str, Errors], *, at: str) -> Document:
    """The qualification with what has been found out, by the ids of items; at its end, if that is all.

    wrong: what makes it impossible to judge an item. What was said without a confidence says nothing yet.
    """
    items = []
    for item in document["items"]:
        found = said.get(item["id"])
        if item.get("state") in QUALIFICATION_ITEM_MACHINE.ends:
            items.append(item)
        elif item["id"] in wrong:
            items.append(_item(item, "fail", at) | {"errors": list(wrong[item["id"]])})
        elif wrong:
            items.append(_item(item, "abandon", at))
        elif found is not None and found.confidence is not None:
            items.append(_item(item, "answer", at) | _verdict(document, found))
        else:
            items.append(item)
    judged = {**document, "items": items}
    if any(item.get("state") == "failed" for item in items):
        return _ended(judged, "fail", at)
    if all(item.get("state") == "ready" for item in items):
        return _ended(judged, "answer", at)
    return judged


def give_up(document: Document, *, at: str) -> Document:
    """The time is up; what was judged by then stays so."""
    items = [item if item["state"] in QUALIFICATION_ITEM_MACHINE.ends else _item(item, "abandon", at)
             for item in document["items"]]
    return _ended({**document, "items": items}, "give_up", at)


def changes(before: Document, after: Document, *, at: str) -> tuple[Change, ...]:
    """What subscribers hear of a qualification that is not answered at once (MEF 87 R46)."""
    were = {item["id"]: item["state"] for item in before["items"]}
    told = [Change("qualification_item_state", item["id"], item["state"], at, were[item["id"]])
            for item in after["items"] if item["state"] != were[item["id"]]]
    if before["state"] != after["state"]:
        told.append(Change("qualification_state", None, after["state"], at, before["state"]))
    return tuple(told)


def _verdict(document: Document, said: Feasibility) -> Document:
    """What an item says that has been judged: alternatives only where they are wanted, and nothing is quite right."""
    found: Document = {"confidence": said.confidence}
    if said.reason and document.get("reasons_wanted") is not False:
        found["confidence_reason"] = said.reason
    if said.confidence != "none":
        found |= {name: value for name in ("installation_interval", "guaranteed_until")
                  if (value := getattr(said, name)) is not None}
    if document.get("alternatives_wanted") is True and said.confidence != "high" and said.alternates:
        found["alternatives"] = [
            {"id": f"alternate-{number}", "product": one.product, "installation_interval": one.installation_interval}
            for number, one in enumerate(said.alternates, start=1)]
        found["confidence"] = "alternate" if said.confidence == "none" else said.confidence
    return found


def _ended(document: Document, move: str, at: str) -> Document:
    ended = _moved(document, QUALIFICATION_MACHINE, QUALIFICATION_MEMBERS, move, at) | {"effective_at": at}
    if move == "answer":
        results = {RESULTS[item["confidence"]] for item in document["items"]}
        ended["result"] = next(word for word in WORST if word in results)
        ends = [item.get("guaranteed_until") for item in document["items"]]
        if None not in ends:
            ended["expires_at"] = min(ends)
    return ended


def _item(item: Document, move: str, at: str) -> Document:
    return _moved(item, QUALIFICATION_ITEM_MACHINE, QUALIFICATION_ITEM_MEMBERS, move, at)


def _moved(thing: Document, machine: Machine, members: Mapping[str, tuple[frozenset[str], frozenset[str]]], move: str,
           at: str) -> Document:
    """The thing after a move, without the members that its new state bars. Raises IllegalTransition."""
    state = machine.after(thing.get("state"), move)
    kept = {name: value for name, value in thing.items() if name not in members[state][1]}
    return kept | {"state": state, "history": [*thing.get("history", ()), {"state": state, "at": at}]}


