"""What a back end may be asked before there is an order: whether, how soon and for how much; and about addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from lso.lifecycle.ports.back_end import ServiceRequest

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Alternate:
    """Something else that can be had; product: canonical, as it would be ordered."""

    product: Document
    installation_interval: Document | None = None


@dataclass(slots=True)
class Feasibility:
    """Whether a request could be carried out, as far as a back end can tell; None stands for what it cannot.

    confidence: how sure it is; none: it would not. reason: what that rests on, for the buyer.
    installation_interval: a canonical duration. guaranteed_until: until when it stands by what it says.
    alternates: told whenever there are such; whether the buyer wants to hear of them is for others to know.
    look_again_seconds: there is no answer yet, and when to ask again.
    """

    confidence: Literal["high", "low", "none"] | None = None
    reason: str = ""
    installation_interval: Document | None = None
    guaranteed_until: str | None = None
    alternates: tuple[Alternate, ...] = ()
    look_again_seconds: float | None = None


@runtime_checkable
class Surveying(Protocol):
    """A back end that can say more of a request beforehand than whether it is feasible."""

    def survey(self, request: ServiceRequest) -> Feasibility:
        """Whether, how surely and how soon. Promises and changes nothing; asked again, it may answer otherwise."""
        ...


@dataclass(slots=True)
class Quotation:
    """What an item would cost, for how long and how soon, canonically; empty where nothing is said of it.

    refused: why it cannot be quoted, in one sentence for the buyer. draft: prices may still change, and when to ask
    again is `look_again_seconds`; with no prices, there are none yet. source: where this is from, for the buyer.
    """

    prices: tuple[Document, ...] = ()
    terms: tuple[Document, ...] = ()
    interval: Document | None = None
    subject_to_feasibility: bool = False
    refused: str | None = None
    draft: bool = False
    look_again_seconds: float | None = None
    source: str = ""


@runtime_checkable
class Pricing(Protocol):
    """A back end that can say what something would cost."""

    def quote(self, request: ServiceRequest, item: Document) -> Quotation | None:
        """What it would cost; None for what it has no price for, so that others may say. item: canonical, of a quote:
        term and interval that are wished for. Promises and changes nothing; asked again, it may answer otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class Located:
    """How an address is known to a back end.

    result: success, partial or fail, as of a validation (MEF 121 D5-D7). best, others: canonical addresses, each with
    the id that the back end knows it by.
    """

    result: str
    best: Document | None = None
    others: tuple[Document, ...] = ()


class Locating(Protocol):
    """A back end that knows addresses."""

    def locate(self, submitted: Document, *, others: bool) -> Located | None:
        """How it knows an address, canonical and as submitted; None for what it cannot say, so that others may.

        others: whether those that may be meant as well are to be told. Promises and changes nothing."""
        ...
