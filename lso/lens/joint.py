"""Rows that convert several members together: several columns with words, and calls.

They are converted when the rest of the object is done, by this code rather than by generated code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lso.lens.codec import Call
from lso.lens.complement import Node, absent, hold, spell
from lso.lens.conversion import Conversion, Convert, same
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
    is_call: bool = False

    def __call__(self, node: Node | None, source: Object, target: Object, at: Any, found: Found) -> Node | None:
        """Writes the members of the target; returns the complement."""
        values = self.values(source, self.sources)
        converted = self.forward(values, source)
        if converted is None:
            return self._unreadable(node, values, at, found)
        for name, value in zip(self.targets, converted, strict=True):
            if value is not None:
                target[name] = value
        again = self.backward(converted, target) or (None,) * len(values)
        for name, value, back in zip(self.sources, values, again, strict=True):
            if value is None:
                node = node if back is None else absent(node, name)
            elif not same(value, back):
                node = spell(node, name, value)
        return node

    def write(self, source: Object, target: Object, at: Any, found: Found) -> bool:
        """Writes the members of the target; whether there may be a complement is not looked into."""
        values = self.values(source, self.sources)
        converted = self.forward(values, source)
        if converted is None:
            self._unreadable(None, values, at, found)
            return True
        for name, value in zip(self.targets, converted, strict=True):
            if value is not None:
                target[name] = value
        return True

    def _unreadable(self, node: Node | None, values: Values, at: Any, found: Found) -> Node | None:
        for name, value in zip(self.sources, values, strict=True):
            if value is not None:
                node = hold(node, name, value)
                if self.is_call:  # which may find a value on the way back
                    node = absent(node, name)
                found.append((at, name, self.code, "expected " + self.expected))
        return node

    @staticmethod
    def values(source: Mapping[str, Any], names: tuple[str, ...]) -> Values:
        """The values of members, None for those that are not there."""
        return tuple([source.get(name) for name in names])


def from_phrases(sources: tuple[str, ...], targets: tuple[str, ...], words: Phrases) -> Joint:
    """Several members by words."""
    return Joint(sources, targets, lambda values, _: words.read(values), lambda values, _: words.write(values),
                 "invalidValue", "a known combination of words")


def from_call(sources: tuple[str, ...], targets: tuple[str, ...], call: Call, inner: Conversion | None, *,
              reading: bool) -> Joint:
    """A pair of functions; `inner` converts each value, so that the functions see ours."""
    there, back = (call.read, call.write) if reading else (call.write, call.read)
    before, after = (inner.forward, inner.backward) if inner is not None else (_as_is, _as_is)
    if reading:
        forward = _called(there, len(targets), before, _as_is)
        backward = _called(back, len(sources), _as_is, after)
    else:
        forward = _called(there, len(targets), _as_is, before)
        backward = _called(back, len(sources), after, _as_is)
    return Joint(sources, targets, forward, backward, "invalidFormat", inner.expected if inner else call.expected,
                 is_call=True)


def _as_is(value: Any) -> Any:
    return value


def _called(function: ConvertAll, size: int, before: Convert, after: Convert) -> ConvertAll:
    """The function with its conversions; None if anything cannot be read."""

    def called(values: Values, source: Mapping[str, Any]) -> Values | None:
        ready = _each(values, before)
        try:
            result = function(ready, source) if ready is not None else None
        except Exception:  # whatever a call stumbles over is a value that cannot be read
            return None
        return _each(tuple(result), after) if result is not None and len(result) == size else None

    return called


def _each(values: Values, convert: Convert) -> Values | None:
    if convert is _as_is:
        return values
    converted = []
    for value in values:
        new = None if value is None else convert(value)
        if new is None and value is not None:
            return None
        converted.append(new)
    return tuple(converted)
