"""What we send to callbacks proves its body, its event and its time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, KeySet

from lso.gateway.identity.signature import HEADER, WINDOW_SECONDS, BadSignature, sign, verify

KEY = ECKey.generate_key("P-256", auto_kid=True)
KEYS = KeySet([KEY])


@given(body=st.text(min_size=1).map(str.encode), event=st.text("abc-123", min_size=1))
def test_a_signature_gives_back_its_event(body: bytes, event: str) -> None:
    headers = sign(body, event_id=event, at=1000.0, key=KEY, issuer="urn:x")
    assert verify(headers[HEADER], body, KEYS, at=1000.0) == event


def test_the_body_does_not_travel_in_the_signature() -> None:
    headers = sign(b'{"a": "b.c"}', event_id="e", at=0, key=KEY, issuer="urn:x")
    assert headers[HEADER].split(".")[1] == ""


@pytest.mark.parametrize("body", [b'{"a": 2}', b"", b'{"a": 1} '])
def test_another_body_is_refused(body: bytes) -> None:
    headers = sign(b'{"a": 1}', event_id="e", at=0, key=KEY, issuer="urn:x")
    with pytest.raises(BadSignature):
        verify(headers[HEADER], body, KEYS, at=0)


def test_a_key_that_is_not_ours_is_refused() -> None:
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    headers = sign(b"{}", event_id="e", at=0, key=stranger, issuer="urn:x")
    with pytest.raises(BadSignature):
        verify(headers[HEADER], b"{}", KEYS, at=0)


@pytest.mark.parametrize("age", [WINDOW_SECONDS + 2, -WINDOW_SECONDS - 2])
def test_a_signature_outside_the_window_is_refused(age: float) -> None:
    headers = sign(b"{}", event_id="e", at=10_000, key=KEY, issuer="urn:x")
    with pytest.raises(BadSignature):
        verify(headers[HEADER], b"{}", KEYS, at=10_000 + age)
