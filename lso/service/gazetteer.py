"""Addresses: validated by the back end that was agreed on, or against the gazetteer, and retrieved by the ids that were
given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from lso.canonical.tenant import Caller
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.errors import Finding, Invalid, NotFound
from lso.lifecycle import address as rules
from lso.lifecycle.address import Known
from lso.lifecycle.point import NEAR_METRES, THERE_METRES
from lso.service import address_search as search
from lso.service import draft as drafts
from lso.service.address_elsewhere import Ask, Elsewhere, nobody
from lso.service.address_entry import label_of
from lso.service.draft import Draft
from lso.store import gazetteer
from lso.store import site as sites
from lso.store.engine import Store

Document = dict[str, Any]
VALIDATION = "address_validation"
ALTERNATIVES_MOST = 20
_ASKED = ("submitted", "alternatives_wanted")


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown and not kept as a resource: a canonical document, and what else its sender said."""

    document: Document
    mapping: str = ""
    complements: dict[str, Any] = field(default_factory=dict)


class Addresses:
    """The service. ask: how a back end is asked that knows addresses."""

    def __init__(self, store: Store, book: Book, ask: Ask = nobody) -> None:
        self._store = store
        self._book = book
        self._elsewhere = Elsewhere(store, ask)

    async def validate(self, caller: Caller, edition: Edition, document: Document,
                       findings: tuple[Finding, ...]) -> Told:
        """How an address is known. Raises Invalid with all that is wrong with it, and when far too many would fit."""
        read = face.read(self._book, edition, document, resource=VALIDATION)
        asked = {name: read.document[name] for name in _ASKED if name in read.document}
        mapping = face.mapping_name(edition, resource=VALIDATION)
        draft = Draft(self._book, edition, mapping, document, asked, read.complement, read.findings)
        submitted = asked.get("submitted")
        submitted = submitted if type(submitted) is dict else {}
        missed = rules.examine(submitted) if submitted else ()
        if wrong := drafts.gather(draft, draft.findings, findings, missed):
            raise Invalid("The address cannot be looked for.", findings=wrong)
        several = asked.get("alternatives_wanted") is not False
        told = await self._elsewhere.answer(caller.profile, submitted, others=several)
        result, best, others = told or await self._found(caller.tenant, submitted, draft)
        shown = [one for one in (rules.shown(other, submitted["kind"], submitted) for other in others) if one]
        answer = {**asked, "result": result}
        if best is not None:
            answer["best_match"] = rules.shown(best, submitted["kind"], submitted)
        if shown and several:
            answer["alternatives"] = shown[:ALTERNATIVES_MOST]
        name = self._book.base_name(mapping)
        return Told(answer, name, {name: read.complement} if read.complement else {})

    async def retrieve(self, caller: Caller, edition: Edition, id: str) -> Told:
        """An address by an id that was given out. NotFound for any other."""
        plain, kind = rules.named(id)

        def read(connection: Connection) -> tuple[Known, ...]:
            found = gazetteer.fetch(connection, caller.tenant, plain)
            return search.known(connection, (found,) if found else ())

        found = await self._store.query(read)
        shown = rules.shown(found[0], kind or found[0].kind) if found else None
        if shown is None:
            raise NotFound("There is no such address.")
        return Told(shown)

    async def _found(self, tenant: str, submitted: Document,
                     draft: Draft) -> tuple[str, Known | None, tuple[Known, ...]]:
        if submitted["kind"] == "address_label":
            return await self._store.query(lambda connection: _labelled(connection, tenant, submitted["labelled"]))
        if submitted["kind"] == "point":
            return await self._store.query(lambda connection: _near(connection, tenant, submitted["point"]))
        asked = rules.parts(submitted)
        found = await self._store.query(lambda connection: search.known(connection, search.exactly(
            connection, tenant, asked)))
        if len(found) > search.FOUND_MOST and asked.at is None:
            vague = Finding("/submitted", "tooManyRecords", "more addresses fit than can be shown")
            where = drafts.locate(draft, vague)
            raise Invalid("The address is too vague.", findings=(where,))
        if not found:
            found = await self._store.query(lambda connection: search.known(connection, search.widely(
                connection, tenant, asked)), aside=True)
        return rules.answer(submitted, found)


def kinds_of(connection: Connection, tenant: str, ids: Iterable[str]) -> Mapping[str, str]:
    """Of ids that a request names: which are known as addresses, which as sites."""
    named = {id: rules.named(id)[0] for id in ids}
    addresses = gazetteer.fetch_many(connection, tenant, named.values())
    kinds = {id: "address" for id, plain in named.items() if plain in addresses}
    found = sites.fetch_many(connection, tenant, [id for id in named if id not in kinds])
    return kinds | dict.fromkeys(found, "site")


def _labelled(connection: Connection, tenant: str,
              labelled: Document) -> tuple[str, Known | None, tuple[Known, ...]]:
    """A label is known or not: nothing is like it (MEF 121 R17)."""
    found = search.under(connection, tenant, label_of(labelled))
    known = search.known(connection, (found,) if found else ())
    return ("success", known[0], ()) if known else ("fail", None, ())


def _near(connection: Connection, tenant: str, point: Document) -> tuple[str, Known | None, tuple[Known, ...]]:
    """The nearest address that is near enough, and no other (MEF 121 R17)."""
    found = search.nearest(connection, tenant, float(point["x"]), float(point["y"]))
    if found is None or found[1] > NEAR_METRES:
        return "fail", None, ()
    return "success" if found[1] <= THERE_METRES else "partial", search.known(connection, found[:1])[0], ()
