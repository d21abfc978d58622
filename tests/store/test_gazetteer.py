"""The gazetteer: kept many at once, found exactly and by likeness, alike on both databases, one's own and all's."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection

from lso.lifecycle.likeness import ALIKE, alike
from lso.store import gazetteer, likeness, site
from lso.store.engine import Store, open_store
from lso.store.gazetteer_filling import Entry, Met, keep
from lso.store.site import StoredSite

EXAMPLE = ("hu", "budapest", "10279", "example")


def entry(id: str, number: int, *, tenant: str = "*", place: tuple[str, str, str, str] = EXAMPLE,
          **members: Any) -> Entry:
    return Entry(tenant, id, {"id": id, "of": tenant}, *place, at=number, **members)


def filled(store: Store, *entries: Entry) -> Met:
    return store.commit_now(lambda connection: keep(connection, entries, Met()))


def found(store: Store, tenant: str, at: int | None, place: tuple[str, str, str, str] = EXAMPLE) -> list[str]:
    def read(connection: Connection) -> list[str]:
        country, town, postcode, street = place
        there = gazetteer.towns(connection, tenant, country, town, postcode)
        named = gazetteer.streets(connection, there, street)
        return [one.id for one in gazetteer.on_streets(connection, tenant, named, at, 10)]

    return store.query_now(read)


def test_an_address_is_found_by_its_street_and_number(store: Store) -> None:
    filled(store, entry("A", 20), entry("B", 21), entry("C", 20, place=("hu", "pecs", "7621", "example")))
    assert found(store, "acme", 20) == ["A"]
    assert found(store, "acme", None) == ["A", "B"]
    assert found(store, "acme", 99) == []


def test_a_town_is_found_by_its_postcode_as_well(store: Store) -> None:
    filled(store, entry("A", 20))
    assert found(store, "acme", 20, ("hu", "buda", "10279", "example")) == ["A"]
    assert found(store, "acme", 20, ("at", "buda", "10279", "example")) == []


def test_the_whole_house_comes_before_what_is_within_it(store: Store) -> None:
    filled(store, entry("flat", 20, within="suite 4"), entry("house", 20))
    assert found(store, "acme", 20) == ["house", "flat"]


def test_nobody_finds_the_addresses_of_another_tenant(store: Store) -> None:
    filled(store, entry("own", 20, tenant="acme", label="clli:x", cell=7), entry("all", 20, label="clli:x", cell=7))
    assert seen(store, "acme") == [{"own", "all"}] * 4
    assert seen(store, "other") == [{"all"}] * 4


def seen(store: Store, tenant: str) -> list[set[str]]:
    """Ids of what a tenant finds: by label, by cell, by id, beside a number."""
    def read(connection: Connection) -> list[set[str]]:
        return [{one.id for one in gazetteer.labelled(connection, tenant, "clli:x", 9)},
                {one.id for one in gazetteer.within_cells(connection, tenant, [7], 9)},
                set(gazetteer.fetch_many(connection, tenant, ["own", "all"])),
                {one.id for one in _beside(connection, tenant)}]

    return store.query_now(read)


def _beside(connection: Connection, tenant: str) -> tuple[gazetteer.StoredAddress, ...]:
    there = gazetteer.towns(connection, tenant, "hu", "budapest", "")
    return tuple(one for street in gazetteer.streets(connection, there, "example")
                 for one in gazetteer.beside(connection, tenant, street, 19, 5))


def test_a_tenants_own_address_stands_before_everybodys_of_the_same_id(store: Store) -> None:
    filled(store, entry("A", 20), entry("A", 20, tenant="acme"))
    assert store.query_now(lambda c: gazetteer.fetch(c, "acme", "A")).document["of"] == "acme"  # type: ignore[union-attr]
    assert store.query_now(lambda c: gazetteer.fetch(c, "other", "A")).document["of"] == "*"  # type: ignore[union-attr]


def test_what_is_kept_again_keeps_its_id_and_moves(store: Store) -> None:
    filled(store, entry("A", 20))
    met = filled(store, entry("A", 22))
    assert (found(store, "acme", 20), found(store, "acme", 22)) == ([], ["A"])
    assert filled(store, entry("A", 22)).streets == met.streets


def test_the_next_numbers_of_a_street_are_told(store: Store) -> None:
    filled(store, *(entry(f"A{number}", number) for number in (2, 4, 6, 10, 12, 14)))
    near = store.query_now(lambda c: gazetteer.beside(c, "acme", gazetteer.streets(
        c, gazetteer.towns(c, "acme", "hu", "budapest", ""), "example")[0], 8, 2))
    assert {one.id for one in near} == {"A4", "A6", "A10", "A12"}


STREETS = ("example", "examination", "quay", "du port quai", "rakoczi street")


@pytest.mark.parametrize(("asked", "meant"), [
    ("exmaple", "example"), ("exampl", "example"), ("duport quai", "du port quai"),
    ("rakosci street", "rakoczi street")])
def test_a_misspelt_street_is_proposed_first(store: Store, asked: str, meant: str,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store, *(entry(f"A{number}", 1, place=("hu", "budapest", "", name)) for number, name in enumerate(STREETS)),
           entry("Z", 1, place=("hu", "pecs", "", asked)))
    town = store.query_now(lambda c: gazetteer.towns(c, "acme", "hu", "budapest", ""))[0]
    assert meant in [name for _number, name in store.query_now(lambda c: likeness.streets_like(c, town, asked))]
    monkeypatch.setattr(likeness, "FEW_STREETS", 0)
    proposed = store.query_now(lambda c: likeness.streets_like(c, town, asked))
    assert proposed[0][1] == meant
    assert asked not in [name for _number, name in proposed], "that is a street of another town"


def test_a_misspelt_town_is_proposed_in_its_country_alone(store: Store) -> None:
    filled(store, entry("A", 1), entry("B", 1, place=("at", "budapest", "", "x")),
           entry("C", 1, tenant="other", place=("hu", "budapestt", "", "x")))
    proposed = store.query_now(lambda c: likeness.towns_like(c, "acme", "hu", "budapset"))
    assert [name for _number, name in proposed] == ["budapest"]
    assert store.query_now(lambda c: likeness.towns_like(c, "acme", "hu", "")) == []


@pytest.mark.parametrize(("asked", "meant"), [
    ("a", "a"), ("bo", "bo"), ("uml", "ulm"), ("st poelten", "st polten"), ("borisslava", "bratislava"),
    ("wine", "wien"), ("l aquila", "aquila")])
def test_short_and_long_names_of_towns_are_proposed_by_what_they_have_in_common(
        store: Store, asked: str, meant: str) -> None:
    names = ("a", "bo", "ulm", "st polten", "bratislava", "wien", "aquila", "brno", "utrecht")
    filled(store, *(entry(f"T{number}", 1, place=("hu", name, "", "x")) for number, name in enumerate(names)))
    proposed = store.query_now(lambda c: likeness.towns_like(c, "acme", "hu", asked))
    (likely,) = alike(asked, (meant,))
    assert likely < ALIKE or meant in [name for _number, name in proposed]


@pytest.mark.parametrize("name", ['"', "'", "*", "a b c", "日本", "or and not", "x" * 160])
def test_any_name_may_be_asked_for(store: Store, name: str) -> None:
    filled(store, entry("A", 1))
    towns = store.query_now(lambda c: likeness.towns_like(c, "acme", "hu", name))
    streets = store.query_now(lambda c: likeness.streets_like(c, 1, name))
    assert {found for _number, found in (*towns, *streets)} <= {"budapest", "example"}


@pytest.mark.postgres
def test_without_trigrams_names_are_found_by_how_they_begin(new_postgres_url: str) -> None:
    with open_store(new_postgres_url) as store:
        filled(store, entry("A", 1))
        with psycopg.connect(new_postgres_url, autocommit=True) as raw:
            raw.execute("DROP EXTENSION pg_trgm CASCADE")
        assert store.query_now(lambda c: likeness.towns_like(c, "acme", "hu", "budapset")) == [(1, "budapest")]
        store.commit_now(likeness.index)
        assert store.query_now(lambda c: likeness.towns_like(c, "acme", "hu", "udapest")) == [(1, "budapest")]
        store.commit_now(likeness.index)


@pytest.mark.postgres
def test_who_may_not_make_an_extension_gets_a_store_all_the_same(new_postgres_url: str) -> None:
    with psycopg.connect(new_postgres_url, autocommit=True) as raw:
        raw.execute("CREATE ROLE modest LOGIN PASSWORD 'modest'")
        raw.execute("GRANT CREATE ON SCHEMA public TO modest")
    try:
        modest = psycopg.conninfo.conninfo_to_dict(new_postgres_url)
        url = f"postgresql://modest:modest@{modest['host']}:{modest.get('port', 5432)}/{modest['dbname']}"
        with open_store(url) as store:
            filled(store, entry("A", 1))
            assert store.query_now(lambda c: likeness.towns_like(c, "acme", "hu", "budapset")) == [(1, "budapest")]
    finally:
        with psycopg.connect(new_postgres_url, autocommit=True) as raw:
            raw.execute("DROP OWNED BY modest CASCADE")
            raw.execute("DROP ROLE modest")


def test_sites_are_found_by_what_they_are_and_where(store: Store) -> None:
    rack = {"address_id": "A", "country": "hu", "town": "budapest", "street": "example", "house": "20"}
    yard = {"country": "fr", "town": "budapest"}
    store.commit_now(lambda c: site.keep(c, [
        StoredSite("*", "S1", {"id": "S1"}, {"name": "rack"}, (rack, yard)),
        StoredSite("acme", "S2", {"id": "S2"}, {"name": "rack"}, (rack,)),
        StoredSite("other", "S3", {"id": "S3"}, {"name": "rack"}, (rack,))]))

    def listed(own: dict[str, list[str]], place: dict[str, list[str]]) -> list[str]:
        return [one["id"] for one in store.query_now(lambda c: site.select(c, "acme", own, place, (), 10))]

    assert listed({"name": ["rack"]}, {}) == listed({}, {"house": ["20"], "town": ["budapest"]}) == ["S1", "S2"]
    assert listed({}, {"country": ["fr"], "house": ["20"]}) == [], "that is said of two places, not of one"
    assert store.query_now(lambda c: site.public_at(c, ["A", "B"])) == {"A"}
    assert store.query_now(lambda c: site.fetch_many(c, "acme", ["S1", "S2", "S3"])).keys() == {"S1", "S2"}
    store.commit_now(lambda c: site.keep(c, [StoredSite("*", "S1", {"id": "S1"}, {"name": "yard"}, (yard,))]))
    assert listed({"name": ["yard"]}, {}) == ["S1"]
    assert store.query_now(lambda c: site.public_at(c, ["A"])) == frozenset()
