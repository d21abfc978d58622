"""Numbers in a query: offset and limit, alike in every dialect."""

from __future__ import annotations

from collections.abc import Mapping

from lso.canonical.criteria import Page
from lso.errors import NotUnderstood

INT32_MOST = 2**31 - 1


def page(query: Mapping[str, list[str]], most: int) -> Page:
    """The stretch asked for; raises NotUnderstood (invalidQuery)."""
    return Page(_whole(query, "offset") or 0, _whole(query, "limit"), most)


def _whole(query: Mapping[str, list[str]], name: str) -> int | None:
    given = query.get(name)
    if not given:
        return None
    text = given[-1].strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > INT32_MOST:
        raise NotUnderstood(f"{name} must be a whole number, not negative", code="invalidQuery")
    return int(text)
