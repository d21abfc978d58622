"""What a dialect has of its own, as one record; `mef`, `tmf`, `native` and `oauth` each make one, shaped alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lso.canonical.criteria import Criteria
from lso.dialects.patch import Patches
from lso.dialects.resource import Resource
from lso.errors import BridgeError
from lso.lens import Document

QueryValues = Mapping[str, list[str]]
Matches = Callable[[Document], bool]


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer that refuses: status, headers (the media type among them) and body."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Asked(Criteria):
    """What a list asks for, with what only the written documents can answer.

    matches: a predicate over a document as the caller sees it; None when the conditions say it all. Where there is
        one, the page applies to what passes it.
    fields: members to show; None for all.
    """

    matches: Matches | None = None
    fields: tuple[str, ...] | None = None


def as_it_is(document: Document) -> Document:
    """What is complete already."""
    return document


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one dialect talks, the documents themselves apart.

    render: an error and the statuses that the operation declares, to an answer
    criteria: resource, query parameters, their declared names, to what is asked; raises NotUnderstood (invalidQuery)
    page_headers: total, whether it is exact, how many are shown, whether we cut the page
    select: a document reduced to the members asked for (`listed` when it stands in a list)
    prepare: a canonical document, and whether it was born in this dialect, to one completed or pruned so that the
        dialect's document can be valid
    patches: what a PATCH may be sent as, and how each is applied
    complete: a canonical document with what the dialect requires and others do not say; adds alone, so that the way
        back stays exact
    """

    name: str
    media_type: str
    render: Callable[[BridgeError, frozenset[int]], Rendered]
    criteria: Callable[[Resource, QueryValues, frozenset[str]], Asked]
    page_headers: Callable[[int, bool, int, bool], dict[str, str]]
    select: Callable[[Document, tuple[str, ...] | None, bool], Document]
    prepare: Callable[[Document, bool], Document]
    patches: Patches = field(default_factory=dict)
    complete: Callable[[Document], Document] = as_it_is


def common_headers(error: BridgeError, media_type: str) -> dict[str, str]:
    """Headers that HTTP asks for beside an error, in every dialect."""
    headers = {"Content-Type": media_type, **error.headers}
    if error.status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    return headers


def short(reason: str, fallback: str) -> str:
    """A reason of at most 255 characters, never empty."""
    return (reason or fallback)[:255]
