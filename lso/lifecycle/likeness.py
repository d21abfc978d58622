"""How alike two names are that may be misspelt. Databases propose names by trigrams of their own; this measure, the
same for both, decides."""

from __future__ import annotations

ALIKE = 0.3
"""From here on two names may be meant to be one: a slip in a short name leaves about this much in common."""


def alike(left: str, right: str) -> float:
    """The share of trigrams that two folded names have in common, from 0 to 1."""
    ours, theirs = trigrams(left), trigrams(right)
    together = len(ours | theirs)
    return len(ours & theirs) / together if together else 0.0


def trigrams(name: str) -> frozenset[str]:
    """Each word counts two blanks before it and one behind it."""
    return frozenset(padded[start:start + 3] for word in name.split() for padded in (f"  {word} ",)
                     for start in range(len(padded) - 2))
