"""A row of a price book: one amount, and what it is for. Amounts are exact decimals, never binary fractions.

An empty member says that the row holds whatever the member would have narrowed: any place, any bandwidth, any term.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from lso.canonical.currency import CURRENCIES
from lso.canonical.price import ChargePeriod, PriceKind

EVERYBODY = "*"
PLAIN = r"^[0-9]+(\.[0-9]+)?$"


def _plain(value: object) -> object:
    """Amounts are written plainly: `1e3`, `+5` or ` 5` is a slip."""
    if isinstance(value, float):
        raise ValueError("an amount is written as a text, for a binary fraction is not exact")
    if isinstance(value, str) and not re.match(PLAIN, value):
        raise ValueError("an amount is written in plain digits, such as 129.90")
    return value


def _in_use(currency: str) -> str:
    if currency not in CURRENCIES:
        raise ValueError("no currency of ISO 4217 is called that")
    return currency


# Fifteen digits are what survives every JSON reader.
Amount = Annotated[Decimal, BeforeValidator(_plain), Field(ge=0, max_digits=15, allow_inf_nan=False)]


class PriceRow(BaseModel):
    """One amount.

    tenant: whose price it is, or `*`. term_months, interval_days, subject_to_feasibility: what goes with this price.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: str = Field(EVERYBODY, pattern=r"^(\*|[a-z0-9][a-z0-9-]{0,62})$")
    offering: str = Field(min_length=1)
    action: Literal["add", "modify", "delete"] | None = Field(None, description="empty: add and modify")
    place_class: str | None = None
    up_to_mbps: Amount | None = Field(None, description="upper end of the tier, inclusive")
    term_months: int | None = Field(None, ge=1, le=1200)
    name: str = Field(min_length=1, max_length=255)
    kind: PriceKind
    amount: Amount = Field(description="without tax; for usage, of one unit")
    currency: Annotated[str, AfterValidator(_in_use)]
    tax_rate: Amount | None = Field(None, description="per cent")
    per: ChargePeriod | None = None
    unit: str | None = Field(None, description="what a price by usage counts")
    interval_days: int | None = Field(None, ge=0, le=3650, description="within which it is installed at this price")
    subject_to_feasibility: bool = False

    @model_validator(mode="after")
    def _complete(self) -> PriceRow:
        """MEF 115 table 11: what falls due again says how often, what is counted says by which unit."""
        if (self.kind == "recurring") != (self.per is not None):
            raise ValueError("a recurring price, and no other, says per which period")
        if (self.kind == "usage") != (self.unit is not None):
            raise ValueError("a price by usage, and no other, says of which unit")
        return self

    @property
    def of(self) -> tuple[str, ...]:
        """What the row prices, and where: another row of the same takes its place."""
        narrowed = (self.action, self.place_class, self.up_to_mbps and self.up_to_mbps.normalize(), self.term_months)
        return (*(str(one or "") for one in narrowed), *self.line)

    @property
    def line(self) -> tuple[str, ...]:
        """The line of a quote that the amount is on."""
        return self.name, self.kind, self.per or "", self.unit or ""


@dataclass(frozen=True, eq=False, slots=True)
class PriceList:
    """The rows for an offering, as they are just now: other rows are another list.

    tiered, classed: whether what it costs hangs on the bandwidth, and on the class of the place.
    """

    rows: tuple[PriceRow, ...] = ()
    tiered: bool = field(init=False)
    classed: bool = field(init=False)

    def __post_init__(self) -> None:
        """Seen once, for every quote asks."""
        object.__setattr__(self, "tiered", any(row.up_to_mbps is not None for row in self.rows))
        object.__setattr__(self, "classed", any(row.place_class is not None for row in self.rows))
