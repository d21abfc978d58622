"""What may happen to a quote: each decision takes one and returns the next. Pure; states and their members are in
`quote_states.py`, what one item is offered at in `quotation.py`, what the whole comes to in `quote_total.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from lso.lifecycle.machine import QUOTE_ITEM_MACHINE, QUOTE_MACHINE, IllegalTransition
from lso.lifecycle.order import instant
from lso.lifecycle.placing import placing
from lso.lifecycle.ports.question import Quotation
from lso.lifecycle.quotation import another, later
from lso.lifecycle.quote_states import BUDGETARY, ORDERABLE, PRICED, QUOTE_ITEM_MEMBERS, QUOTE_MEMBERS
from lso.lifecycle.quote_total import summed
from lso.lifecycle.step import Change

Document = dict[str, Any]
KIND = "quote"
SILENCE = "No price could be found in time."
TOO_LATE = "It cannot be installed within the interval that was asked for."
Errors = Sequence[Document]


def hopeless(quote: Document) -> dict[str, Errors]:
    """What can be seen from the request alone, and was no reason to refuse it at the door: by the id of the item."""
    found: dict[str, list[Document]] = {}
    for one in placing(KIND).examine_later(quote):
        item = quote["items"][int(one.pointer.split("/")[2])]
        found.setdefault(item["id"], []).append({"code": one.code, "pointer": one.pointer, "reason": one.reason})
    return dict(found)


def open_items(quote: Document) -> list[Document]:
    """Items that have no result yet."""
    return [item for item in quote["items"] if item.get("state") not in QUOTE_ITEM_MACHINE.ends]


def begin(quote: Document, *, at: str, expected_at: str | None = None) -> Document:
    """Somebody has begun to make up prices. expected_at: when they will be there, where that was not said before."""
    if expected_at is not None:
        quote = {"expected_completion_at": expected_at, **quote}
    return _quote({**quote, "items": [_item(item, "begin") for item in quote["items"]]}, "begin", at)


def reject(quote: Document, wrong: Mapping[str, Errors], *, at: str) -> Document:
    """The request turned out to be wrong."""
    return _blamed(quote, wrong, "reject", at)


def impossible(quote: Document, wrong: Mapping[str, Errors], *, at: str) -> Document:
    """The same, where there has to be a result at once: there is no refusing any more."""
    return _blamed(quote, wrong, "give_up", at)


def offer(quote: Document, said: Mapping[str, Quotation], *, at: datetime, valid: timedelta) -> Document:
    """The quote with what is offered, by the ids of items; with its result, if that is all.

    What was said without prices says nothing yet.
    """
    budgetary, now = quote.get("requested_level") == BUDGETARY, instant(at)
    items = [item if item.get("state") in QUOTE_ITEM_MACHINE.ends
             else _offered(item, said.get(item["id"]), budgetary, now)
             for item in quote["items"]]
    return _concluded({**quote, "items": items}, now, at + valid)


def give_up(quote: Document, reason: str = SILENCE, *, at: str) -> Document:
    """There is no result for some items, and there will be none in time (MEF 80, attribute table of the quote)."""
    errors = [{"code": "otherIssue", "reason": reason}]
    items = [item if item.get("state") in QUOTE_ITEM_MACHINE.ends else _item(item, "give_up") | {"errors": errors}
             for item in quote["items"]]
    return _quote({**quote, "items": items}, "give_up", at)


def cancel(quote: Document, *, at: str, reason: str = "") -> Document:
    """The buyer does not want to know any more. Raises IllegalTransition for what is not under way (MEF 115 R53)."""
    return _quote({**quote, "items": _given_up(quote["items"])}, "cancel", at, reason)


def decline(quote: Document, *, at: str, reason: str = "") -> Document:
    """The buyer does not want it. Raises IllegalTransition for what could not be ordered (MEF 115 R54)."""
    if overdue(quote, datetime.fromisoformat(at)):
        raise IllegalTransition("quote", "expired", "decline")
    return _quote(quote, "decline", at, reason)


def accept(quote: Document, *, at: datetime) -> Document:
    """An order follows the quote. Raises IllegalTransition when that cannot be any more."""
    if overdue(quote, at):
        raise IllegalTransition("quote", "expired", "accept")
    return _quote(quote, "accept", instant(at))


def expire(quote: Document, *, at: str) -> Document:
    """Its time is over."""
    return _quote(quote, "expire", at)


def lasting(quote: Document) -> str | None:
    """Until when a quote with a result lasts; None for any other."""
    return quote.get("valid_until") if quote.get("state") in PRICED else None


def overdue(quote: Document, at: datetime) -> bool:
    """Whether its time is over, whatever its state says."""
    until = lasting(quote)
    return until is not None and datetime.fromisoformat(until) <= at


def changes(before: Document, after: Document, *, at: str) -> tuple[Change, ...]:
    """What subscribers hear: a quote's beginning before its items', its end after theirs."""
    were = {item["id"]: item.get("state") for item in before["items"]}
    items = [Change("quote_item_state", item["id"], item["state"], at, were[item["id"]])
             for item in after["items"] if item["state"] != were[item["id"]]]
    if before.get("state") == after["state"]:
        return tuple(items)
    whole = Change("quote_state", None, after["state"], at, before.get("state"))
    return (whole, *items) if after["state"] in ("in_progress", "draft") else (*items, whole)


def _offered(item: Document, said: Quotation | None, budgetary: bool, at: str) -> Document:
    if said is None or (said.refused is None and not said.prices):
        return item
    reason = said.refused
    if reason is None and budgetary and later(said.interval, item.get("requested_interval")):
        reason = TOO_LATE  # MEF 80 R47; a firm quote has a word for it
    if reason is not None:
        return _item(item, "give_up") | {"errors": [{"code": "otherIssue", "reason": reason}]}
    priced = {**item, "prices": list(said.prices)}
    if said.terms:
        priced["terms"] = list(said.terms)
    if said.interval is not None:
        priced["interval"] = said.interval
    if not budgetary:
        priced["subject_to_feasibility"] = said.subject_to_feasibility
    notes = priced.get("notes", ())
    if said.source and (not notes or all(note.get("text") != said.source for note in notes)):
        note = {"id": f"seller-{len(notes) + 1}", "author": "seller", "at": at, "side": "seller", "text": said.source}
        priced["notes"] = [*notes, note]
    if said.draft:
        return priced if item.get("state") == "draft" or budgetary else _settled(priced, "publish")
    if budgetary:
        return _settled(priced, "answer")
    alternate = another(said.terms, item.get("requested_term")) or later(said.interval, item.get("requested_interval"))
    return _settled(priced, "approve_alternate" if alternate else "approve")


def _concluded(quote: Document, at: str, valid_until: datetime) -> Document:
    states = {item.get("state") for item in quote["items"]}
    if "unable_to_provide" in states:
        return _quote({**quote, "items": _given_up(quote["items"])}, "give_up", at)
    if "draft" in states and states <= {"draft", *ORDERABLE}:
        published = quote if quote["state"] == "draft" else _quote(quote, "publish", at)
        return published | summed(published)
    if not states <= PRICED:
        return quote
    move = ("answer" if "answered" in states else
            "approve_alternate" if "orderable_alternate" in states else "approve")
    result = _quote(quote, move, at)
    result |= summed(result)
    result["valid_until"] = instant(valid_until)
    return result


def _blamed(quote: Document, wrong: Mapping[str, Errors], move: str, at: str) -> Document:
    items = [_item(item, move) | {"errors": list(wrong[item["id"]])} if item["id"] in wrong
             else _item(item, "abandon") for item in quote["items"]]
    return _quote({**quote, "items": items}, move, at)


def _given_up(items: Iterable[Document]) -> list[Document]:
    return [item if item.get("state") in QUOTE_ITEM_MACHINE.ends else _item(item, "abandon") for item in items]


def _item(item: Document, move: str) -> Document:
    return _settled(dict(item), move)


def _settled(fresh: Document, move: str) -> Document:
    """An item that nobody else has yet, moved."""
    state = QUOTE_ITEM_MACHINE.after(fresh.get("state"), move)
    for name in QUOTE_ITEM_MEMBERS[state][1]:
        fresh.pop(name, None)
    fresh["state"] = state
    return fresh


def _quote(quote: Document, move: str, at: str, reason: str = "") -> Document:
    state = QUOTE_MACHINE.after(quote.get("state"), move)
    needed, barred = QUOTE_MEMBERS[state]
    moved = dict(quote)
    for name in barred:
        moved.pop(name, None)
    entry = {"state": state, "at": at}
    if reason:
        entry["reason"] = reason
    moved["state"] = state
    moved["history"] = [*moved.get("history", ()), entry]
    if "completed_at" in needed:
        moved.setdefault("completed_at", at)
    return moved
