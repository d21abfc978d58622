"""What a story of the demo is: told step by step, by HTTP only, and known by how it should end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from lso.demo.client import Customer, Document
from lso.settings import data_folder


class Reached(NamedTuple):
    """How far a story is: a state, in the caller's words, and so many of so many steps.

    order: the id of the order it is about. moment: what has just happened that all languages have words for, and
    `beside`: what else to read there than the order, ids by path. faces: where each language shows what the moment is
    about, when that is no order; a language without one has no word for it. note: what else to say of the state.
    verdict: of a body that was sent: its name, what became of it and of its twin, where it is wrong. whole: the
    language in which the order was placed, when it is worth to be shown whole.
    """

    state: str
    done: int
    steps: int
    order: str = ""
    moment: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    faces: Mapping[str, str] = MappingProxyType({})
    note: str = ""
    verdict: tuple[str, str, str, str] | None = None
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """ends: the state in which it should end. alone: it can be played against a service of the demo's own only."""

    title: str
    ends: str
    play: Callable[[Customer], Iterator[Reached]]
    alone: bool = False


def sample(name: str) -> Document:
    """A document that travels with the code."""
    document: Document = json.loads((data_folder("samples") / name).read_text(encoding="utf-8"))
    return document
