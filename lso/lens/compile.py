"""Compiles a table into a mapping: two functions, one per direction, made by the same generator with the sides swapped."""

from __future__ import annotations

import linecache
from itertools import count

from lso.lens import complement
from lso.lens.code import Code
from lso.lens.codec import Calls, Codecs
from lso.lens.compile_object import write_object
from lso.lens.conversion import same
from lso.lens.function import Function, Here
from lso.lens.path import find, walk
from lso.lens.plan import READING, WRITING, Form, Plan, Step
from lso.lens.shape import shape_of
from lso.lens.table import Table
from lso.lens.target import Target
from lso.lens.translation import Lens, Mapping
from lso.lens.unknown import Unknown
from lso.lens.way import Way

MAIN = Form("main")
RUNTIME = {"hold": complement.hold, "spell": complement.spell, "absent": complement.absent,
           "leftover": complement.leftover, "unpoured": complement.unpoured, "nest": complement.nest,
           "nest_object": complement.nest_object, "element": complement.element, "elements": complement.elements,
           "picked": complement.picked, "only": complement.only, "same": same, "find": find, "walk": walk}

_numbers = count(1)


def compile_mapping(table: Table, codecs: Codecs, calls: Calls) -> Mapping:
    """Both directions of a table. Raises TableError."""
    read, write = (_Compiler(Way(table, codecs, calls, direction)).lens() for direction in (READING, WRITING))
    return Mapping(table.name, table, read, write)


class _Compiler:
    """One direction: a function for every form that is reached from the document."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._code = Code()
        self._code.names |= RUNTIME
        self._names: dict[Form, str] = {}
        self._waiting: list[Form] = []
        self._dispatchers: dict[str, str] = {}
        self._undispatched: list[Step] = []
        self._cases: list[tuple[dict[str, object], str, Form]] = []

    def lens(self) -> Lens:
        """Everything, compiled."""
        top = self._call(MAIN)
        while self._waiting:
            self._write(self._way.plan(self._waiting.pop(0)))
        name = f"<lens {self._way.table.name} {self._way.source_side}->{self._way.target_side} {next(_numbers)}>"
        source = self._code.text
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        names = self._code.names
        exec(compile(source, name, "exec"), names)  # noqa: S102  our own text: data enters it by repr only
        for cases, word, form in self._cases:
            cases[word] = names[self._names[form]]
        return Lens(self._way.table.name, source, names[top], shape_of(self._way, MAIN))

    def _call(self, form: Form) -> str:
        if form not in self._names:
            self._names[form] = self._code.function_name(form.set)
            self._waiting.append(form)
        return self._names[form]

    def _write(self, plan: Plan) -> None:
        code, form = self._code, plan.form
        target = Target(plan.target, form, code)
        function = Function(self._way, plan, code, target, self._call, self._dispatch)
        above = ", up" if self._way.needs_parent(form.set) else ""
        with code.block(f"def {self._names[form]}(s, at, found{above}):"):
            start = code.here()
            known = frozenset({form.source_tag} if form.source_tag else ())
            write_object(function, plan.source, Here("s", "x", "n", (), known))
            target.finish()
            code.line("return d, x")
            if target.variables:
                code.insert(start, f"{' = '.join(target.variables)} = None")
            code.insert(start, f"d = {target.start()}; x = None; n = {len(known)}")
        while self._undispatched:
            self._write_dispatcher(self._undispatched.pop())

    def _dispatch(self, step: Step) -> str:
        name = step.how["each_of"]
        if name not in self._dispatchers:
            self._dispatchers[name] = self._code.function_name(f"{name}_of")
            self._undispatched.append(step)
        return self._dispatchers[name]

    def _write_dispatcher(self, step: Step) -> None:
        """Chooses the row set by the tag, and remembers the tag."""
        code = self._code
        types = self._way.types(step)
        source_tag, target_tag = self._way.tags(types)
        cases = self._way.cases(step)
        functions: dict[str, object] = {}
        for case in cases:
            self._call(case.form)
            self._cases.append((functions, case.source_word, case.form))
        unknown = Unknown((source_tag, target_tag), (frozenset(case.source_word for case in cases),
                                                     frozenset(case.target_word for case in cases)))
        first: dict[str, str] = {}
        for case in cases:
            first.setdefault(case.target_word, case.source_word)
        folded = frozenset(case.source_word for case in cases if first[case.target_word] != case.source_word)
        chosen = code.bind("cases", functions)
        with code.block(f"def {self._dispatchers[step.how['each_of']]}(s, at, found):"):
            code.line(f"t = s.get({source_tag!r})")
            code.line(f"case = {chosen}.get(t) if type(t) is str else None")
            code.line(f"if case is None: return {code.bind('unknown', unknown)}(s, at, found), None")
            code.line("d, x = case(s, at, found)")
            code.line("if x is not None: x['type'] = t")
            if folded:
                code.line(f"elif t in {code.bind('folded', folded)}: x = {{'type': t}}")
            code.line("return d, x")
