"""Tables in files (CSV): their lines, and what is wrong with them in words of ours."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO

_WORDS = {"new-line character seen": "a line ends within a value that has no quotes",
          "field larger than": f"a value has more than {csv.field_size_limit()} characters"}


class Lines:
    """The lines of a file, without a byte order mark; bytes that are no UTF-8 become surrogates.

    number: of the line that was read last. advance: told how many bytes each has.
    """

    def __init__(self, raw: BinaryIO, advance: Callable[[int], None]) -> None:
        self._raw = raw
        self._advance = advance
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._raw:
            self.number += 1
            self._advance(len(line))
            text = line.removeprefix(b"\xef\xbb\xbf") if self.number == 1 else line
            yield text.decode("utf-8", "surrogateescape")


def unread(error: csv.Error) -> str:
    """Why a line could not be taken apart."""
    return next((ours for theirs, ours in _WORDS.items() if str(error).startswith(theirs)), "its quotes do not match")
