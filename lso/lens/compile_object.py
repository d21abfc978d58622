"""Code for objects: their members, the rest of them, and elements picked out of lists."""

from __future__ import annotations

from lso.lens.compile_leaf import write_constant, write_joints, write_leaf, write_missing
from lso.lens.compile_list import write_bag, write_each
from lso.lens.function import Function, Here, Variable
from lso.lens.guard import guard_of
from lso.lens.plan import READING, Branch, Step
from lso.lens.table import ONLY

DEPTH_MOST = 4


def write_set(fn: Function, here: Here) -> None:
    """Everything of a row set, from an empty object to a whole one."""
    start = fn.code.here()
    write_object(fn, fn.plan.source, here)
    fn.target.finish()
    if fn.target.variables:
        fn.code.insert(start, f"{' = '.join(fn.target.variables)} = None")
    first = f"{fn.names.target} = {fn.target.start()}; {here.node} = None; {here.count} = {len(here.known)}"
    fn.code.insert(start, first)


def write_object(fn: Function, branch: Branch, here: Here) -> None:
    """Reads all that rows name of an object, and keeps what is left over.

    What a guard decides comes after the members it may look at, what is converted together after everything.
    """
    later = [name for name, below in branch.members.items() if _is_guarded(fn, below)]
    for name, below in branch.members.items():
        if name not in later:
            _write_name(fn, below, name, here)
    for name in later:
        _write_name(fn, branch.members[name], name, here)
    if (rest := branch.step("rest")) is not None:
        _write_rest(fn, rest, branch, here)
    else:
        fn.leave(here, f"leftover({here.node}, {here.source}, {fn.known(here, branch)})",
                 f"{here.count} != len({here.source})")
    if not here.at:
        write_joints(fn, here)


def _is_guarded(fn: Function, branch: Branch) -> bool:
    """Whether a guard looks at what is only being written."""
    return fn.way.direction == READING and any("when" in step.how for step in branch.all_steps())


def _write_name(fn: Function, branch: Branch, name: str, here: Here) -> None:
    """A member, whether or not it is there."""
    value = fn.code.fresh("v")
    fn.code.line(f"{value} = {here.source}.get({name!r})")
    if (constant := branch.constant) is not None:
        write_constant(fn, constant, name, value, here)
        return
    with fn.code.block(f"if {value} is not None:"):
        _write_member(fn, branch, name, value, here)
    filled = next((step for step in branch.steps if "default" in step.how or "inherit" in step.how), None)
    if filled is not None:
        with fn.code.block("else:"):
            write_missing(fn, filled, name, here)


def _write_member(fn: Function, branch: Branch, name: str, value: str, here: Here) -> None:
    """A member that is there and not null."""
    if branch.step("joint") is not None:
        fn.code.line(f"{here.count} += 1")
    elif branch.picks:
        _write_picks(fn, branch, name, value, here)
    elif ONLY in branch.below:
        _write_only(fn, branch.below[ONLY], name, value, here)
    elif branch.below or branch.step("rest") is not None:
        _write_nested(fn, branch, name, value, here)
    elif "when" in branch.steps[0].how:
        _write_guarded(fn, branch, name, value, here)
    else:
        _write_step(fn, branch.steps[0], name, value, here)


def _write_guarded(fn: Function, branch: Branch, name: str, value: str, here: Here) -> None:
    word = "if"
    for step in branch.steps:
        guard = guard_of(step.row)
        if guard is not None:
            with fn.code.block(f"{word} {fn.holds(guard)}:"):
                _write_step(fn, step, name, value, here)
            word = "elif"
    with fn.code.block("else:"):
        fn.hold(here, name, value)


def _write_step(fn: Function, step: Step, name: str, value: str, here: Here) -> None:
    if step.verb == "one":
        _write_one(fn, step, name, value, here)
    elif step.verb in ("each", "each_of"):
        write_each(fn, step, name, value, here)
    elif step.verb == "bag":
        write_bag(fn, step, name, value, here)
    else:
        write_leaf(fn, step, name, value, here)


def _write_one(fn: Function, step: Step, name: str, value: str, here: Here) -> None:
    with fn.code.block(f"if type({value}) is dict:"):
        fn.code.line(f"{here.count} += 1")
        fn.nest(here, name, _write_form(fn, step, value, fn.link(here, name)))
    _refuse_other(fn, name, value, here, "an object")


def _write_nested(fn: Function, branch: Branch, name: str, value: str, here: Here) -> None:
    """An object whose members are rows of the same set."""
    with fn.code.block(f"if type({value}) is dict:"):
        fn.code.line(f"{here.count} += 1")
        inner = _enter(fn, branch, value, (*here.at, name))
        write_object(fn, branch, inner)
        nothing = f"{inner.count} == {inner.constants}" if inner.constants else f"not {inner.count}"
        fn.leave(here, f"nest_object({here.node}, {name!r}, {value}, {inner.node}, {inner.reached})",
                 f"{inner.node} is not None or {nothing}")
    _refuse_other(fn, name, value, here, "an object")


def _enter(fn: Function, branch: Branch, value: str, at: tuple[str, ...], known: frozenset[str] = frozenset()) -> Here:
    """Begins an object inside; members already known count as accounted for, but not as carried over."""
    node, count = fn.code.fresh("y"), fn.code.fresh("n")
    constants = None
    if known or any(below.constant is not None for below in branch.members.values()):
        constants = fn.code.fresh("k")
    start = len(known)
    fn.code.line(f"{node} = None; {count} = {start}" + (f"; {constants} = {start}" if constants else ""))
    return Here(value, node, count, at, known, constants)


def _write_rest(fn: Function, step: Step, branch: Branch, here: Here) -> None:
    """All members that no row names, poured over as they are."""
    poured, known = fn.code.fresh("m"), here.known | branch.members.keys()
    named = fn.code.bind("known", known | branch.dropped)
    fn.code.line(f"{poured} = {{k: v for k, v in {here.source}.items() if k not in {named}}}")
    if taken := fn.target.claimed(step.target):
        claimed = fn.code.bind("claimed", taken)
        with fn.code.block(f"for k in [k for k in {poured} if k in {claimed}]:"):
            fn.code.line(f"v = {poured}.pop(k)")
            fn.leave(here, f"hold({here.node}, k, v)")
    with fn.code.block(f"if {poured}:"):
        fn.code.line(f"{here.count} += len({poured})")
        fn.target.pour(step.target, poured)
    if known or branch.dropped:
        names = fn.code.bind("known", known), fn.code.bind("dropped", frozenset(branch.dropped))
        fn.leave(here, f"unpoured({here.node}, {here.source}, {', '.join(names)})",
                 f"{here.count} != len({here.source})")


def _write_only(fn: Function, branch: Branch, name: str, value: str, here: Here) -> None:
    """The only element of a list; of none or several, none is meant."""
    one = fn.code.fresh("e")
    with fn.code.block(f"if type({value}) is list and len({value}) == 1 and type({value}[0]) is dict:"):
        fn.code.line(f"{here.count} += 1; {one} = {value}[0]")
        left = _write_element(fn, branch, one, (*here.at, name, "0"), None)
        fn.leave(here, f"nest({here.node}, {name!r}, only({left}))", f"{left} is not None")
    with fn.code.block(f"elif type({value}) is list and not {value}:"):
        fn.hold(here, name, value)
    with fn.code.block("else:"):
        fn.fail(here, name, value, "'otherIssue'", "'expected a list of exactly one object; it is left alone'")


def _write_picks(fn: Function, branch: Branch, name: str, value: str, here: Here) -> None:
    """Elements picked out of a list by what a member says: of several alike, the first."""
    picks = fn.code.fresh("q")
    with fn.code.block(f"if type({value}) is list:"):
        fn.code.line(f"{here.count} += 1; {picks} = []")
        for pick, below in branch.picks.items():
            position, one = fn.code.fresh("i"), fn.code.fresh("e")
            fn.code.line(f"{position} = find({value}, {pick.key!r}, {pick.value!r})")
            with fn.code.block(f"if {position} >= 0:"):
                fn.code.line(f"{one} = {value}[{position}]")
                node = _write_element(fn, below, one, (*here.at, name, Variable(position)), pick.key)
                fn.code.line(f"{picks}.append(({position}, {str(pick)!r}, {node}))")
        left = Here("", fn.code.fresh("y"), "")
        fn.leave(left, f"picked({value}, {picks})")
        fn.nest(here, name, left.node)
    _refuse_other(fn, name, value, here, "a list")


def _write_element(fn: Function, branch: Branch, one: str, at: tuple[str, ...], key: str | None) -> str:
    """An element that was picked out; the variable of its complement."""
    if (step := branch.step("one")) is not None:
        return _write_form(fn, step, one, f"({fn.names.at}, {fn.pointer(*at)})")
    inner = _enter(fn, branch, one, at, frozenset({key} if key else ()))
    write_object(fn, branch, inner)
    fn.leave(inner, f"element({one}, {inner.node}, {inner.reached}, {key!r})")
    return inner.node


def _write_form(fn: Function, step: Step, value: str, link: str) -> str:
    """An object by another row set, written in place unless that could go on for ever; the variable of what is left."""
    form = fn.way.form(step)
    if fn.depth >= DEPTH_MOST or fn.way.contains_itself(form.set):
        new, left = fn.code.fresh("c"), fn.code.fresh("y")
        fn.code.line(f"{new}, {left} = {fn.apply(step, value, link)}")
        fn.put(step, new)
        return left
    inner = fn.inside(form, value, link)
    known = frozenset({form.source_tag} if form.source_tag else ())
    here = Here(value, fn.code.fresh("y"), fn.code.fresh("n"), (), known)
    write_set(inner, here)
    fn.put(step, inner.names.target)
    return here.node


def _refuse_other(fn: Function, name: str, value: str, here: Here, expected: str) -> None:
    with fn.code.block("else:"):
        fn.fail(here, name, value, "'invalidFormat'", repr(f"expected {expected}"))
