"""JSON shortened for readers: `…` stands for what is left out of an object or a list."""

from __future__ import annotations

import json
from typing import Any

LEFT_OUT = "…"


def read(text: str) -> Any:
    """A shortened document; in an object `…` is a member, in a list an element, both named `…`."""
    made, around, inside, before = [], [], False, ""
    for letter in text:
        if inside or letter != LEFT_OUT:
            made.append(letter)
        elif around[-1] == "{" and before != ":":
            made.append('"…": "…"')
        else:
            made.append('"…"')
        if letter == '"' and before != "\\":
            inside = not inside
        elif not inside and letter in "{[":
            around.append(letter)
        elif not inside and letter in "}]":
            around.pop()
        before = before if letter.isspace() and not inside else letter
    return json.loads("".join(made), object_pairs_hook=_members)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Several `…` may stand in one object: all but the first have a number."""
    return {name if name != LEFT_OUT else f"{LEFT_OUT}{number}": value for number, (name, value) in enumerate(pairs)}


def missing(shown: Any, whole: Any, at: str = "") -> list[str]:
    """Pointers of what is shown and not so, and of what is left out without a `…`."""
    if isinstance(shown, dict) and isinstance(whole, dict):
        named = [name for name in shown if not name.startswith(LEFT_OUT)]
        wrong = [f"{at}/{name} is not there" for name in named if name not in whole]
        if len(named) == len(shown):
            wrong += [f"{at}/{name} is left out silently" for name in whole if name not in named]
        return wrong + [line for name in named if name in whole
                        for line in missing(shown[name], whole[name], f"{at}/{name}")]
    if isinstance(shown, list) and isinstance(whole, list):
        return _elements(shown, whole, at)
    return [] if shown in (whole, LEFT_OUT) else [f"{at} is {whole!r}, not {shown!r}"]


def _elements(shown: list[Any], whole: list[Any], at: str) -> list[str]:
    """Elements in order; a `…` stands for any number of them."""
    left, skipping = list(whole), False
    for number, one in enumerate(shown):
        if one == LEFT_OUT:
            skipping = True
            continue
        while skipping and left and missing(one, left[0]):
            left.pop(0)
        if not left:
            return [f"{at}/{number} is not there"]
        if wrong := missing(one, left.pop(0), f"{at}/{number}"):
            return wrong
        skipping = False
    return [] if skipping or not left else [f"{at} has {len(left)} more"]
