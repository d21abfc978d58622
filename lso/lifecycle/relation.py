"""The verbs about relations: what a product stands on, in the same order or in the inventory.

Like those of `verbs.py`; they read `rules/products.yaml` through the scene.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lso.lifecycle.scene import Check, Document, Found, Scene
from lso.lifecycle.verbs import NOTHING, get, text

ON_ITEM, ON_PRODUCT = "relations", "product/relations"


def fits(path: str) -> Check:
    """What a relation leads to is of the kind that the relation asks for, where that can be told."""
    way = path.split("/")
    to_item = path == ON_ITEM

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        given = get(subject, way)
        rule = scene.rule(subject) if given else None
        if rule is None:
            return NOTHING
        found = []
        for index, relation in enumerate(given if type(given) is list else ()):
            wanted = rule.relations.get(text(relation, "kind"))
            if wanted is None:
                continue
            name = "item_id" if to_item else "product_id"
            if to_item and wanted.existing:
                found.append((f"{base}/{path}/{index}/{name}", "invalidValue", "only an existing product will do"))
            elif (urn := _target(scene, relation, to_item)) is not None and urn != wanted.to:
                found.append((f"{base}/{path}/{index}/{name}", "invalidValue", f"that is not a {wanted.to}"))
        return found

    return check


def relates(paths: Sequence[str]) -> Check:
    """Each kind of relation that the product needs, or one of a choice of kinds, is there once, on the item or in the
    product."""
    ways = _ways(paths)

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        rule = scene.rule(subject)
        if rule is None or not rule.relations:
            return NOTHING
        given = _candidates(subject, ways)
        found = []
        for kinds in rule.choices:
            there = False
            for path, index, kind in given:
                if kind in kinds:
                    if there:
                        found.append((f"{base}/{path}/{index}", "invalidValue",
                                      f"there is a relation {' or '.join(kinds)} already"))
                    there = True
            if not there:
                where = ON_PRODUCT if rule.relations[kinds[0]].existing else ON_ITEM
                found.append((f"{base}/{where}", "missingProperty", f"there is no relation {' or '.join(kinds)}"))
        return found

    return check


def relates_only(paths: Sequence[str]) -> Check:
    """The product has no relations but those of its kind."""
    ways = _ways(paths)

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        rule, found = scene.rule(subject), []
        if rule is None:
            return NOTHING
        for path, way in ways:
            given = get(subject, way)
            for index, relation in enumerate(given if type(given) is list else ()):
                if (kind := text(relation, "kind")) and kind not in rule.relations:
                    found.append((f"{base}/{path}/{index}/kind", "invalidValue",
                                  "products of this kind have no such relation"))
        return found

    return check


def apart(paths: Sequence[str]) -> Check:
    """Relations of different kinds, of which each is needed, lead to different things: a connection has two ends.
    Candidates, of which any will do (MEF 87 R51), may be the same for both."""
    ways = _ways(paths)

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        rule = scene.rule(subject)
        if rule is None or len(rule.relations) < 2:
            return NOTHING
        led: dict[str, tuple[str, str]] = {}
        found = []
        for path, way in ways:
            given = get(subject, way)
            for index, relation in enumerate(given if type(given) is list else ()):
                kind = text(relation, "kind")
                if kind not in rule.relations or text(relation, "group") or not (target := _concerned(scene, relation)):
                    continue
                one_of = rule.relations[kind].choice or kind
                choice, other = led.setdefault(target, (one_of, kind))
                if choice != one_of:
                    name = "item_id" if path == ON_ITEM else "product_id"
                    found.append((f"{base}/{path}/{index}/{name}", "invalidValue", f"{other} leads there as well"))
        return found

    return check


def _ways(paths: Sequence[str]) -> list[tuple[str, list[str]]]:
    return [(path, path.split("/")) for path in paths]


def _candidates(item: Document, ways: Sequence[tuple[str, list[str]]]) -> list[tuple[str, int, str]]:
    """Where there are relations, and of what kind. Those that share kind and grouping key are one: any of them will do
    (MEF 87 R51)."""
    seen, found = set(), []
    for path, way in ways:
        given = get(item, way)
        for index, relation in enumerate(given if type(given) is list else ()):
            if kind := text(relation, "kind"):
                if group := text(relation, "group"):
                    if (kind, group) in seen:
                        continue
                    seen.add((kind, group))
                found.append((path, index, kind))
    return found


def _target(scene: Scene, relation: Document, to_item: bool) -> str | None:
    """The kind of what a relation leads to; None when it is not known, or says nothing of itself (a delete)."""
    if to_item:
        return scene.schema(scene.by_id.get(text(relation, "item_id"), {}).get("product"))
    fact = scene.known.products.get(text(relation, "product_id"))
    return scene.known.aliases.get(fact.schema or "", fact.schema) if fact else None


def _concerned(scene: Scene, relation: Document) -> str:
    """What a relation leads to: a product by its id, also by way of the item that is about it; else an item."""
    item_id = text(relation, "item_id")
    product = scene.by_id.get(item_id, {}).get("product")
    return text(relation, "product_id") or text(product, "id") or (f"item {item_id}" if item_id else "")
