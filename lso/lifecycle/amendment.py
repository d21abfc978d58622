"""What a buyer may change about a placed order, and the order after the change. Pure; the rules are in
`rules/amendment.yaml`. What else may be changed goes the same way, by the member `free` of its own rules.

Three documents meet here: the order as kept; as it was written out for the caller; and as the caller wants it. The last
two are completed or pruned by the caller's dialect, so only what differs between them is a change. Everything else
stays as it is kept, what the caller cannot see included.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from lso.errors import Finding
from lso.lifecycle.machine import ORDER_MACHINE
from lso.lifecycle.rules import folder
from lso.settings import read_yaml

Document = dict[str, Any]


class Free(BaseModel):
    """Members that may change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: frozenset[str]
    item: frozenset[str] = frozenset()


class Amendable(BaseModel):
    """The whole of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    free: Mapping[str, Free]
    seller_roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Amended:
    """The order after the change; findings point at what cannot be changed, into what is wanted."""

    document: Document
    findings: tuple[Finding, ...]


@lru_cache(maxsize=1)
def amendable() -> Amendable:
    """The rules of this service."""
    return Amendable.model_validate(read_yaml(folder() / "amendment.yaml"))


def ended(order: Document) -> bool:
    """Whether nothing will happen to the order any more."""
    return order.get("state") in ORDER_MACHINE.ends


def amend(kept: Document, before: Document, after: Document, *, author: str, at: str, free: Free) -> Amended:
    """What is kept, with the changes between `before` and `after`.

    author, at: of new notes, where the dialect has no place for them. free: what may change.
    """
    change = _Change(amendable(), author, at)
    amended = change.members(kept, before, after, free.order, "")
    if "items" in kept:
        amended["items"] = change.items(kept, before, after, free.item)
    return Amended(amended, tuple(change.wrong))


class _Change:
    """One amendment under way; `wrong` gathers what cannot be."""

    def __init__(self, rules: Amendable, author: str, at: str) -> None:
        self.rules = rules
        self.author = author
        self.at = at
        self.wrong: list[Finding] = []

    def items(self, kept: Document, before: Document, after: Document, free: frozenset[str]) -> list[Document]:
        items: list[Document] = kept.get("items", [])
        were, wanted = ({item.get("id"): item for item in one.get("items") or ()} for one in (before, after))
        if list(were) != list(wanted) or len(before.get("items") or ()) != len(after.get("items") or ()):
            self._refuse("/items", "items come and go with other orders")
            return items
        position = {name: index for index, name in enumerate(wanted)}
        return [item if (name := item.get("id")) not in were else
                self.members(item, were[name], wanted[name], free, f"/items/{position[name]}") for item in items]

    def members(self, kept: Document, before: Document, after: Document, free: frozenset[str], at: str) -> Document:
        amended = dict(kept)
        for name in {**before, **after}:
            if (name == "items" and not at) or _text(before.get(name)) == _text(after.get(name)):
                continue
            if name not in free:
                self._refuse(f"{at}/{name}", "this cannot be changed any more")
                continue
            value = after.get(name)
            if name in ("contacts", "notes"):
                take = self._contacts if name == "contacts" else self._notes
                value = take(kept.get(name) or [], before.get(name) or [], value or [], at)
            amended[name] = value
            if not value and value != "":
                del amended[name]
        return amended

    def _contacts(self, kept: list[Document], before: list[Document], after: list[Document], at: str) -> list[Document]:
        """Those wanted, the seller's, and those that the caller could not see."""
        sellers = [one for one in before if self._seller(one)]
        for index, one in enumerate(after):
            if self._seller(one) and not _in(one, sellers):
                self._refuse(f"{at}/contacts/{index}", "contacts of the seller are the seller's (MEF 123 R56)")
        roles = {one.get("role") for one in after}
        unnamed = {one.get("role") for one in kept if "party_id" not in one}
        wanted = [*after, *(one for one in sellers if not _in(one, after))]
        wanted = [{name: value for name, value in one.items() if name != "party_id"}
                  if one.get("role") in unnamed and one.get("party_id") == one.get("role") else one for one in wanted]
        seen = {_text(one) for one in before}
        given = roles - {one.get("role") for one in before}
        unseen = [one for one in kept if one.get("role") not in given and not self._seller(one)
                  and seen.isdisjoint((_text(one), _text({**one, "party_id": one.get("role")})))]
        return [*wanted, *unseen]

    def _notes(self, kept: list[Document], before: list[Document], after: list[Document], at: str) -> list[Document]:
        """Those there were, and the new ones completed; a note that was only shown is not kept."""
        if any(not _in(one, after) for one in before):
            self._refuse(f"{at}/notes", "notes are appended, not changed or removed (MEF 123 R58)")
        ids = {one.get("id") for one in (*kept, *before)}
        noted = []
        for index, one in enumerate(after):
            if _in(one, before):
                noted += [one] if _in(one, kept) else []
                continue
            if one.get("side", "buyer") != "buyer":
                self._refuse(f"{at}/notes/{index}/side", "a note of the buyer says so (MEF 123 R57)")
            if "id" in one and one["id"] in ids:
                self._refuse(f"{at}/notes/{index}/id", "there is a note of that id (MEF 123 R58)")
            fresh = next(name for number in range(1, len(ids) + 2) if (name := f"note-{number}") not in ids)
            noted.append({"id": fresh, "author": self.author, "at": self.at, "side": "buyer", **one})
            ids.add(noted[-1]["id"])
        return noted + [one for one in kept if not _in(one, before)]

    def _seller(self, contact: Document) -> bool:
        return contact.get("role") in self.rules.seller_roles

    def _refuse(self, pointer: str, reason: str) -> None:
        self.wrong.append(Finding(pointer, "invalidValue", reason))


def _in(one: Document, others: list[Document]) -> bool:
    return any(_text(one) == _text(other) for other in others)


def _text(value: Any) -> str:
    """Equal texts are equal values of equal types: `1` is neither `1.0` nor `true`."""
    return json.dumps(value, sort_keys=True)
