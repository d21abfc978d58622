"""Reads rules.yaml: what places have room for, what products take, and which failures are asked for by whom."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from lso.backends.sandbox.demand import Demands, anything, texts
from lso.settings import data_folder, read_yaml

NUMBERS = (int, float)
Behaviour = Literal["reject", "lose_capacity", "fail", "delay", "unavailable", "forget_answer"]
BEHAVIOURS: frozenset[str] = frozenset(get_args(Behaviour))


@dataclass(frozen=True, slots=True)
class Place:
    """A location with room for services. `behaviour`, when set, beats the rules for every product there."""

    id: str
    ports: int
    mbps: float
    lead_seconds: float | None = None
    behaviour: Behaviour | None = None
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """What goes wrong on demand."""

    behaviour: Behaviour
    reason: str = ""
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Need:
    """What one product takes at each of its places."""

    ports: int
    mbps: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A failure and the products that ask for it."""

    where: str
    pattern: re.Pattern[str]
    behaviour: Behaviour
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The content of rules.yaml."""

    place_ports: int
    place_mbps: float
    ports: tuple[tuple[str, int], ...]
    rate_value: str
    rate_unit: str
    mbps: dict[str, float]
    rules: tuple[Rule, ...]
    demands: Demands
    _fitting: dict[str, re.Pattern[str]] = field(init=False)

    def __post_init__(self) -> None:
        """By a path of rules: what fits the texts that any of them is about."""
        object.__setattr__(self, "_fitting", {
            where: anything(rule.pattern.pattern for rule in self.rules if rule.where == where)
            for where in dict.fromkeys(rule.where for rule in self.rules)})

    def usual(self, place_id: str) -> Place:
        """A place that nobody described."""
        return Place(place_id, self.place_ports, self.place_mbps)

    def need(self, product: dict[str, Any]) -> Need:
        """What this product takes."""
        schema = str(product.get("schema") or "")
        ports = next((count for part, count in self.ports if part in schema), 0)
        rates = list[float]()
        self._rates([product.get("configuration")], rates)
        return Need(ports, max(rates, default=0.0))

    def capped(self, value: Any, mbps: float) -> Any:
        """A configuration in which no rate is larger; each keeps its unit."""
        if isinstance(value, list):
            return [self.capped(inner, mbps) for inner in value]
        if not isinstance(value, dict):
            return value
        lowered = {name: self.capped(inner, mbps) for name, inner in value.items()}
        rate, unit = value.get(self.rate_value), value.get(self.rate_unit)
        if isinstance(rate, int | float) and isinstance(unit, str) and rate * self.mbps.get(unit, 0.0) > mbps:
            most = mbps / self.mbps[unit]
            lowered[self.rate_value] = int(most) if most.is_integer() else most
        return lowered

    def failure(self, product: dict[str, Any]) -> Failure | None:
        """The failure that this product asks for."""
        said = {where: fitting for where, pattern in self._fitting.items()
                if (fitting := [text for text in texts(product, where.split("/")) if pattern.match(text)])}
        for rule in self.rules if said else ():
            for text in said.get(rule.where, ()):
                if match := rule.pattern.match(text):
                    return Failure(rule.behaviour, rule.reason, float(match.groupdict().get("amount") or 0))
        return None

    def _rates(self, values: Iterable[Any], found: list[float]) -> None:
        for value in values:
            kind = type(value)
            if kind is dict:
                if self.rate_value in value:
                    rate, unit = value[self.rate_value], value.get(self.rate_unit)
                    if type(rate) in NUMBERS and type(unit) is str:
                        found.append(rate * self.mbps.get(unit, 0.0))
                self._rates(value.values(), found)
            elif kind is list:
                self._rates(value, found)


@lru_cache(maxsize=1)
def packaged_rules() -> Rules:
    """The rules that come with the sandbox, or those that an operator gives it."""
    data = read_yaml(data_folder("sandbox", Path(__file__).parent) / "rules.yaml")
    rate = data["rate"]
    return Rules(
        place_ports=data["place"]["ports"],
        place_mbps=data["place"]["mbps"],
        ports=tuple((row["schema"], row["ports"]) for row in data["ports"]),
        rate_value=rate["value"],
        rate_unit=rate["unit"],
        mbps=rate["mbps"],
        rules=tuple(Rule(row["where"], re.compile(row["pattern"]), row["behaviour"], row.get("reason", ""))
                    for row in data["rules"]),
        demands=Demands(data),
    )


def place_ids(product: dict[str, Any]) -> tuple[str, ...]:
    """How the network calls the places of a product: by their id, else by a digest of their description."""
    names = []
    for place in product.get("places") or ():
        described = {name: value for name, value in place.items() if name != "role"}
        digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
        names.append(place.get("id") or f"described-{digest[:16]}")
    return tuple(dict.fromkeys(names))
