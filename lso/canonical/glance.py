"""What is somewhere inside a value, seen at a glance: in its JSON text.

To write the text and search it takes a fraction of a walk through the value, which has to touch everything in it. The
walk is for what the text leaves in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

Document = dict[str, Any]


class Glance:
    """A value, and its text where it has one."""

    __slots__ = ("_text", "_value")

    def __init__(self, value: Any) -> None:
        self._value = value
        try:
            self._text: bytes | None = orjson.dumps(value)
        except TypeError:  # an integer beyond 64 bits, a lone surrogate
            self._text = None

    def may_begin(self, beginning: str) -> bool:
        """False when no text in the value begins so, for sure. beginning: of letters, digits and hyphens."""
        return self._text is None or f'"{beginning}'.encode() in self._text

    def holding(self, member: str) -> list[Document]:
        """Every object in the value that has a member of this name; copies, or the very ones, in no order."""
        if self._text is None:
            return walk(self._value, member)
        try:
            return [orjson.loads(one) for one in _innermost(self._text, orjson.dumps(member) + b":")]
        except orjson.JSONDecodeError:  # there is more in it than plain values, or a brace within a text
            return walk(self._value, member)


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


def _innermost(text: bytes, name: bytes) -> Iterator[bytes]:
    """From the brace before the name to the one behind it: an object, if nothing in it has braces."""
    at = text.find(name)
    while at >= 0:
        yield text[text.rfind(b"{", 0, at):text.find(b"}", at) + 1]
        at = text.find(name, at + 1)
