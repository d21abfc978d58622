"""Answers of the pretend network as they travel over HTTP: written by `dataclasses.asdict`, read here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lso.lifecycle.ports import Alternate, Feasibility, Progress, Proposal, Quotation, Reached, Willing

STATES = ("working", "done", "refused", "failed")


def progress_from(document: Mapping[str, Any]) -> Progress:
    """How far a request is. Raises KeyError, TypeError or ValueError for what is no progress."""
    state, again = document["state"], document.get("look_again_seconds")
    if state not in STATES:
        raise ValueError(f"no such state of progress: {state!r}")
    return Progress(
        state, str(document.get("reason") or ""), _text(document.get("service_id")),
        float(again) if isinstance(again, int | float) else None,
        milestones=tuple(Reached(**one) for one in document.get("milestones") or ()),
        expected_completion_at=_text(document.get("expected_completion_at")),
        expected_reason=str(document.get("expected_reason") or ""),
        charge=_proposal(document.get("charge")),
    )


def willing_from(document: Mapping[str, Any]) -> Willing:
    """Whether something would be done. Raises as `progress_from` does."""
    return Willing(_text(document["reason"]), _proposal(document["charge"]))


def feasibility_from(document: Mapping[str, Any]) -> Feasibility:
    """The answer to a survey. Raises as `progress_from` does."""
    confidence, again = document["confidence"], document.get("look_again_seconds")
    if confidence not in ("high", "low", "none", None):
        raise ValueError(f"no such confidence: {confidence!r}")
    return Feasibility(
        confidence, str(document.get("reason") or ""), document.get("installation_interval"),
        _text(document.get("guaranteed_until")), tuple(Alternate(**one) for one in document.get("alternates") or ()),
        float(again) if isinstance(again, int | float) else None)


def quotation_from(document: Mapping[str, Any]) -> Quotation:
    """The answer to the question for a price. Raises as `progress_from` does."""
    return Quotation(**{**document, "prices": tuple(document["prices"]), "terms": tuple(document["terms"])})


def _proposal(document: Mapping[str, Any] | None) -> Proposal | None:
    return None if document is None else Proposal(str(document["key"]), tuple(dict(one) for one in document["items"]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
