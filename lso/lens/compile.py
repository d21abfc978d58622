"""Compiles a table into a mapping: a function per direction, made by the same generator with the sides swapped."""

from __future__ import annotations

import linecache
from itertools import count

from lso.lens import complement
from lso.lens.code import Code
from lso.lens.codec import Calls, Codecs
from lso.lens.compile_object import write_set
from lso.lens.conversion import same
from lso.lens.function import Function, Here
from lso.lens.path import find, walk
from lso.lens.plan import READING, WRITING, Form, Plan, Step
from lso.lens.shape import shape_of
from lso.lens.table import Table
from lso.lens.translation import Lens, Mapping, Run
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
    reading, writing = (Way(table, codecs, calls, direction) for direction in (READING, WRITING))
    source, run = _Compiler(reading, keeps=True).functions()
    read = Lens(table.name, source, run, run, shape_of(reading, MAIN))
    # What is written is hardly ever asked for what it lacks, so that is worked out when somebody asks.
    quick_source, quick = _Compiler(writing, keeps=False).functions()
    source, run = _Compiler(writing, keeps=True).functions()
    return Mapping(table.name, table, read, Lens(table.name, quick_source, quick, run, shape_of(writing, MAIN)))


class _Compiler:
    """One direction: a function for every form that is reached from the document.

    keeps: whether they make the complement, or only say whether there may be one.
    """

    def __init__(self, way: Way, *, keeps: bool) -> None:
        self._way = way
        self._keeps = keeps
        self._code = Code()
        self._code.names |= RUNTIME
        self._names: dict[Form, str] = {}
        self._waiting: list[Form] = []
        self._dispatchers: dict[str, str] = {}
        self._undispatched: list[Step] = []
        self._cases: list[tuple[dict[str, object], str, Form]] = []

    def functions(self) -> tuple[str, Run]:
        """The text of all functions, and the one that the document goes into."""
        top = self._call(MAIN)
        while self._waiting:
            self._write(self._way.plan(self._waiting.pop(0)))
        # No angle brackets, or linecache would not look; it cuts the text into lines when a traceback asks for them.
        name = f"lens {self._way.table.name} {self._way.source_side}->{self._way.target_side} {next(_numbers)}"
        source = self._code.text
        linecache.cache[name] = (lambda: source,)
        names = self._code.names
        exec(compile(source, name, "exec"), names)  # noqa: S102  our own text: data enters it by repr only
        for cases, word, form in self._cases:
            cases[word] = names[self._names[form]]
        run: Run = names[top]
        return source, run

    def _call(self, form: Form) -> str:
        if form not in self._names:
            self._names[form] = self._code.function_name(form.set)
            self._waiting.append(form)
        return self._names[form]

    def _write(self, plan: Plan) -> None:
        form = plan.form
        function = Function(self._way, plan, self._code, self._keeps, self._call, self._dispatch)
        above = ", up" if self._way.needs_parent(form.set) else ""
        with self._code.block(f"def {self._names[form]}(s, at, found{above}):"):
            known = frozenset({form.source_tag} if form.source_tag else ())
            write_set(function, Here("s", "x", "n", (), known))
            self._code.line("return d, x")
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
        words = frozenset(case[0] for case in types.cases), frozenset(case[1] for case in types.cases)
        unknown = Unknown((source_tag, target_tag), words if self._way.direction == READING else words[::-1])
        first = {case.target_word: case.source_word for case in reversed(cases)}
        folded = frozenset(case.source_word for case in cases if first[case.target_word] != case.source_word)
        chosen = code.bind("cases", functions)
        with code.block(f"def {self._dispatchers[step.how['each_of']]}(s, at, found):"):
            code.line(f"t = s.get({source_tag!r})")
            code.line(f"case = {chosen}.get(t) if type(t) is str else None")
            code.line(f"if case is None: return {code.bind('unknown', unknown)}(s, at, found), None")
            code.line("d, x = case(s, at, found)")
            if self._keeps:
                code.line("if x is not None: x['type'] = t")
            if folded:
                code.line(f"{'elif' if self._keeps else 'if'} t in {code.bind('folded', folded)}: x = {{'type': t}}")
            code.line("return d, x")
