"""The directory: what it knows, when it learns, and what a profile must say."""

from __future__ import annotations

import time
from typing import Any

import pytest

from lso.canonical.tenant import Profile
from lso.demo.seed import load_demo, seed
from lso.errors import Invalid
from lso.service.connection_draft import check_profile
from lso.service.directory import Directory, apply_profile
from lso.store import tenant as tenants
from lso.store.engine import Store

Document = dict[str, Any]


def profile(**changes: Any) -> Document:
    desk = {"role": "sellerContact", "name": "Desk", "email": "desk@seller.example", "phone": "1"}
    return {"tenant": "acme", "name": "Acme", "seller_contacts": [desk]} | changes


def test_the_demo_tenants_and_their_clients_are_known(store: Store) -> None:
    directory = Directory(store)
    audiences = {client.id: (client.tenant, client.audience) for client in directory.snapshot.clients.values()}
    assert audiences == {"demo-carrier": ("demo-carrier", "pil"), "demo-carrier-sil": ("demo-carrier", "sil"),
                         "demo-enterprise": ("demo-enterprise", "sil"), "demo-developer": ("demo-developer", "sil")}
    known = directory.profile("demo-carrier")
    assert known is not None
    assert known.version == 1


def test_seeding_again_changes_nothing(store: Store) -> None:
    before = store.query_now(tenants.config_version)
    assert seed(store, lambda client: pytest.fail(f"{client.id} is there")) == {}
    assert store.query_now(tenants.config_version) == before


def test_seeding_again_leaves_a_profile_that_was_changed(store: Store) -> None:
    changed = {**load_demo().profiles[0], "strict": True}
    assert apply_profile(store, changed).version == 2
    seed(store, lambda client: pytest.fail(f"{client.id} is there"))
    kept = Directory(store).profile("demo-carrier")
    assert kept is not None
    assert kept.strict


def test_every_demo_profile_passes_its_own_check(store: Store) -> None:
    for document in load_demo().profiles:
        assert apply_profile(store, document).version == 1


def test_a_new_profile_is_in_force_after_a_refresh_and_the_old_snapshot_is_as_it_was(store: Store) -> None:
    directory = Directory(store)
    before = directory.snapshot
    apply_profile(store, profile())
    assert directory.profile("acme") is None
    assert directory.refresh()
    assert directory.profile("acme") is not None
    assert "acme" not in before.profiles
    assert not directory.refresh()


def test_a_change_by_another_process_is_noticed_without_being_asked(store: Store) -> None:
    directory = Directory(store, poll_seconds=0.02)
    directory.start()
    try:
        apply_profile(store, profile())
        until = time.monotonic() + 5
        while directory.profile("acme") is None and time.monotonic() < until:
            time.sleep(0.01)
        assert directory.profile("acme") is not None
    finally:
        directory.stop()


def test_a_revoked_client_is_not_known(store: Store) -> None:
    store.commit_now(lambda connection: tenants.revoke_client(connection, "demo-carrier", "demo-carrier", now=1.0))
    directory = Directory(store)
    assert directory.client("demo-carrier") is None
    assert directory.client("demo-carrier-sil") is not None


def test_the_previous_secret_is_good_until_its_time_is_over(store: Store) -> None:
    store.commit_now(lambda connection: tenants.rotate_client(
        connection, "demo-carrier", "demo-carrier", secret_hash="new", previous_until=100.0))
    client = Directory(store).client("demo-carrier")
    assert client is not None
    assert client.secret_hashes(99.0) == ("new", "hash of demo-carrier")
    assert client.secret_hashes(101.0) == ("new",)


def test_the_same_profile_again_is_no_new_version(store: Store) -> None:
    assert apply_profile(store, profile()).version == 1
    assert apply_profile(store, profile()).version == 1
    assert apply_profile(store, profile(strict=True)).version == 2


@pytest.mark.parametrize(("changes", "pointer", "code"), [
    ({"strictness": 7}, "/strictness", "unexpectedProperty"),
    ({"tenant": "Not A Name"}, "/tenant", "invalidValue"),
    ({"name": None}, "/name", "invalidValue"),
    ({"offerings": [{"id": "x"}]}, "/offerings/0/schemas", "missingProperty"),
    ({"seller_contacts": []}, "/seller_contacts", "missingProperty"),
    ({"settings": {"order": {"wish": 1}}}, "/settings/order/wish", "unexpectedProperty"),
    ({"settings": {"charge": {"answer_seconds": 0}}}, "/settings/charge/answer_seconds", "invalidValue"),
    ({"settings": {"order": {"billing_account": "none"}}}, "/settings/order/billing_account", "referenceNotFound"),
])
def test_a_profile_with_a_mistake_is_refused_and_nothing_is_kept(
        store: Store, changes: Document, pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        apply_profile(store, profile(**changes))
    assert (pointer, code) in {(finding.pointer, finding.code) for finding in refused.value.findings}
    assert Directory(store).profile("acme") is None


def test_all_that_is_wrong_with_the_settings_of_a_profile_is_told_at_once(store: Store) -> None:
    unknown = {name: {"wish": 1} for name in ("order", "charge", "qualification", "quote", "address", "connection")}
    with pytest.raises(Invalid) as refused:
        apply_profile(store, profile(settings=unknown))
    assert {finding.pointer for finding in refused.value.findings} == {f"/settings/{name}/wish" for name in unknown}


def test_what_is_said_of_addresses_is_no_business_of_connections() -> None:
    assert check_profile(Profile.model_validate(profile(settings={"address": {"wish": 1}}))) == ()
