"""RFC 3339 text to seconds since the epoch, and back. Text that is no time is None: what it means is decided
elsewhere.
"""

from __future__ import annotations

from datetime import UTC, datetime


def seconds(text: object) -> float | None:
    """Seconds since the epoch; a time without an offset is UTC, a leap second is the second after."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        if ":60" in text:
            earlier = seconds(text.replace(":60", ":59"))
            return None if earlier is None else earlier + 1.0
        return None if text == text.upper() else seconds(text.upper())
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except OverflowError:  # year 1 or 9999, and an offset that leads out of it
        return None


def rfc3339(moment: float) -> str:
    """With a fraction only where there is one."""
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
