"""What instructions do to the network: services are built, changed, ended and put back, and it is written down, once.

Every function is called inside a transaction of the memory.
"""

from __future__ import annotations

from lso.backends.sandbox.network import Instruction, advance
from lso.backends.sandbox.state import State

ENDINGS = {"add": "activated", "modify": "changed", "delete": "ceased"}


def begin(state: State, instruction: Instruction, now: float) -> None:
    """Remember a new instruction; what it adds takes up room from now on."""
    state.keep_instruction(instruction)
    entry = "refused" if instruction.state == "refused" else "accepted"
    state.write(now, instruction.external_id, instruction.service_id, entry)
    if entry == "accepted" and instruction.action == "add":
        state.keep_service(instruction.service_id, "building", instruction.need, instruction.places)
    if instruction.terms.items:
        state.write(now, instruction.external_id, instruction.service_id, "charged")


def settle(state: State, instruction: Instruction, now: float) -> Instruction:
    """Bring it up to the present; its effect happens, and is written down, once."""
    later = advance(instruction, now)
    if later.state == instruction.state:
        return instruction
    state.keep_instruction(later)
    service_id = later.service_id
    if later.state == "done" and later.action != "delete":
        state.keep_service(service_id, "active", later.need, later.places)
    elif later.state == "done" or later.action == "add":
        state.drop_service(service_id)
    state.write(now, later.external_id, service_id, ENDINGS[later.action] if later.state == "done" else "failed")
    return later


def take_back(state: State, instruction: Instruction) -> None:
    """The service as it was before: also of what is done, for whoever was told that it can be stopped."""
    if instruction.state not in ("working", "done"):
        return
    if instruction.before is None:
        state.drop_service(instruction.service_id)
    else:
        state.keep_service(instruction.service_id, "active", *instruction.before)
