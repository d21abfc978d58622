"""The states of a quote and of its items, and the moves between: MEF 115 sections 6.1.5 and 6.2.5 as tables. The rules
of `states.py` hold here too; who decides is in `quote.py`.

Theory of operation
-------------------
A quote that has to be there at once is never seen but with its result. Any other is `acknowledged`, then `in_progress`
while prices are made up, perhaps with a `draft` of them that may still change. Its result follows from its items, once
all of them have one: a firm quote is `orderable`, or `orderable_alternate` when term or interval of an item are not as
wished; a budgetary one is `answered`. One item that cannot be quoted makes the whole `unable_to_provide`, and so does
the day by which the buyer wanted to know. A request that turns out to be wrong is `rejected`: the item that is wrong
likewise, the others are `abandoned`.

The buyer may cancel what is under way and decline what could be ordered. An order that follows the quote makes it
`accepted`; nobody else does. What nobody has ordered by `valid_until` is `expired`. None of these touches the items.

TM Forum's `pending` is a word that is read and shown; nothing here moves there.
"""

from __future__ import annotations

from collections.abc import Mapping

from lso.lifecycle.states import Table

_RESULTS = {"approve": "orderable", "approve_alternate": "orderable_alternate", "give_up": "unable_to_provide"}
_AFTER = {"accept": "accepted", "decline": "declined", "expire": "expired"}

QUOTE: Table = {
    "": {"acknowledge": "acknowledged", **_RESULTS, "answer": "answered"},
    "acknowledged": {"begin": "in_progress", "reject": "rejected"},
    "in_progress": {"publish": "draft", **_RESULTS, "answer": "answered", "cancel": "cancelled"},
    "draft": {**_RESULTS, "cancel": "cancelled"},
    "answered": {"expire": "expired"},
    "orderable": _AFTER,
    "orderable_alternate": _AFTER,
    "accepted": {},
    "declined": {},
    "cancelled": {},
    "expired": {},
    "rejected": {},
    "unable_to_provide": {},
}

QUOTE_ITEM: Table = {
    "": {"acknowledge": "acknowledged", **_RESULTS, "answer": "answered", "abandon": "abandoned"},
    "acknowledged": {"begin": "in_progress", "reject": "rejected", "abandon": "abandoned"},
    "in_progress": {"publish": "draft", **_RESULTS, "answer": "answered", "abandon": "abandoned"},
    "draft": {**_RESULTS, "abandon": "abandoned"},
    "answered": {},
    "orderable": {},
    "orderable_alternate": {},
    "rejected": {},
    "abandoned": {},
    "unable_to_provide": {},
}

BUDGETARY = "budgetary"
PRICED = frozenset({"answered", "orderable", "orderable_alternate"})
ORDERABLE = frozenset({"orderable", "orderable_alternate"})

# Which states its items may have while a quote has one: MEF 80 tables 38 and 39 (the guide's own are out of date). The
# third says of which there is one at least.
_UNDER_WAY = ("in_progress", "draft", *sorted(PRICED))
ITEM_STATES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    state: (frozenset(allowed), frozenset(some))
    for state, allowed, some in (
        ("acknowledged", ("acknowledged",), ("acknowledged",)),
        ("in_progress", _UNDER_WAY, ("in_progress",)),
        ("draft", ("draft", "orderable", "orderable_alternate"), ("draft",)),
        ("answered", ("answered",), ("answered",)),
        ("orderable", ("orderable",), ("orderable",)),
        ("orderable_alternate", ("orderable", "orderable_alternate"), ("orderable_alternate",)),
        ("accepted", ("orderable", "orderable_alternate"), ()),
        ("declined", ("orderable", "orderable_alternate"), ()),
        ("expired", sorted(PRICED), ()),
        ("cancelled", ("abandoned", *sorted(PRICED)), ()),
        ("rejected", ("rejected", "abandoned"), ("rejected",)),
        ("unable_to_provide", ("unable_to_provide", "abandoned", *sorted(PRICED)), ("unable_to_provide",)),
    )
}

# Which members a quote must have and must not have, by its state: MEF 115 tables 5 to 8. What they leave blank for a
# state that comes later (when an accepted quote was completed) stays as it was.
_KNOWN = ("id", "state", "history", "quoted_at", "contacts")
QUOTE_MEMBERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    state: (frozenset((*_KNOWN, *needed)), frozenset(barred))
    for state, needed, barred in (
        ("acknowledged", (), ("completed_at", "valid_until", "total_prices")),
        ("in_progress", ("expected_completion_at",), ("completed_at", "valid_until", "total_prices")),
        ("draft", ("expected_completion_at", "level"), ("completed_at", "valid_until")),
        ("answered", ("completed_at", "valid_until", "level"), ()),
        ("orderable", ("completed_at", "valid_until", "level"), ()),
        ("orderable_alternate", ("completed_at", "valid_until", "level"), ()),
        ("accepted", ("level",), ()),
        ("declined", ("level",), ()),
        ("expired", ("level",), ()),
        ("cancelled", ("completed_at",), ("valid_until", "total_prices")),
        ("rejected", (), ("completed_at", "valid_until", "total_prices")),
        ("unable_to_provide", ("completed_at",), ("valid_until", "total_prices")),
    )
}

# The same of items; whether prices are subject to feasibility is said of firm ones alone.
_OFFER = ("prices", "terms", "interval", "subject_to_feasibility")
QUOTE_ITEM_MEMBERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    state: (frozenset(("state", *needed)), frozenset(barred))
    for state, needed, barred in (
        ("acknowledged", (), (*_OFFER, "errors")),
        ("in_progress", (), (*_OFFER, "errors")),
        ("draft", ("prices",), ("errors",)),
        ("answered", ("prices",), ("errors", "subject_to_feasibility")),
        ("orderable", ("prices", "subject_to_feasibility"), ("errors",)),
        ("orderable_alternate", ("prices", "subject_to_feasibility"), ("errors",)),
        ("rejected", ("errors",), _OFFER),
        ("abandoned", (), (*_OFFER, "errors")),
        ("unable_to_provide", ("errors",), _OFFER),
    )
}
