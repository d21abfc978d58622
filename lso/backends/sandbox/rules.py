"""Reads rules.yaml: what places have room for, what products take, and which failures are asked for by whom."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from lso.backends.sandbox.demand import Demands
from lso.backends.sandbox.reading import CONFIGURATION, Document, Hint, way
from lso.canonical.glance import Glance
from lso.settings import data_folder, read_yaml

NUMBERS = (int, float)
WRITE = json.JSONEncoder(sort_keys=True).encode
Behaviour = Literal["reject", "lose_capacity", "fail", "delay", "unavailable", "forget_answer"]
BEHAVIOURS: frozenset[str] = frozenset(get_args(Behaviour))


@dataclass(slots=True)
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
class Reading:
    """What a product is to the network: what it takes, which failure and which demands it asks for."""

    need: Need
    failure: Failure | None = None
    demands: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A failure and the products that ask for it."""

    where: str
    pattern: re.Pattern[str]
    behaviour: Behaviour
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The content of rules.yaml. told: members of a product that are read."""

    place_ports: int
    place_mbps: float
    ports: tuple[tuple[str, int], ...]
    rate_value: str
    rate_unit: str
    mbps: dict[str, float]
    rules: tuple[Rule, ...]
    demands: Demands
    told: tuple[str, ...] = field(init=False)
    _hints: tuple[Hint, ...] = field(init=False)

    def __post_init__(self) -> None:
        """By a path: how texts begin that ask for anything there; and which members are read at all."""
        patterns: dict[str, list[str]] = {CONFIGURATION: []}
        for rule in self.rules:
            patterns.setdefault(rule.where, []).append(rule.pattern.pattern)
        for where, words in self.demands.patterns.items():
            patterns.setdefault(where, []).extend(words)
        object.__setattr__(self, "_hints", tuple(Hint(where, these) for where, these in patterns.items()))
        object.__setattr__(self, "told", tuple(sorted({"schema", *(way(where)[0] for where in patterns)})))

    def usual(self, place_id: str) -> Place:
        """A place that nobody described."""
        return Place(place_id, self.place_ports, self.place_mbps)

    def read(self, product: Document) -> Reading:
        """What this product is to the network; most products take room and ask for nothing."""
        configured = Glance(product.get("configuration"))
        said = {hint.where: texts for hint in self._hints if (texts := hint.texts(product, configured))}
        rates = configured.holding(self.rate_value)
        need = Need(self._ports(str(product.get("schema") or "")), max(map(self._rate, rates)) if rates else 0.0)
        return Reading(need, self._failure(said), self.demands.of(said)) if said else Reading(need)

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

    def _failure(self, said: Mapping[str, Sequence[str]]) -> Failure | None:
        for rule in self.rules:
            for text in said.get(rule.where, ()):
                if match := rule.pattern.match(text):
                    return Failure(rule.behaviour, rule.reason, float(match.groupdict().get("amount") or 0))
        return None

    def _ports(self, schema: str) -> int:
        for part, count in self.ports:
            if part in schema:
                return count
        return 0

    def _rate(self, one: Document) -> float:
        rate, unit = one[self.rate_value], one.get(self.rate_unit)
        return rate * self.mbps.get(unit, 0.0) if type(rate) in NUMBERS and type(unit) is str else 0.0


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
    if not (places := product.get("places")):
        return ()
    names = [place.get("id") or _digest(place) for place in places]
    return tuple(names) if len(names) == 1 else tuple(dict.fromkeys(names))


def _digest(place: Document) -> str:
    described = WRITE({name: value for name, value in place.items() if name != "role"})
    return f"described-{hashlib.sha256(described.encode()).hexdigest()[:16]}"
