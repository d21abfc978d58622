"""Code for lists: every element by a row set, and lists of name and value."""

from __future__ import annotations

from typing import Any

from lso.lens.complement import Node
from lso.lens.function import Function, Here
from lso.lens.plan import READING, Step
from lso.lens.table import TableError


def write_each(fn: Function, step: Step, name: str, value: str, here: Here) -> None:
    """One for one, in their order; left alone if an element is not an object."""
    link, made, kept, position, one, new, left = (fn.code.fresh(stem) for stem in ("p", "l", "f", "i", "e", "c", "y"))
    with fn.code.block(f"if type({value}) is list:"):
        fn.code.line(f"{link} = {fn.link(here, name)}; {made} = []; {position} = 0; {kept} = None")
        with fn.code.block(f"for {one} in {value}:"):
            fn.code.line(f"if type({one}) is not dict: break")
            fn.code.line(f"{new}, {left} = {_element(fn, step, one, f'({link}, {position})')}")
            fn.code.line(f"{made}.append({new})")
            with fn.code.block(f"if {left} is not None:"):
                if fn.keeps:
                    fn.code.line(f"if {kept} is None: {kept} = {{}}")
                fn.code.line(f"{kept}[{position}] = {left}" if fn.keeps else f"{kept} = True")
            fn.code.line(f"{position} += 1")
        with fn.code.block(f"if {position} == len({value}):"):
            fn.code.line(f"{here.count} += 1")
            fn.put(step, made)
            by = fn.code.bind("by", fn.way.key(step))
            fn.leave(here, f"nest({here.node}, {name!r}, elements({kept}, {made}, {by}))", f"{kept} is not None")
        with fn.code.block("else:"):
            fn.hold(here, name, value)
            fn.find(f"{link}, {position}", "'invalidFormat'", "'expected an object'")
    with fn.code.block("else:"):
        fn.fail(here, name, value, "'invalidFormat'", "'expected a list of objects'")


def _element(fn: Function, step: Step, one: str, link: str) -> str:
    if "each" in step.how:
        return fn.apply(step, one, link)
    if any(fn.way.needs_parent(case.form.set) for case in fn.way.cases(step)):
        raise TableError(f"{step.row.place}: inherit does not reach through each_of")
    return f"{fn.dispatch(step)}({one}, {link}, found)"


def write_bag(fn: Function, step: Step, name: str, value: str, here: Here) -> None:
    """A list of name and value on their side, an object on ours."""
    key, held = fn.way.bag(step)
    if fn.way.direction == READING:
        opened, left, open_bag_ = fn.code.fresh("o"), fn.code.fresh("y"), fn.code.bind("open_bag", open_bag)
        with fn.code.block(f"if type({value}) is list:"):
            fn.code.line(f"{here.count} += 1; {opened}, {left} = {open_bag_}({value}, {key!r}, {held!r})")
            fn.put(step, opened)
            fn.nest(here, name, left)
        expected = "a list of names and values"
    else:
        with fn.code.block(f"if type({value}) is dict:"):
            fn.code.line(f"{here.count} += 1")
            fn.put(step, f"[{{{key!r}: k, {held!r}: v}} for k, v in {value}.items()]")
        expected = "an object"
    with fn.code.block("else:"):
        fn.fail(here, name, value, "'invalidFormat'", repr(f"expected {expected}"))


def open_bag(pairs: list[Any], key: str, held: str) -> tuple[dict[str, Any], Node | None]:
    """The object that a list of pairs stands for; the first of two equal names wins."""
    opened: dict[str, Any] = {}
    at: dict[str, Node] = {}
    more = []
    for position, pair in enumerate(pairs):
        name = pair.get(key) if type(pair) is dict else None
        if type(name) is not str or held not in pair or name in opened:
            more.append([position, pair])
            continue
        opened[name] = pair[held]
        if len(pair) > 2:
            at[name] = {"rest": {other: value for other, value in pair.items() if other not in (key, held)}}
    return opened, ({"at": at} if at else {}) | ({"more": more} if more else {}) or None
