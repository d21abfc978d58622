"""What is sent on the bare connection: what is not HTTP, and what is too much of it."""

from __future__ import annotations

import io
import json
import logging
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import structlog

from lso.gateway import trace
from lso.gateway.wire import HEAD_BYTES
from tests.gateway.conftest import SONATA, Running
from tests.running import eventually


def say(service: Running, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes, read what comes back until the other side ends it: status, headers, body."""
    where = urlsplit(service.url)
    with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
        with suppress(OSError):  # it may be refused before all of it is sent
            connection.sendall(sent)
        heard = b""
        with suppress(ConnectionResetError):  # what was sent after the refusal is not read
            while part := connection.recv(65_536):
                heard += part
    head, _, body = heard.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body


@pytest.mark.parametrize("sent", [
    b"\x16\x03\x01\x00\xff\r\n\r\n",
    b"FETCH /ready HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET {SONATA}/productOrder/".encode() + b"\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    f"POST {SONATA}/productOrder HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{{}}".encode(),
    f"POST {SONATA}/productOrder HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}".encode(),
    f"POST {SONATA}/productOrder HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
    .encode(),
], ids=["tls", "method", "path", "negative", "two lengths", "smuggled"])  # fmt: skip
def test_what_is_not_http_gets_a_problem_with_a_trace_id(service: Running, sent: bytes) -> None:
    status, headers, body = say(service, sent)
    problem = json.loads(body)
    assert (status, problem["status"], headers["content-type"]) == (400, 400, "application/problem+json")
    assert headers["x-trace-id"] == problem["traceId"]


@pytest.mark.parametrize("sent", [
    b"GET /ready HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * HEAD_BYTES + b"\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\n" + b"X-A: 1\r\n" * 20_000 + b"\r\n",
    b"GET /ready?" + b"a" * HEAD_BYTES + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 5_000_000,
], ids=["long", "many", "query", "endless"])  # fmt: skip
def test_a_head_that_is_too_large_is_refused(service: Running, sent: bytes) -> None:
    assert say(service, sent)[0] == 431


def test_the_head_of_a_second_request_is_counted_by_itself(service: Running) -> None:
    one = b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 40_000 + b"\r\n\r\n"
    last = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    status, _, rest = say(service, one + one + last)
    assert (status, rest.count(b"200 OK")) == (200, 2)


@pytest.mark.parametrize("before", [1, 3])
def test_the_head_of_a_later_request_in_the_same_piece_is_refused_when_it_is_too_large(service: Running,
                                                                                       before: int) -> None:
    small = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    large = b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * HEAD_BYTES + b"\r\n\r\n"
    with_body = b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    status, _, rest = say(service, small * before + with_body + large)
    assert status == 431 or b"HTTP/1.1 431 " in rest


def test_an_upgrade_to_websocket_is_not_taken(service: Running) -> None:
    sent = (b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")  # fmt: skip
    assert say(service, sent)[0] == 200


def test_what_libraries_log_is_json_too_and_quotes_nothing() -> None:
    before, handlers, file = structlog.get_config(), logging.root.handlers, io.BytesIO()
    try:
        trace.configure("INFO", file)
        logging.getLogger("uvicorn.error").warning("heard %s", "Ann Example")
        line = json.loads(eventually(file.getvalue))
    finally:
        structlog.configure(**before)
        logging.root.handlers = handlers
    assert (line["event"], line["logger"], line["level"]) == ("heard %s", "uvicorn.error", "warning")
