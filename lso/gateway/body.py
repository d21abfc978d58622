"""Reads the body of a request, and the media type it claims to have; nothing is read beyond the limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from lso.errors import NotUnderstood, TooLarge, UnsupportedMedia

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
JSON = "application/json"
IDENTITY = "identity"


def media_type(headers: Mapping[str, str], accepted: tuple[str, ...]) -> str:
    """Which of the accepted media types the body is sent as; one without a name is the first of them."""
    if headers.get("content-encoding", IDENTITY).strip().lower() != IDENTITY:
        raise UnsupportedMedia("Send the body without a content coding.")
    named = headers.get("content-type")
    if named is None:
        return accepted[0]
    if named in accepted:
        return named
    kind, *parameters = (part.strip().lower() for part in named.split(";"))
    charsets = [value.strip('"') for key, _, value in (part.partition("=") for part in parameters) if key == "charset"]
    if all(charset in {"utf-8", "utf8"} for charset in charsets):
        if kind in accepted:
            return kind
        if "*/*" in accepted and (kind == JSON or kind.endswith("+json")):
            return JSON
    raise UnsupportedMedia(f"Send {' or '.join(accepted)}, in UTF-8.")


def refuse_oversize(headers: Mapping[str, str], most: int) -> None:
    """Judge a body by its announced length."""
    length = headers.get("content-length")
    if length is not None and length.isdigit() and int(length) > most:
        raise _oversize(most)


async def read(receive: Receive, most: int) -> bytes:
    """The whole body."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > most:
            raise _oversize(most)
        return body
    parts, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise NotUnderstood("The body ended early.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _oversize(most)
    return b"".join(parts)


def _oversize(most: int) -> TooLarge:
    return TooLarge(f"The body is larger than {most} bytes.")
