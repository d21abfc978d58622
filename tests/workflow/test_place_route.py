"""Which back end is asked does not hang on how a house is told, and nobody looks a place up on which no route hangs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lso.backends.router import Router
from lso.canonical.tenant import Place, Profile, Route
from lso.cli.back_end import opened_back_ends
from lso.service.place_file import Row
from lso.service.place_import import import_places
from lso.store.engine import Store
from tests.workflow.scene import TENANT, hurried
from tests.workflow.test_place_class import ELSEWHERE, PLACES, TOLD, value

Document = dict[str, Any]
METRO, ELSE = Route(backend="metro", place_prefix="Budapest-"), Route(backend="sandbox")


@pytest.fixture
def router(store: Store, tmp_path: Path) -> Iterator[Router]:
    import_places(store, [Row(number, told) for number, told in enumerate(PLACES)])
    with opened_back_ends(hurried(var=tmp_path), store) as opened:
        yield opened


def chosen(router: Router, *places: Document, routes: tuple[Route, ...] = (METRO, ELSE)) -> str | None:
    """Who is asked about a product at these places."""
    desk = Place(id="DESK-1", kind="site", address="Budapest-1")
    return router.choose(Profile(tenant=TENANT, name="A", places=(desk,), routes=routes),
                         {"offering_id": "offer", "places": list(places)})


@pytest.mark.parametrize("how", TOLD)
def test_a_house_leads_to_the_same_back_end_however_it_is_told(router: Router, how: str) -> None:
    assert chosen(router, TOLD[how]) == "metro"


def test_a_site_is_known_by_its_own_id_as_well_as_by_its_address(router: Router) -> None:
    racks = Route(backend="racks", place_prefix="RACK-")
    assert chosen(router, TOLD["site"], routes=(racks, METRO)) == "racks"
    assert chosen(router, TOLD["address"], routes=(racks, METRO)) == "metro"


def test_what_nobody_knows_is_taken_at_its_word(router: Router) -> None:
    assert chosen(router, {"kind": "address", "id": "Budapest-unheard"}) == "metro"
    assert chosen(router, {"kind": "address", "id": "Szeged-1"}) == "sandbox"
    assert chosen(router, value("fielded_address", "fielded", **ELSEWHERE)) == "sandbox"
    assert chosen(router, value("fielded_address", "fielded", **ELSEWHERE), routes=(METRO,)) is None


def test_any_of_several_places_will_do(router: Router) -> None:
    assert chosen(router, {"kind": "address", "id": "Szeged-1"}, TOLD["fields"]) == "metro"


def test_places_are_looked_up_only_where_a_route_hangs_on_them_and_once(
        router: Router, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    reads, query = list[object](), store.query_now
    monkeypatch.setattr(store, "query_now", lambda read: reads.append(1) or query(read))
    assert chosen(router, TOLD["lines"], routes=(ELSE,)) == "sandbox"
    other = Route(backend="other", offering="other", place_prefix="Budapest-")
    assert chosen(router, TOLD["lines"], routes=(other, ELSE, METRO)) == "sandbox"
    assert chosen(router) == "sandbox"
    assert reads == []
    far = Route(backend="far", place_prefix="Far-")
    assert chosen(router, TOLD["lines"], routes=(far, METRO, ELSE)) == "metro"
    assert len(reads) == 1
