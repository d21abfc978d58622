"""Logs as JSON lines, and the trace id that every line and every answer of one request carries.

Bodies, query strings and names of people are never logged.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

import orjson
import structlog

_TRACE_PARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._:-]{8,64}")
log = structlog.get_logger("lso.gateway")


def configure(level: str = "INFO", file: BinaryIO | None = None) -> None:
    """Log to standard error, one JSON object a line; called once, by whoever starts the process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_serialised),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(file=file or sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def trace_id(headers: Mapping[str, str]) -> str:
    """The id that the caller gave this request, or a new one. What is not of a harmless form is not taken over."""
    given = headers.get("traceparent")
    if given is not None:
        found = _TRACE_PARENT.fullmatch(given)
        if found:
            return found[1]
    for name in ("x-request-id", "x-fapi-interaction-id"):
        given = headers.get(name)
        if given is not None and _ACCEPTABLE.fullmatch(given):
            return given
    return os.urandom(16).hex()


def enter(identifier: str) -> None:
    """From here on, every log line of this request carries the id."""
    structlog.contextvars.bind_contextvars(trace_id=identifier)


def _serialised(event: Any, **_options: Any) -> bytes:
    return orjson.dumps(event, default=str)
