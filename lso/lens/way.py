"""One direction of a table: what generated code and putting back both have to know about its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lso.lens.codec import Calls, Codecs
from lso.lens.conversion import (
    COPY,
    Conversion,
    from_codec,
    from_words,
    in_every_element,
    into_only_element,
    out_of_only_element,
)
from lso.lens.guard import guard_of, refuse_guard
from lso.lens.joint import Joint, from_call, from_phrases
from lso.lens.path import is_member, parse_path
from lso.lens.plan import READING, Form, Plan, Step, landing, plan_of
from lso.lens.table import EACH, ONLY, Path_, Row, Select, Table, TableError, Types
from lso.lens.words import lexicon, phrases

OTHER, RAW = "other", "raw"


class Case(NamedTuple):
    """A case of a polymorphic list in one direction."""

    source_word: str
    target_word: str
    form: Form


@dataclass
class Way:
    """A table, read in one direction."""

    table: Table
    codecs: Codecs
    calls: Calls
    direction: int
    _plans: dict[Form, Plan] = field(default_factory=dict)

    @property
    def source_side(self) -> str:
        """The name of the side that is read."""
        return self.table.sides[self.direction]

    @property
    def target_side(self) -> str:
        """The name of the side that is written."""
        return self.table.sides[1 - self.direction]

    def plan(self, form: Form) -> Plan:
        """The plan of a form."""
        if form not in self._plans:
            if form.set not in self.table.sets:
                raise TableError(f"{self.table.place}: there is no row set {form.set}")
            plan = self._plans[form] = plan_of(self.table, form, self.direction)
            self._refuse_guards(plan)
        return self._plans[form]

    def _refuse_guards(self, plan: Plan) -> None:
        guarded = [(guard, step.row) for step in plan.steps if (guard := guard_of(step.row)) is not None]
        if not guarded or self.direction == READING:
            return
        filled = ("when", "default", "inherit")
        carriers = {step.source: self.conversion(step).lexicon for step in plan.steps
                    if step.verb == "leaf" and "as" not in step.how and not any(verb in step.how for verb in filled)}
        for guard, row in guarded:
            refuse_guard(guard, row, carriers)

    def form(self, step: Step) -> Form:
        """The form that `one` or `each` applies."""
        source, target = step.source[-1], step.target[-1]
        name = step.how.get("one") or step.how["each"]
        if name not in self.table.sets:
            raise TableError(f"{step.row.place}: there is no row set {name}")
        plain = all(map(is_member, (*landing(step, step.source), *landing(step, step.target))))
        if not plain and any("inherit" in row.how for row in self.table.sets[name]):
            raise TableError(f"{step.row.place}: inherit does not reach elements that are picked out")
        return Form(name, source.key if isinstance(source, Select) else None,
                    (target.key, target.value) if isinstance(target, Select) else None)

    def tags(self, types: Types) -> tuple[str, str]:
        """The members that choose a case, source before target."""
        return types.tag if self.direction == READING else (types.tag[1], types.tag[0])

    def cases(self, step: Step) -> list[Case]:
        """The cases of `each_of`."""
        types = self.types(step)
        source_tag, target_tag = self.tags(types)
        found: dict[str, Case] = {}
        for theirs, ours, name in types.cases:
            here, there = (theirs, ours) if self.direction == READING else (ours, theirs)
            if OTHER in (here, there):
                raise TableError(f"{step.row.place}: the word {OTHER} is kept for elements of unknown type")
            case = Case(here, there, Form(name, source_tag, (target_tag, there)))
            if found.setdefault(here, case).form.set != name:
                raise TableError(f"{step.row.place}: {here} is read by two row sets")
        return list(found.values())

    def types(self, step: Step) -> Types:
        """The types that `each_of` names."""
        name = step.how["each_of"]
        if name not in self.table.types:
            raise TableError(f"{step.row.place}: there are no types {name}")
        return self.table.types[name]

    def needs_parent(self, name: str) -> bool:
        """Whether a row set looks at the object above it: ours, when it is written out."""
        return self.direction != READING and any("inherit" in row.how for row in self.table.sets[name])

    def contains_itself(self, name: str) -> bool:
        """Whether a row set may be met again inside itself."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            for row in self.table.sets.get(waiting.pop(), ()):
                inside = [row.how[verb] for verb in ("one", "each") if verb in row.how]
                if "each_of" in row.how and row.how["each_of"] in self.table.types:
                    inside += [case[2] for case in self.table.types[row.how["each_of"]].cases]
                waiting += [one for one in inside if one not in seen]
                seen.update(inside)
        return name in seen

    # -- lists ------------------------------------------------------------------------------------------------------

    def key(self, step: Step) -> Path_ | None:
        """The path, in an element of the target, of what identifies it; `by` names the member of theirs."""
        return self._key(step, ours=self.direction == READING)

    def source_key(self, step: Step) -> Path_ | None:
        """The same in an element of the source."""
        return self._key(step, ours=self.direction != READING)

    def _key(self, step: Step, *, ours: bool) -> Path_ | None:
        by = step.how.get("by")
        if by is None:
            return None
        theirs = parse_path(by)
        names = [case.form.set for case in self.cases(step)] if "each_of" in step.how else [step.how["each"]]
        paths = {self._own_key(name, theirs, step) for name in names}
        if len(paths) != 1:
            raise TableError(f"{step.row.place}: by {by} means different members of the row sets")
        return paths.pop() if ours else theirs

    def _own_key(self, name: str, theirs: Path_, step: Step) -> Path_:
        for row in self.table.sets.get(name, ()):
            if row.theirs == (theirs,) and len(row.ours) == 1 and not set(row.how) - {"ext"}:
                return row.ours[0]
        raise TableError(f"{step.row.place}: by {step.how['by']}, which no row of {name} carries over as it is")

    def bag(self, step: Step) -> tuple[str, str]:
        """The members of a pair that hold its name and its value."""
        written = step.how["bag"]
        if not isinstance(written, dict) or set(written) != {"name", "value"} or written["name"] == written["value"]:
            raise TableError(f"{step.row.place}: a bag says {{name: member, value: member}}")
        return str(written["name"]), str(written["value"])

    # -- values -----------------------------------------------------------------------------------------------------

    def conversion(self, step: Step) -> Conversion:
        """How the value of a leaf is converted."""
        inner = self._inner(step)
        ends = step.source[-1], step.target[-1]
        if EACH in ends:
            if ends != (EACH, EACH):
                raise TableError(f"{step.row.place}: {EACH} must end both paths")
            return inner if inner is COPY else in_every_element(inner)
        if ends[0] == ONLY:
            inner = out_of_only_element(inner)
        return into_only_element(inner) if ends[1] == ONLY else inner

    def _inner(self, step: Step) -> Conversion:
        row = step.row
        if "words" in row.how:
            words = self.table.words[row.how["words"]]
            return from_words(lexicon(words, self.source_side, self.target_side, row))
        if "as" in row.how:
            if row.how["as"] not in self.codecs:
                raise TableError(f"{row.place}: there is no codec {row.how['as']}")
            return from_codec(self.codecs[row.how["as"]], reading=self.direction == READING)
        return COPY

    def joint(self, step: Step) -> Joint:
        """How several members are converted together."""
        row = step.row
        sources, targets = _names(step.sources), _names(step.targets)
        if "call" in row.how:
            if row.how["call"] not in self.calls:
                raise TableError(f"{row.place}: there is no call {row.how['call']}")
            inner = self._inner(step)
            return from_call(sources, targets, self.calls[row.how["call"]], None if inner is COPY else inner,
                             reading=self.direction == READING)
        words = self.table.words[row.how["words"]]
        sizes = len(sources), len(targets)
        return from_phrases(sources, targets, phrases(words, self.source_side, self.target_side, row, sizes))


def _names(paths: tuple[Path_, ...]) -> tuple[str, ...]:
    return tuple(str(path[0]) for path in paths)


def parent_path(row: Row) -> Path_:
    """Where `inherit` looks in our object above."""
    try:
        return parse_path(row.how["inherit"])
    except ValueError as wrong:
        raise TableError(f"{row.place}: {wrong}") from None
