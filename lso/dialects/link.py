"""Links between resources: minted by whoever shows a document, so that they lead to the edition it is shown in, or to
one beside it. Where they stand is data, in `mappings/<dialect>/<resource>.resource.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import is_not
from typing import Any

from lso.lens import Document

EACH = "*"
Address = Callable[[str, str], str]
"""Resource and id, to where it is."""


@dataclass(frozen=True, slots=True)
class Link:
    """at: members down to the reference, `*` for each element. id, link: its members. leads_to: a resource.

    where: what other members of the reference say, if it leads there: `@type` of a place.
    """

    at: tuple[str, ...]
    id: str
    link: str
    leads_to: str
    where: tuple[tuple[str, str], ...] = ()

    def stands_at(self, node: Document) -> bool:
        """Whether an object is such a reference."""
        return type(node.get(self.id)) is str and all(node.get(name) == value for name, value in self.where)


def load(at: str, id: str, link: str, leads_to: str, where: Mapping[str, str] | None = None) -> Link:
    """A row of the file."""
    return Link(tuple(at.split("/")), id, link, leads_to, tuple((where or {}).items()))


def linked(document: Document, links: Iterable[Link], address: Address) -> Document:
    """The document with its links; shared with the one given but for what leads to them."""
    for link in links:
        document = _each(document, link.at, lambda node, link=link: (  # type: ignore[misc]
            {**node, link.link: address(link.leads_to, node[link.id])} if link.stands_at(node) else node))
    return document


def unlinked(document: Document, links: Iterable[Link], minted: frozenset[str]) -> Document:
    """The document without the links that were minted."""
    for link in links:
        document = _each(document, link.at, lambda node, link=link: (  # type: ignore[misc]
            {name: value for name, value in node.items() if name != link.link}
            if link.stands_at(node) and node.get(link.link) in minted else node))
    return document


def links_in(document: Document, links: Iterable[Link]) -> frozenset[str]:
    """All links that a document has."""
    return frozenset(node[link.link] for link in links for node in _nodes(document, link.at)
                     if link.stands_at(node) and type(node.get(link.link)) is str)


def _nodes(node: Any, at: tuple[str, ...]) -> Iterator[Document]:
    if type(node) is list and at and at[0] == EACH:
        for one in node:
            yield from _nodes(one, at[1:])
    elif type(node) is dict and at:
        yield from _nodes(node.get(at[0]), at[1:])
    elif type(node) is dict:
        yield node


def _each(node: Any, at: tuple[str, ...], change: Callable[[Document], Document]) -> Any:
    """The node with a change made to each object at a place; the very node where there is none to change."""
    if not at:
        return change(node) if type(node) is dict else node
    name, rest = at[0], at[1:]
    if name == EACH:
        if type(node) is not list:
            return node
        changed = [_each(one, rest, change) for one in node]
        return changed if any(map(is_not, changed, node)) else node
    if type(node) is not dict or name not in node:
        return node
    below = _each(node[name], rest, change)
    return node if below is node[name] else {**node, name: below}
