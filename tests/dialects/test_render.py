"""Error bodies: exactly what the documents declare."""

from __future__ import annotations

import pytest

from lso.dialects import mef, native, oauth, tmf
from lso.errors import (
    BridgeError,
    Conflict,
    Finding,
    Forbidden,
    Invalid,
    MethodNotAllowed,
    NotFound,
    NotOffered,
    NotUnderstood,
    OurError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
    UpstreamError,
)

FINDINGS = (Finding("/productOrderItem/0/product/place", "missingProperty", "place is missing"),
            Finding("/externalId", "invalidFormat", "expected text"))
EVERY: tuple[BridgeError, ...] = (
    NotUnderstood("bad"), Unauthenticated("who"), Forbidden("no"), NotFound("gone"), MethodNotAllowed("no such"),
    TooLarge("big"), UnsupportedMedia("odd"), Invalid("wrong", findings=FINDINGS), Conflict("twin"),
    TooManyRequests("slow down", retry_after=1.2), Unavailable("later", retry_after=0.1), NotOffered("not yet"),
    OurError("ours"), UpstreamError("theirs"))


def test_a_mef_422_is_a_list_of_every_violation_with_its_pointer() -> None:
    answer = mef.render(Invalid("wrong", findings=FINDINGS), frozenset({201, 400, 422}))
    assert (answer.status, answer.body) == (422, [
        {"code": "missingProperty", "reason": "place is missing", "propertyPath": "/productOrderItem/0/product/place"},
        {"code": "invalidFormat", "reason": "expected text", "propertyPath": "/externalId"}])


def test_a_mef_422_that_is_not_declared_becomes_a_400_that_still_tells_all() -> None:
    answer = mef.render(Invalid("wrong", findings=FINDINGS), frozenset({200, 400}))
    assert (answer.status, answer.body["code"]) == (400, "invalidBody")
    assert "/externalId" in answer.body["message"]
    assert "/productOrderItem/0/product/place" in answer.body["message"]


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_mef_codes_are_those_of_their_status(error: BridgeError) -> None:
    answer = mef.render(error, frozenset({422}))
    for body in answer.body if isinstance(answer.body, list) else [answer.body]:
        assert body["code"] in mef.CODES.get(answer.status, (error.code,))
        assert 0 < len(body["reason"]) <= 255


def test_a_code_that_the_status_does_not_list_falls_back_to_its_general_one() -> None:
    assert mef.render(NotFound("gone", code="noSuchOrder"), frozenset()).body["code"] == "notFound"
    assert mef.render(NotUnderstood("odd", code="invalidQuery"), frozenset()).body["code"] == "invalidQuery"


def test_tm_forum_answers_violations_with_400() -> None:
    answer = tmf.render(Invalid("wrong", findings=FINDINGS), frozenset({422}))
    assert answer.status == 400
    assert (answer.body["@type"], answer.body["status"]) == ("ValidationError", "400")
    assert [one["propertyPath"] for one in answer.body["violation"]] == [one.pointer for one in FINDINGS]


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_every_tm_forum_error_has_code_reason_and_status_as_texts(error: BridgeError) -> None:
    answer = tmf.render(error, frozenset())
    assert all(type(answer.body[member]) is str for member in ("code", "reason", "status"))
    assert answer.body["status"] == str(answer.status)


def test_a_problem_lists_its_violations() -> None:
    answer = native.render(Invalid("wrong", findings=FINDINGS), frozenset({422}))
    assert answer.status == answer.body["status"] == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["errors"][0] == {"pointer": FINDINGS[0].pointer, "code": "missingProperty",
                                        "detail": "place is missing"}


def test_the_token_endpoint_speaks_oauth() -> None:
    answer = oauth.render(Unauthenticated("unknown client"), frozenset())
    assert (answer.status, answer.body["error"]) == (401, "invalid_client")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["WWW-Authenticate"] == "Basic"
    assert oauth.render(NotUnderstood("x", code="unsupported_grant_type"), frozenset()).body["error"] \
        == "unsupported_grant_type"


@pytest.mark.parametrize("render", [mef.render, tmf.render, native.render, oauth.render])
def test_headers_that_http_asks_for_are_there(render: object) -> None:
    assert callable(render)
    assert render(TooManyRequests("slow", retry_after=1.2), frozenset()).headers["Retry-After"] == "2"
    assert render(MethodNotAllowed("no", headers={"Allow": "GET"}), frozenset()).headers["Allow"] == "GET"
    assert "WWW-Authenticate" in render(Unauthenticated("who"), frozenset()).headers
