"""The pretend network in this process: the decisions of network.py over the memory of state.py.

Time passes lazily: what is due is settled when somebody looks. Also behind `lso sandbox`, which only adds HTTP.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from lso.backends.sandbox import effect, terms
from lso.backends.sandbox.identity import fingerprint_of, service_id_of
from lso.backends.sandbox.network import (
    Instruction,
    Room,
    Situation,
    accept,
    cancelled,
    failure_of,
    infeasible,
    tombstone,
)
from lso.backends.sandbox.pricing import quote
from lso.backends.sandbox.readings import Readings
from lso.backends.sandbox.rules import Failure, Place, Reading, Rules, packaged_rules, place_ids
from lso.backends.sandbox.state import Entry, State
from lso.backends.sandbox.survey import refusal, survey
from lso.errors import Conflict, UpstreamError
from lso.lifecycle.ports.back_end import Document, Progress, ServiceRequest, Willing, Wish
from lso.lifecycle.ports.question import Feasibility, Quotation

NOWHERE, UNKNOWN = Situation(), Situation(exists=False)


class Sandbox:
    """A back end, and a flexible one (lifecycle.ports.back_end).

    only_listed: places and services nobody described do not exist.
    """

    def __init__(self, path: Path | str, *, lead_seconds: float, rules: Rules | None = None,
                 only_listed: bool = False) -> None:
        self._state = State(path)
        self._lead_seconds = lead_seconds
        self._rules = rules or packaged_rules()
        self._only_listed = only_listed
        self._readings = Readings(self._rules)

    def close(self) -> None:
        """Give the state back."""
        self._state.close()

    def feasible(self, request: ServiceRequest) -> str | None:
        """Why the network would not do this; None when it would."""
        return self._refusal(request, self._readings.of(request.product))

    def survey(self, request: ServiceRequest) -> Feasibility:
        """Whether it would, how surely and how soon, and what else there is."""
        reading = self._readings.of(request.product)
        return survey(request, self._refusal(request, reading), reading, self._rules, time.time())

    def quote(self, request: ServiceRequest, item: Document) -> Quotation | None:
        """What it would cost; None where the network has no price."""
        return quote(request, item, self._readings.of(request.product), self._rules, time.time())

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
            return terms.progress(effect.settle(self._state, known, now), now) if known else None

    def would_cancel(self, request: ServiceRequest) -> Willing:
        """Whether it would stop, and for which price."""
        wanted = self._readings.of(request.product).demands
        return terms.would_cancel(self._known(request), wanted, self._rules.demands)

    def cancel(self, request: ServiceRequest) -> None:
        """Stop, and take back what came of it."""
        now = time.time()
        with self._state.transaction():
            known = self._state.instruction(request.external_id)
            if known is None:
                self._state.keep_instruction(tombstone(
                    request, fingerprint=fingerprint_of(request), service_id=service_id_of(request), now=now))
            elif (known := effect.settle(self._state, known, now)).state != "cancelled":
                effect.take_back(self._state, known)
                self._state.keep_instruction(cancelled(known))
            else:
                return
            self._state.write(now, request.external_id, service_id_of(request), "cancelled")

    def would_reschedule(self, request: ServiceRequest, wish: Wish) -> Willing:
        """Whether it would do this on another date, and for which price."""
        wanted = self._readings.of(request.product).demands
        return terms.would_reschedule(self._known(request), wanted, wish, self._rules.demands)

    def reschedule(self, request: ServiceRequest, wish: Wish) -> str | None:
        """Do this on another date."""
        now = time.time()
        with self._state.transaction():
            known = self._state.instruction(request.external_id)
            if known is None:
                return wish.requested_completion_at
            later = terms.rescheduled(known := effect.settle(self._state, known, now), wish, now)
            if later != known:
                self._state.keep_instruction(later)
                self._state.write(now, later.external_id, later.service_id, "moved")
            return later.terms.expected_at if later.state == "working" else None

    def charge_answered(self, request: ServiceRequest, key: str, verdicts: Mapping[str, str]) -> None:
        """The buyer's word on the charge that it waits for; charges of tasks are answered by what is asked next."""
        now = time.time()
        with self._state.transaction():
            known = self._state.instruction(request.external_id)
            if known is None or key != terms.CHARGE or (later := terms.answered(known, verdicts, now)) == known:
                return
            if later.state == "refused" and later.action == "add":
                self._state.drop_service(later.service_id)
            self._state.keep_instruction(later)
            self._state.write(now, later.external_id, later.service_id,
                              "unpaid" if later.state == "refused" else "paid")

    def ledger(self, external_id: str | None = None) -> tuple[Entry, ...]:
        """What was asked and what came of it, up to now."""
        now = time.time()
        with self._state.transaction():
            for instruction in self._state.working(now):
                effect.settle(self._state, instruction, now)
            return self._state.ledger(external_id)

    def keep_places(self, places: Iterable[Place]) -> None:
        """Describe places: room, lead time, failures on demand."""
        with self._state.transaction():
            for place in places:
                self._state.keep_place(place)

    def usual(self, place_id: str) -> Place:
        """What a place is like that nobody described, to be changed and given to keep_places."""
        return self._rules.usual(place_id)

    def _refusal(self, request: ServiceRequest, reading: Reading) -> str | None:
        with self._state.looking():
            situation = self._situation(request)
        failure = failure_of(situation, reading.failure)
        return infeasible(request, situation, failure, reading.need) or refusal(request, reading, self._rules)

    def _answer(self, request: ServiceRequest, now: float) -> Progress | Failure:
        """What a submission comes to: progress, or no answer at all."""
        if known := self._state.instruction(request.external_id):
            if known.fingerprint != fingerprint_of(request):
                raise Conflict("The external id stands for another request.")
            return terms.progress(effect.settle(self._state, known, now), now)
        situation, reading = self._situation(request), self._readings.of(request.product)
        failure = failure_of(situation, reading.failure)
        if (failure and failure.behaviour == "unavailable"
                and self._state.attempt(request.external_id) < failure.amount):
            return failure
        instruction = accept(
            request, situation, failure, reading.need, fingerprint=fingerprint_of(request),
            service_id=service_id_of(request), now=now, lead_seconds=self._lead_seconds,
            before=self._state.service(service_id_of(request)))
        instruction = terms.demanding(instruction, reading.demands, self._rules.demands, now)
        effect.begin(self._state, instruction, now)
        if failure and failure.behaviour == "forget_answer":
            return failure
        return terms.progress(effect.settle(self._state, instruction, now), now)

    def _known(self, request: ServiceRequest) -> Instruction | None:
        now = time.time()
        with self._state.transaction():
            known = self._state.instruction(request.external_id)
            return effect.settle(self._state, known, now) if known else None

    def _situation(self, request: ServiceRequest) -> Situation:
        service_id, added = service_id_of(request), request.action == "add"
        known = added or self._state.service_exists(service_id)
        names = place_ids(request.product) or (() if added else self._state.service_places(service_id))
        if not names and not request.depends_on:
            return NOWHERE if known or not self._only_listed else UNKNOWN
        rooms: list[Room] = []
        missing: list[str] = []
        for name in names:
            room, there = self._state.room(self._rules.usual(name), service_id)
            rooms.append(room)
            if not there and self._only_listed:
                missing.append(name)
        return Situation(tuple(rooms), tuple(missing), known or not self._only_listed,
                         tuple([other for other in request.depends_on if not self._state.service_exists(other)]))

