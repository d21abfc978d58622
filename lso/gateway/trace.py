"""Logs as JSON lines, and the trace id that every line and every answer of one request carries.

Bodies, query strings and names of people are never logged.
"""

from __future__ import annotations

import atexit
import logging
import random
import re
import sys
import threading
import time
import traceback
from collections.abc import Mapping, MutableMapping
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

import orjson
import structlog

_TRACE_PARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._:-]{8,64}")
GATHER_SECONDS = 0.02
FRAMES_MOST = 20
log = structlog.get_logger("lso.gateway")


class Lines:
    """A file for a logger that gathers lines for a moment and writes them together, from a thread of its own.

    A system call per request would be most of what a log line costs.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._waiting: SimpleQueue[bytes] = SimpleQueue()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        atexit.register(self.drain)

    def write(self, line: bytes) -> int:
        """Take a line, or a part of one."""
        self._waiting.put(line)
        if self._thread is None or not self._thread.is_alive():  # none yet, or lost in a fork
            self._thread = threading.Thread(target=self._gather, name="log", daemon=True)
            self._thread.start()
        return len(line)

    def flush(self) -> None:
        """Loggers ask for this after each line; the thread decides."""

    def drain(self) -> None:
        """Write what is waiting."""
        with self._writing:
            self._write([])

    def _gather(self) -> None:
        while True:
            first = self._waiting.get()
            with self._writing:
                time.sleep(GATHER_SECONDS)
                self._write([first])

    def _write(self, lines: list[bytes]) -> None:
        try:
            while True:
                lines.append(self._waiting.get_nowait())
        except Empty:
            pass
        if lines and not self.file.closed:
            self.file.write(b"".join(lines))
            self.file.flush()


def configure(level: str = "INFO", file: BinaryIO | None = None) -> None:
    """Log to standard error, one JSON object a line; called once, by whoever starts the process."""
    logging.root.handlers = [Foreign(logging.WARNING)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            locate_exception,
            structlog.processors.JSONRenderer(serializer=_serialised),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(file=Lines(file or sys.stderr.buffer)),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )


class Foreign(logging.Handler):
    """Takes what libraries log into our log: their words, not what they were about, which may be anybody's data."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        error = record.exc_info[1] if record.exc_info else None
        about = {"logger": record.name} | ({"exc_info": error} if error else {})
        structlog.get_logger().log(record.levelno, str(record.msg).strip(), **about)


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
    return f"{random.getrandbits(128):032x}"


def interaction(headers: Mapping[str, str]) -> str | None:
    """The interaction id to echo (FAPI), where there is one of a harmless form."""
    given = headers.get("x-fapi-interaction-id")
    return given if given is not None and _ACCEPTABLE.fullmatch(given) else None


def enter(identifier: str) -> None:
    """From here on, every log line of this request carries the id."""
    structlog.contextvars.bind_contextvars(trace_id=identifier)


def locate_exception(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where an exception came up and of which kind it is. Not what it says: messages quote what they stumbled over."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["exception"] = type(error).__qualname__
        frames = traceback.extract_tb(error.__traceback__)
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-FRAMES_MOST:]]
    return event


def _serialised(event: Any, **_options: Any) -> bytes:
    return orjson.dumps(event, default=str)
