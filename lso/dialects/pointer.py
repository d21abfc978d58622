"""Pointers into a document as it was sent: to what is not there, and to the whole of what is not to be there."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from lso.lens.path import segments_of

NOTHING = object()


def reached(pointer: str, document: Any) -> str:
    """A pointer as far as a document goes, and one member beyond; nothing is below what has no members."""
    steps = pointer.split("/")
    for count, name in enumerate(segments_of(pointer), start=1):
        found = _member(document, name)
        if found is NOTHING:
            missing = type(document) is dict or (type(document) is list and name.isdigit())
            return "/".join(steps[:count + 1 if missing else count])
        document = found
    return pointer


def whole(parent: str, pointer: str, document: Any) -> str:
    """The member, of a parent or of the nearest object around it, that a pointer leads to or into."""
    steps = pointer.split("/")
    both = zip(steps, parent.split("/"), strict=False)
    shared = [step for step, other in takewhile(lambda pair: pair[0] == pair[1], both)]
    for name in segments_of("/".join(shared)):
        document = _member(document, name)
    return "/".join(steps[:len(shared) + 1]) if type(document) is dict else pointer


def _member(document: Any, name: str) -> Any:
    if type(document) is dict:
        return document.get(name, NOTHING)
    if type(document) is list and name.isascii() and name.isdigit() and int(name) < len(document):
        return document[int(name)]
    return NOTHING
