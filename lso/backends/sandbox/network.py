"""What the pretend network decides; pure, no state and no clock of its own.

An instruction is one request to add, modify or delete a service, known by the external id of whoever asked. Its end is
decided when it is accepted and shows when its lead time is over:

    accept  ->  refused                      not feasible any more
            ->  working  -> done | failed    at due_at
    any     ->  cancelled                    by whoever asked

What else may be agreed about an instruction is in terms.py.

A service is what an instruction left in the network: it occupies ports and bandwidth at its places until deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lso.backends.sandbox.rules import Failure, Need, Place
from lso.lifecycle.ports.back_end import ServiceRequest

CANCELLED = "The request was cancelled."

State = Literal["working", "done", "refused", "failed", "cancelled"]


@dataclass(slots=True)
class Room:
    """A place and what is taken there, the service under discussion left out."""

    place: Place
    ports_used: int = 0
    mbps_used: float = 0.0


@dataclass(slots=True)
class Situation:
    """What a decision rests on. rooms: the places of the product; missing: those that do not exist here.

    exists: whether the service to change is in the network; strangers: dependencies that are not.
    """

    rooms: tuple[Room, ...] = ()
    missing: tuple[str, ...] = ()
    exists: bool = True
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed beside: `terms.py` decides.

    items: charge items that it waits for to be accepted, answer: what became of that. begun_at: when work began that
    takes lead_seconds, and late_seconds more, which shows half-way. milestones: their names, and after which part.
    wishes: keys of other dates that were granted; expected_at: the last of them.
    """

    lead_seconds: float = 0.0
    begun_at: float = 0.0
    items: tuple[dict[str, Any], ...] = ()
    answer: Literal["", "accepted", "declined"] = ""
    late_seconds: float = 0.0
    late_reason: str = ""
    milestones: tuple[tuple[str, float], ...] = ()
    wishes: tuple[str, ...] = ()
    expected_at: str | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """One request and how it fares. `outcome` and `late_reason` are what will show at due_at.

    before: what the service took, and where, before it was changed; None when there was none.
    """

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
    before: tuple[Need, tuple[str, ...]] | None = None
    terms: Terms = field(default_factory=Terms)


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
           fingerprint: str, service_id: str, now: float, lead_seconds: float,
           before: tuple[Need, tuple[str, ...]] | None = None) -> Instruction:
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
        before=before,
    )


def tombstone(request: ServiceRequest, *, fingerprint: str, service_id: str, now: float) -> Instruction:
    """What was cancelled before it was asked: it will not be begun."""
    return Instruction(request.external_id, fingerprint, request.action, service_id, "cancelled", "cancelled",
                       CANCELLED, "", now, now, Need(0, 0.0), ())


def cancelled(instruction: Instruction) -> Instruction:
    """The same instruction, taken back."""
    return replace(instruction, state="cancelled", reason=CANCELLED)


def advance(instruction: Instruction, now: float) -> Instruction:
    """The same instruction at a later time."""
    if instruction.state != "working" or now < instruction.due_at:
        return instruction
    return replace(instruction, state=instruction.outcome, reason=instruction.late_reason)


def failure_of(situation: Situation, asked: Failure | None) -> Failure | None:
    """The failure asked for: by the state of a place, else by the product."""
    for room in situation.rooms:
        if room.place.behaviour:
            return Failure(room.place.behaviour, amount=room.place.amount)
    return asked


def _lacking(rooms: tuple[Room, ...], need: Need) -> str | None:
    for room in rooms:
        if need.ports and room.ports_used + need.ports > room.place.ports:
            return f"No free port at {room.place.id}."
        if need.mbps and room.mbps_used + need.mbps > room.place.mbps:
            return f"Not enough bandwidth left at {room.place.id}."
    return None
