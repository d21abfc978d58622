"""Code for single values: copied, by words, by a codec; with a default, inherited, or constant."""

from __future__ import annotations

from lso.lens.conversion import COPY, Conversion
from lso.lens.function import Function, Here
from lso.lens.plan import READING, Step
from lso.lens.way import parent_path


def write_leaf(fn: Function, step: Step, name: str, value: str, here: Here) -> None:
    """The value is there and not null."""
    conversion = fn.way.conversion(step)
    if conversion is COPY:
        _carry(fn, step, value, here)
    elif conversion.lexicon is not None:
        _write_words(fn, step, conversion, (name, value), here)
    elif (quick := _quick(fn, conversion, value)) is not None:
        with fn.code.block(f"if {quick}:"):
            _carry(fn, step, value, here)
        with fn.code.block("else:"):
            _write_converted(fn, step, conversion, (name, value), here)
    else:
        _write_converted(fn, step, conversion, (name, value), here)


def write_missing(fn: Function, step: Step, name: str, here: Here) -> None:
    """The value of a member with a default, or that inherits one when it is written, is not there or null."""
    if "default" in step.how:
        if fn.way.direction == READING:
            fn.put(step, repr(step.how["default"]))
        fn.absent(here, name)
    elif fn.way.direction != READING:
        inherited = fn.code.fresh("w")
        path, convert = fn.code.bind("path", parent_path(step.row)), fn.code.bind("convert", _forward(fn, step))
        fn.code.line(f"{inherited} = {convert}(walk({fn.names.above}, {path}))")
        with fn.code.block(f"if {inherited} is not None:"):
            fn.put(step, inherited)
            fn.absent(here, name)


def write_constant(fn: Function, step: Step, name: str, value: str, here: Here) -> None:
    """The constant itself is swallowed, anything else is kept."""
    constant = step.how["const"]
    equal = f"type({value}) is {type(constant).__name__} and {value} == {constant!r}"
    if isinstance(constant, (dict, list)):
        equal = f"same({value}, {constant!r})"
    with fn.code.block(f"if {value} is not None and {equal}:"):
        fn.code.line(f"{here.count} += 1")
        if here.constants:
            fn.code.line(f"{here.constants} += 1")
    with fn.code.block(f"elif {value} is not None:"):
        if step.flag("open"):
            fn.hold(here, name, value)
        else:
            fn.fail(here, name, value, "'invalidValue'", repr(f"expected {constant}"[:255]))
    with fn.code.block(f"elif {name!r} not in {here.source}:"):
        fn.absent(here, name)


def write_joints(fn: Function, here: Here) -> None:
    """Members that are converted together, by words or by a call, which may look at all the others."""
    for step in fn.plan.steps:
        if step.verb == "joint":
            joint, where = fn.way.joint(step), f"{fn.names.source}, {fn.names.target}, {fn.names.at}, found"
            if fn.keeps:
                fn.leave(here, f"{fn.code.bind('joint', joint)}({here.node}, {where})")
            else:
                fn.leave(here, "", f"{fn.code.bind('joint', joint.writer())}({where})")


def _quick(fn: Function, conversion: Conversion, value: str) -> str | None:
    """An expression that holds for values that are certainly the same on both sides, if some are."""
    if conversion.plain is not None:
        return f"type({value}) is {conversion.plain.__name__}"
    if conversion.settled is not None:
        return f"type({value}) is str and {fn.code.bind('settled', conversion.settled)}({value})"
    return None


def _carry(fn: Function, step: Step, value: str, here: Here) -> None:
    fn.code.line(f"{here.count} += 1")
    fn.put(step, value)


def _write_words(fn: Function, step: Step, conversion: Conversion, member: tuple[str, str], here: Here) -> None:
    name, value, lexicon = *member, conversion.lexicon
    if lexicon is None:
        return
    words, word = fn.code.bind("words", lexicon.forward), fn.code.fresh("w")
    unknown = f", {value}" if lexicon.open else ""
    fn.code.line(f"{word} = {words}.get({value}{unknown}) if type({value}) is str else None")
    with fn.code.block(f"if {word} is not None:"):
        _carry(fn, step, word, here)
        if lexicon.open:
            back = fn.code.bind("words", lexicon.backward)
            fn.spell(here, name, value, f"{back}.get({word}, {word}) != {value}")
        elif lexicon.folded:
            folded = fn.code.bind("folded", lexicon.folded)
            fn.spell(here, name, value, f"{value} in {folded}")
    if lexicon.silent and not lexicon.open:
        silent = fn.code.bind("silent", lexicon.silent)
        with fn.code.block(f"elif type({value}) is str and {value} in {silent}:"):
            _keep(fn, step, member, here)
    with fn.code.block("else:"):
        _reject(fn, step, conversion, member, here)


def _write_converted(fn: Function, step: Step, conversion: Conversion, member: tuple[str, str], here: Here) -> None:
    name, value = member
    convert, new, differs = fn.code.bind("convert", conversion.apply), fn.code.fresh("w"), fn.code.fresh("r")
    fn.code.line(f"{new}, {differs} = {convert}({value})")
    with fn.code.block(f"if {new} is not None:"):
        _carry(fn, step, new, here)
        fn.spell(here, name, value, differs)
    with fn.code.block("else:"):
        _reject(fn, step, conversion, member, here)


def _keep(fn: Function, step: Step, member: tuple[str, str], here: Here) -> None:
    name, value = member
    fn.hold(here, name, value)
    _unfilled(fn, step, name, here)


def _reject(fn: Function, step: Step, conversion: Conversion, member: tuple[str, str], here: Here) -> None:
    name, value = member
    fn.fail(here, name, value, repr(conversion.code), repr(f"expected {conversion.expected}"[:255]))
    _unfilled(fn, step, name, here)


def _unfilled(fn: Function, step: Step, name: str, here: Here) -> None:
    """The way back would fill in what could not be read."""
    if fn.way.direction != READING and "default" in step.how:
        fn.absent(here, name)


def _forward(fn: Function, step: Step) -> object:
    """The conversion of an inherited value; None stays None."""
    forward = fn.way.conversion(step).forward
    return lambda value: None if value is None else forward(value)
