"""The text of a generated function, and the objects it refers to by name.

Data enters the text by `repr` only; whatever has no faithful `repr` is bound to a name instead.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Code:
    """Lines of Python with their indentation."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self._lines: list[str] = []
        self._depth = 0
        self._count = 0

    def line(self, text: str) -> None:
        """One line at the present depth."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines below a head such as `if x:`."""
        self.line(head)
        before = len(self._lines)
        self._depth += 1
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._depth -= 1

    def here(self) -> int:
        """A mark for `insert`."""
        return len(self._lines)

    def insert(self, mark: int, text: str) -> None:
        """A line at a mark, indented as what follows it."""
        indent = re.match(" *", self._lines[mark]) if mark < len(self._lines) else None
        self._lines.insert(mark, (indent.group() if indent else "    " * self._depth) + text)

    def fresh(self, stem: str) -> str:
        """A name not used before."""
        self._count += 1
        return f"{stem}{self._count}"

    def bind(self, stem: str, value: Any) -> str:
        """A global name for an object."""
        name = self.fresh(stem)
        self.names[name] = value
        return name

    def function_name(self, text: str) -> str:
        """A fresh name that reads like the text."""
        stem = re.sub(r"\W", "_", text, flags=re.ASCII)
        return self.fresh(f"{'_' if keyword.iskeyword(stem) or stem[:1].isdigit() else ''}{stem}_")

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines) + "\n"
