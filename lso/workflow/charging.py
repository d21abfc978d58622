"""Charges as the work meets them: their ids, how long there is to answer, and what a back end hears of the answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from lso.backends.router import Router
from lso.canonical.order import Item
from lso.canonical.tenant import Profile
from lso.lifecycle.charge import Document, Terms, propose
from lso.lifecycle.ports.back_end import Progress, Proposal
from lso.workflow.view import View

NAMESPACE = uuid.UUID("0d7f4c1e-93c5-4f1b-8a57-2f5f0a3f6f27")
SETTINGS = "charge"
AUTHOR = "seller"


def answer_within(profile: Profile) -> timedelta:
    """How long a buyer has to answer a charge."""
    return timedelta(seconds=Terms.model_validate(profile.settings.get(SETTINGS, {})).answer_seconds)


def charge_id(view: View, item: Item, proposal: Proposal) -> str:
    """The id of a charge on an item: known beforehand, so that a charge that is met twice is one."""
    name = "\n".join((view.stored.tenant, view.stored.id, item.id or "", proposal.key))
    return str(uuid.uuid5(NAMESPACE, name))


def proposed(view: View, answers: Mapping[str, Progress | None], known: frozenset[str], *, at: str) -> Document | None:
    """The first charge on an item in work that has not been met before; None when there is none."""
    for item_id, progress in answers.items():
        item = view.item(item_id)
        if progress is None or progress.charge is None or item.state != "in_progress":
            continue
        if (id := charge_id(view, item, progress.charge)) not in known:
            return propose(id, view.stored.id, progress.charge.items, at=at, item_id=item_id,
                           answer_within=answer_within(view.profile))
    return None


def pending(view: View, router: Router, charge: Document) -> str | None:
    """The key by which the back end waits for the answer to a charge on an item; None when it does not wait for it."""
    item = view.item(charge["item_id"])
    known = view.references.get(charge["item_id"])
    progress = router.back_end(known.backend).look(view.request(item)) if known else None
    if progress is None or progress.charge is None or charge_id(view, item, progress.charge) != charge["id"]:
        return None
    return progress.charge.key


def tell(view: View, router: Router, charge: Document) -> None:
    """Pass the answer on, unless the back end has heard of it already."""
    item_id = charge["item_id"]
    if (key := pending(view, router, charge)) is None:
        return
    if (flexible := router.flexible(view.references[item_id].backend)) is not None:
        verdicts = {item["id"]: "accepted" if item["state"] == "accepted" else "declined" for item in charge["items"]}
        flexible.charge_answered(view.request(view.item(item_id)), key, verdicts)
