"""Links between resources: minted by whoever shows a document, so that they lead to the edition it is shown in. Where
they stand is data, in `mappings/<dialect>/<resource>.resource.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lso.lens import Document

EACH = "*"
Address = Callable[[str, str], str]
"""Resource and id, to where it is."""


@dataclass(frozen=True, slots=True)
class Link:
    """at: members down to the reference, `*` for each element. id, link: its members. leads_to: a resource."""

    at: tuple[str, ...]
    id: str
    link: str
    leads_to: str


def load(at: str, id: str, link: str, leads_to: str) -> Link:
    """A row of the file."""
    return Link(tuple(at.split("/")), id, link, leads_to)


def linked(document: Document, links: Iterable[Link], address: Address) -> Document:
    """The document with its links; shared with the one given but for what leads to them."""
    for link in links:
        document = _each(document, link.at, lambda node, link=link: (  # type: ignore[misc]
            {**node, link.link: address(link.leads_to, node[link.id])} if type(node.get(link.id)) is str else node))
    return document


def unlinked(document: Document, links: Iterable[Link], minted: frozenset[str]) -> Document:
    """The document without the links that were minted."""
    for link in links:
        document = _each(document, link.at, lambda node, link=link: (  # type: ignore[misc]
            {name: value for name, value in node.items() if name != link.link}
            if node.get(link.link) in minted else node))
    return document


def links_in(document: Document, links: Iterable[Link]) -> frozenset[str]:
    """All links that a document has."""
    return frozenset(node[link.link] for link in links for node in _nodes(document, link.at)
                     if type(node.get(link.link)) is str)


def _nodes(node: Any, at: tuple[str, ...]) -> Iterator[Document]:
    if type(node) is list and at and at[0] == EACH:
        for one in node:
            yield from _nodes(one, at[1:])
    elif type(node) is dict and at:
        yield from _nodes(node.get(at[0]), at[1:])
    elif type(node) is dict:
        yield node


def _each(node: Any, at: tuple[str, ...], change: Callable[[Document], Document]) -> Any:
    """The node with a change made to each object at a place."""
    if type(node) is list and at and at[0] == EACH:
        changed = [_each(one, at[1:], change) for one in node]
        return node if all(new is old for new, old in zip(changed, node, strict=True)) else changed
    if type(node) is not dict:
        return node
    if not at:
        return change(node)
    below = node.get(at[0])
    changed = _each(below, at[1:], change)
    return node if changed is below else {**node, at[0]: changed}
