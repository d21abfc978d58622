"""Pointers into one document, translated into the other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lens.shop import shop

THEIRS: dict[str, Any] = {
    "shop": {"name": "Corner"}, "buyer": {"person": {"name": "Ann", "age": 3}}, "state": "opened", "kind": "gift",
    "contact": [{"role": "odd"}, {"role": "main", "name": "Ann", "mail": "a@b"}], "nick": ["Bo"],
    "lead": [{"name": "Di", "rank": 1}], "top": "t", "fax": "1", "tags": ["a", "b"], "size": "5 cm",
    "extra": {"known": "k", "any": {"deep": [1]}}, "bag": [{"key": "x", "held": 1}, {"key": "y", "held": {"z": 2}}],
    "line": [{"@num": "1"}, {"@num": "2", "product": {"name": {"text": "n"}}, "note": [{"text": "t"}]}],
    "place": [{"@type": "Street", "street": "s"}, {"@type": "Moon", "x": 1}, {"@type": "Site", "street": "r"}],
}
PAIRS = [
    ("/shop/name", "/seller"), ("/buyer/person/age", "/age"), ("/state", "/state"),
    ("/contact/1/name", "/main/name"), ("/contact/1/mail", "/mail"), ("/lead/0/rank", "/lead_rank"),
    ("/top", "/tops/0/in/0/deep"), ("/fax", "/people/0/number"), ("/tags/1", "/labels/1"),
    ("/extra/known", "/known"), ("/extra/any/deep/0", "/extra/any/deep/0"),
    ("/bag/1/held/z", "/bag/y/z"), ("/line/1/@num", "/lines/1/id"),
    ("/line/1/product/name/text", "/lines/1/product/name"), ("/line/1/note/0/text", "/lines/1/notes/0/text"),
    ("/place/0/street", "/places/0/street"), ("/place/0/@type", "/places/0/kind"),
    ("/place/2/street", "/places/2/site/street"), ("/place/1/x", "/places/1/raw/x"),
]


@pytest.mark.parametrize(("theirs", "ours"), PAIRS)
def test_a_place_is_found_on_the_other_side(theirs: str, ours: str) -> None:
    document = shop().read(THEIRS).document
    assert shop().locate_back(theirs, ours=document, theirs=THEIRS) == ours
    assert shop().locate(ours, ours=document, theirs=THEIRS) == theirs


@pytest.mark.parametrize(("ours", "theirs"), [
    ("", ""), ("/nowhere", ""), ("/lines/0/nowhere", "/line/0"), ("/buyer", "/buyer"),
    ("/buyer/name", "/buyer/person/name"), ("/lines", "/line"), ("/lines/7/id", "/line/7/@num"),
    ("/lines/0/product_id", "/line/0/product/id"), ("/lines/0/notes", "/line/0/note"),
    ("/places/3/site/id", "/place/3/id"), ("/bag/q", "/bag"), ("/main/phone", "/contact"),
    ("/size/number", "/size"), ("/sort", "/kind"), ("/impact", "/kind"), ("/gift/holder/job", "/gift/holder/role"),
])
def test_what_is_not_there_leads_to_where_it_would_be_or_to_the_nearest_place(ours: str, theirs: str) -> None:
    document = shop().read(THEIRS).document
    assert shop().locate(ours, ours=document, theirs=THEIRS) == theirs
