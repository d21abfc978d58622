"""The kinds of questions that come before an order, and how each becomes an answer: what back ends are asked, and what
follows from what they say. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lso.lifecycle import qualification
from lso.lifecycle import qualification_query as query
from lso.lifecycle.known import Known
from lso.lifecycle.ports.question import Feasibility
from lso.lifecycle.step import Change

Document = dict[str, Any]
Errors = Sequence[Document]


Said = Mapping[str, Feasibility]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One kind; moments are the last argument of all that need one.

    hopeless: what makes it impossible to answer, as far as it can be seen from the question alone, by items.
    asks: the items that back ends are to be asked about, given what is known of the buyer.
    judge: question, what was said by the ids of what was asked, what is hopeless, and what was asked; gives the
        question with what has been found out, at its end if that is all.
    changes: what subscribers hear.
    """

    hopeless: Callable[[Document], Mapping[str, Errors]]
    asks: Callable[[Document, Known], Sequence[Document]]
    begin: Callable[[Document, str], Document]
    judge: Callable[[Document, Said, Mapping[str, Errors], Sequence[Document], str], Document]
    give_up: Callable[[Document, str], Document]
    changes: Callable[[Document, Document, str], tuple[Change, ...]]


INQUIRIES: Mapping[str, Inquiry] = {
    qualification.KIND: Inquiry(
        hopeless=qualification.hopeless,
        asks=lambda document, _known: qualification.open_items(document),
        begin=lambda document, at: qualification.begin(document, at=at),
        judge=lambda document, said, wrong, _asked, at: qualification.judge(document, said, wrong, at=at),
        give_up=lambda document, at: qualification.give_up(document, at=at),
        changes=lambda before, after, at: qualification.changes(before, after, at=at),
    ),
    query.KIND: Inquiry(
        hopeless=lambda _document: {},
        asks=query.candidates,
        begin=lambda document, _at: query.begin(document),
        judge=lambda document, said, _wrong, asked, at: query.answer(document, said, asked, at=at),
        give_up=lambda document, at: query.give_up(document, at=at),
        changes=lambda before, after, at: query.changes(before, after, at=at),
    ),
}
