"""The states of an order, of its items and of what is asked about them, and the moves between: MEF 123 as tables.

Two rules for this file:
(1) Data only. Who decides on a move, and what else it changes, is in `order.py`, `charge.py`, `cancellation.py` and
    `delivery_date.py`; how to obey a table, in `machine.py`.
(2) A move that is not in a table does not exist: whoever asks for it has a bug, and is told before anything is written.

Theory of operation
-------------------
An order is `acknowledged` when the door has accepted it. What the door cannot know (feasibility, capacity) is decided
next: either every item can be done and order and items go `in_progress`, or none is begun. Then the order is
`rejected`, an item that cannot be done is `rejected` with its errors, an item that was looked at and fine is
`rejected_validated`, and one nobody came to look at is `rejected_unassessed`.

While items are worked on the order stays `in_progress`. Its end follows from its items once all of them have ended:
`completed`, `failed`, or `partial` when there are some of each.

Three things may interrupt the work. A charge: the item is `held` and the order `assessing_charge`. A modification of a
date: the item is `pending` and the order `assessing_modification`. A cancellation: all items are `pending` and the
order `assessing_cancellation`; if it is granted the order is `cancelling`, its items `cancelled`, and at last the order
is `cancelled` too. A seller may cancel without being asked.

An order knows two more words, `pending` and `held` (and an item `assessing_cancellation` and `cancelling`): TM Forum
has them for waits that MEF does not name. Nothing here moves there; a MEF buyer would see `inProgress` (an item:
`pending`, `cancelled`).

An item may be told to fail while it is `pending` (MEF 123, item diagram), and while it is `held`, when its buyer
declines a blocking charge or does not answer in time.

A task (a cancellation, a change of a date) is `acknowledged` when it came in and `in_progress` while back ends are
asked, which MEF does not tell apart. It is refused (`rejected`), or done at once, or it has a price: then its end
hangs on the answer to a charge, and a no or silence is its `declined`.

A charge waits for one answer to all of its items. What nobody answers in time is declined; what was accepted stays so.

A qualification (MEF 87 section 6.3) that has to be answered at once is never seen but at its end. Any other is
`acknowledged`, then `in_progress` until all items have been judged: `ready`, however they were judged. One item that
cannot be judged for what the buyer said of it fails the whole, and leaves the others `abandoned`; so does the day until
which the buyer wanted to know, when it comes too early. A query, which has no items to be judged, goes the same way.
"""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[str, Mapping[str, str]]

ORDER: Table = {
    "": {"acknowledge": "acknowledged"},
    "acknowledged": {"begin": "in_progress", "reject": "rejected"},
    "in_progress": {
        "complete": "completed",
        "fail": "failed",
        "end_in_parts": "partial",
        "assess_charge": "assessing_charge",
        "assess_modification": "assessing_modification",
        "assess_cancellation": "assessing_cancellation",
        "cancel": "cancelling",
    },
    "assessing_charge": {"resume": "in_progress"},
    "assessing_modification": {"resume": "in_progress"},
    "assessing_cancellation": {"resume": "in_progress", "cancel": "cancelling"},
    "cancelling": {"finish_cancelling": "cancelled"},
    "cancelled": {},
    "completed": {},
    "partial": {},
    "failed": {},
    "rejected": {},
}

ITEM: Table = {
    "": {"acknowledge": "acknowledged"},
    "acknowledged": {
        "begin": "in_progress",
        "reject": "rejected",
        "pass_over": "rejected_validated",
        "leave": "rejected_unassessed",
    },
    "in_progress": {"complete": "completed", "fail": "failed", "hold": "held", "suspend": "pending"},
    "held": {"resume": "in_progress", "fail": "failed"},
    "pending": {"resume": "in_progress", "cancel": "cancelled", "fail": "failed"},
    "cancelled": {},
    "completed": {},
    "failed": {},
    "rejected": {},
    "rejected_validated": {},
    "rejected_unassessed": {},
}

TASK: Table = {
    "": {"acknowledge": "acknowledged"},
    "acknowledged": {"assess": "in_progress", "reject": "rejected"},
    "in_progress": {"ask_charge": "assessing_charge", "finish": "done", "reject": "rejected"},
    "assessing_charge": {"finish": "done", "decline": "declined"},
    "done": {},
    "declined": {},
    "rejected": {},
}

CHARGE: Table = {
    "": {"propose": "awaiting_response"},
    "awaiting_response": {"answer": "completed", "time_out": "timed_out", "withdraw": "withdrawn"},
    "completed": {},
    "timed_out": {},
    "withdrawn": {},
}

CHARGE_ITEM: Table = {
    "": {"propose": "awaiting_response"},
    "awaiting_response": {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn"},
    "accepted": {},
    "declined": {},
    "withdrawn": {},
}

QUALIFICATION: Table = {
    "": {"acknowledge": "acknowledged", "answer": "ready", "fail": "failed"},
    "acknowledged": {"begin": "in_progress"},
    "in_progress": {"answer": "ready", "fail": "failed", "give_up": "unable_to_provide"},
    "ready": {},
    "failed": {},
    "unable_to_provide": {},
}

QUALIFICATION_ITEM: Table = {
    "": {"acknowledge": "acknowledged", "answer": "ready", "fail": "failed", "abandon": "abandoned"},
    "acknowledged": {"begin": "in_progress"},
    "in_progress": {"answer": "ready", "fail": "failed", "abandon": "abandoned"},
    "ready": {},
    "failed": {},
    "abandoned": {},
}

# Which members an item must have, and must not have, by its state: MEF 123 R27-R29, R46-R49 and table 11. Where table
# 11 demands an expected completion date of a cancelled or failed item, R27 and R47 forbid it: the numbered rules win.
ITEM_MEMBERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    state: (frozenset({"state", "history"} | set(needed)), frozenset(barred))
    for state, needed, barred in (
        ("acknowledged", (), ("completed_at", "errors")),
        ("in_progress", ("expected_completion_at",), ("completed_at", "errors")),
        ("held", ("expected_completion_at",), ("completed_at", "errors")),
        ("pending", ("expected_completion_at",), ("completed_at", "errors")),
        ("completed", ("expected_completion_at", "completed_at"), ("errors",)),
        ("cancelled", (), ("expected_completion_at", "completed_at", "errors")),
        ("failed", ("errors",), ("expected_completion_at", "completed_at")),
        ("rejected", ("errors",), ("expected_completion_at", "completed_at")),
        ("rejected_validated", (), ("expected_completion_at", "completed_at", "errors")),
        ("rejected_unassessed", (), ("expected_completion_at", "completed_at", "errors")),
    )
}

# The same for the order: MEF 123 table 10. The moment of completion is the one at which all items had ended.
ORDER_MEMBERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    state: (frozenset({"id", "ordered_at", "state", "history", "contacts"} | set(needed)), frozenset(barred))
    for state, needed, barred in (
        ("acknowledged", (), ("completed_at", "cancelled_at")),
        ("in_progress", (), ("completed_at", "cancelled_at")),
        ("assessing_charge", (), ("completed_at", "cancelled_at")),
        ("assessing_modification", (), ("completed_at", "cancelled_at")),
        ("assessing_cancellation", (), ("completed_at", "cancelled_at")),
        ("cancelling", (), ("completed_at", "cancelled_at")),
        ("cancelled", ("completed_at", "cancelled_at", "cancellation_reason"), ()),
        ("completed", ("completed_at",), ("cancelled_at",)),
        ("partial", ("completed_at",), ("cancelled_at",)),
        ("failed", ("completed_at",), ("cancelled_at",)),
        ("rejected", ("completed_at",), ("cancelled_at",)),
    )
}

# Items of qualifications: MEF 87 R9, R10, R28-R31. That a colour better than red needs an interval, and alternatives a
# colour worse than green, is for who judges.
_VERDICT = ("confidence", "confidence_reason", "installation_interval", "guaranteed_until", "alternatives")
QUALIFICATION_ITEM_MEMBERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    state: (frozenset({"state", "history"} | set(needed)), frozenset(barred))
    for state, needed, barred in (
        ("acknowledged", (), (*_VERDICT, "errors")),
        ("in_progress", (), (*_VERDICT, "errors")),
        ("ready", ("confidence",), ("errors",)),
        ("failed", ("errors",), _VERDICT),
        ("abandoned", (), (*_VERDICT, "errors")),
    )
}

# Qualifications: MEF 87 R24-R26 and table 5; the result is TM Forum's. Queries have no history and no result.
_LATER = ("effective_at", "expires_at", "result")
QUALIFICATION_MEMBERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    state: (frozenset({"id", "state", "history", "contacts"} | set(needed)), frozenset(barred))
    for state, needed, barred in (
        ("acknowledged", (), _LATER),
        ("in_progress", (), _LATER),
        ("ready", ("effective_at", "result"), ("expected_completion_at",)),
        ("failed", ("effective_at",), ("expected_completion_at", "expires_at", "result")),
        ("unable_to_provide", ("effective_at",), ("expected_completion_at", "expires_at", "result")),
    )
}
