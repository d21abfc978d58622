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
ConvertAll = Callable[[Values, Mapping[str, Any]], Any]
Found = list[tuple[Any, str, str, str]]
Write = Callable[[Object, Object, Any, Found], bool]


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

    def writer(self) -> Write:
        """Writes the members of the target, and always says that there may be a complement."""
        forward, sources, targets = self.forward, self.sources, self.targets

        def write(source: Object, target: Object, at: Any, found: Found) -> bool:
            converted = forward(self.values(source, sources), source)
            if converted is None:
                self._unreadable(None, self.values(source, sources), at, found)
            else:
                made = dict(zip(targets, converted, strict=True))
                target.update({name: value for name, value in made.items() if value is not None})
            return True

        def write_one(source: Object, target: Object, at: Any, found: Found) -> bool:
            converted = forward((source.get(sources[0]),), source)
            if converted is None:
                self._unreadable(None, self.values(source, sources), at, found)
            elif converted[0] is not None:
                target[targets[0]] = converted[0]
            return True

        return write_one if len(sources) == len(targets) == 1 else write

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
    code, expected = (inner.code, inner.expected) if inner is not None else ("invalidFormat", call.expected)
    return Joint(sources, targets, forward, backward, code, expected, is_call=True)


def _as_is(value: Any) -> Any:
    return value


def _called(function: ConvertAll, size: int, before: Convert, after: Convert) -> ConvertAll:
    """The function with its conversions; None if anything cannot be read."""

    def called_for_one(values: Values, source: Mapping[str, Any]) -> Values | None:
        try:
            (result,) = function(values, source)
        except Exception:  # as below
            return None
        new = None if result is None else after(result)
        return None if new is None and result is not None else (new,)

    def called(values: Values, source: Mapping[str, Any]) -> Values | None:
        ready = values if before is _as_is else _each(values, before)
        try:
            result = function(ready, source) if ready is not None else None
        except Exception:  # whatever a call stumbles over is a value that cannot be read
            return None
        if result is None or len(result) != size:
            return None
        return result if after is _as_is else _each(result, after)

    return called_for_one if size == 1 and before is _as_is else called


def _each(values: Values, convert: Convert) -> Values | None:
    """None if any cannot be converted."""
    converted = [None if value is None else convert(value) for value in values]
    return tuple(converted) if converted.count(None) == values.count(None) else None
