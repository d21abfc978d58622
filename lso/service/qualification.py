"""Qualifications: placed, looked up and listed as all resources are; one that is wanted at once is judged at the door.

Back ends are asked outside of any transaction and of the event loop, and not for ever.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Protocol

from lso.canonical.tenant import Caller, Profile
from lso.errors import Finding, Invalid, UpstreamError
from lso.lifecycle.order import instant
from lso.lifecycle.ports import Feasibility
from lso.lifecycle.qualification import KIND, hopeless, judge, open_items, unseen
from lso.service import draft as drafts
from lso.service.agreement import promises_of
from lso.service.draft import Draft
from lso.service.resource import Resources
from lso.store.resource import StoredResource

Document = dict[str, Any]
AT_ONCE_SECONDS = 20.0
LATER = Finding("/instant", "otherIssue", "the answer takes longer; ask without wanting it at once")


class Surveyed(Protocol):
    """What back ends said, by the ids of items; error: why some could not be asked."""

    @property
    def said(self) -> Mapping[str, Feasibility]:
        """Answers."""

    @property
    def error(self) -> UpstreamError | None:
        """What went wrong."""


Survey = Callable[[StoredResource, Profile, Iterable[Document]], Surveyed]
"""Asks the back ends about items; blocks."""


class Qualifications(Resources):
    """The service. survey: who asks; set once, by whoever puts the process together."""

    def __init__(self, *parts: Any, survey: Survey, **more: Any) -> None:
        super().__init__(KIND, *parts, **more)
        self._survey = survey

    async def _opened(self, caller: Caller, draft: Draft, stored: StoredResource) -> StoredResource:
        """Judged, where it is wanted at once; else with the moment at which there will be a verdict.

        Raises Invalid when there is none yet, UpstreamError when a back end does not answer (MEF 87 R16, R24).
        """
        document = stored.document
        if document.get("instant") is not True:
            expected = self._clock() + timedelta(seconds=promises_of(caller.profile).expected_seconds)
            return dataclasses.replace(stored, document=document | {"expected_completion_at": instant(expected)})
        fresh = unseen(document)
        wrong = hopeless(document)
        said: Mapping[str, Feasibility] = {} if wrong else await self._said(caller, stored)
        judged = judge(fresh, said, wrong, at=instant(self._clock()))
        if "state" not in judged:
            raise Invalid("The request cannot be answered at once.", findings=(drafts.locate(draft, LATER),))
        return dataclasses.replace(stored, document=judged)

    async def _said(self, caller: Caller, stored: StoredResource) -> Mapping[str, Feasibility]:
        asking = asyncio.to_thread(self._survey, stored, caller.profile, open_items(stored.document))
        try:
            surveyed = await asyncio.wait_for(asking, AT_ONCE_SECONDS)
        except TimeoutError:
            raise UpstreamError("The back ends do not answer in time.", timed_out=True) from None
        if surveyed.error is not None:
            raise surveyed.error
        return surveyed.said
