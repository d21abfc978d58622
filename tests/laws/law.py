"""The laws of translation as functions: each yields what a document shows to be broken, nothing where the law holds."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from lso.lens import Document, losses
from lso.lens.losses import Direction as Way
from lso.lens.path import segments_of
from lso.lens.schema import SchemaNode
from tests.laws.account import Accountant, entry
from tests.laws.difference import difference, leaves, resolve, same, text
from tests.laws.direction import Direction
from tests.laws.disturb import disturb
from tests.laws.edit import edited
from tests.laws.oracle import Oracle

Broken = Iterator[str]
Law = Callable[[Direction, Document], Broken]


def round_trip(direction: Direction, document: Document) -> Broken:
    made, complement, _ = direction.translated(document)
    returned = direction.back(made, complement).document
    if not same(returned, document):
        yield from difference(document, returned)


def edits_survive(direction: Direction, document: Document) -> Broken:
    """What is derived from elsewhere by a call is derived again, though somebody took it away."""
    made, complement, _ = direction.translated(document)
    changed = edited(made, random.Random(text(made)))
    returned, kept, _ = direction.back(changed, complement)
    again = direction.forth(returned, kept).document
    if not same(again, changed):
        derived = {f"/{path[-1]}:" for rows in direction.mapping.table.sets.values() for row in rows
                   if "call" in row.how for path in (*row.theirs, *row.ours)}
        lost = [one for one in difference(changed, again)
                if not (one.startswith("+ ") and any(name in one for name in derived))]
        yield from lost
        if lost:
            yield f"after: {' '.join(difference(made, changed))}"


def accounting(accountant: Accountant) -> Law:
    def law(direction: Direction, document: Document) -> Broken:
        made, complement, _ = direction.translated(document)
        yield from (f"lost {pointer}: {value!r}" for pointer, value in accountant.lost(document, made, complement))
        yield from (f"invented {one}" for one in accountant.invented(document, made))
    return law


def purity(direction: Direction, document: Document) -> Broken:
    before = text(document)
    first, second = direction.forth(document), direction.forth(document)
    made, complement = text(first.document), text(first.complement)
    if text(document) != before:
        yield "the document was changed"
    if not same([*first], [*second]):
        yield "the same document, translated twice, differs"
    one = direction.back(first.document, first.complement)
    other = direction.back(*json.loads(json.dumps([first.document, first.complement])))
    if not same([*one], [*other]):
        yield "going back depends on something else than the values given"
    if (text(first.document), text(first.complement)) != (made, complement):
        yield "going back changed what it was given"
    if text(document) != before:
        yield "going back changed the document it came from"


def pointers(accountant: Accountant) -> Law:
    def law(direction: Direction, document: Document) -> Broken:
        made, _, findings = direction.translated(document)
        for finding in findings:
            if not _there(document, finding.pointer):
                yield f"finding {finding.pointer}: not in the document"
        found = [(pointer, value) for pointer, value in leaves(made) if not isinstance(value, (dict, list))]
        for pointer, value in random.Random(len(found)).sample(found, min(len(found), 8)):
            place = direction.located(pointer, document, made)
            holder, name = place.rpartition("/")[0], (segments_of(place) or ("",))[-1]
            if _there(document, place):
                known = accountant.traces(resolve(document, place)) | accountant.traces(name) | accountant.constants
                if entry(value) not in known and name not in accountant.derived:
                    yield f"{pointer} ({value!r}) is located at {place}, where there is {resolve(document, place)!r}"
            elif not _there(document, holder) or (entry(value) not in accountant.constants
                                                  and name not in accountant.derived):
                yield f"{pointer} is located at {place}, which is not there"
    return law


def compiled_as_interpreted(oracles: tuple[Oracle, Oracle]) -> Law:
    def law(direction: Direction, document: Document) -> Broken:
        made, complement, _ = direction.translated(document)
        plain = oracles[0](document)
        if not same(made, plain):
            yield from difference(plain, made)
        elif not complement and not same(oracles[1](plain), document):
            yield from (f"nothing is remembered of {one}" for one in difference(oracles[1](plain), document))
        elif complement and same(oracles[1](plain), document):
            yield f"without need, this is remembered: {json.dumps(complement)}"
    return law


def totality(direction: Direction, document: Document) -> Broken:
    """A complement may come from anybody: whatever it says, the translation is made, and the complement left alone."""
    made, complement, _ = direction.translated(document)
    draw = random.Random(text(made))
    spoiled = disturb(draw, disturb(draw, copy.deepcopy(complement)))
    before = json.dumps(spoiled)
    try:
        direction.back(made, spoiled)
        direction.forth(document, spoiled)
    except Exception as wrong:
        yield f"{wrong!r} with {before}"
    if json.dumps(spoiled) != before:
        yield f"the complement was changed: {before}"


def loss_report(accountant: Accountant) -> Law:
    def law(direction: Direction, document: Document) -> Broken:
        made, complement, _ = direction.translated(document)
        way: Way = "read" if direction.reading else "write"
        told = [one.at for one in losses(complement, direction.mapping.table, way, document)]
        yield from (f"the loss at {at} is not in the document" for at in told if not _there(document, at))
        for pointer, value in accountant.lost(document, made):
            if not any(pointer == at or pointer.startswith(f"{at}/") for at in told):
                yield f"{pointer} ({value!r}) did not arrive, and no loss says so"
    return law


def known_members(direction: Direction, document: Document) -> Broken:
    table = direction.mapping.table
    extended = any("ext" in row.how for rows in table.sets.values() for row in rows)
    if not table.rest_same and (direction.reading or not extended):
        yield from _unknown(direction.translated(document).document, direction.target, "")


def _there(document: Any, pointer: str) -> bool:
    try:
        resolve(document, pointer)
    except LookupError:
        return False
    return True


def _unknown(value: Any, node: SchemaNode, at: str) -> Broken:
    if isinstance(value, list) and node.items is not None:
        for position, one in enumerate(value):
            yield from _unknown(one, node.items, f"{at}/{position}")
    elif isinstance(value, dict) and node.members and not node.opaque:
        shape = node.cases.get(str(value.get(node.tag)), node) if node.cases else node
        for name, one in value.items():
            if name in shape.members:
                yield from _unknown(one, shape.members[name], f"{at}/{name}")
            elif not node.cases and "@type" not in node.members and node.extra is not True:
                yield f"{at}/{name} is not in the specification"
