"""The code of one row set, in one form and one direction.

    def item_1(s, at, found):
        d = {}; x = None; n = 0
        …
        return d, x

s: the object read. at: a link `(link above, segment)`, None at the top. found: a list that findings are added to, as
(at, rest of the pointer, code, reason). d: the object written. x: what is left over. n: how many members of s are
accounted for: where it falls short of `len(s)`, something is left over, and only then does anybody look for it.

The code comes in two kinds. The keeping one makes the complement in `x`; the other only says True if there may be one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lso.lens.code import Code
from lso.lens.guard import Guard
from lso.lens.path import escape
from lso.lens.plan import READING, Branch, Form, Plan, Step, landing
from lso.lens.target import Target
from lso.lens.way import Way


class Variable(str):
    """A segment of a pointer that is known only at run time: the name of a variable."""

    __slots__ = ()


@dataclass(frozen=True)
class Here:
    """The object of the source that code is being written for.

    source, node, count: the variables that hold it, its complement, and how many of its members are accounted for.
    at: the pointer from the object of the row set to this one. known: members already accounted for by a tag or pick.
    constants: the variable that counts constants, where there are any.
    """

    source: str
    node: str
    count: str
    at: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    constants: str | None = None

    @property
    def reached(self) -> str:
        """An expression for how many members were carried over."""
        return f"{self.count} - {self.constants}" if self.constants else self.count


@dataclass(frozen=True)
class Names:
    """What row-set code calls the object it reads, the one it writes, the link to it, and our object above."""

    source: str = "s"
    target: str = "d"
    at: str = "at"
    above: str = "up"


@dataclass
class Function:
    """What the code of every verb needs.

    keeps: whether it makes the complement. call: the name of the function for another form. dispatch: the name of the
    one that chooses a case of `each_of`. depth: how many row sets this one is written inside of.
    """

    way: Way
    plan: Plan
    code: Code
    keeps: bool
    call: Callable[[Form], str]
    dispatch: Callable[[Step], str]
    names: Names = Names()
    depth: int = 0

    def __post_init__(self) -> None:
        self.target = Target(self.plan.target, self.plan.form, self.code, self.names.target)
        self._guards: dict[Guard, str] = {}

    def inside(self, form: Form, source: str, at: str) -> Function:
        """The code of another row set, written where this one calls for it."""
        names = Names(source, self.code.fresh("d"), at, self.names.source)
        return Function(self.way, self.way.plan(form), self.code, self.keeps, self.call, self.dispatch, names,
                        self.depth + 1)

    def pointer(self, *segments: str) -> str:
        """An expression for the text of a pointer, without the leading slash."""
        if not any(isinstance(one, Variable) for one in segments):
            return repr("/".join(escape(one) for one in segments))
        parts = (f"{{{one}}}" if isinstance(one, Variable) else escape(one).replace("{", "{{").replace("}", "}}")
                 for one in segments)
        return "f" + repr("/".join(parts))

    def link(self, here: Here, *segments: str) -> str:
        """An expression for the link to something inside."""
        return f"({self.names.at}, {self.pointer(*here.at, *segments)})"

    def put(self, step: Step, value: str) -> None:
        """Puts an expression where a step leads."""
        self.target.put(landing(step, step.target), value)

    def leave(self, here: Here, made: str, when: str = "") -> None:
        """Something is left over; `made` is an expression for the complement with it."""
        text = f"{here.node} = {made if self.keeps else True}"
        self.code.line(f"if {when}: {text}" if when else text)

    def hold(self, here: Here, name: str, value: str) -> None:
        """A member does not reach the other side."""
        self.leave(here, f"hold({here.node}, {name!r}, {value})")

    def spell(self, here: Here, name: str, value: str, when: str) -> None:
        """A member comes back spelled differently."""
        self.leave(here, f"spell({here.node}, {name!r}, {value})", when)

    def absent(self, here: Here, name: str) -> None:
        """A member that is not there would come back."""
        self.leave(here, f"absent({here.node}, {name!r})")

    def fail(self, here: Here, name: str, value: str, code: str, reason: str) -> None:
        """A member cannot be read, which is reported. code and reason are expressions."""
        self.hold(here, name, value)
        self.find(f"{self.names.at}, {self.pointer(*here.at, name)}", code, reason)

    def find(self, where: str, code: str, reason: str) -> None:
        """Reports something. where: expressions for a link and for the rest of the pointer."""
        self.code.line(f"found.append(({where}, {code}, {reason}))")

    def nest(self, here: Here, name: str, child: str) -> None:
        """What is left of a list, or of an object that has certainly reached the other side."""
        self.leave(here, f"nest({here.node}, {name!r}, {child})", f"{child} is not None")

    def apply(self, step: Step, value: str, link: str) -> str:
        """A call of the function of another row set."""
        form = self.way.form(step)
        above = f", {self.names.source}" if self.way.needs_parent(form.set) else ""
        return f"{self.call(form)}({value}, {link}, found{above})"

    def holds(self, guard: Guard) -> str:
        """An expression for whether a guard holds for our side."""
        if guard not in self._guards:
            self._guards[guard] = self.code.bind("guard", guard.holds)
        ours = self.names.target if self.way.direction == READING else self.names.source
        return f"{self._guards[guard]}({ours})"

    def known(self, here: Here, branch: Branch) -> str:
        """The name of the set of members that rows or a tag account for."""
        return self.code.bind("known", here.known | branch.members.keys())
