"""The verbs about products: their offering, where they stand, what a change leaves as it is; and all verbs there are.

Like those of `verbs.py`; they read `rules/products.yaml` through the scene. A kind of product that the file does not
have is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lso.lifecycle.choice import one_of, specified
from lso.lifecycle.known import ProductFact
from lso.lifecycle.relation import ON_ITEM, ON_PRODUCT, apart, fits, relates, relates_only
from lso.lifecycle.scene import Check, Document, Found, Scene
from lso.lifecycle.shape import Speaks, silent_with, silent_with_one, silent_without
from lso.lifecycle.verbs import NOTHING, VERBS, elements, get, text

PLACES = ("address", "site")
BY_VALUE = frozenset({"fielded", "formatted", "point"})


def offered(path: str) -> Check:
    """The kind of product is one that the dialect knows and that the offering may carry."""

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        product, rule = subject.get("product"), scene.rule(subject)
        urn = scene.schema(product)
        offering = scene.known.offerings.get(text(product, "offering_id"))
        if urn is None:
            if offering is None or offering.schemas & scene.known.schemas:
                return NOTHING
            return [(f"{base}/{path.rpartition('/')[0]}/offering_id", "invalidValue", "that is not ordered here")]
        if urn not in scene.known.schemas or (rule is not None and not rule.ordered):
            return [(f"{base}/{path}", "invalidValue", "products of that kind are not ordered here")]
        if offering is not None and urn not in offering.schemas:
            return [(f"{base}/{path}", "invalidValue", "the offering is not of that kind")]
        return NOTHING

    return check


def spelled(path: str) -> Check:
    """The URN is not a respelling."""
    way = path.split("/")

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        urn = get(subject, way)
        if type(urn) is not str or urn not in scene.known.aliases:
            return NOTHING
        return [(f"{base}/{path}", "invalidValue", f"the specification spells it {scene.known.aliases[urn]}")]

    return check


def allowed(path: str, statuses: Mapping[str, Sequence[str]]) -> Check:
    """The life-cycle status of the offering allows the action; a delete finds its offering in the inventory."""
    permitted = {action: frozenset(words) for action, words in statuses.items()}

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        action = text(subject, "action")
        offering = scene.known.offerings.get(text(subject.get("product"), "offering_id"))
        if offering is None or action not in permitted or offering.status in permitted[action]:
            return NOTHING
        return [(f"{base}/{path}", "invalidValue", f"the offering is {offering.status}: no {action}")]

    return check


def placed(path: str) -> Check:
    """A product that stands somewhere says where."""
    way = path.split("/")

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        rule = scene.rule(subject)
        if rule is None or rule.place is None or get(subject, way):
            return NOTHING
        return [(f"{base}/{path}", "missingProperty", f"there is no place with role {rule.place}")]

    return check


def placed_once(path: str) -> Check:
    """A product that stands nowhere has no place, and one that stands somewhere only one."""
    way = path.split("/")

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        given = get(subject, way)
        rule = scene.rule(subject) if given else None
        if rule is None or type(given) is not list:
            return NOTHING
        if rule.place is not None and len(given) == 1:
            return NOTHING
        if rule.place is None:
            return [(f"{base}/{path}/{index}", "unexpectedProperty", "products of this kind stand nowhere")
                    for index in range(len(given))]
        return [(f"{base}/{path}/{index}", "invalidValue", "products of this kind stand in one place")
                for index in range(1, len(given))]

    return check


def placed_as(path: str) -> Check:
    """Places have the role that the product gives them."""
    way = path.split("/")

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        given = get(subject, way)
        rule = scene.rule(subject) if given else None
        if rule is None or rule.place is None or type(given) is not list:
            return NOTHING
        wanted, found = rule.place, []
        for index, place in enumerate(given):
            if type(place) is dict and place.get("role") != wanted and text(place, "role"):
                found.append((f"{base}/{path}/{index}/role", "invalidValue", f"the role is {wanted}"))
        return found

    return check


def located(path: str) -> Check:
    """A site or address named by its id is one that we know, as a site or as an address."""
    way = path.split("/")

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        given = get(subject, way)
        if type(given) is not list:
            return NOTHING
        found = []
        for index, place in enumerate(given):
            if type(place) is dict and type(place_id := place.get("id")) is str:
                kind, there = place.get("kind"), scene.known.places.get(place_id)
                if kind != there if kind in PLACES else kind is None and there not in PLACES:
                    found.append((f"{base}/{path}/{index}/id", "referenceNotFound", "no such place is known"))
        return found

    return check


def unchanged(names: Sequence[str]) -> Check:
    """What a change says again is what the inventory has."""

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        product = subject.get("product")
        fact = scene.known.products.get(text(product, "id"))
        if fact is None or type(product) is not dict:
            return NOTHING
        return [(f"{base}/{pointer}", "invalidValue", "a change leaves it as it is in the inventory")
                for name in names if (pointer := _changed(scene, subject, product, fact, name)) is not None]

    return check


def _changed(scene: Scene, item: Document, product: Document, fact: ProductFact, name: str) -> str | None:
    """Where a member differs from the inventory; None where it does not, or where either side is silent."""
    if name == "relations":
        return _related_otherwise(scene, item, product, fact)
    told: Any = product.get(name)
    had: Any = fact.document.get(name)
    if name == "schema":
        told, had = scene.schema(product), scene.known.aliases.get(fact.schema or "", fact.schema)
    elif name == "offering_id":
        had = fact.offering_id
    else:
        told, had = _places(told), _places(had)
    return f"product/{name}" if told and had and told != had else None


def _related_otherwise(scene: Scene, item: Document, product: Document, fact: ProductFact) -> str | None:
    """Relations may be told as relations to products, or to items of the order that concern those products."""
    had = {(text(relation, "kind"), text(relation, "product_id"))
           for _, relation in elements(fact.document.get("relations"))}
    on_product = {(text(relation, "kind"), text(relation, "product_id"))
                  for _, relation in elements(product.get("relations"))}
    on_item = {(text(relation, "kind"), text(scene.by_id.get(text(relation, "item_id"), {}).get("product"), "id"))
               for _, relation in elements(item.get("relations"))}
    if not had or not (on_product | on_item):
        return None
    if not on_product <= had:
        return ON_PRODUCT
    return ON_ITEM if {kind for kind, _ in on_item - had} & {kind for kind, _ in had} else None


def _places(value: Any) -> list[Document]:
    """Places as far as they say where."""
    return sorted((_where(place) for _, place in elements(value)), key=lambda place: text(place, "role"))


def _where(place: Document) -> Document:
    """What says where a place is: its id, else the place itself; a name that is shown beside either says nothing."""
    if type(place.get("id")) is str:
        return {name: place[name] for name in ("role", "id") if name in place}
    silent = {"schema_location"}
    if BY_VALUE & place.keys() and not text(place.get("labelled"), "label_type"):
        silent.add("labelled")
    return {name: member for name, member in place.items() if name not in silent}


ALL_VERBS: dict[str, Callable[..., Check]] = VERBS | {
    "offered": offered, "spelled": spelled, "allowed": allowed, "fits": fits, "relates": relates,
    "relates_only": relates_only, "apart": apart, "placed": placed, "placed_once": placed_once, "placed_as": placed_as,
    "located": located, "unchanged": unchanged, "one_of": one_of, "specified": specified,
}
SILENT = frozenset({"bars", "positive", "known", "owned", "refers", "spelled", "specified", "fits", "relates_only",
                    "apart", "placed_once", "placed_as", "located"})
"""Verbs that have nothing to say of a subject with none of the members that they name."""
ALL_SHAPED: dict[str, Callable[[Iterable[str]], Speaks]] = {
    **dict.fromkeys(SILENT, silent_without), "needs": silent_with, "one_of": silent_with_one}
"""What the shape of a subject tells of a verb, by what the verb names."""
