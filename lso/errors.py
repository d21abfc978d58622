"""What can go wrong, whose fault it is, and where it is.

    BridgeError
        CallerError             the caller can mend it
            NotUnderstood           400  not JSON, bad query, bad body where no 422 is declared
            Unauthenticated         401  no credentials, or not valid ones
            Forbidden               403  valid credentials, not for this
            NotFound                404  nothing of this caller's by that name
            MethodNotAllowed        405
            TooLarge                413
            UnsupportedMedia        415
            Invalid                 422  understood, and wrong: carries every finding
        NotNow                  the same request may succeed later
            Conflict                409  the resource has moved on, or a twin is under way
            TooManyRequests         429  carries retry_after
            Unavailable             503  carries retry_after
        UpstreamError           502, 504  somebody behind us failed: carries their words
        NotOffered              501  the document has this operation, this service does not
        OurError                500  a bug of ours; the reason says nothing about the inside

Raised deep, rendered once, by the dialect of the caller. Codes are MEF's (Error4xx `code`, MEF 123 section 7.1);
other dialects derive theirs from them. A reason is one sentence of at most 255 characters, safe to show.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple


class Finding(NamedTuple):
    """Something wrong in a document.

    pointer: JSON Pointer (RFC 6901) into the document that was examined; "" is the whole document.
    code: a MEF 422 code: missingProperty, invalidValue, invalidFormat, referenceNotFound, unexpectedProperty,
        tooManyRecords or otherIssue.
    reason: one sentence for a person; never repeats personal data.
    """

    pointer: str
    code: str
    reason: str


class BridgeError(Exception):
    """Anything this service answers with an error body."""

    status: ClassVar[int] = 500
    code: str = "internalError"

    def __init__(self, reason: str, *, code: str | None = None, findings: tuple[Finding, ...] = (),
                 retry_after: float | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason[:255]
        self.code = code or type(self).code
        self.findings = findings
        self.retry_after = retry_after
        self.headers = headers or {}


class CallerError(BridgeError):
    """The caller can mend it."""

    status = 400
    code = "invalidBody"


class NotUnderstood(CallerError):
    """400: missingQueryParameter, missingQueryValue, invalidQuery or invalidBody."""


class Unauthenticated(CallerError):
    """401: missingCredentials or invalidCredentials."""

    status = 401
    code = "missingCredentials"


class Forbidden(CallerError):
    """403: accessDenied or forbiddenRequester."""

    status = 403
    code = "accessDenied"


class NotFound(CallerError):
    """404: nothing of this caller's by that name, whoever else may have one."""

    status = 404
    code = "notFound"


class MethodNotAllowed(CallerError):
    """405."""

    status = 405
    code = "methodNotAllowed"


class TooLarge(CallerError):
    """413: the body, its depth or one of its lists is over the limit."""

    status = 413
    code = "tooLarge"


class UnsupportedMedia(CallerError):
    """415."""

    status = 415
    code = "unsupportedMediaType"


class Invalid(CallerError):
    """422: the document was read and is wrong; `findings` hold all of it, never only the first."""

    status = 422
    code = "otherIssue"


class NotNow(BridgeError):
    """The same request may succeed later."""

    status = 409
    code = "conflict"


class Conflict(NotNow):
    """409: the resource has moved on, or a twin of this request is under way."""


class TooManyRequests(NotNow):
    """429."""

    status = 429
    code = "tooManyRequests"


class Unavailable(NotNow):
    """503."""

    status = 503
    code = "unavailable"


class UpstreamError(BridgeError):
    """502 or 504: a back end or partner failed; `their_words` is what it said, redacted."""

    status = 502
    code = "upstream"

    def __init__(self, reason: str, *, their_words: str = "", timed_out: bool = False) -> None:
        super().__init__(reason)
        self.their_words = their_words
        self.timed_out = timed_out


class NotOffered(BridgeError):
    """501: declared by the document, declined by this service."""

    status = 501
    code = "notImplemented"


class OurError(BridgeError):
    """500: a bug of ours."""
