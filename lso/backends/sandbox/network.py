"""What the pretend network decides; pure, no state and no clock of its own.

An instruction is one request to add, modify or delete a service, known by the external id of whoever asked. Its end is
decided when it is accepted and shows when its lead time is over:

    accept  ->  refused                      not feasible any more
            ->  working  -> done | failed    at due_at

A service is what an instruction left in the network: it occupies ports and bandwidth at its places until deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lso.backends.sandbox.rules import Failure, Need, Place, Rules
from lso.lifecycle.ports import Progress, ServiceRequest

State = Literal["working", "done", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Room:
    """A place and what is taken there, the service under discussion left out."""

    place: Place
    ports_used: int = 0
    mbps_used: float = 0.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision rests on. rooms: the places of the product; missing: those that do not exist here.

    exists: whether the service to change is in the network; strangers: dependencies that are not.
    """

    rooms: tuple[Room, ...] = ()
    missing: tuple[str, ...] = ()
    exists: bool = True
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instruction:
    """One request and how it fares. `outcome` and `late_reason` are what will show at due_at."""

    external_id: str
    fingerprint: str
    action: str
    service_id: str
    state: State
    outcome: State
    reason: str
    late_reason: str
    accepted_at: float
    due_at: float
    need: Need
    places: tuple[str, ...]

    def progress(self, now: float) -> Progress:
        """As a back end reports it."""
        if self.state == "working":
            return Progress("working", look_again_seconds=max(0.02, self.due_at - now))
        return Progress(self.state, self.reason, self.service_id if self.state == "done" else None)


def infeasible(request: ServiceRequest, situation: Situation, failure: Failure | None, need: Need) -> str | None:
    """Why the network would not do this; None when it would."""
    if request.action != "add" and not situation.exists:
        return "The service to change does not exist in the network."
    if request.action == "delete":
        return None
    if situation.missing:
        return f"The place {situation.missing[0]} is not in the network."
    if failure and failure.behaviour == "reject":
        return failure.reason or "The place cannot be served."
    return _lacking(situation.rooms, need)


def accept(request: ServiceRequest, situation: Situation, failure: Failure | None, need: Need, *,
           fingerprint: str, service_id: str, now: float, lead_seconds: float) -> Instruction:
    """Begin: everything about this instruction is decided here, and shows later."""
    reason = infeasible(request, situation, failure, need)
    if reason is None and situation.strangers and request.action != "delete":
        reason = f"The service {situation.strangers[0]} that this one rests on does not exist in the network."
    if reason is None and failure and failure.behaviour == "lose_capacity" and request.action != "delete":
        reason = failure.reason or "The last capacity went to another order."
    state: State = "working" if reason is None else "refused"
    failing = failure is not None and failure.behaviour == "fail" and request.action != "delete"
    lead = max((lead_seconds if room.place.lead_seconds is None else room.place.lead_seconds
                for room in situation.rooms), default=lead_seconds)
    if failure and failure.behaviour == "delay":
        lead += failure.amount
    return Instruction(
        external_id=request.external_id,
        fingerprint=fingerprint,
        action=request.action,
        service_id=service_id,
        state=state,
        outcome="refused" if reason else "failed" if failing else "done",
        reason=reason or "",
        late_reason=(failure.reason or "The work at the place failed.") if failing and failure else "",
        accepted_at=now,
        due_at=now + lead if reason is None else now,
        need=need,
        places=tuple(room.place.id for room in situation.rooms),
    )


def advance(instruction: Instruction, now: float) -> Instruction:
    """The same instruction at a later time."""
    if instruction.state != "working" or now < instruction.due_at:
        return instruction
    return replace(instruction, state=instruction.outcome, reason=instruction.late_reason)


def failure_of(request: ServiceRequest, situation: Situation, rules: Rules) -> Failure | None:
    """The failure asked for: by the state of a place, else by the rules."""
    for room in situation.rooms:
        if room.place.behaviour:
            return Failure(room.place.behaviour, amount=room.place.amount)
    return rules.failure(request.product)


def progress_from(document: Mapping[str, object]) -> Progress:
    """Progress as it travels over HTTP."""
    state, again = document["state"], document.get("look_again_seconds")
    service_id = document.get("service_id")
    if state not in ("working", "done", "refused", "failed"):
        raise ValueError(f"no such state of progress: {state!r}")
    return Progress(state, str(document.get("reason") or ""),
                    str(service_id) if service_id is not None else None,
                    float(again) if isinstance(again, int | float) else None)


def _lacking(rooms: tuple[Room, ...], need: Need) -> str | None:
    for room in rooms:
        if need.ports and room.ports_used + need.ports > room.place.ports:
            return f"No free port at {room.place.id}."
        if need.mbps and room.mbps_used + need.mbps > room.place.mbps:
            return f"Not enough bandwidth left at {room.place.id}."
    return None
