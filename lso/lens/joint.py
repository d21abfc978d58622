"""Rows that convert several members together: several columns with words, and calls.

They are converted when the rest of the object is done, by this code rather than by generated code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lso.lens.codec import Call
from lso.lens.complement import Node, absent, hold, spell
from lso.lens.conversion import Conversion, same
from lso.lens.words import Phrases, Values

Object = dict[str, Any]
ConvertAll = Callable[[Values, Mapping[str, Any]], Values | None]
Found = list[tuple[Any, str, str, str]]


@dataclass(frozen=True)
class Joint:
    """Members of the source and of the target; each function gets the object that its values come from."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    forward: ConvertAll
    backward: ConvertAll
    code: str
    expected: str

    def __call__(self, node: Node | None, source: Object, target: Object, at: Any, found: Found) -> Node | None:
        """Writes the members of the target; returns the complement."""
        values = self.values(source, self.sources)
        converted = self.forward(values, source)
        if converted is None:
            return self._unreadable(node, values, at, found)
        for name, value in zip(self.targets, converted, strict=True):
            if value is not None:
                target[name] = value
        again = self.backward(converted, target) or tuple(None for _ in values)
        for name, value, back in zip(self.sources, values, again, strict=True):
            if not same(value, back):
                node = absent(node, name) if value is None else spell(node, name, value)
        return node

    def _unreadable(self, node: Node | None, values: Values, at: Any, found: Found) -> Node | None:
        for name, value in zip(self.sources, values, strict=True):
            if value is not None:
                node = hold(node, name, value)
                found.append((at, name, self.code, "expected " + self.expected))
        return node

    @staticmethod
    def values(source: Mapping[str, Any], names: tuple[str, ...]) -> Values:
        """The values of members, None for those that are not there."""
        return tuple(source.get(name) for name in names)


def from_phrases(sources: tuple[str, ...], targets: tuple[str, ...], words: Phrases) -> Joint:
    """Several members by words."""
    return Joint(sources, targets, lambda values, _: words.read(values), lambda values, _: words.write(values),
                 "invalidValue", "a known combination of words")


def from_call(sources: tuple[str, ...], targets: tuple[str, ...], call: Call, inner: Conversion | None, *,
              reading: bool) -> Joint:
    """A pair of functions; `inner` converts each value, so that the functions see ours."""
    if reading:
        forward = _called(call.read, len(targets), before=inner and inner.forward)
        backward = _called(call.write, len(sources), after=inner and inner.backward)
    else:
        forward = _called(call.write, len(targets), after=inner and inner.forward)
        backward = _called(call.read, len(sources), before=inner and inner.backward)
    return Joint(sources, targets, forward, backward, "invalidFormat", inner.expected if inner else call.expected)


def _called(function: ConvertAll, size: int, *, before: Callable[[Any], Any] | None = None,
            after: Callable[[Any], Any] | None = None) -> ConvertAll:
    """The function with its conversions; None if anything cannot be read."""

    def called(values: Values, source: Mapping[str, Any]) -> Values | None:
        ready = _each(values, before)
        try:
            result = function(ready, source) if ready is not None else None
        except Exception:  # whatever a call stumbles over is a value that cannot be read
            return None
        if result is None or len(result) != size:
            return None
        return _each(tuple(result), after)

    return called


def _each(values: Values, convert: Callable[[Any], Any] | None) -> Values | None:
    if convert is None:
        return values
    converted = tuple(None if value is None else convert(value) for value in values)
    failed = any(value is not None and new is None for value, new in zip(values, converted, strict=True))
    return None if failed else converted
