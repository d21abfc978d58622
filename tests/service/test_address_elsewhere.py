"""Addresses that another seller is asked for: what it knows is kept as the tenant's own, under ids that stay good; what
it cannot say is answered from the gazetteer, and in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from lso.dialects.book import book
from lso.errors import Invalid, NotFound
from lso.service import address_elsewhere
from lso.service.directory import apply_profile
from lso.service.gazetteer import Addresses, kinds_of
from lso.service.place_file import Row
from lso.service.place_import import import_places
from lso.store import gazetteer
from lso.store.engine import Store, open_store
from tests.backends.misbehaving import Answer
from tests.service.conftest import run
from tests.service.seller import FIELDED, KNOWN, LABEL, LINES, caller_of, edition, in_front_of_a_seller, told

OURS = {"id": "OURS-20", "number": "20", "street": "Example", "city": "Budapest", "country": "Hungary"}
OTHER = {**KNOWN, "id": "theirs-2", "streetNr": "22"}


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with open_store(store_url) as opened:
        yield opened


def known(store: Store) -> None:
    import_places(store, [Row(1, OURS)])


def kept(store: Store) -> int:
    count: int = store.query_now(lambda c: c.execute(sa.text("SELECT count(*) FROM addresses")).scalar_one())
    return count


def test_what_it_knows_is_answered_under_an_id_that_stays_good_for_that_tenant_alone(store: Store) -> None:
    with in_front_of_a_seller(store, told("success", KNOWN, OTHER)) as desk:
        answer = desk.validated(FIELDED)
        best, (other,) = answer["bestMatchGeographicAddress"], answer["alternateGeographicAddress"]
        assert (answer["validationResult"], best["streetNr"], other["streetNr"]) == ("success", "20", "22")
        assert {best["id"], other["id"]}.isdisjoint({"theirs-1", "theirs-2"}), "ids that a caller sees are ours"
        assert "known_as" not in str(answer)
        assert desk.retrieved(best["id"])["streetName"] == "Example"
        for tenant, names in (("acme", {best["id"]: "address"}), ("rival", {})):
            assert store.query_now(lambda c, t=tenant: kinds_of(c, t, [best["id"]])) == names  # type: ignore[misc]
        with pytest.raises(NotFound):
            desk.retrieved(best["id"], "rival")
        assert desk.validated(FIELDED, "rival")["validationResult"] == "fail", "nothing is known to others"
    assert desk.asked[0] == {"provideAlternative": True, "submittedGeographicAddress": FIELDED}


def test_what_it_told_once_is_known_when_it_is_away(store: Store) -> None:
    known(store)
    with in_front_of_a_seller(store, told()) as desk:
        first, second = (desk.validated(FIELDED)["bestMatchGeographicAddress"] for _ in range(2))
    assert first == second != OURS["id"]


def test_what_it_tells_again_keeps_its_id_and_is_not_written_again(store: Store, monkeypatch: Any) -> None:
    with in_front_of_a_seller(store, told(), told()) as desk:
        first = desk.validated(FIELDED)["bestMatchGeographicAddress"]["id"]
        monkeypatch.setattr(address_elsewhere, "keep", None)
        assert desk.validated(FIELDED)["bestMatchGeographicAddress"]["id"] == first


def test_an_address_is_one_in_all_its_representations(store: Store) -> None:
    lines, label = {**LINES, "id": "theirs-l"}, {**LABEL, "id": "theirs-c", "associatedGeographicAddress": KNOWN}
    with in_front_of_a_seller(store, told(), told("success", lines), told("success", label)) as desk:
        fielded, formatted, labelled = (desk.validated(one)["bestMatchGeographicAddress"]["id"]
                                        for one in (FIELDED, LINES, LABEL))
        assert formatted == f"{fielded}~formatted"
        assert labelled.partition("~")[0] != fielded, "an address may have several labels"
        assert [desk.retrieved(one)["@type"] for one in (fielded, formatted, labelled)] == [
            one["@type"] for one in (FIELDED, LINES, LABEL)]
        document = store.query_now(lambda c: gazetteer.fetch(c, "acme", fielded)).document  # type: ignore[union-attr]
        assert [address_elsewhere.their_id(document, "seller", kind) for kind in (None, "formatted_address")] == [
            "theirs-1", "theirs-l"]


def test_alternatives_that_are_not_wanted_are_not_asked_for(store: Store) -> None:
    with in_front_of_a_seller(store, told("success", KNOWN, OTHER), told("success", {**LABEL, "id": "x"})) as desk:
        assert "alternateGeographicAddress" not in desk.validated(FIELDED, provideAlternative=False)
        desk.validated(LABEL)
        assert [one["provideAlternative"] for one in desk.asked] == [False, False]
        assert kept(store) == 2


@pytest.mark.parametrize("answer", [
    Answer(500), Answer(503, headers={"Retry-After": "9"}), Answer(401), Answer(404), Answer(422, b"[]"),
    Answer(200, b"<html>"), Answer(200, b"[]"), Answer(200, b"{}"), Answer(hang_up=True), Answer(200, b"{" * 99, cut=9),
    told("fail", None), told("success", None), told("partial", None), told("maybe"), told("success", LABEL),
    told("success", {**KNOWN, "city": 7}), told("success", {**KNOWN, "city": "Buda\0"}),
    told("success", {**KNOWN, "city": "x" * 2000}), told("success", {**KNOWN, "city": "\ud800"}),
    told("success", {**KNOWN, "city": ""}), told("success", None, bestMatchGeographicAddress="here")])
def test_what_it_cannot_say_is_answered_from_the_gazetteer(store: Store, answer: Answer) -> None:
    known(store)
    with capture_logs() as log, in_front_of_a_seller(store, answer, connect_seconds=1, timeout_seconds=1) as desk:
        assert desk.validated(FIELDED)["bestMatchGeographicAddress"]["id"] == OURS["id"]
    assert kept(store) == 1
    assert [line for line in log if line["event"] == "address_left_to_gazetteer" and line["backend"] == "seller"]


def test_one_that_hangs_holds_nobody_up_and_is_left_alone_for_a_while(store: Store, monkeypatch: Any) -> None:
    known(store)
    monkeypatch.setattr(address_elsewhere, "WAIT_SECONDS", 0.2)
    hanging = [Answer(after_seconds=3) for _ in range(20)]
    with in_front_of_a_seller(store, *hanging, timeout_seconds=0.1, failures_most=3) as desk:
        began = time.monotonic()
        for _ in range(8):
            assert desk.validated(FIELDED)["bestMatchGeographicAddress"]["id"] == OURS["id"]
        assert time.monotonic() - began < 8, "to wait for it would take three times as long"
        assert len(desk.asked) < 8


def test_where_nobody_can_be_asked_the_gazetteer_answers(store: Store) -> None:
    known(store)
    found = run(Addresses(store, book()).validate(caller_of("acme"), edition(), {
        "provideAlternative": True, "submittedGeographicAddress": FIELDED}, ()))
    assert found.document["best_match"]["id"] == OURS["id"]


@pytest.mark.parametrize("said", [{"back_end": "x"}, {"backend": 7}, []])
def test_a_profile_that_says_it_wrongly_is_refused(store: Store, said: Any) -> None:
    contact = {"role": "sellerContact", "name": "Desk", "email": "desk@seller.example", "phone": "+1 555"}
    with pytest.raises(Invalid) as wrong:
        apply_profile(store, {"tenant": "acme", "name": "Acme", "seller_contacts": [contact],
                              "settings": {"address": said}})
    assert all(finding.pointer.startswith("/settings/address") for finding in wrong.value.findings)
