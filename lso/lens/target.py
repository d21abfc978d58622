"""The side that is written: generates the code that puts a value in its place and makes what holds it.

What holds several values is made by whichever comes first; what holds only one is written as one literal. A list out
of which elements are picked is put together at the end, in the order of the table.
"""

from __future__ import annotations

from lso.lens.code import Code
from lso.lens.path import is_member
from lso.lens.plan import Branch, Form
from lso.lens.table import ONLY, Path_, Select


class Target:
    """The object under construction. name: the variable that holds it."""

    def __init__(self, root: Branch, form: Form, code: Code, name: str) -> None:
        self._root = root
        self._form = form
        self._code = code
        self._name = name
        self._variables: dict[Path_, str] = {}

    @property
    def variables(self) -> list[str]:
        """What the function must set to None before anything else."""
        return list(self._variables.values())

    def start(self) -> str:
        """The literal that construction begins with."""
        tag = [f"{name!r}: {word!r}" for name, word in filter(None, [self._form.target_tag])]
        return "{" + ", ".join(tag + self._constants(self._root)) + "}"

    def branch(self, path: Path_) -> Branch:
        """The place at a path."""
        here = self._root
        for segment in path:
            here = here.below[segment]
        return here

    def claimed(self, path: Path_) -> frozenset[str]:
        """The members of an object that rows, dropped or not, or its tag have taken."""
        branch = self.branch(path)
        tag = {self._form.target_tag[0]} if self._form.target_tag and not path else set()
        return frozenset(branch.members.keys() | branch.dropped | tag)

    def put(self, path: Path_, value: str) -> None:
        """Puts the value of an expression at a path."""
        while len(path) > 1 and self._holds_one(path[:-1]):
            value = self._literal(path, value)
            path = path[:-1]
        last = path[-1]
        if isinstance(last, Select):
            self._code.line(f"{self._variable(path)} = {value}")
        elif last == ONLY:
            self._put_list(path[:-1], f"[{value}]")
        else:
            self._code.line(f"{self.object(path[:-1])}[{last!r}] = {value}")

    def pour(self, path: Path_, values: str) -> None:
        """Adds members to the object at a path."""
        if path and self._holds_one(path):
            self.put(path, values)
        else:
            self._code.line(f"{self.object(path)}.update({values})")

    def object(self, path: Path_) -> str:
        """The variable of the object at a path, which exists from here on."""
        if not path:
            return self._name
        variable, last = self._variable(path), path[-1]
        literal = "{" + ", ".join(self._key(path) + self._constants(self.branch(path))) + "}"
        if isinstance(last, Select):
            self._code.line(f"if {variable} is None: {variable} = {literal}")
        elif last == ONLY:
            with self._code.block(f"if {variable} is None:"):
                self._code.line(f"{variable} = {literal}")
                self._put_list(path[:-1], f"[{variable}]")
        elif len(path) == 1:
            self._code.line(f"if {variable} is None: {variable} = {self._name}[{last!r}] = {literal}")
        else:
            with self._code.block(f"if {variable} is None:"):
                self._code.line(f"{variable} = {self.object(path[:-1])}[{last!r}] = {literal}")
        return variable

    def finish(self) -> None:
        """Puts the lists together out of which elements are picked, innermost first."""
        for path in sorted(self._lists(self._root), key=len, reverse=True):
            elements = [self._variables[(*path, pick)] for pick in self.branch(path).picks
                        if (*path, pick) in self._variables]
            if not elements:
                continue
            if len(elements) == 1:
                with self._code.block(f"if {elements[0]} is not None:"):
                    self._put_list(path, f"[{elements[0]}]")
                continue
            made = self._code.fresh("l")
            self._code.line(f"{made} = [e for e in ({', '.join(elements)}) if e is not None]")
            with self._code.block(f"if {made}:"):
                self._put_list(path, made)

    def _put_list(self, path: Path_, value: str) -> None:
        self._code.line(f"{self.object(path[:-1])}[{path[-1]!r}] = {value}")

    def _variable(self, path: Path_) -> str:
        if path not in self._variables:
            self._variables[path] = self._code.fresh("o")
        return self._variables[path]

    def _holds_one(self, path: Path_) -> bool:
        """Whether a single step writes below this place."""
        below = [step for step in self.branch(path).all_steps() if step.crosses]
        return len(below) == 1

    def _literal(self, path: Path_, value: str) -> str:
        """What holds the last segment of a path, with the value in it."""
        last, held = path[-1], path[:-1]
        if not isinstance(last, str) or not is_member(last):
            return f"[{value}]"
        return "{" + ", ".join([*self._key(held), *self._constants(self.branch(held)), f"{last!r}: {value}"]) + "}"

    @staticmethod
    def _key(path: Path_) -> list[str]:
        last = path[-1] if path else None
        return [f"{last.key!r}: {last.value!r}"] if isinstance(last, Select) else []

    @staticmethod
    def _constants(branch: Branch) -> list[str]:
        return [f"{name!r}: {below.constant.how['const']!r}" for name, below in branch.members.items()
                if below.constant is not None]

    def _lists(self, branch: Branch) -> list[Path_]:
        found = [branch.path] if branch.picks else []
        return found + [path for below in branch.below.values() for path in self._lists(below)]

