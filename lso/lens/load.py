"""Reads mapping tables and their words from YAML.

Every scalar is a string, so `on`, `1.10` and dates stay what they say; only under `const` and `default` values have
their JSON type. An unquoted `~` means "no counterpart". Errors name file and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lso.lens.path import parse_path
from lso.lens.table import Path_, Row, Table, TableError, Types, Words
from lso.lens.yaml_tree import Place, Tree, read_tree

PLAIN, EXTENDED = "", "ext"
VERBS = frozenset({"words", "as", "one", "each", "each_of", "rest", "bag", "const", "default", "inherit", "when",
                   "drop", "call", "by", "only", "ext", "open"})


def load_table(path: Path, *, folder: Path, variant: str = PLAIN) -> Table:
    """The table at `path`, complete: what it uses, what it is the same as, and its words.

    folder: where tables (`dialect/resource.yaml`) and words (`words/*.yaml`) are.
    variant: `ext` keeps the rows marked `ext: true` and leaves out those marked `ext: false`; plain is the reverse.
    """
    tree = read_tree(path)
    name = tree.text("mapping") + ("+" + variant if variant else "")
    if (base := tree.get("same_as")) is not None:
        original = load_table(_file(folder, base.string()), folder=folder, variant=variant)
        return replace(original, name=name, same_as=original.same_as or original.name, place=str(path))
    sides = _pair(tree.member("sides"))
    specs = _pair(tree.member("specs")) if tree.get("specs") is not None else ("", "")
    sets: dict[str, tuple[Row, ...]] = {}
    types: dict[str, Types] = {}
    for part in (*_used(tree, folder), tree):
        for key, rows in part.items("sets"):
            sets[key] = _rows(rows, variant, sets)
        types |= {key: _types(one) for key, one in part.items("types")}
    sets["main"] = _rows(tree.member("rows"), variant, sets)
    return Table(name, sides, specs, sets, types, _vocabulary(sets, folder), _is_same(tree), str(path))


def load_words(path: Path) -> Words:
    """A vocabulary; `open` names the columns whose members are free text, or is `true` for all of them."""
    tree = read_tree(path)
    columns = tuple(one.string() for one in tree.member("columns").elements())
    rows = []
    for row in tree.member("rows").elements():
        cells = tuple(cell.plain() for cell in row.elements())
        if len(cells) != len(columns):
            raise TableError(f"{row.place}: {len(cells)} words for {len(columns)} columns")
        rows.append(tuple(tuple(cell) if isinstance(cell, list) else cell for cell in cells))
    free = tree.get("open")
    names = columns if free is not None and free.value == "true" else \
        tuple(one.string() for one in free.elements()) if free is not None else ()
    if unknown := set(names) - set(columns):
        raise TableError(f"{path}: open names {', '.join(sorted(unknown))}, which is no column")
    return Words(columns, tuple(rows), frozenset(names))


def _file(folder: Path, name: str) -> Path:
    return folder.joinpath(*name.split(".")).with_suffix(".yaml")


def _used(tree: Tree, folder: Path) -> list[Tree]:
    """The trees that a tree uses, those they use before them; later ones overrule."""
    found: list[Tree] = []
    if (names := tree.get("use")) is not None:
        for name in names.elements():
            other = read_tree(_file(folder, name.string()))
            found += [*_used(other, folder), other]
    return found


def _pair(tree: Tree) -> tuple[str, str]:
    both = [one.string() for one in tree.elements()]
    if len(both) != 2:
        raise TableError(f"{tree.place}: expected two names")
    return both[0], both[1]


def _is_same(tree: Tree) -> bool:
    rest = tree.get("rest")
    if rest is not None and rest.value != "same":
        raise TableError(f"{rest.place}: rest can only be `same`")
    return rest is not None


def _rows(tree: Tree, variant: str, sets: Mapping[str, tuple[Row, ...]]) -> tuple[Row, ...]:
    """The rows of a set; the name of an earlier set in place of a row stands for all of its rows."""
    absent = "false" if variant == EXTENDED else "true"
    rows: list[Row] = []
    for one in tree.elements():
        if isinstance(one.value, str):
            if one.value not in sets:
                raise TableError(f"{one.place}: there is no row set {one.value} before it")
            rows += sets[one.value]
        else:
            rows.append(_row(one))
    return tuple(row for row in rows if row.how.get("ext") != absent)


def _row(tree: Tree) -> Row:
    cells = tree.elements()
    if not 2 <= len(cells) <= 3:
        raise TableError(f"{tree.place}: a row is [theirs, ours] or [theirs, ours, how]")
    how: dict[str, Any] = cells[2].plain() if len(cells) == 3 else {}
    if not isinstance(how, dict) or (unknown := set(how) - VERBS):
        raise TableError(f"{tree.place}: not a verb: {', '.join(sorted(unknown)) if isinstance(how, dict) else how}")
    return Row(_paths(cells[0]), _paths(cells[1]), how, str(tree.place))


def _paths(tree: Tree) -> tuple[Path_, ...]:
    texts = [one.string() for one in tree.elements()] if isinstance(tree.value, list) else \
        [] if tree.value is None else [tree.string()]
    try:
        return tuple(parse_path(text) for text in texts)
    except ValueError as wrong:
        raise TableError(f"{tree.place}: {wrong}") from None


def _types(tree: Tree) -> Types:
    cases = []
    for case in tree.member("cases").elements():
        words = tuple(one.string() for one in case.elements())
        if len(words) != 3:
            raise TableError(f"{case.place}: a case is [their word, our word, row set]")
        cases.append((words[0], words[1], words[2]))
    return Types(_pair(tree.member("tag")), tuple(cases))


def _vocabulary(sets: dict[str, tuple[Row, ...]], folder: Path) -> dict[str, Words]:
    """The words that the rows name."""
    named: dict[str, Place | str] = {}
    for rows in sets.values():
        named |= {row.how["words"]: row.place for row in rows if "words" in row.how}
    found = {}
    for name, place in named.items():
        file = folder / "words" / f"{name}.yaml"
        if not file.is_file():
            raise TableError(f"{place}: there are no words {name}")
        found[name] = load_words(file)
    return found
