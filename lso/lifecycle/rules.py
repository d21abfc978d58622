"""The rule catalogue: reads `rules/*.yaml`, refuses what it does not understand, and examines orders.

Compiled once. A rule file only combines the verbs of `verbs.py` and `product.py`; it cannot compute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lso.errors import Finding
from lso.lifecycle.known import Known
from lso.lifecycle.plan import Made, Plan, run, without
from lso.lifecycle.product import ALL_SHAPED, ALL_VERBS
from lso.lifecycle.scene import Check, Document, ProductRule, RelationRule, Scene
from lso.lifecycle.shape import Speaks, silent_unless
from lso.lifecycle.verbs import get
from lso.settings import data_folder, read_yaml

MODIFIERS = frozenset({"under", "with", "unless"})
POLICIES = frozenset({"single_billing_account", "quote_required", "qualification_required", "strict"})

Phase = Literal["door", "later"]
Action = Literal["add", "modify", "delete", "no_change"]


class RuleError(Exception):
    """A rule file that cannot be read; raised when it is loaded, names the rule."""


class Written(BaseModel):
    """A part of a rule file; a member that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Requirement(Written):
    """What all rules have, whatever they are about."""

    rule: str = Field(pattern=r"^[A-Z]{3}-\d+[a-z]?$")
    says: str
    cites: str
    check: dict[str, Any]
    applies: dict[str, Phase] = Field(alias="for", min_length=1)


class Rule(Requirement):
    """One rule about an order, as written."""

    of: Literal["order", "item"]
    when: tuple[Action, ...] = ()


class Owned(Written):
    """Members that only the seller writes."""

    order: frozenset[str]
    item: frozenset[str]


class OrderRules(Written):
    """The whole of order.yaml."""

    families: dict[str, tuple[str, ...]]
    completed: frozenset[str]
    server_owned: dict[str, Owned]
    rules: tuple[Rule, ...]


class WrittenRelation(Written):
    """A relation that a product needs."""

    to: str
    by: Literal["any", "product"] = "any"
    choice: str | None = None


class WrittenProduct(Written):
    """A kind of product, as written."""

    place: str | None = None
    relations: dict[str, WrittenRelation] = {}
    least: dict[str, Any]
    ordered: bool = True


class ProductRules(Written):
    """The whole of products.yaml."""

    products: dict[str, WrittenProduct]


@dataclass(frozen=True)
class Catalogue:
    """All rules, and the questions one asks them."""

    rules: tuple[Rule, ...]
    products: Mapping[str, ProductRule]
    owned: Mapping[str, Owned]
    family_of: Mapping[str, str]
    plans: Mapping[tuple[str, str], Plan]
    completed: frozenset[str]

    def completes(self, dialect: str) -> bool:
        """Whether orders of a dialect are to be completed with what MEF requires."""
        return self.family_of[dialect] in self.completed

    def examine(self, document: Document, dialect: str, known: Known) -> tuple[Finding, ...]:
        """What is wrong with a canonical order that came in a dialect, all of it. Never raises."""
        return run(self.plans[self.family_of[dialect], "door"], document, self.products, known)

    def examine_later(self, document: Document) -> tuple[Finding, ...]:
        """What an accepted order lacks to be done, whatever dialect it came in."""
        return run(self.plans["", "later"], document, self.products, Known())

    def strip(self, document: Document, dialect: str) -> Document:
        """The document without the members that only the seller writes."""
        owned = self.owned[self.family_of[dialect]]
        return without(document, owned.order, owned.item)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The rules of this service."""
    return load(folder())


def folder() -> Path:
    """Where the rule files are."""
    return data_folder("rules", Path(__file__).parent / "rules")


def load(folder: Path) -> Catalogue:
    """Reads and compiles the rule files of a folder."""
    try:
        written = OrderRules.model_validate(read_yaml(folder / "order.yaml"))
        kinds = ProductRules.model_validate(read_yaml(folder / "products.yaml"))
    except (ValidationError, yaml.YAMLError) as wrong:
        raise RuleError(str(wrong)) from wrong
    _check(written)
    made = [(rule, make(rule)) for rule in written.rules]
    plans = {(family, "door"): Plan((rule, one) for rule, one in made if rule.applies.get(family) == "door")
             for family in written.families}
    plans["", "later"] = Plan((rule, one) for rule, one in made if "later" in rule.applies.values())
    products = {urn: ProductRule(kind.place, {name: RelationRule(one.to, one.by == "product", one.choice)
                                              for name, one in kind.relations.items()}, kind.least, kind.ordered)
                for urn, kind in kinds.products.items()}
    family_of = {dialect: family for family, dialects in written.families.items() for dialect in dialects}
    return Catalogue(written.rules, products, written.server_owned, family_of, plans, written.completed)


def _check(written: OrderRules) -> None:
    names = [rule.rule for rule in written.rules]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RuleError(f"written twice: {', '.join(sorted(twice))}")
    if strangers := set(written.server_owned) ^ set(written.families):
        raise RuleError(f"server_owned and families differ: {', '.join(sorted(strangers))}")
    if strangers := set(written.completed) - set(written.families):
        raise RuleError(f"completed: no such family: {', '.join(sorted(strangers))}")
    for rule in written.rules:
        if strangers := set(rule.applies) - set(written.families):
            raise RuleError(f"{rule.rule}: no such family: {', '.join(sorted(strangers))}")
        if rule.of == "order" and rule.when:
            raise RuleError(f"{rule.rule}: an order has no action")


def make(rule: Requirement) -> Made:
    """The check that a rule asks for; raises RuleError."""
    verbs = [name for name in rule.check if name in ALL_VERBS]
    if len(verbs) != 1:
        raise RuleError(f"{rule.rule}: {len(verbs)} verbs instead of one")
    (verb,) = verbs
    options = {name: value for name, value in rule.check.items() if name != verb and name not in MODIFIERS}
    try:
        check = ALL_VERBS[verb](rule.check[verb], **options)
    except TypeError as wrong:
        raise RuleError(f"{rule.rule}: {wrong}") from wrong
    policy = rule.check.get("under")
    if policy is not None and policy not in POLICIES:
        raise RuleError(f"{rule.rule}: no such policy: {policy}")
    for modifier, holding in (("with", True), ("unless", False)):
        if modifier in rule.check:
            check = _where(rule.check[modifier], holding, check)
    return Made(check, tuple(_speaks(verb, rule.check)), policy)


def _speaks(verb: str, said: Mapping[str, Any]) -> Iterable[Speaks]:
    """What the shape of a subject tells of a check."""
    if verb in ALL_SHAPED:
        yield ALL_SHAPED[verb]((said[verb],) if isinstance(said[verb], str) else said[verb])
    if "with" in said:
        yield silent_unless(said["with"])


def _where(wanted: Mapping[str, Any], holding: bool, check: Check) -> Check:
    """The check, where all these members have these values, or unless they have."""
    ways = [(path.split("/"), value) for path, value in wanted.items()]

    def guarded(scene: Scene, subject: Document, base: str) -> Iterable[tuple[str, str, str]]:
        for way, value in ways:
            if get(subject, way) != value:
                return () if holding else check(scene, subject, base)
        return check(scene, subject, base) if holding else ()

    return guarded
