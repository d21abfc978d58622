"""Answers of the pretend network as they travel over HTTP: written by `dataclasses.asdict`, read here.

What is passed on to buyers is held against the canonical model first: an answer that does not fit is none, and the
fault of whoever gave it. All readers raise KeyError, TypeError or ValueError for what they cannot read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lso.canonical.charge import ChargeItem
from lso.canonical.model import Model
from lso.canonical.price import ProductPrice
from lso.canonical.product import Product
from lso.canonical.term import Duration, Term
from lso.lifecycle.ports.back_end import Progress, Proposal, Reached, Willing
from lso.lifecycle.ports.question import Alternate, Feasibility, Quotation

Document = dict[str, Any]
STATES = ("working", "done", "refused", "failed")
CONFIDENCES = ("high", "low", "none", None)


def reason_from(document: Mapping[str, Any]) -> str | None:
    """Why not; None for yes, which has to be said."""
    return _text(document["reason"])


def progress_from(document: Mapping[str, Any]) -> Progress:
    """How far a request is."""
    return Progress(
        _among(STATES, document["state"]), _text(document.get("reason")) or "", _text(document.get("service_id")),
        _seconds(document.get("look_again_seconds")),
        milestones=tuple(_milestone(one) for one in document.get("milestones") or ()),
        expected_completion_at=_instant(document.get("expected_completion_at")),
        expected_reason=_text(document.get("expected_reason")) or "",
        charge=_proposal(document.get("charge")),
    )


def willing_from(document: Mapping[str, Any]) -> Willing:
    """Whether something would be done."""
    return Willing(reason_from(document), _proposal(document["charge"]))


def promise_from(document: Mapping[str, Any]) -> str | None:
    """When something will be done; None where that cannot be told."""
    return _instant(document["expected_completion_at"])


def feasibility_from(document: Mapping[str, Any]) -> Feasibility:
    """The answer to a survey."""
    return Feasibility(
        _among(CONFIDENCES, document["confidence"]), _text(document.get("reason")) or "",
        _fitting(Duration, document.get("installation_interval")), _instant(document.get("guaranteed_until")),
        tuple(_alternate(one) for one in document.get("alternates") or ()),
        _seconds(document.get("look_again_seconds")))


def quotation_from(document: Mapping[str, Any]) -> Quotation | None:
    """The answer to the question for a price; None where there is none, which has to be said."""
    said = document["quotation"]
    if said is None:
        return None
    return Quotation(
        prices=_all(ProductPrice, said["prices"]), terms=_all(Term, said["terms"]),
        interval=_fitting(Duration, said.get("interval")),
        subject_to_feasibility=_among((True, False), said.get("subject_to_feasibility", False)),
        refused=_text(said.get("refused")), draft=_among((True, False), said.get("draft", False)),
        look_again_seconds=_seconds(said.get("look_again_seconds")), source=_text(said.get("source")) or "")


def _alternate(said: Mapping[str, Any]) -> Alternate:
    product, interval = dict(said["product"]), said.get("installation_interval")
    return Alternate(_fitting(Product, product) or product, _fitting(Duration, interval))


def _milestone(said: Mapping[str, Any]) -> Reached:
    name, at = _text(said["name"]), _instant(said["at"])
    if name is None or at is None:
        raise ValueError("a milestone has a name and a moment")
    return Reached(name, at, _text(said.get("note")) or "")


def _proposal(said: Mapping[str, Any] | None) -> Proposal | None:
    return None if said is None else Proposal(str(said["key"]), _all(ChargeItem, said["items"]))


def _all(model: type[Model], said: Any) -> tuple[Document, ...]:
    """A list of parts that fit."""
    if type(said) is not list:
        raise TypeError("not a list")
    return tuple(_fitting(model, dict(one)) or {} for one in said)


def _fitting(model: type[Model], said: Any) -> Document | None:
    """A part as it came, once it has been held against its model; None where there is none."""
    if said is not None:
        model.model_validate(said)
    found: Document | None = said
    return found


def _among(words: tuple[Any, ...], said: Any) -> Any:
    if not any(said is word or (type(said) is str and said == word) for word in words):
        raise ValueError(f"none of {words}")
    return said


def _text(said: Any) -> str | None:
    if said is not None and type(said) is not str:
        raise TypeError("not a text")
    return said


def _seconds(said: Any) -> float | None:
    """So many from now; None where that is not said."""
    if said is None:
        return None
    if type(said) not in (int, float) or said < 0:
        raise ValueError("not a length of time")
    return float(said)


def _instant(said: Any) -> str | None:
    """A moment with its time zone, as it came."""
    text = _text(said)
    if text is not None and datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a moment without time zone")
    return text
