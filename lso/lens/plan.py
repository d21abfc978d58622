"""A row set seen in one direction: its rows as steps from source to target, and each side as a tree of places.

Here tables are refused that no code can be written for; the checker says more, and knows the specifications.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lso.lens.path import is_member, path_text
from lso.lens.table import EACH, ONLY, Path_, Row, Segment, Select, Table, TableError

READING, WRITING = 0, 1
CONTAINERS = ("rest", "bag", "one", "each", "each_of")


@dataclass(frozen=True)
class Form:
    """A row set as it is used: plainly, or for elements that were chosen by what one of their members says.

    source_tag: the member that chose; it is accounted for. target_tag: the member and word written for it.
    """

    set: str
    source_tag: str | None = None
    target_tag: tuple[str, str] | None = None


@dataclass(frozen=True)
class Step:
    """One row in one direction. verb: const, drop, rest, bag, one, each, each_of, joint or leaf."""

    row: Row
    verb: str
    sources: tuple[Path_, ...]
    targets: tuple[Path_, ...]

    @property
    def how(self) -> Any:
        """Verbs and modifiers as written."""
        return self.row.how

    @property
    def source(self) -> Path_:
        """The path on the side that is read."""
        return self.sources[0]

    @property
    def target(self) -> Path_:
        """The path on the side that is written."""
        return self.targets[0]

    @property
    def crosses(self) -> bool:
        """Whether anything is carried over."""
        return bool(self.sources and self.targets)

    def flag(self, name: str) -> bool:
        """Whether a modifier is set."""
        return bool(self.row.how.get(name) == "true")


@dataclass
class Branch:
    """A place: what is below it, the steps that end at it, and the members below that are dropped on purpose."""

    path: Path_ = ()
    below: dict[Segment, Branch] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)

    @property
    def members(self) -> dict[str, Branch]:
        """What is below an object."""
        return {segment: branch for segment, branch in self.below.items()
                if isinstance(segment, str) and is_member(segment)}

    @property
    def picks(self) -> dict[Select, Branch]:
        """Elements picked out of a list."""
        return {segment: branch for segment, branch in self.below.items() if isinstance(segment, Select)}

    @property
    def constant(self) -> Step | None:
        """The step that writes a constant here."""
        return next((step for step in self.steps if step.verb == "const"), None)

    def step(self, *verbs: str) -> Step | None:
        """The step with one of these verbs that ends here."""
        return next((step for step in self.steps if step.verb in verbs), None)

    def all_steps(self) -> Iterator[Step]:
        """Those that end here or below."""
        yield from self.steps
        for branch in self.below.values():
            yield from branch.all_steps()


def _steps_of(table: Table, form: Form, direction: int) -> list[Step]:
    """The rows of a set in one direction, less those whose place is taken by the tag of the form."""
    rows = list(table.sets[form.set])
    if table.rest_same:
        rows.append(Row(((),), ((),), {"rest": "true"}, table.place))
    steps = [_step(row, direction) for row in rows]
    target_tag = form.target_tag[0] if form.target_tag else None
    return [step for step in steps
            if (form.source_tag,) not in step.sources and (target_tag,) not in step.targets]


def _step(row: Row, direction: int) -> Step:
    verb = next((verb for verb in ("drop", "const", *CONTAINERS) if verb in row.how), None)
    if verb is None:
        verb = "joint" if "call" in row.how or max(len(row.theirs), len(row.ours)) > 1 else "leaf"
    _refuse(row, verb)
    sides = (row.theirs, row.ours) if direction == READING else (row.ours, row.theirs)
    return Step(row, verb, *sides)


def _refuse(row: Row, verb: str) -> None:
    wrong = None
    if verb in ("drop", "const"):
        if row.theirs and row.ours:
            wrong = f"{verb} is for members without counterpart"
        elif verb == "const" and len(row.theirs or row.ours) != 1:
            wrong = "const is for one member"
    elif not (row.theirs and row.ours):
        wrong = "a member without counterpart says drop, and why"
    elif "when" in row.how and (verb == "rest" or (not all(map(is_member, (*row.theirs[0], *row.ours[0])))
                                and verb == "one")):
        wrong = f"{verb} cannot have a guard here; give it to the rows inside"
    elif verb == "joint":
        wrong = _refuse_joint(row)
    elif len(row.theirs) > 1 or len(row.ours) > 1:
        wrong = f"{verb} is for one member on either side"
    elif ("default" in row.how or "inherit" in row.how) and not _plain_members(row):
        wrong = "default and inherit are for members of the set itself, without when"
    elif verb in ("each", "each_of") and not (row.theirs[0][-1] == EACH and row.ours[0][-1] == EACH):
        wrong = f"{verb} needs {EACH} at the end of both paths"
    elif verb in ("one", "bag", "rest") and EACH in (*row.theirs[0], *row.ours[0]):
        wrong = f"{verb} is not for every element"
    if wrong:
        raise TableError(f"{row.place}: {wrong}")


def _refuse_joint(row: Row) -> str | None:
    if "call" not in row.how and "words" not in row.how:
        return "several members need words or a call"
    if any(len(path) != 1 for path in (*row.theirs, *row.ours)) or "when" in row.how:
        return "several members, and those of a call, must be members of the set itself, without when"
    return None


def _plain_members(row: Row) -> bool:
    return len(row.theirs[0]) == 1 and len(row.ours[0]) == 1 and "when" not in row.how and row.theirs[0] != (EACH,)


@dataclass(frozen=True)
class Plan:
    """A form in one direction: its steps, and both sides as trees."""

    form: Form
    steps: list[Step]
    source: Branch
    target: Branch


def plan_of(table: Table, form: Form, direction: int) -> Plan:
    """The plan of a form. Raises TableError."""
    steps = _steps_of(table, form, direction)
    return Plan(form, steps, _tree(steps, "sources"), _tree(steps, "targets"))


def _tree(steps: Sequence[Step], side: str) -> Branch:
    """The places of one side, `sources` or `targets`. Raises TableError where rows collide."""
    root = Branch()
    for step in steps:
        for path in getattr(step, side):
            if step.verb != "drop":
                _place(root, landing(step, path)).steps.append(step)
    for step in steps:
        for path in getattr(step, side):
            if step.verb == "drop":
                _drop(root, path)
    _refuse_collisions(root)
    return root


def landing(step: Step, path: Path_) -> Path_:
    """The place that a step reads or writes: the member that holds a list stands for its elements."""
    trimmed: tuple[Segment, ...] = (EACH, ONLY) if step.verb == "leaf" else (EACH,)
    return path[:-1] if path and path[-1] in trimmed else path


def _place(root: Branch, path: Path_) -> Branch:
    here = root
    for position, segment in enumerate(path):
        here = here.below.setdefault(segment, Branch(path[:position + 1]))
    return here


def _drop(root: Branch, path: Path_) -> None:
    """A dropped member matters only where all others are poured, and only if no row names a part of it."""
    here = root
    for segment in path[:-1]:
        if segment not in here.below:
            return
        here = here.below[segment]
    last = path[-1]
    if isinstance(last, str) and last not in here.below:
        here.dropped.add(last)


def _refuse_collisions(branch: Branch) -> None:
    whole = [step for step in branch.steps if step.verb != "rest"]
    if len(whole) > 1 and not all(step.verb == "leaf" and "when" in step.how for step in whole):
        _collide(whole[1], branch)
    if branch.below and whole:
        _collide(whole[0], branch)
    kinds = {f"[{one.key}]" if isinstance(one, Select) else "member" if is_member(one) else one
             for one in branch.below}
    if len(kinds) > 1 or len(branch.steps) - len(whole) > 1:
        _collide(next(branch.all_steps()), branch)
    for pick, below in branch.picks.items():
        if pick.key in below.below or any(step.verb != "one" for step in below.steps):
            _collide(next(below.all_steps()), below)
    for below in branch.below.values():
        _refuse_collisions(below)


def _collide(step: Step, branch: Branch) -> None:
    raise TableError(f"{step.row.place}: another row says something else about {path_text(branch.path) or 'the whole'}")
