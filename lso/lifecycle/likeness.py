"""How alike two names are that may be misspelt. Databases propose names by trigrams of their own; this measure, the
same for both, decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

ALIKE = 0.3
"""From here on two names may be meant to be one: a slip in a short name leaves about this much in common."""


def alike(name: str, others: Iterable[str]) -> Iterator[float]:
    """The share of trigrams that a folded name and each of others have in common, from 0 to 1."""
    ours = trigrams(name)
    for other in others:
        theirs = trigrams(other)
        common = len(ours & theirs)
        yield common / (len(ours) + len(theirs) - common) if common else 0.0


def trigrams(name: str) -> frozenset[str]:
    """Each word counts two blanks before it and one behind it."""
    return frozenset(padded[start:start + 3] for word in name.split() for padded in (f"  {word} ",)
                     for start in range(len(padded) - 2))
