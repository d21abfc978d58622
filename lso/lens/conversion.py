"""How the value of one member is converted in one direction: by words, by a codec, or inside a list.

A conversion answers None for what it cannot read; it never raises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lso.lens.codec import Codec
from lso.lens.words import Lexicon

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Conversion:
    """forward and backward never raise; None is "cannot be read". code and expected describe the finding.

    settled, plain: as a codec has them.
    """

    forward: Convert
    backward: Convert
    code: str
    expected: str
    settled: Callable[[str], Any] | None = None
    plain: type | None = None
    lexicon: Lexicon | None = None

    def apply(self, value: Any) -> tuple[Any, bool]:
        """The converted value, and whether converting it back gives another spelling."""
        converted = self.forward(value)
        return converted, converted is not None and not same(self.backward(converted), value)


def from_codec(codec: Codec, *, reading: bool) -> Conversion:
    """The codec in one direction."""
    both = (codec.read, codec.write) if reading else (codec.write, codec.read)
    forward, backward = (_safe(convert, codec.settled or _unsettled) for convert in both)
    return Conversion(forward, backward, "invalidFormat", codec.expected, codec.settled, codec.plain)


def from_words(words: Lexicon) -> Conversion:
    """The words in the direction they were picked for."""
    return Conversion(words.read, words.write, "invalidValue", words.expected, lexicon=words)


COPY = Conversion(lambda value: value, lambda value: value, "invalidFormat", "a value")


def in_every_element(inner: Conversion) -> Conversion:
    """The conversion of a list of such values."""

    def each(convert: Convert) -> Convert:
        def converted(value: Any) -> Any:
            found = [convert(one) for one in value] if type(value) is list else [None]
            return None if None in found else found
        return converted

    return Conversion(each(inner.forward), each(inner.backward), inner.code, f"a list, each {inner.expected}")


def out_of_only_element(inner: Conversion) -> Conversion:
    """The source is a list of exactly one such value."""
    return Conversion(_unwrapped(inner.forward), _wrapped(inner.backward), "otherIssue", "a list of exactly one")


def into_only_element(inner: Conversion) -> Conversion:
    """The target is a list of exactly one such value."""
    return Conversion(_wrapped(inner.forward), _unwrapped(inner.backward), inner.code, inner.expected)


def _unwrapped(convert: Convert) -> Convert:
    return lambda value: convert(value[0]) if type(value) is list and len(value) == 1 else None


def _wrapped(convert: Convert) -> Convert:
    def wrapped(value: Any) -> Any:
        converted = convert(value)
        return None if converted is None else [converted]
    return wrapped


def _unsettled(_: str) -> bool:
    return False


def _safe(convert: Convert, settled: Callable[[str], Any]) -> Convert:
    def safe(value: Any) -> Any:
        try:
            return value if type(value) is str and settled(value) else convert(value)
        except Exception:  # whatever a codec stumbles over is a value that cannot be read
            return None
    return safe


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal and of equal types: neither `1` and `1.0` nor `1` and `true` are."""
    waiting = [(one, other)]
    while waiting:
        here, there = waiting.pop()
        if here is there:
            continue
        if type(here) is not type(there):
            return False
        if type(here) is dict:
            if here.keys() != there.keys():
                return False
            waiting += [(value, there[name]) for name, value in here.items()]
        elif type(here) is list:
            if len(here) != len(there):
                return False
            waiting += zip(here, there, strict=True)
        elif here != there:
            return False
    return True
