"""How a client proves itself, what its token covers, and when it stops being good: at the real token endpoint."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.forked import run as command
from tests.running import MEF, Running, eventually

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    service = Running(tmp_path_factory.mktemp("identity"))
    yield service
    service.close()


def run(service: Running, *words: str) -> str:
    """An `lso` command beside the running service."""
    done = command(words, service.env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def ask(service: Running, auth: tuple[str, str] | None = None, **form: str) -> requests.Response:
    return requests.post(f"{service.url}/oauth2/token", data=form, auth=auth, timeout=10)


def tenant_of(service: Running, client: str) -> str:
    listed = [line.split("\t") for line in run(service, "tenant", "list").splitlines()]
    return next(row[0] for row in listed if client in row[3].split(", "))


def orders(service: Running, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{service.url}{MEF}/productOrder", headers=headers, timeout=10).status_code


def secret_of(service: Running, client: str) -> str:
    return json.loads((service.folder / "demo-credentials.json").read_text())[client]


def test_credentials_are_readable_by_their_owner_only(running: Running) -> None:
    assert (running.folder / "demo-credentials.json").stat().st_mode & 0o777 == 0o600


def test_the_store_holds_no_secret(running: Running) -> None:
    secret = secret_of(running, "demo-carrier").encode()
    for file in Path(running.folder).glob("*.sqlite3*"):
        assert secret not in file.read_bytes()


@pytest.mark.parametrize("posted", [False, True])
def test_a_secret_gives_a_token_that_the_published_keys_verify(running: Running, posted: bool) -> None:
    secret = secret_of(running, "demo-carrier")
    form = {"grant_type": "client_credentials"}
    answer = (ask(running, None, client_id="demo-carrier", client_secret=secret, **form) if posted
              else ask(running, ("demo-carrier", secret), **form))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    keys = KeySet.import_key_set(requests.get(f"{running.url}/.well-known/jwks.json", timeout=10).json())
    claims = jwt.decode(answer.json()["access_token"], keys, algorithms=["ES256"]).claims
    assert claims["client_id"] == "demo-carrier"
    assert claims["aud"] == "pil"
    assert claims["exp"] - claims["iat"] == answer.json()["expires_in"]


def test_published_keys_hold_no_private_half(running: Running) -> None:
    for key in requests.get(f"{running.url}/.well-known/jwks.json", timeout=10).json()["keys"]:
        assert "d" not in key


@pytest.mark.parametrize(("auth", "form", "status", "error"), [
    (("demo-carrier", "wrong"), {"grant_type": "client_credentials"}, 401, "invalid_client"),
    (("nobody", "wrong"), {"grant_type": "client_credentials"}, 401, "invalid_client"),
    (None, {"grant_type": "client_credentials"}, 401, "invalid_client"),
    (("demo-carrier", "x"), {"grant_type": "password"}, 400, "unsupported_grant_type"),
    (("demo-carrier", "x"), {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}, 400,
     "invalid_request"),
    (None, {"grant_type": "client_credentials", "client_assertion": "a.b.c", "client_assertion_type": ASSERTION}, 401,
     "invalid_client"),
])
def test_what_proves_nothing_gets_an_oauth_error(
        running: Running, auth: tuple[str, str] | None, form: dict[str, str], status: int, error: str) -> None:
    answer = ask(running, auth, **form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_token_covers_the_scopes_it_was_asked_for(running: Running) -> None:
    token = running.token("demo-carrier", scope="retrieveProductOrder")
    assert orders(running, token) == 403
    assert orders(running, running.token("demo-carrier", scope="listProductOrder")) == 200


def test_no_token_covers_what_no_document_names(running: Running) -> None:
    """RFC 6749 section 3.3: of what was asked for, that is granted which there is; nothing of it is invalid_scope."""
    auth, form = ("demo-carrier", secret_of(running, "demo-carrier")), {"grant_type": "client_credentials"}
    refused = ask(running, auth, scope="bogus", **form)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    assert ask(running, auth, scope="bogus listProductOrder", **form).json()["scope"] == "listProductOrder"
    assert ask(running, auth, scope="read", **form).json()["scope"] == "read"


def test_a_token_is_good_for_one_audience(running: Running) -> None:
    assert orders(running, running.token("demo-carrier-sil")) in (401, 403)


def test_a_changed_token_is_refused(running: Running) -> None:
    head, body, proof = running.token("demo-carrier").split(".")
    assert orders(running, f"{head}.{body}.{proof[:-4]}AAAA") == 401


@pytest.mark.parametrize("key", [RSAKey.generate_key(2048, auto_kid=True), ECKey.generate_key("P-256", auto_kid=True)],
                         ids=["RS256", "ES256"])
def test_a_client_may_prove_itself_with_its_own_key_but_only_once_a_time(
        running: Running, tmp_path: Path, key: Any, request: pytest.FixtureRequest) -> None:
    name = f"keyed-{request.node.callspec.id.lower()}"
    public = tmp_path / "jwks.json"
    public.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    run(running, "client", "add", tenant_of(running, "demo-carrier"), name, "--audience", "pil", "--jwks", str(public))
    now = int(time.time())
    claims = {"iss": name, "sub": name, "aud": f"{running.url}/oauth2/token", "iat": now, "exp": now + 60, "jti": "one"}
    algorithm = request.node.callspec.id
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION,
            "client_assertion": jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key)}
    first = eventually(lambda: (answer := ask(running, **form)).status_code == 200 and answer, 5)
    assert orders(running, first.json()["access_token"]) == 200
    assert ask(running, **form).status_code == 401, "the same assertion was taken twice"
    aimed_elsewhere = claims | {"aud": "https://other.example", "jti": "two"}
    elsewhere = jwt.encode({"alg": algorithm, "kid": key.kid}, aimed_elsewhere, key)
    assert ask(running, **form | {"client_assertion": elsewhere}).status_code == 401


@pytest.fixture(scope="module")
def keyed(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., requests.Response]:
    """Asks for a token with an assertion of a client of its own; claims may be changed, None leaves one out."""
    key = ECKey.generate_key("P-256", auto_kid=True)
    public = tmp_path_factory.mktemp("keys") / "jwks.json"
    public.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    tenant = tenant_of(running, "demo-carrier")
    run(running, "client", "add", tenant, "signing", "--audience", "pil", "--jwks", str(public))

    def prove(client_id: str = "", **changed: Any) -> requests.Response:
        now = int(time.time())
        claims = {"iss": "signing", "sub": "signing", "aud": "urn:lso-bridge", "iat": now, "exp": now + 60,
                  "jti": uuid.uuid4().hex, **changed}
        signed = jwt.encode({"alg": "ES256", "kid": key.kid}, {k: v for k, v in claims.items() if v is not None}, key)
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": signed}
        return ask(running, **form | ({"client_id": client_id} if client_id else {}))

    eventually(lambda: prove().status_code == 200, 5)
    return prove


@pytest.mark.parametrize("changed", [
    {"aud": 5}, {"aud": [{}]}, {"aud": []}, {"aud": None}, {"exp": "soon"}, {"exp": []}, {"exp": None}, {"jti": None},
    {"iss": "other"}, {"iss": []}, {"sub": "demo-carrier", "iss": "demo-carrier"}, {"sub": {}},
    {"exp": 1}, {"exp": 10**12}, {"iat": 10**12}, {"nbf": 10**12},
], ids=str)
def test_an_assertion_that_is_not_as_it_should_be_proves_nothing(keyed: Any, changed: dict[str, Any]) -> None:
    answer = keyed(**changed)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_assertion_is_taken_once_also_while_only_the_leeway_keeps_it_good(keyed: Any) -> None:
    claims = {"exp": int(time.time()) - 5, "jti": uuid.uuid4().hex}
    assert [keyed(**claims).status_code for _ in range(3)] == [200, 401, 401]


def test_a_client_id_beside_the_proof_must_be_the_same(running: Running, keyed: Any) -> None:
    assert keyed(client_id="signing").status_code == 200
    assert keyed(client_id="demo-carrier").json()["error"] == "invalid_request"
    own = ("demo-carrier", secret_of(running, "demo-carrier"))
    answer = ask(running, own, grant_type="client_credentials", client_id="demo-enterprise")
    assert answer.json()["error"] == "invalid_request"


def test_a_rotated_secret_is_good_at_once_and_the_old_one_for_a_while(running: Running) -> None:
    tenant = tenant_of(running, "demo-carrier")
    first = run(running, "client", "add", tenant, "turning", "--audience", "pil")
    second = run(running, "client", "rotate", tenant, "turning")
    form = {"grant_type": "client_credentials"}
    eventually(lambda: ask(running, ("turning", second), **form).status_code == 200, 5)
    assert ask(running, ("turning", first), **form).status_code == 200
    run(running, "client", "rotate", tenant, "turning", "--grace-hours", "0")
    eventually(lambda: ask(running, ("turning", second), **form).status_code == 401, 5)


def test_a_revoked_client_is_refused_together_with_its_tokens(running: Running) -> None:
    tenant = tenant_of(running, "demo-carrier")
    secret = run(running, "client", "add", tenant, "leaving", "--audience", "pil")
    form = {"grant_type": "client_credentials"}
    token = eventually(lambda: ask(running, ("leaving", secret), **form).json().get("access_token"), 5)
    assert orders(running, token) == 200
    run(running, "client", "revoke", tenant, "leaving")
    eventually(lambda: orders(running, token) == 401, 5)
    assert ask(running, ("leaving", secret), **form).status_code == 401


def test_a_new_signing_key_is_used_by_the_running_service_and_old_tokens_stay_good(running: Running) -> None:
    before = running.token("demo-carrier")
    fresh = run(running, "key", "rotate", "token")

    def known() -> bool:
        keys = requests.get(f"{running.url}/.well-known/jwks.json", timeout=10).json()["keys"]
        return fresh in {key["kid"] for key in keys}

    eventually(known, 5)
    assert orders(running, before) == 200
