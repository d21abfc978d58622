"""A resource as a dialect offers it: where it is, what a list shows, what a list may be asked for. Data from
`mappings/<dialect>/<resource>.resource.yaml`; here it is only read and applied to single values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lso.canonical.criteria import Condition, Operator
from lso.dialects.codecs import CODECS
from lso.dialects.link import Link, load
from lso.errors import NotUnderstood
from lso.lens.codec import Codec
from lso.lens.table import Table, Words
from lso.settings import read_yaml

ANY = "any"


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing a list may be asked for.

    operator: what the parameter means, or `any` where the parameter itself carries an operator
    read: a value of the caller to the canonical values it stands for; raises ValueError
    folded: one word of the caller may stand for several of ours
    flag: true or false; what is not said is false
    """

    parameter: str
    path: str
    operator: str
    read: Callable[[str], tuple[str, ...]]
    folded: bool = False
    flag: bool = False

    def condition(self, values: list[str], operator: Operator) -> Condition:
        """The canonical comparison; raises NotUnderstood (invalidQuery) when a value cannot be one."""
        try:
            ours = tuple(dict.fromkeys(word for value in values for word in self.read(value)))
        except ValueError as error:
            raise NotUnderstood(f"{self.parameter}: {error}", code="invalidQuery") from None
        if self.flag and ours == ("false",):
            return Condition(self.path, "ne", ("true",))
        return Condition(self.path, "in" if operator == "eq" and len(ours) != 1 else operator, ours)


@dataclass(frozen=True, slots=True)
class Resource:
    """name: `<dialect>.<resource>`. path: first segment of its addresses. listed: what a list shows, None for all.
    links: to other resources of the same document. days: moments of which a list shows the day alone."""

    name: str
    path: str
    listed: tuple[str, ...] | None
    filters: Mapping[str, Filter]
    links: tuple[Link, ...] = ()
    days: frozenset[str] = frozenset()


def load_resource(file: Path, table: Table) -> Resource:
    """Reads the file; words are those of the mapping's own table."""
    raw: dict[str, Any] = read_yaml(file)
    filters = [_filter(*row, dialect=raw["resource"].split(".")[0], table=table) for row in raw["filters"]]
    return Resource(raw["resource"], raw["path"], tuple(raw["listed"]) if raw["listed"] else None,
                    {one.parameter: one for one in filters}, tuple(load(*row) for row in raw.get("links", ())),
                    frozenset(raw.get("days", ())))


def _filter(parameter: str, path: str, operator: str, how: dict[str, Any] | None = None, *,
            dialect: str, table: Table) -> Filter:
    if how and "words" in how:
        read = _words(table.words[how["words"]], dialect, how.get("also", {}))
        return Filter(parameter, path, operator, read, folded=True)
    if how and "as" in how:
        return Filter(parameter, path, operator, _converted(CODECS[how["as"]]))
    if how and how.get("flag"):
        return Filter(parameter, path, operator, _flag, flag=True)
    return Filter(parameter, path, operator, lambda value: (value,))


def _converted(codec: Codec) -> Callable[[str], tuple[str, ...]]:
    def read(value: str) -> tuple[str, ...]:
        try:
            return (str(codec.read(_unblanked(value))),)
        except (ValueError, OverflowError):             # the latter: an offset that leads out of all years
            raise ValueError(f"expected {codec.expected}") from None

    return read


def _flag(value: str) -> tuple[str, ...]:
    if value not in ("true", "false"):
        raise ValueError(f"{value[:40]!r} is neither true nor false")
    return (value,)


def _words(words: Words, dialect: str, also: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    """also: other spellings of words of the dialect."""
    theirs, ours = words.columns.index(dialect), words.columns.index("ours")
    meant: dict[str, tuple[str, ...]] = {}
    for row in words.rows:
        if row[theirs] is not None:
            meant[row[theirs]] = (*meant.get(row[theirs], ()), row[ours])
    meant |= {spelling: meant[word] for spelling, word in also.items()}

    def read(value: str) -> tuple[str, ...]:
        if value not in meant:
            raise ValueError(f"{value[:40]!r} is none of {', '.join(meant)}")
        return meant[value]

    return read


def _unblanked(moment: str) -> str:
    """A plus sign that was not percent-encoded arrives as a blank."""
    return moment[:-6] + "+" + moment[-5:] if len(moment) > 6 and moment[-6] == " " else moment
