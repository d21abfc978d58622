"""Amending a quote. A buyer of TM Forum says by the state that it declines or cancels; it does not accept: an order
that follows the quote does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lso.dialects.amendment import Changed
from lso.errors import Conflict, Finding
from lso.lifecycle.order import instant
from lso.lifecycle.quote import cancel, changes, decline
from lso.service.event import resource_change
from lso.service.resource_amendment import ResourceAmendments
from lso.store import outbox
from lso.store.resource import StoredResource

Document = dict[str, Any]
BY_STATE: Mapping[str, Callable[..., Document]] = {"declined": decline, "cancelled": cancel}
NOT_SO = "a quote is declined or cancelled by its buyer, and accepted by an order that names it"


class QuoteAmendments(ResourceAmendments):
    """Changes to quotes; `Quotes` says whose."""

    def _decided(self, document: Document, changed: Changed, at: str) -> tuple[Document, Document, Document]:
        """Raises Conflict for a state that the buyer does not decide on, or not any more."""
        state = changed.after.get("state")
        before, after = ({name: value for name, value in one.items() if name != "state"}
                         for one in (changed.before, changed.after))
        if state != changed.before.get("state"):
            if (decide := BY_STATE.get(state or "")) is None:
                found = changed.locate(Finding("/state", "invalidValue", NOT_SO))
                raise Conflict("Some of that cannot be changed.", findings=(found,))
            document = decide(document, at=at)
        return document, before, after

    def _told(self, before: StoredResource, after: StoredResource) -> tuple[outbox.Event, ...]:
        moves = changes(before.document, after.document, at=instant(self._clock()))
        return tuple(resource_change(after, change) for change in moves) or super()._told(before, after)
