"""Charges: looked up and listed as all resources are, and answered by the buyer. Nobody places one from outside."""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.edition import Edition
from lso.errors import Finding, Invalid
from lso.lifecycle.charge import answer
from lso.lifecycle.order import instant
from lso.service.draft import distinct
from lso.service.event import resource_event
from lso.service.resource import Resources, traced
from lso.store import job, outbox
from lso.store import resource as resources
from lso.store.resource import StoredResource

Document = dict[str, Any]


class Charges(Resources):
    """The service."""

    async def answer(self, caller: Caller, edition: Edition, id: str, document: Document,
                     findings: tuple[Finding, ...]) -> StoredResource:
        """The charge with the buyer's verdicts, kept with its event and the job that draws the conclusion.

        findings: what the door has found against the schema. Raises Invalid for what is no answer, Conflict where none
        is awaited any more.
        """
        charge = await self.retrieve(caller, edition, id)
        name = face.mapping_name(edition, resource=self.kind)
        told = face.read(self._book, edition, document, resource=self.kind)
        if wrong := distinct(findings, told.findings):
            raise Invalid("The answer cannot be read.", findings=wrong)
        now = self._clock()
        try:
            answered = answer(charge.document, told.document["items"], at=instant(now), author=caller.client)
        except Invalid as refused:
            mapping = self._book.mapping(name)
            found = tuple(one._replace(pointer=mapping.locate(one.pointer, ours=told.document, theirs=document))
                          for one in refused.findings)
            raise Invalid(refused.reason, findings=found) from None
        payload = traced()
        event = resource_event(charge, "charge_state", at=instant(now), state=answered["state"],
                               previous=charge.document["state"])

        def work(connection: Connection) -> tuple[StoredResource, str]:
            kept = resources.replace(connection, dataclasses.replace(charge, document=answered), charge.version)
            outbox.add(connection, event)
            return kept, job.add(connection, kept.tenant, self.kind, kept.id, due_at=now.timestamp(),
                                 payload=payload)

        kept, job_id = await self._store.commit(work)
        self._waker.wake((job_id,))
        self._waker.wake_deliveries()
        return kept
