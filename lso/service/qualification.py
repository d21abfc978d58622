"""Qualifications and queries: placed, looked up and listed as all resources are, amended and removed where a dialect
can do that; what is wanted at once is answered at the door.

Back ends are asked outside of any transaction and of the event loop, and not for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol, cast

from lso.canonical.event import EventKind
from lso.canonical.tenant import Caller
from lso.dialects.amendment import Patch, Validate
from lso.dialects.edition import Edition
from lso.errors import Conflict, Finding, Invalid, UpstreamError
from lso.lifecycle.inquiry import INQUIRIES
from lso.lifecycle.order import instant
from lso.lifecycle.placing import placing
from lso.lifecycle.ports.question import Feasibility
from lso.lifecycle.rules import catalogue
from lso.service import draft as drafts
from lso.service.agreement import promises_of
from lso.service.amendment import Amended
from lso.service.asking import Ask, AtHand, asked, nobody_at_hand
from lso.service.draft import Draft
from lso.service.removal import remove_resource
from lso.service.resource import Resources
from lso.service.resource_amendment import ResourceAmendments
from lso.store.resource import StoredResource

Document = dict[str, Any]
LATER = Finding("/instant", "otherIssue", "the answer takes longer; ask without wanting it at once")


class Surveyed(Protocol):
    """What back ends said, by the ids of items; error: why some could not be asked."""

    @property
    def said(self) -> Mapping[str, Feasibility]:
        """Answers."""

    @property
    def error(self) -> UpstreamError | None:
        """What went wrong."""


class Qualifications(Resources):
    """The service of one kind of question. survey: who asks the back ends."""

    def __init__(self, kind: str, *parts: Any, survey: Ask[Surveyed], at_hand: AtHand = nobody_at_hand,
                 **more: Any) -> None:
        super().__init__(kind, *parts, **more)
        self._survey = survey
        self._at_hand = at_hand
        self._inquiry = INQUIRIES[kind]
        self._amendments = ResourceAmendments(kind, self._store, self._book, self._waker, self._clock,
                                              self._agreements)

    async def amend(self, caller: Caller, edition: Edition, id: str, patch: Patch,
                    validate: Validate) -> Amended[StoredResource]:
        """The question with a patch applied to what the caller sees of it, and kept, as long as it has no answer."""
        stored = await self.retrieve(caller, edition, id)
        return await self._amendments.amend(caller, edition, stored, patch, validate)

    async def remove(self, caller: Caller, edition: Edition, id: str) -> None:
        """Keep a question no longer; Conflict before it has its answer."""
        stored = await self.retrieve(caller, edition, id)
        if not placing(self.kind).ended(stored.document):
            raise Conflict("There is no answer yet.")
        kind = cast(EventKind, f"{self.kind}_deleted")
        await remove_resource(self._store, stored, kind, self._clock())
        self._waker.wake_deliveries()

    async def _opened(self, caller: Caller, draft: Draft, stored: StoredResource) -> StoredResource:
        """Answered, where it is wanted at once; else with the moment at which there will be an answer.

        Raises Invalid when there is none yet, UpstreamError when a back end does not answer (MEF 87 R16, R24). What can
        be seen from the question alone was refused by the rules, where these hold for a dialect at the door.
        """
        document = stored.document
        if document.get("instant") is not True:
            expected = self._clock() + timedelta(seconds=promises_of(caller.profile).expected_seconds)
            return stored.saying(document | {"expected_completion_at": instant(expected)})
        wrong = self._inquiry.hopeless(document) if catalogue().completes(draft.edition.dialect) else {}
        items = self._inquiry.asks(document, self._agreements.of(caller.profile).known_to(draft.edition, {}))
        said: Mapping[str, Feasibility] = {} if wrong else await self._said(caller, stored, items)
        judged = self._inquiry.judge(document, said, wrong, items, instant(self._clock()))
        if "state" not in judged:
            raise Invalid("The request cannot be answered at once.", findings=(drafts.locate(draft, LATER),))
        return stored.saying(judged)

    async def _said(self, caller: Caller, stored: StoredResource,
                    items: Sequence[Document]) -> Mapping[str, Feasibility]:
        try:
            surveyed = await asked(self._survey, self._at_hand, stored, caller.profile, items)
        except TimeoutError:
            raise UpstreamError("The back ends do not answer in time.", timed_out=True) from None
        if surveyed.error is not None:
            raise surveyed.error
        return surveyed.said
