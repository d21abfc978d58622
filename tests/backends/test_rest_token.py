"""Tokens for somebody's connections API: kept, renewed, recorded nowhere; without one nothing is asked."""

from __future__ import annotations

import pytest

from lso.backends.exchange import Exchange
from lso.backends.rest.asking import Asking
from lso.backends.rest.client import Manner, RestBackEnd
from lso.backends.rest.token import Credentials, Tokens
from lso.backends.wire import Wire
from lso.errors import UpstreamError
from tests.backends.misbehaving import Answer, Misbehaving
from tests.backends.native_api import NativeApi
from tests.backends.test_rest import QUICK, SECRET, request, talking_to


def test_a_token_is_kept_renewed_when_it_is_not_accepted_and_never_recorded() -> None:
    api, kept = NativeApi(), list[Exchange]()
    with talking_to(api, record=kept) as (client, _server):
        client.submit(request())
        client.look(request(their_id="conn-1"))
        assert api.tokens == 1
        api.stale = True
        client.look(request(their_id="conn-1"))
        assert api.tokens == 2
    assert SECRET not in repr(kept)
    assert "token-" not in repr(kept)
    assert SECRET not in repr(Credentials("http://x", "bridge", SECRET))


@pytest.mark.parametrize("answer", [Answer(401), Answer(500), Answer(200),
                                    Answer(200, b'{"access_token": 1, "expires_in": "x"}')])
def test_without_a_token_nothing_is_asked(answer: Answer) -> None:
    with Misbehaving(answer) as server:
        wire = Wire("internet", QUICK)
        tokens = Tokens(wire, Credentials(f"{server.url}/oauth2/token", "bridge", SECRET))
        client = RestBackEnd(Asking(wire, server.url, tokens), Manner())
        with pytest.raises(UpstreamError, match="token"):
            client.submit(request())
        assert len(server.seen) == 1
        client.close()
