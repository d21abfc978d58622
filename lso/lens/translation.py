"""What compiling a table gives: a mapping, made of two lenses that have the same shape.

    lens(document, put_back=None) -> Translation(document, complement, findings)

A lens never fails on content and never changes what it is given. Values are shared between documents, not copied:
treat documents as immutable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from lso.errors import Finding
from lso.lens.table import Table

Document = dict[str, Any]


class Translation(NamedTuple):
    """document: on the other side. complement: what of the input it does not hold. findings: what looked wrong."""

    document: Document
    complement: Document
    findings: tuple[Finding, ...]
