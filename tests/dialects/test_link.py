"""Links: to the edition that a document is shown in, and to those beside it; never to one that is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lso.dialects import face
from lso.dialects.amendment import change, write
from lso.dialects.book import Book
from lso.dialects.edition import Edition
from lso.dialects.link import Link, laid_out, linked, links_in, load, unlinked
from lso.settings import data_folder
from tests.dialects.test_face import BASE, BOOK, CANTATA, SONATA, TMF, sample
from tests.journeys.documents import wrong_with

SPECS, MAPPINGS = data_folder("specs"), data_folder("mappings")
MEF = {"sonata": {"quote": "quoteManagement/v8/quote", "site": "geographicSiteManagement/v7/geographicSite",
                  "qualification": "productOfferingQualification/v7/productOfferingQualification"},
       "cantata": {"quote": "quoteManagement/v2/quote", "site": "geographicSiteManagement/v1/geographicSite",
                   "qualification": "productOfferingQualification/v1/productOfferingQualification"}}


def shown(document: Any, edition: Edition, by: Book = BOOK) -> Any:
    """A document of Sonata, as an edition shows it to others."""
    read = face.read(by, SONATA, document)
    return face.show(by, edition, {**read.document, "id": "ORD-9"}, {}, base_url=BASE)["productOrderItem"][0]


def following() -> Any:
    """An order that follows a quote and a qualification, at a site."""
    order = sample("sonata/internet_add.json")
    (item,) = order["productOrderItem"]
    item["quoteItem"] = {"quoteId": "QUO 7/8", "id": "1"}
    item["productOfferingQualificationItem"] = {"productOfferingQualificationId": "POQ-7", "id": "1"}
    item["product"]["place"] = [{"@type": "GeographicSiteRef", "id": "SITE-1", "role": "INSTALL_LOCATION"},
                                {"@type": "GeographicAddressRef", "id": "ADDR-1", "role": "OTHER"},
                                {"@type": "FieldedAddress", "role": "THIRD", "streetName": "Quai", "city": "Marseille",
                                 "country": "France"}]
    return order


@pytest.mark.parametrize("edition", [SONATA, CANTATA], ids=lambda edition: edition.dialect)
def test_an_order_leads_to_what_it_follows_and_to_its_places(edition: Edition) -> None:
    item, there = shown(following(), edition), MEF[edition.dialect]
    root = f"{BASE}/mefApi/{edition.dialect}"
    assert item["quoteItem"]["quoteHref"] == f"{root}/{there['quote']}/QUO%207%2F8"
    qualified = item["productOfferingQualificationItem"]
    assert qualified["productOfferingQualificationHref"] == f"{root}/{there['qualification']}/POQ-7"
    site, address, by_value = item["product"]["place"]
    assert site["href"] == f"{root}/{there['site']}/SITE-1"
    assert address["href"] == f"{root}/{there['site']}/ADDR-1".replace("Site", "Address")
    assert "href" not in by_value


def test_an_order_of_tm_forum_leads_to_its_quotes_and_checks_and_to_no_place() -> None:
    item = shown(following(), TMF)
    assert item["quoteItem"]["quoteHref"] == f"{BASE}/tmf-api/quoteManagement/v4/quote/QUO%207%2F8"
    assert item["productOfferingQualificationItem"]["productOfferingQualificationHref"] == (
        f"{BASE}/tmf-api/serviceQualificationManagement/v4/checkServiceQualification/POQ-7")
    assert not [place for place in item["product"]["place"] if "href" in place]


@pytest.mark.parametrize("edition", [SONATA, TMF], ids=lambda edition: edition.dialect)
def test_nothing_leads_to_an_edition_that_is_not_there(edition: Edition, tmp_path: Path) -> None:
    listed: Any = yaml.safe_load((SPECS / "editions.yaml").read_text())
    listed["editions"] = [one for one in listed["editions"] if one["resource"] == "order"]
    (tmp_path / "editions.yaml").write_text(yaml.safe_dump(listed))
    item = shown(following(), edition, Book(MAPPINGS, tmp_path))
    assert set(item["quoteItem"]) == {"quoteId", "id"}
    assert "productOfferingQualificationHref" not in item["productOfferingQualificationItem"]
    assert not [place for place in item["product"]["place"] if "href" in place]


@pytest.mark.parametrize(("edition", "resource"), [(one, name) for one in BOOK.editions if one.mapping
                                                   for name in (one.resource, *one.further) if BOOK.knows(one, name)])
def test_every_link_names_a_resource_of_its_dialect(edition: Edition, resource: str) -> None:
    for link in BOOK.resource(edition, resource).links:
        assert BOOK.path(edition, link.leads_to), link


@pytest.mark.parametrize("edition", [SONATA, CANTATA, TMF], ids=lambda edition: edition.dialect)
def test_the_document_knows_every_member_in_which_a_link_stands(edition: Edition) -> None:
    document = face.show(BOOK, edition, {**face.read(BOOK, SONATA, following()).document, "id": "ORD-9"}, {},
                         base_url=BASE)
    unknown = [one.pointer for one in wrong_with(edition.edition, document) if one.code == "unexpectedProperty"]
    assert not [pointer for pointer in unknown if pointer.lower().endswith("href")]


@pytest.mark.parametrize("edition", [SONATA, CANTATA, TMF], ids=lambda edition: edition.dialect)
def test_on_the_way_back_links_are_dropped(edition: Edition) -> None:
    read = face.read(BOOK, SONATA, following())
    document = {**read.document, "id": "ORD-9", "state": "acknowledged", "ordered_at": "2026-01-12T09:30:00Z"}
    kept = {BOOK.base_name("sonata.order"): read.complement}
    written = write(BOOK, edition, document, kept, base_url=BASE, extended=False, native=edition is not TMF)
    back = change(written, lambda theirs: theirs, lambda _: ())
    assert back.before == back.after
    own = kept.get(written.own, {})
    assert back.complement == own, "nothing of ours is taken for the client's"


def test_a_link_of_the_client_s_own_gives_way_to_ours() -> None:
    order = following()
    order["productOrderItem"][0]["quoteItem"]["quoteHref"] = "https://elsewhere.example/quote/1"
    read = face.read(BOOK, SONATA, order)
    kept = {BOOK.base_name("sonata.order"): read.complement}
    seen = face.show(BOOK, SONATA, {**read.document, "id": "ORD-9"}, kept, base_url=BASE)
    assert seen["productOrderItem"][0]["quoteItem"]["quoteHref"].startswith(f"{BASE}/mefApi/sonata/quoteManagement/v8/")


def test_where_a_link_stands_may_depend_on_what_is_said_beside_it() -> None:
    links = laid_out([load("place/*", "id", "href", "site", {"@type": "GeographicSiteRef"})])
    document = {"place": [{"@type": "GeographicSiteRef", "id": "1", "href": "a"}, {"@type": "Label", "href": "a"},
                          {"@type": "GeographicAddressRef", "id": "1", "href": "a"}]}
    assert links_in(document, links) == {"a"}
    assert [place.get("href") for place in unlinked(document, links, frozenset("a"))["place"]] == [None, "a", "a"]


LINKS = (load("a/*/b", "id", "href", "one"), load("a/*", "id", "href", "two", {"kind": "x"}),
         load("a/*", "id", "href", "three", {"kind": "y"}), load("b", "id", "link", "four"),
         load("a/*/*", "id", "href", "five"), load("b/a/*", "id", "href", "six"))
REFERENCES = st.recursive(
    st.sampled_from(["x", "y", 1, None]), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(["a", "b", "id", "kind"]), inner, max_size=4), max_leaves=20)


def with_link(node: Any, link: Link, way: tuple[str, ...]) -> Any:
    """Naively: one link, everything copied."""
    if not way:
        minted = {link.link: f"{link.leads_to}/{node['id']}"} if type(node) is dict and link.stands_at(node) else {}
        return {**node, **minted} if type(node) is dict else node
    if way[0] == "*":
        return [with_link(one, link, way[1:]) for one in node] if type(node) is list else node
    return {name: with_link(value, link, way[1:]) if name == way[0] else value for name, value in node.items()} \
        if type(node) is dict else node


@given(st.dictionaries(st.sampled_from(["a", "b"]), REFERENCES))
def test_links_stand_where_their_ways_lead_and_what_was_given_stays(document: dict[str, Any]) -> None:
    before, expected = str(document), document
    for link in LINKS:
        expected = with_link(expected, link, link.at)
    seen = linked(document, laid_out(LINKS), lambda leads_to, id: f"{leads_to}/{id}")
    assert (seen, str(document)) == (expected, before)
    assert seen is document or seen != document
