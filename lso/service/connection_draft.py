"""From what a developer sent to a whole order, and all that is wrong with it as far as that is known at once.

No store, no clock. What was sent is written into the template, or into the product that is to change, by the mapping.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from lso.canonical.connection import Wish
from lso.canonical.tenant import Profile
from lso.dialects import face
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.dialects.rate import bits_per_second
from lso.errors import Finding, Invalid
from lso.lifecycle.order import instant
from lso.lifecycle.template import SETTINGS, Range, Template, changed, complete, ended, existing, offering, preference
from lso.service.agreement import invalid
from lso.settings import data_folder, read_yaml

Document = dict[str, Any]
REQUEST, UPDATE = "native.connection_request", "native.bandwidth_update"


@dataclass(frozen=True, slots=True)
class Draft:
    """mapping: between what was said and the order; empty where nothing was said. Where something is wrong there is no
    order."""

    said: Document
    order: Document
    mapping: str
    findings: tuple[Finding, ...] = ()


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Template]:
    """All product templates, by name."""
    folder = data_folder("mappings") / "native" / "templates"
    found = (Template.model_validate(read_yaml(file)) for file in sorted(folder.glob("*.yaml")))
    return {template.template: template for template in found}


def template_of(profile: Profile) -> Template:
    """The one that a tenant's connections are made of."""
    return templates()[preference(profile).template]


def check_profile(profile: Profile) -> tuple[Finding, ...]:
    """What is wrong with what a profile says of connections."""
    here, found = f"/settings/{SETTINGS}", list[Finding]()
    try:
        said = preference(profile)
    except ValidationError as wrong:
        return invalid(wrong, here)
    if said.template not in templates():
        found.append(Finding(f"{here}/template", "referenceNotFound", "There is no such template."))
    if said.offering is not None and said.offering not in {one.id for one in profile.offerings}:
        found.append(Finding(f"{here}/offering", "referenceNotFound", "It is not among the offerings."))
    for name, text in said.bandwidth.model_dump().items() if said.bandwidth else ():
        try:
            bits_per_second(text)
        except ValueError as wrong:
            found.append(Finding(f"{here}/bandwidth/{name}", "invalidFormat", str(wrong)))
    return tuple(found)


def first(book: Book, said: Document, door: tuple[Finding, ...], profile: Profile, places: Mapping[str, str], *,
          id: str) -> Draft:
    """The order that makes a connection. door: what the schema has to say against what was sent. places: address or
    site, by id, beside those of the profile."""
    template = template_of(profile)
    told, found = _told(book, REQUEST, said, template.order, door)
    places = {**places, **{place.id: place.kind for place in profile.places}}
    found += _out_of_range(said, template, profile)
    if type(name := said.get("locationId")) is str and name not in places:
        found.append(Finding("/locationId", "referenceNotFound", "No such place is known."))
    if offering(template, profile) is None:
        found.append(Finding("", "otherIssue", "No connection may be ordered by this customer."))
    if found:
        return Draft(said, {}, REQUEST, tuple(found))
    return Draft(said, complete(_at_places(told, places), template, profile, id=id), REQUEST)


def change(book: Book, said: Document, door: tuple[Finding, ...], product: Mapping[str, Any], profile: Profile, *,
           id: str, now: datetime) -> Draft:
    """The order that changes the bandwidth; at once where no moment is named, or one that has passed."""
    template = template_of(profile)
    told, found = _told(book, UPDATE, said, existing(product, "modify"), door)
    found += _out_of_range(said, template, profile)
    if found:
        return Draft(said, {}, UPDATE, tuple(found))
    wanted = told.get("requested_start_at")
    at = max(datetime.fromisoformat(wanted), now) if wanted else now
    return Draft(said, changed(told, template, id=id, at=instant(at)), UPDATE)


def repeated(wish: Wish, said: Document) -> bool:
    """Whether a change that is wanted at once is the one that is under way: its answer may have been lost."""
    if wish.action != "modify" or "effectiveDate" in said:
        return False
    try:
        return bits_per_second(said.get("bandwidth")) == bits_per_second(wish.said.get("bandwidth"))
    except ValueError:
        return False


def end(product: Mapping[str, Any], *, id: str) -> Draft:
    """The order that ends the connection."""
    return Draft({}, ended(product, id=id), "")


def located(book: Book, draft: Draft, edition: Edition, body: Document, findings: tuple[Finding, ...], *,
            extended: bool) -> tuple[Finding, ...]:
    """What the layer below has to say against an order, said of what the developer sent.

    body: the order in the words of the edition it is placed in; the findings point into it.
    """
    mapping = book.mapping(face.mapping_name(edition, extended=extended))
    ours = mapping.read(body).document
    return tuple(finding._replace(pointer=pointer(book, draft.mapping, draft.said, ours, mapping.locate_back(
        finding.pointer, ours=ours, theirs=body))) for finding in findings)


def pointer(book: Book, mapping: str, said: Document, order: Document, canonical: str) -> str:
    """Where in what the developer sent a pointer into the order leads: to the nearest there is."""
    return book.mapping(mapping).locate(canonical, ours=order, theirs=said) if mapping else ""


def refuse(findings: tuple[Finding, ...]) -> None:
    """Raise Invalid, if there is anything to find fault with."""
    if findings:
        reason = findings[0].reason if len(findings) == 1 else f"{len(findings)} things are wrong with the request."
        raise Invalid(reason, findings=findings)


def _told(book: Book, mapping: str, said: Document, order: Document,
          door: tuple[Finding, ...]) -> tuple[Document, list[Finding]]:
    """An order with what was said written into it; and what is wrong with that, each place once."""
    lens = book.mapping(mapping)
    told = lens.read(said, lens.write(order).complement)
    faults = {finding.pointer for finding in door}
    return told.document, [*door, *(finding for finding in told.findings if finding.pointer not in faults)]


def _at_places(order: Document, kinds: Mapping[str, str]) -> Document:
    """An order whose places say what they are."""
    item = order["items"][0]
    places = [{**place, "kind": kinds[place["id"]]} for place in item["product"]["places"]]
    return {**order, "items": [{**item, "product": {**item["product"], "places": places}}]}


def _out_of_range(said: Document, template: Template, profile: Profile) -> Iterator[Finding]:
    agreed: Range = preference(profile).bandwidth or template.bandwidth
    try:
        wanted = bits_per_second(said.get("bandwidth"))
    except ValueError:
        return
    if not bits_per_second(agreed.least) <= wanted <= bits_per_second(agreed.most):
        yield Finding("/bandwidth", "invalidValue", f"It must be between {agreed.least} and {agreed.most}.")
