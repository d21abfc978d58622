"""What may happen to a charge: it is proposed, answered in one go, or times out. Pure; documents in, documents out.

A charge stands for extra cost that came up with an order, or with one of its items (MEF 123 R80-R97). What
follows from its end for the order is decided in `interruption.py`, `cancellation.py` and `delivery_date.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lso.errors import Conflict, Finding, Invalid
from lso.lifecycle.machine import CHARGE_ITEM_MACHINE, CHARGE_MACHINE
from lso.lifecycle.order import instant

Document = dict[str, Any]


class Terms(BaseModel):
    """What was agreed with a tenant about charges: the member `charge` of a profile's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer_seconds: float = Field(5 * 86_400.0, gt=0, le=366 * 86_400.0, description="how long a buyer has to answer")


Result = Literal["accepted", "declined", "blocked"]

VERDICTS = {"accepted": "accept", "declined": "decline"}
MISSING = "Every item of the charge is answered, in one request."
OVER = "The charge waits for no answer any more."
MIXED = "Who declines a blocking item cannot accept one that does not block."


def propose(id: str, order_id: str, items: Sequence[Mapping[str, Any]], *, at: str, answer_within: timedelta,
            item_id: str | None = None, cancellation_id: str | None = None,
            delivery_date_id: str | None = None) -> Document:
    """A new charge on an order, or on one of its items, that waits for the buyer.

    items: canonical charge items as a back end wants them paid: what it leaves out is a new, blocking, non-recurring
    charge. One that a task causes blocks in any case.
    """
    about = {"item_id": item_id, "cancellation_id": cancellation_id, "delivery_date_id": delivery_date_id}
    caused = cancellation_id is not None or delivery_date_id is not None
    usual = {"activity": "new", "blocking": True, "kind": "non_recurring", "category": "other"}
    new = CHARGE_ITEM_MACHINE.after(None, "propose")
    positions = [{**usual, **item, **({"blocking": True} if caused else {}), "id": str(number), "state": new}
                 for number, item in enumerate(items, start=1)]
    due = instant(datetime.fromisoformat(at) + answer_within)
    return {"id": id, "order_id": order_id, **{name: value for name, value in about.items() if value is not None},
            "state": CHARGE_MACHINE.after(None, "propose"), "created_at": at, "response_due_at": due,
            "items": positions}


def answer(charge: Document, verdicts: Sequence[Document], *, at: str, author: str) -> Document:
    """The charge with the buyer's answer: a verdict on each of its items, all at once (R94, R95).

    verdicts: canonical charge items as the buyer sent them: id, verdict, notes. Notes are appended and say who spoke.
    Raises Conflict for a charge that waits for no answer any more, Invalid for an answer that is none.
    """
    if charge.get("state") in CHARGE_MACHINE.ends:
        raise Conflict(OVER)
    state = CHARGE_MACHINE.after(charge.get("state"), "answer")
    due = charge.get("response_due_at")
    if due and datetime.fromisoformat(at) > datetime.fromisoformat(due):
        raise Conflict("The time to answer the charge is over.")
    if findings := _findings(charge, verdicts):
        raise Invalid("The answer to the charge is not complete and consistent.", findings=tuple(findings))
    said = {one["id"]: one for one in verdicts}
    items = [_answered(item, said[item["id"]], at, author) for item in charge["items"]]
    return {**charge, "state": state, "items": items}


def time_out(charge: Document) -> Document:
    """The charge that nobody answered in time: all of it is declined (R96)."""
    state = CHARGE_MACHINE.after(charge.get("state"), "time_out")
    return {**charge, "state": state, "items": [_item(item, "decline") for item in charge["items"]]}


def withdraw(charge: Document) -> Document:
    """The charge that the seller takes back; only while nobody has answered (R97)."""
    state = CHARGE_MACHINE.after(charge.get("state"), "withdraw")
    return {**charge, "state": state, "items": [_item(item, "withdraw") for item in charge["items"]]}


def result(charge: Document) -> Result | None:
    """What came of the charge: blocked when a blocking item was declined, declined when all were; None while it waits.

    A charge that was withdrawn stands in nobody's way and is paid by nobody: declined.
    """
    if charge.get("state") not in CHARGE_MACHINE.ends:
        return None
    if any(item.get("blocking") and item["state"] == "declined" for item in charge["items"]):
        return "blocked"
    return "accepted" if any(item["state"] == "accepted" for item in charge["items"]) else "declined"


def listed(charge: Document) -> bool:
    """Whether the charge is shown on its item or order: not when it was withdrawn or nothing of it is to be paid."""
    return result(charge) is None or any(item["state"] == "accepted" for item in charge["items"])


def _findings(charge: Document, verdicts: Sequence[Document]) -> list[Finding]:
    known, found, seen = {item["id"]: item for item in charge["items"]}, list[Finding](), set[str]()
    for index, one in enumerate(verdicts):
        name = one.get("id")
        if name is None:
            found.append(Finding(f"/items/{index}/id", "missingProperty", "An item is answered by its id."))
        elif name not in known:
            found.append(Finding(f"/items/{index}/id", "referenceNotFound", "The charge has no such item."))
        elif name in seen:
            found.append(Finding(f"/items/{index}/id", "invalidValue", "The item is answered twice."))
        if one.get("verdict") not in VERDICTS:
            code = "missingProperty" if one.get("verdict") is None else "invalidValue"
            found.append(Finding(f"/items/{index}/verdict", code, "An item is accepted or declined."))
        seen.update([name] if name is not None else [])
    if known.keys() - seen:
        found.append(Finding("/items", "missingProperty", MISSING))
    return found or _mixed(known, verdicts, on_item="item_id" in charge)


def _mixed(known: Mapping[str, Document], verdicts: Sequence[Document], *, on_item: bool) -> list[Finding]:
    """On an item the blocking positions decide for the others: what does not block is not wanted without them."""
    blocked = any(known[one["id"]].get("blocking") and one["verdict"] == "declined" for one in verdicts)
    if not (blocked and on_item):
        return []
    return [Finding(f"/items/{index}/verdict", "invalidValue", MIXED) for index, one in enumerate(verdicts)
            if one["verdict"] == "accepted" and not known[one["id"]].get("blocking")]


def _answered(item: Document, said: Document, at: str, author: str) -> Document:
    answered = _item(item, VERDICTS[said["verdict"]]) | {"verdict": said["verdict"]}
    kept = list(item.get("notes") or ())
    known = {note.get("id") for note in kept} - {None}
    new = [{"author": author, "at": at, **note, "side": "buyer"} for note in said.get("notes") or ()
           if note not in kept and note.get("id") not in known]
    return answered | ({"notes": [*kept, *new]} if new else {})


def _item(item: Document, move: str) -> Document:
    return {**item, "state": CHARGE_ITEM_MACHINE.after(item.get("state"), move)}
