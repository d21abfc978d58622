"""What a translation writes, as data: where the leftovers of an earlier translation in the other direction belong.

Shapes follow the *target* of a lens, and know for every place where its value comes from in the *source*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lso.lens.guard import Guard, guard_of
from lso.lens.joint import Joint
from lso.lens.plan import READING, Branch, Form, Plan, Step, landing
from lso.lens.table import ONLY, Path_, Segment
from lso.lens.way import Way, parent_path


@dataclass
class Leaf:
    """A converted value. source: where it comes from. read, back: its conversions; None is "cannot be read".

    default, inherited: what the source shows if this is absent: a value, or what a path in our object above leads to.
    """

    source: Path_
    read: Callable[[Any], Any]
    back: Callable[[Any], Any]
    guard: Guard | None = None
    default: Any = None
    inherited: Path_ | None = None


@dataclass(eq=False)
class Shape:
    """What is written into one object.

    leaves: more than one only where guards tell them apart. objects: made of rows of the same set.
    parts: what has a complement of its own and is no object of the same set. heirs: those of them that inherit.
    """

    ours: bool
    leaves: dict[str, tuple[Leaf, ...]] = field(default_factory=dict)
    constants: set[str] = field(default_factory=set)
    joints: list[Joint] = field(default_factory=list)
    objects: dict[str, Shape] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    heirs: tuple[Heir, ...] = ()


@dataclass
class Part:
    """A member whose complement is not simply that of an object."""

    guard: Guard | None = None


@dataclass
class One(Part):
    """An object that is a row set."""

    source: Path_ = ()
    shape: Shape = field(default_factory=lambda: Shape(ours=False))


@dataclass
class Each(Part):
    """A list, one for one with another. by: what identifies an element there. shape: of an element, unless typed."""

    source: Path_ = ()
    by: Path_ | None = None
    shape: Shape | None = None
    types: Typed | None = None


@dataclass
class Heir:
    """A part that inherits from the object it is in, or that holds, deep inside, some that inherit from theirs.

    path: from the object. leaves: what inherits. above: the members it may come from. is_deep: the second kind.
    """

    path: Path_
    part: One | Each
    shape: Shape
    leaves: list[Leaf]
    above: frozenset[Segment]
    is_deep: bool = False


@dataclass
class Typed:
    """tags: of this side and of the source. cases: by the word of this side, the word of the source and the shape.

    read: by the word of the source, the word of this side.
    """

    tags: tuple[str, str]
    cases: dict[str, tuple[str, Shape]]
    read: dict[str, str]


@dataclass
class Pick:
    """An element picked out; key and word are None for the only one. source: where it comes from, if a row set."""

    label: str
    key: str | None
    word: str | None
    shape: Shape
    source: Path_ | None = None


@dataclass
class Picks(Part):
    """A list out of which elements are picked, in the order of the table."""

    picks: list[Pick] = field(default_factory=list)


@dataclass
class Bag(Part):
    """A list of name and value."""

    key: str = ""
    held: str = ""


def shape_of(way: Way, form: Form) -> Shape:
    """The shape of what a lens writes."""
    shapes = _Shapes(way)
    found = shapes.of(form)
    shapes.find_heirs()
    return found


class _Shapes:
    """Shapes of forms, which may contain themselves."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._found: dict[Form, Shape] = {}

    def of(self, form: Form) -> Shape:
        """The shape of a form."""
        if form not in self._found:
            shape = self._found[form] = self._empty()
            plan = self._way.plan(form)
            self._fill(shape, plan.target)
            self._add_joints(shape, plan)
        return self._found[form]

    def find_heirs(self) -> None:
        """Notes which parts inherit, once all shapes are known."""
        found = list(self._found.values())
        inheriting = [shape for shape in found if any(True for _ in _inherited(shape))]
        grown = True
        while grown:
            grown = False
            for shape in found:
                shape.heirs = tuple(_heirs(shape, (), inheriting))
                if shape.heirs and shape not in inheriting:
                    inheriting.append(shape)
                    grown = True
        for heir in (heir for shape in found for heir in shape.heirs):
            heir.is_deep = bool(heir.shape.heirs)

    def _empty(self) -> Shape:
        return Shape(ours=self._way.direction == READING)

    def _fill(self, shape: Shape, branch: Branch) -> None:
        for name, below in branch.members.items():
            if below.constant is not None:
                shape.constants.add(name)
            elif below.picks or ONLY in below.below:
                shape.parts[name] = self._picks(below)
            elif below.below or (below.step("rest") is not None and not below.step("leaf")):
                shape.objects[name] = self._inner(below)
            elif (part := self._part(below)) is not None:
                shape.parts[name] = part
            elif below.step("leaf") is not None:
                shape.leaves[name] = tuple(self._leaf(step) for step in below.steps)

    def _inner(self, branch: Branch) -> Shape:
        shape = self._empty()
        self._fill(shape, branch)
        return shape

    def _add_joints(self, shape: Shape, plan: Plan) -> None:
        shape.joints += [self._way.joint(step) for step in plan.steps if step.verb == "joint"]

    def _part(self, branch: Branch) -> Part | None:
        step = branch.step("one", "each", "each_of", "bag")
        if step is None:
            return None
        guard = guard_of(step.row)
        if step.verb == "one":
            return One(guard, step.source, self.of(self._way.form(step)))
        if step.verb == "bag":
            return Part(guard) if self._way.direction == READING else Bag(guard, *self._way.bag(step))
        each = Each(guard, step.source[:-1], self._way.source_key(step))
        if step.verb == "each":
            each.shape = self.of(self._way.form(step))
        else:
            each.types = self._typed(step)
        return each

    def _typed(self, step: Step) -> Typed:
        """The words of this side may be folded on the way back, so all of them are listed."""
        types = self._way.types(step)
        source_tag, target_tag = self._way.tags(types)
        forms = {(case.source_word, case.target_word): case.form for case in self._way.cases(step)}
        cases: dict[str, tuple[str, Shape]] = {}
        for theirs, ours, name in types.cases:
            here, there = (theirs, ours) if self._way.direction == READING else (ours, theirs)
            form = forms.get((here, there), Form(name, source_tag, (target_tag, there)))
            cases.setdefault(there, (here, self.of(form)))
        return Typed((target_tag, source_tag), cases, dict(reversed(forms)))

    def _picks(self, branch: Branch) -> Picks:
        picks = []
        for segment, below in branch.below.items():
            step = below.step("one")
            shape = self.of(self._way.form(step)) if step is not None else self._inner(below)
            key, word = (None, None) if isinstance(segment, str) else (segment.key, segment.value)
            picks.append(Pick(str(segment), key, word, shape, step.source if step is not None else None))
        return Picks(picks=picks)

    def _leaf(self, step: Step) -> Leaf:
        conversion = self._way.conversion(step)
        leaf = Leaf(landing(step, step.source), conversion.forward, conversion.backward, guard_of(step.row))
        # What the way back fills in, so what the source shows of a value that is not here.
        if "default" in step.how and self._way.direction != READING:
            leaf.default = step.how["default"]
        if "inherit" in step.how and self._way.direction == READING:
            leaf.inherited = parent_path(step.row)
        return leaf


def _inherited(shape: Shape) -> Iterator[Leaf]:
    return (leaf for leaves in shape.leaves.values() for leaf in leaves if leaf.inherited is not None)


def _heirs(shape: Shape, path: Path_, inheriting: list[Shape]) -> Iterator[Heir]:
    for name, inner in shape.objects.items():
        yield from _heirs(inner, (*path, name), inheriting)
    for name, part in shape.parts.items():
        if isinstance(part, One | Each) and part.shape is not None and any(part.shape is one for one in inheriting):
            leaves = list(_inherited(part.shape))
            above = frozenset(leaf.inherited[0] for leaf in leaves if leaf.inherited is not None)
            yield Heir((*path, name), part, part.shape, leaves, above)
