"""Instructions as rows of the network's memory; what was agreed beside them is JSON, kept where there is any."""

from __future__ import annotations

from typing import Any

import orjson

from lso.backends.sandbox.network import Instruction, Terms
from lso.backends.sandbox.rules import Need

INSTRUCTION = ("external_id, fingerprint, action, service_id, state, outcome, reason, late_reason, "
               "accepted_at, due_at, ports, mbps, places")
USUAL = Terms()


def row_of(instruction: Instruction) -> tuple[Any, ...]:
    """The columns of INSTRUCTION."""
    return (instruction.external_id, instruction.fingerprint, instruction.action, instruction.service_id,
            instruction.state, instruction.outcome, instruction.reason, instruction.late_reason,
            instruction.accepted_at, instruction.due_at, instruction.need.ports, instruction.need.mbps,
            orjson.dumps(instruction.places).decode())


def agreed_of(instruction: Instruction) -> str | None:
    """What was agreed beside; None where all is as usual."""
    if instruction.before is None and instruction.terms == USUAL:
        return None
    return orjson.dumps({"terms": instruction.terms, "before": instruction.before}).decode()


def instruction_of(row: tuple[Any, ...]) -> Instruction:
    """The instruction in the columns of INSTRUCTION and what was agreed beside."""
    described = dict(zip(INSTRUCTION.split(", "), row, strict=False))
    need = Need(described.pop("ports"), described.pop("mbps"))
    places = tuple(orjson.loads(described.pop("places")))
    return Instruction(need=need, places=places, **described, **(_agreed(row[-1]) if row[-1] else {}))


def _agreed(text: str) -> dict[str, Any]:
    beside = orjson.loads(text)
    kept: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value
                            for name, value in beside["terms"].items()}
    kept["milestones"] = tuple((name, part) for name, part in kept["milestones"])
    before = beside["before"]
    return {"terms": Terms(**kept), "before": None if before is None else (Need(**before[0]), tuple(before[1]))}
