"""What is somewhere inside a value, seen at a glance: in its JSON text.

To write the text and search it takes a fraction of a walk through the value, which has to touch everything in it. The
walk is for what the text leaves in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

import orjson

Document = dict[str, Any]
BRIEF_BYTES = 16_384


class Glance:
    """A value, and its JSON text where it has one."""

    __slots__ = ("_value", "text")

    def __init__(self, value: Any) -> None:
        self._value = value
        try:
            self.text: bytes | None = orjson.dumps(value)
        except TypeError:  # an integer beyond 64 bits, a lone surrogate
            self.text = None

    @property
    def brief(self) -> bool:
        """Whether there is a text, and it is worth remembering: what anybody may send must not fill the memory."""
        return self.text is not None and len(self.text) <= BRIEF_BYTES

    def may_begin(self, beginning: str) -> bool:
        """False when no text in the value begins so, for sure. beginning: of letters, digits and hyphens."""
        return self.text is None or f'"{beginning}'.encode() in self.text

    def holding(self, member: str) -> list[Document]:
        """Every object in the value that has a member of this name; copies, or the very ones, in no order, and those
        that are the same perhaps once."""
        held = None if self.text is None else _known(self.text, member) if self.brief else _held(self.text, member)
        return walk(self._value, member) if held is None else held


def _held(text: bytes, member: str) -> list[Document] | None:
    """The same, from the text of the value; None when that leaves it in doubt."""
    name, first = _told(member)
    told = first.findall(text)
    try:
        if len(told) == text.count(name):
            found: list[Document] = orjson.loads(b"[%b]" % b",".join(set(told))) if told else []
            return found
        # The name may also be the end of a longer one, behind a quotation mark.
        return [one for one in map(orjson.loads, _innermost(text, name)) if member in one]
    except orjson.JSONDecodeError:  # there is more in it than plain values, or a brace within a text
        return None


_known = lru_cache(maxsize=64)(_held)
"""The same again: much of what is looked at is alike."""


def walk(value: Any, member: str) -> list[Document]:
    """The same, by looking everywhere."""
    holders = list[Document]()
    ahead: list[Iterable[Any]] = [(value,)]
    for members in ahead:  # grows on the way
        for one in members:
            kind = type(one)
            if kind is dict:
                ahead.append(one.values())
                if member in one:
                    holders.append(one)
            elif kind is list or kind is tuple:
                ahead.append(one)
    return holders


@cache
def _told(member: str) -> tuple[bytes, re.Pattern[bytes]]:
    """How a member is told in a text, and an object of which it is the first, if nothing in it has braces. Most objects
    begin with what they are about."""
    name = orjson.dumps(member) + b":"
    return name, re.compile(rb"\{%b[^{}]*\}" % re.escape(name))


def _innermost(text: bytes, name: bytes) -> Iterator[bytes]:
    """From the brace before the name to the one behind it: an object, if nothing in it has braces."""
    at = text.find(name)
    while at >= 0:
        yield text[text.rfind(b"{", 0, at):text.find(b"}", at) + 1]
        at = text.find(name, at + 1)
