"""Elements of a polymorphic list whose type no case names.

Such an element travels as `{tag: other, raw: element}`, so that its place in the list is kept, and back. What already
looks like that wrapping is unwrapped only if wrapping made it: the wrappings are counted, an even number gets one more,
an odd number one less, which is the same rule on either side and loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lso.lens.way import OTHER, RAW

Object = dict[str, Any]


@dataclass(frozen=True)
class Unknown:
    """tags, words: of the source, then of the target."""

    tags: tuple[str, str]
    words: tuple[frozenset[str], frozenset[str]]

    def __call__(self, source: Object, at: Any, found: list[tuple[Any, str, str, str]]) -> Object:
        """The element as it travels."""
        wrappings, side, one = 0, 0, source
        while (inside := self._wrapped(one, side)) is not None:
            wrappings, side, one = wrappings + 1, 1 - side, inside
        if wrappings % 2:
            unwrapped: Object = source[RAW]
            return unwrapped
        tag = self.tags[0]
        if source.get(tag) is not None:
            found.append((at, tag, "invalidValue", "expected one of " + ", ".join(sorted(self.words[0]))))
        return {self.tags[1]: OTHER, RAW: source}

    def _wrapped(self, one: Object, side: int) -> Object | None:
        """What is inside, if this is a wrapping of an element that the other side does not know either."""
        if one.get(self.tags[side]) != OTHER or len(one) != 2:
            return None
        inside = one.get(RAW)
        if type(inside) is not dict:
            return None
        word = inside.get(self.tags[1 - side])
        return None if type(word) is str and word in self.words[1 - side] else inside
