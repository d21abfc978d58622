"""Links between resources: minted by whoever shows a document, so that they lead to the edition it is shown in, or to
one beside it. Where they stand is data, in `mappings/<dialect>/<resource>.resource.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a document, laid out as it is: one walk finds them all.

    here: of this object. each: of every element of this list. below: of what its members hold.
    """

    here: tuple[Link, ...] = ()
    each: Links | None = None
    below: Mapping[str, Links] = field(default_factory=dict)


def load(at: str, id: str, link: str, leads_to: str, where: Mapping[str, str] | None = None) -> Link:
    """A row of the file."""
    return Link(tuple(at.split("/")), id, link, leads_to, tuple((where or {}).items()))


def laid_out(links: Iterable[Link], depth: int = 0) -> Links:
    """Links as they are found in a document."""
    below: dict[str, list[Link]] = {}
    here = []
    for link in links:
        if len(link.at) == depth:
            here.append(link)
        else:
            below.setdefault(link.at[depth], []).append(link)
    each = below.pop(EACH, None)
    return Links(tuple(here), laid_out(each, depth + 1) if each else None,
                 {name: laid_out(some, depth + 1) for name, some in below.items()})


def linked(document: Document, links: Links, address: Address) -> Document:
    """The document with its links; shared with the one given but for what leads to them.

    Every document that is shown comes by here, and most have few references: so each object costs one call, and what
    is no object costs none.
    """
    after = document
    for link in links.here:
        id = after.get(link.id)
        if type(id) is str and (not link.where or link.stands_at(after)):
            after = {**after, link.link: address(link.leads_to, id)}
    for name, below in links.below.items():
        inner = document.get(name)
        if type(inner) is dict:
            minted: Any = linked(inner, below, address)
        elif type(inner) is list and below.each is not None:
            minted = _linked_list(inner, below.each, address)
        else:
            continue
        if minted is not inner:
            after = dict(after) if after is document else after
            after[name] = minted
    return after


def unlinked(document: Document, links: Links, minted: frozenset[str]) -> Document:
    """The document without the links that were minted."""
    def drop(node: Document, link: Link) -> Document:
        return {name: value for name, value in node.items() if name != link.link} if node.get(link.link) in minted \
            else node

    done: Document = _each(document, links, drop)
    return done


def links_in(document: Document, links: Links) -> frozenset[str]:
    """All links that a document has."""
    return frozenset(found for found in _found(document, links) if type(found) is str)


def _linked_list(given: list[Any], links: Links, address: Address) -> list[Any]:
    after = given
    for index, one in enumerate(given):
        if type(one) is dict:
            minted: Any = linked(one, links, address)
        elif type(one) is list and links.each is not None:
            minted = _linked_list(one, links.each, address)
        else:
            continue
        if minted is not one:
            after = given.copy() if after is given else after
            after[index] = minted
    return after


def _found(node: Any, links: Links) -> Iterator[Any]:
    if type(node) is list and links.each is not None:
        for one in node:
            yield from _found(one, links.each)
    elif type(node) is dict:
        yield from (node.get(link.link) for link in links.here if link.stands_at(node))
        for name, below in links.below.items():
            yield from _found(node.get(name), below)


def _each(node: Any, links: Links, change: Callable[[Document, Link], Document]) -> Any:
    """The node with a change made to each reference in it; the very node where there is none to change."""
    if type(node) is list and links.each is not None:
        changed = [_each(one, links.each, change) for one in node]
        return changed if any(map(is_not, changed, node)) else node
    if type(node) is not dict:
        return node
    after = node
    for link in links.here:
        if link.stands_at(after):
            after = change(after, link)
    for name, below in links.below.items():
        if name in node and (inner := _each(node[name], below, change)) is not node[name]:
            after = dict(after) if after is node else after
            after[name] = inner
    return after
