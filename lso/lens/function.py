"""A function being generated: one row set, in one form and one direction.

    def item_1(s, at, found):
        d = {}; x = None; n = 0
        …
        return d, x

s: the object read. at: a link `(link above, segment)`, None at the top. found: a list that findings are added to, as
(at, rest of the pointer, code, reason). d: the object written. x: what is left over. n: how many members of s are
accounted for: where it falls short of `len(s)`, something is left over, and only then does anybody look for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

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


@dataclass
class Function:
    """What the code of every verb needs.

    call: the name of the function for another form. dispatch: the name of the one that chooses a case of `each_of`.
    """

    way: Way
    plan: Plan
    code: Code
    target: Target
    call: Callable[[Form], str]
    dispatch: Callable[[Step], str]
    _guards: dict[Guard, str] = field(default_factory=dict)

    def pointer(self, *segments: str) -> str:
        """An expression for the text of a pointer, without the leading slash."""
        if not any(isinstance(one, Variable) for one in segments):
            return repr("/".join(escape(one) for one in segments))
        parts = (f"{{{one}}}" if isinstance(one, Variable) else escape(one).replace("{", "{{").replace("}", "}}")
                 for one in segments)
        return "f" + repr("/".join(parts))

    def link(self, here: Here, *segments: str) -> str:
        """An expression for the link to something inside."""
        return f"(at, {self.pointer(*here.at, *segments)})"

    def put(self, step: Step, value: str) -> None:
        """Puts an expression where a step leads."""
        self.target.put(landing(step, step.target), value)

    def hold(self, here: Here, name: str, value: str) -> None:
        """Keeps a member."""
        self.code.line(f"{here.node} = hold({here.node}, {name!r}, {value})")

    def fail(self, here: Here, name: str, value: str, code: str, reason: str) -> None:
        """Keeps a member and reports it. code and reason are expressions."""
        self.hold(here, name, value)
        self.code.line(f"found.append((at, {self.pointer(*here.at, name)}, {code}, {reason}))")

    def nest(self, here: Here, name: str, child: str) -> None:
        """Keeps what is left of a list, or of an object that has certainly reached the other side."""
        self.code.line(f"if {child} is not None: {here.node} = nest({here.node}, {name!r}, {child})")

    def apply(self, step: Step, value: str, link: str) -> str:
        """A call of the function of another row set."""
        form = self.way.form(step)
        above = ", s" if self.way.needs_parent(form.set) else ""
        return f"{self.call(form)}({value}, {link}, found{above})"

    def holds(self, guard: Guard) -> str:
        """An expression for whether a guard holds for our side."""
        if guard not in self._guards:
            self._guards[guard] = self.code.bind("guard", guard.holds)
        return f"{self._guards[guard]}({'d' if self.way.direction == READING else 's'})"

    def known(self, here: Here, branch: Branch) -> str:
        """The name of the set of members that rows or a tag account for."""
        return self.code.bind("known", here.known | branch.members.keys())
