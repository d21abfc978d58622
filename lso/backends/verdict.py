"""What the status of an answer means, the same for every back end that speaks HTTP; and when to ask again."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Literal

from lso.backends.wire import Reply
from lso.lifecycle.ports.back_end import Progress

Verdict = Literal["success", "refused", "postponed", "unwelcome", "broken"]

POSTPONED = {408, 425, 429}
# About the connection between us, not about what was asked: no reason to refuse a buyer's order.
UNWELCOME = {401, 403, 405, 406, 407, 411, 415, 421, 426}
LATER_SECONDS, LATER_MOST = 5.0, 3600.0


def verdict(status: int) -> Verdict:
    """success: any 2xx. refused: what was asked is wrong or impossible. postponed: not begun, ask again later.

    unwelcome: our credentials or our way of asking. broken: 5xx, and what no API answers (1xx, 3xx).
    """
    if 200 <= status < 300:
        return "success"
    if status in POSTPONED:
        return "postponed"
    if status in UNWELCOME:
        return "unwelcome"
    return "refused" if 400 <= status < 500 else "broken"


def postponed(reply: Reply) -> Progress:
    """Not begun: to be asked again when the answer says so."""
    return Progress("postponed", look_again_seconds=retry_after(reply))


def retry_after(reply: Reply) -> float:
    """Seconds or a date (RFC 9110 section 10.2.3), within reason."""
    said = reply.headers.get("Retry-After") or ""
    try:
        seconds = float(said) if said.strip().isdigit() else parsedate_to_datetime(said).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return LATER_SECONDS
    return min(LATER_MOST, max(0.05, seconds))
