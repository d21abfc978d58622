"""What a seller says of a product where its back end cannot tell: agreed with the tenant, and said to be so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lso.canonical.term import Duration
from lso.lifecycle.order import instant
from lso.lifecycle.ports.question import Alternate, Feasibility

Document = dict[str, Any]
UNASKED = "The network behind this product cannot be asked beforehand."
USUAL = "The interval is the usual one."


class Instead(BaseModel):
    """Another offering, and what it needs to be configured with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offering_id: str
    schema_urn: str = Field(alias="schema")
    configuration: dict[str, Any] = Field(default_factory=dict)


class Promises(BaseModel):
    """The member `qualification` of a profile's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    confidence: Literal["high", "low"] = Field("low", description="where the back end cannot be asked beforehand")
    interval: Duration = Field(Duration(amount=30, unit="calendar_days"), description="from order to delivery")
    guaranteed_days: int | None = Field(None, ge=0, description="how long the seller stands by a verdict")
    expected_seconds: float = Field(60, ge=0, description="how long an answer takes that is not given at once")
    alternates: Mapping[str, tuple[Instead, ...]] = Field({}, description="what may be proposed instead of an offering")
    given: tuple[str, ...] = Field((), description="ids of qualifications given by other means than this service")


def unasked(refusal: str | None, promises: Promises) -> Feasibility:
    """What is said for a back end that knows no more than whether something is feasible at all."""
    if refusal is not None:
        return Feasibility("none", refusal)
    return Feasibility(promises.confidence, UNASKED)


def promised(said: Feasibility, product: Document, promises: Promises, *, at: datetime) -> Feasibility:
    """The answer with all that a buyer must be told (MEF 87 R28, R29), and with what is agreed beside it."""
    if said.confidence is None:
        return said
    reason, interval, until = said.reason, said.installation_interval, said.guaranteed_until
    if said.confidence != "none" and interval is None:
        reason, interval = f"{said.reason} {USUAL}".strip(), _usual(promises)
    if said.confidence != "none" and until is None and promises.guaranteed_days is not None:
        until = instant(at + timedelta(days=promises.guaranteed_days))
    others = said.alternates
    if not others and promises.alternates:
        others = tuple(_instead(one, product) for one in promises.alternates.get(product.get("offering_id") or "", ()))
    if not others and said.look_again_seconds is None and (interval, until) == (
            said.installation_interval, said.guaranteed_until):
        return said  # it tells all that there is to be told
    return Feasibility(said.confidence, reason, interval, until, tuple(
        Alternate(one.product, one.installation_interval or _usual(promises)) for one in others))


def _usual(promises: Promises) -> Document:
    return promises.interval.model_dump(mode="json", exclude_unset=True)


def _instead(other: Instead, product: Document) -> Alternate:
    return Alternate({"offering_id": other.offering_id, "schema": other.schema_urn,
                      "configuration": {**product.get("configuration", {}), **other.configuration}})
