"""What goes with an instruction beyond its end: charges, other dates, milestones. Pure.

A charge is met before the work begins: it goes on when it is paid for, and ends when that is declined. Cancelling is in
`network.py`: what came of the instruction is taken back, from any state, and the service is as it was before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from lso.backends.sandbox.demand import Demands
from lso.backends.sandbox.network import Instruction, Terms
from lso.lifecycle.ports.back_end import Progress, Proposal, Reached, Willing, Wish

Wanted = Mapping[str, float]
"""What a product asks the network to demand, each with its amount."""
CHARGE = "charge"
DECLINED = "The charge for the work was declined."
OVER = "The work is over."
ASK_AGAIN_SECONDS = 5.0


def demanding(instruction: Instruction, wanted: Wanted, demands: Demands, now: float) -> Instruction:
    """A new instruction, with what its product asks the network to demand."""
    if instruction.state != "working" or not wanted:
        return instruction
    lead = instruction.due_at - now
    names = [name for name in ("charge", "option") if name in wanted and instruction.action != "delete"]
    terms = Terms(lead_seconds=lead, items=demands.items(*names), late_seconds=wanted.get("late", 0.0),
                  late_reason=demands.reason("late") if "late" in wanted else "",
                  milestones=demands.milestones if "milestones" in wanted else ())
    waiting = replace(instruction, terms=terms)
    return replace(waiting, due_at=math.inf) if names else _begun(waiting, now)


def answered(instruction: Instruction, verdicts: Mapping[str, str], now: float) -> Instruction:
    """After the buyer's word on the charge; the first one counts."""
    terms = instruction.terms
    if instruction.state != "working" or not terms.items or terms.answer:
        return instruction
    blocked = any(item["blocking"] and verdicts.get(str(number)) != "accepted"
                  for number, item in enumerate(terms.items, start=1))
    told = replace(instruction, terms=replace(terms, answer="declined" if blocked else "accepted"))
    return replace(told, state="refused", reason=DECLINED, due_at=now) if blocked else _begun(told, now)


def would_cancel(instruction: Instruction | None, wanted: Wanted, demands: Demands) -> Willing:
    """Whether the network would stop."""
    if "cancel_refused" in wanted:
        return Willing(demands.reason("cancel_refused"))
    if instruction is not None and instruction.state == "done":
        return Willing(OVER)
    return Willing(charge=Proposal("cancel", demands.items("cancel_charge")) if "cancel_charge" in wanted else None)


def would_reschedule(instruction: Instruction | None, wanted: Wanted, wish: Wish, demands: Demands) -> Willing:
    """Whether the network would take another date."""
    if "reschedule_refused" in wanted:
        return Willing(demands.reason("reschedule_refused"))
    if instruction is not None and instruction.state != "working":
        return Willing(OVER)
    paid = wish.expedite and "expedite_charge" in wanted
    return Willing(charge=Proposal(f"expedite {wish.key}", demands.items("expedite_charge")) if paid else None)


def rescheduled(instruction: Instruction, wish: Wish, now: float) -> Instruction:
    """On another date. To expedite halves what is left; any other date is promised, and does not change the work."""
    if instruction.state != "working" or wish.key in instruction.terms.wishes:
        return instruction
    due_at = now + (instruction.due_at - now) / 2 if wish.expedite else instruction.due_at
    expected = wish.requested_completion_at or (_instant(due_at) if math.isfinite(due_at) else None)
    terms = replace(instruction.terms, wishes=(*instruction.terms.wishes, wish.key), expected_at=expected)
    return replace(instruction, due_at=due_at, terms=terms)


def progress(instruction: Instruction, now: float) -> Progress:
    """How far it is, as a back end reports it."""
    terms = instruction.terms
    moments = [(name, terms.begun_at + part * terms.lead_seconds) for name, part in terms.milestones]
    reached = tuple(Reached(name, _instant(at)) for name, at in moments
                    if terms.begun_at and (at <= now or instruction.state == "done"))
    if instruction.state == "working" and terms.items and not terms.answer:
        return Progress("working", look_again_seconds=ASK_AGAIN_SECONDS, charge=Proposal(CHARGE, terms.items))
    if instruction.state != "working":
        state = "refused" if instruction.state == "cancelled" else instruction.state
        service_id = instruction.service_id if state == "done" else None
        return Progress(state, instruction.reason, service_id, milestones=reached)
    expected, reason, looks = terms.expected_at, "", [instruction.due_at, *(at for _name, at in moments)]
    if terms.late_seconds:
        noticed = terms.begun_at + terms.lead_seconds / 2
        looks.append(noticed)
        late = now >= noticed and terms.expected_at is None
        expected = _instant(instruction.due_at) if late else terms.expected_at
        reason = terms.late_reason if late else ""
    again = max(0.02, min(at for at in looks if at > now) - now)
    return Progress("working", look_again_seconds=again, milestones=reached, expected_completion_at=expected,
                    expected_reason=reason)


def _begun(instruction: Instruction, now: float) -> Instruction:
    terms = replace(instruction.terms, begun_at=now)
    return replace(instruction, terms=terms, due_at=now + terms.lead_seconds + terms.late_seconds)


def _instant(at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
