"""The pretend network in this process: the decisions of network.py over the memory of state.py.

Time passes lazily: what is due is settled when somebody looks. Also behind `lso sandbox`, which only adds HTTP.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from lso.backends.sandbox.network import Instruction, Situation, accept, advance, failure_of, infeasible
from lso.backends.sandbox.rules import Failure, Place, Rules, packaged_rules, place_ids
from lso.backends.sandbox.state import Entry, State
from lso.errors import Conflict, UpstreamError
from lso.lifecycle.ports import Progress, ServiceRequest

CHANGING = {"requested_completion_at", "asked_at", "their_id"}
ENDINGS = {"add": "activated", "modify": "changed", "delete": "ceased"}


class Sandbox:
    """A back end (lifecycle.ports.BackEnd). only_listed: places and services nobody described do not exist."""

    def __init__(self, path: Path | str, *, lead_seconds: float, rules: Rules | None = None,
                 only_listed: bool = False) -> None:
        self._state = State(path)
        self._lead_seconds = lead_seconds
        self._rules = rules or packaged_rules()
        self._only_listed = only_listed

    def close(self) -> None:
        """Give the state back."""
        self._state.close()

    def feasible(self, request: ServiceRequest) -> str | None:
        """Why the network would not do this; None when it would."""
        with self._state.transaction():
            situation = self._situation(request)
            return infeasible(request, situation, failure_of(request, situation, self._rules),
                              self._rules.need(request.product))

    def submit(self, request: ServiceRequest) -> Progress:
        """Begin once; every later call with the same external id tells how far it is."""
        now = time.time()
        with self._state.transaction():
            self._state.write(now, request.external_id, "", "submitted")
            answer = self._answer(request, now)
        if isinstance(answer, Progress):
            return answer
        if answer.behaviour == "forget_answer":
            time.sleep(answer.amount)
        raise UpstreamError(answer.reason, timed_out=answer.behaviour == "forget_answer")

    def look(self, request: ServiceRequest) -> Progress | None:
        """How far it is; None for what was never asked."""
        return self.find(request.external_id)

    def find(self, external_id: str) -> Progress | None:
        """The same, by the external id alone."""
        now = time.time()
        with self._state.transaction():
            known = self._state.instruction(external_id)
            return self._settle(known, now).progress(now) if known else None

    def ledger(self, external_id: str | None = None) -> tuple[Entry, ...]:
        """What was asked and what came of it, up to now."""
        now = time.time()
        with self._state.transaction():
            for instruction in self._state.working(now):
                self._settle(instruction, now)
            return self._state.ledger(external_id)

    def keep_places(self, places: Iterable[Place]) -> None:
        """Describe places: room, lead time, failures on demand."""
        with self._state.transaction():
            for place in places:
                self._state.keep_place(place)

    def usual(self, place_id: str) -> Place:
        """What a place is like that nobody described, to be changed and given to keep_places."""
        return self._rules.usual(place_id)

    def _answer(self, request: ServiceRequest, now: float) -> Progress | Failure:
        """What a submission comes to: progress, or no answer at all."""
        if known := self._state.instruction(request.external_id):
            if known.fingerprint != _fingerprint(request):
                raise Conflict("The external id stands for another request.")
            return self._settle(known, now).progress(now)
        situation = self._situation(request)
        failure = failure_of(request, situation, self._rules)
        if (failure and failure.behaviour == "unavailable"
                and self._state.attempt(request.external_id) < failure.amount):
            return failure
        instruction = accept(
            request, situation, failure, self._rules.need(request.product), fingerprint=_fingerprint(request),
            service_id=_service_id(request), now=now, lead_seconds=self._lead_seconds)
        self._begin(instruction, now)
        if failure and failure.behaviour == "forget_answer":
            return failure
        return self._settle(instruction, now).progress(now)

    def _situation(self, request: ServiceRequest) -> Situation:
        service_id = _service_id(request)
        known = request.action == "add" or self._state.service_exists(service_id)
        names = place_ids(request.product) or self._state.service_places(service_id)
        places = {name: self._state.place(name) for name in names}
        return Situation(
            rooms=tuple(self._state.room(place or self._rules.usual(name), service_id)
                        for name, place in places.items()),
            missing=tuple(name for name, place in places.items() if place is None) if self._only_listed else (),
            exists=known or not self._only_listed,
            strangers=tuple(other for other in request.depends_on if not self._state.service_exists(other)),
        )

    def _begin(self, instruction: Instruction, now: float) -> None:
        self._state.keep_instruction(instruction)
        entry = "refused" if instruction.state == "refused" else "accepted"
        self._state.write(now, instruction.external_id, instruction.service_id, entry)
        if entry == "accepted" and instruction.action == "add":
            self._state.keep_service(instruction.service_id, "building", instruction.need, instruction.places)

    def _settle(self, instruction: Instruction, now: float) -> Instruction:
        """Bring it up to the present; its effect happens, and is written down, once."""
        later = advance(instruction, now)
        if later.state == instruction.state:
            return instruction
        self._state.keep_instruction(later)
        service_id = later.service_id
        if later.state == "done" and later.action != "delete":
            self._state.keep_service(service_id, "active", later.need, later.places)
        elif later.state == "done" or later.action == "add":
            self._state.drop_service(service_id)
        self._state.write(now, later.external_id, service_id,
                          ENDINGS[later.action] if later.state == "done" else "failed")
        return later


def _fingerprint(request: ServiceRequest) -> str:
    """The same for the same request; the wish for a date may change, and what we remember of asking."""
    said = {name: value for name, value in asdict(request).items() if name not in CHANGING}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _service_id(request: ServiceRequest) -> str:
    """The service that a request is about; one made for an add depends on nothing but the external id."""
    if request.action == "add":
        return f"svc-{uuid.uuid5(uuid.NAMESPACE_URL, request.external_id)}"
    return request.service_id or f"found-{request.product.get('id')}"
