"""What each verb of the table language does, in both directions, by example; the laws are tested elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lens.shop import shop

Document = dict[str, Any]
PLAIN_OURS: Document = {"express": False, "lane": "held", "shelf": True}
PLAIN_THEIRS: Document = {"@type": "Order", "version": 1, "flavour": "plain"}


def read(theirs: Document) -> Document:
    """What reading makes of a document that is otherwise complete, less what it always adds."""
    made = shop().read({**PLAIN_THEIRS, **theirs}).document
    return {name: value for name, value in made.items() if PLAIN_OURS.get(name) != value}


def write(ours: Document) -> Document:
    made = shop().write({**PLAIN_OURS, **ours}).document
    return {name: value for name, value in made.items() if name not in ("express", "lane", *PLAIN_THEIRS)}


@pytest.mark.parametrize(("theirs", "ours"), [
    ({"id": "7"}, {"id": "7"}),
    ({"shop": {"name": "Corner", "kind": "Shop"}}, {"seller": "Corner"}),
    ({"buyer": {"person": {"name": "Ann", "age": 30}, "id": "a"}}, {"buyer": {"name": "Ann", "id": "a"}, "age": 30}),
    ({"state": "opened"}, {"state": "open"}),
    ({"size": "5 cm"}, {"size": {"number": 5, "unit": "cm"}}),
    ({"orderedAt": "2026-01-31T12:00:00Z"}, {"ordered_at": "2026-01-31T12:00:00Z"}),
    ({"kind": "gift"}, {"sort": "present", "impact": "none"}),
    ({"kind": "present"}, {"sort": "present"}),
    ({"phases": ["opened", "closed"]}, {"phases": ["open", "closed"]}),
    ({"tags": ["a", 1]}, {"labels": ["a", 1]}),
    ({"nick": ["Bo"]}, {"nick": "Bo"}),
    ({"state": "opened", "memo": "m"}, {"state": "open", "memo": "m"}),
    ({"state": "opened", "due": "2026-01-31T12:00:00Z"}, {"state": "open", "opened_at": "2026-01-31T12:00:00Z"}),
    ({"state": "closed", "due": "2026-01-31T12:00:00Z"}, {"state": "closed", "closed_at": "2026-01-31T12:00:00Z"}),
    ({"card": {"number": "1", "holder": {"name": "Ann"}}}, {"card": {"number": "1", "holder": {"name": "Ann"}}}),
    ({"contact": [{"role": "main", "name": "Ann", "mail": "a@b"}]}, {"main": {"name": "Ann"}, "mail": "a@b"}),
    ({"contact": [{"role": "spare", "name": "Bo"}]}, {"spare": {"name": "Bo"}}),
    ({"fax": "1", "boss": {"name": "Cy"}}, {"people": [{"job": "fax", "number": "1"}, {"job": "boss", "name": "Cy"}]}),
    ({"lead": [{"name": "Di", "rank": 1}]}, {"lead": {"name": "Di"}, "lead_rank": 1}),
    ({"first": [{"number": "1"}]}, {"first": {"number": "1"}}),
    ({"top": "t"}, {"tops": [{"in": [{"deep": "t"}]}]}),
    ({"extra": {"known": "k", "any": None}}, {"known": "k", "extra": {"any": None}}),
    ({"flat": {"inner": {"a": 1}}, "taken": "t"}, {"wide": {"a": 1, "taken": "t"}}),
    ({"bag": [{"key": "a", "held": 1}, {"key": "b", "held": None}]}, {"bag": {"a": 1, "b": None}}),
    ({"line": [{"@num": "1", "amount": 2, "product": {"id": "p", "name": {"text": "n"}}}]},
     {"lines": [{"id": "1", "amount": 2, "product_id": "p", "product": {"name": "n"}}]}),
    ({"place": [{"@type": "Street", "street": "s"}, {"@type": "Site", "id": "i"}]},
     {"places": [{"kind": "street", "street": "s"}, {"kind": "site", "site": {"id": "i"}}]}),
])
def test_a_row_says_the_same_in_both_directions(theirs: Document, ours: Document) -> None:
    assert read(theirs) == ours
    assert write(ours) == theirs


def test_a_word_in_several_rows_is_read_as_its_first() -> None:
    assert read({"state": "waiting"}) == {"state": "held"}
    assert write({"state": "paused"}) == {"state": "waiting"}


def test_a_spelling_returns_with_the_complement_and_not_without() -> None:
    theirs = {**PLAIN_THEIRS, "size": " 5  cm", "orderedAt": "2026-01-31T13:00:00+01:00", "state": "shut"}
    ours, complement, findings = shop().read(theirs)
    assert (ours["ordered_at"], findings) == ("2026-01-31T12:00:00Z", ())
    assert complement["spelled"] == {"size": " 5  cm", "orderedAt": "2026-01-31T13:00:00+01:00", "state": "shut"}
    back = shop().write(ours, complement).document
    assert {name: back[name] for name in complement["spelled"]} == complement["spelled"]
    assert shop().write(ours).document["size"] == "5 cm"


def test_an_edited_value_beats_a_remembered_spelling() -> None:
    ours, complement, _ = shop().read({"orderedAt": "2026-01-31T13:00:00+01:00", "state": "shut"})
    edited = {**ours, "ordered_at": "2026-02-01T00:00:00Z", "state": "open"}
    back = shop().write(edited, complement).document
    assert (back["orderedAt"], back["state"]) == ("2026-02-01T00:00:00Z", "opened")


def test_words_of_an_open_column_pass_unchanged() -> None:
    assert read({"mood": "grumpy"}) == {"mood": "grumpy"}
    assert write({"mood": "grumpy"}) == {"mood": "grumpy"}


def test_an_unknown_word_is_kept_and_reported() -> None:
    ours, complement, findings = shop().read({"state": "zzz"})
    assert "state" not in ours
    assert complement["rest"] == {"state": "zzz"}
    assert [(one.pointer, one.code) for one in findings] == [("/state", "invalidValue")]


def test_a_word_that_the_other_side_has_no_word_for_is_kept_without_complaint() -> None:
    theirs, complement, findings = shop().write({"state": "secret"})
    assert ("state" in theirs, complement["rest"], findings) == (False, {"state": "secret"}, ())


def test_a_default_is_filled_in_and_not_sent_back() -> None:
    ours, complement, _ = shop().read({})
    assert ours["express"] is False
    assert "express" not in shop().write(ours, complement).document
    assert shop().write({**ours, "express": True}, complement).document["express"] is True


def test_a_constant_is_expected_and_another_value_is_reported_and_kept() -> None:
    ours, complement, findings = shop().read({"@type": "Other", "version": True, "flavour": "odd"})
    assert complement["rest"] == {"@type": "Other", "version": True, "flavour": "odd"}
    assert [one.pointer for one in findings] == ["/@type", "/version"]  # any flavour is as good as another: open
    assert shop().write(ours, complement).document["version"] is True


def test_a_value_is_inherited_from_the_object_above_and_not_sent_back() -> None:
    lines = [{"id": "1"}, {"id": "2", "wanted_at": "2026-02-02T00:00:00Z"}]
    ours = {"wanted_at": "2026-01-01T00:00:00Z", "lines": lines}
    theirs, complement, _ = shop().write(ours)
    assert [line["wantedAt"] for line in theirs["line"]] == ["2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"]
    assert shop().read(theirs, complement).document["lines"] == lines


def test_a_call_may_tell_a_value_from_others() -> None:
    ours = {"lines": [{"id": "1", "wanted_at": "2026-01-01T00:00:00Z"}]}
    theirs, complement, _ = shop().write(ours)
    assert theirs["wantedAt"] == "2026-01-01T00:00:00Z"
    assert shop().read(theirs, complement).document == ours


def test_what_a_guard_shuts_out_is_kept_and_returns() -> None:
    theirs = {**PLAIN_THEIRS, "state": "closed", "memo": "m", "express": True, "lane": "opened"}
    ours, complement, findings = shop().read(theirs)
    assert ("memo" in ours, complement, findings) == (False, {"rest": {"memo": "m"}}, ())
    assert shop().write(ours, complement).document == theirs


def test_a_list_of_several_is_left_alone_where_one_is_meant() -> None:
    theirs = {"lead": [{"name": "Di"}, {"name": "Ed"}]}
    ours, complement, findings = shop().read(theirs)
    assert ("lead" in ours, complement["rest"]) == (False, theirs)
    assert [(one.pointer, one.code) for one in findings] == [("/lead", "otherIssue")]
    assert shop().write(ours, complement).document["lead"] == theirs["lead"]
    assert shop().read({"lead": []}).findings == ()


def test_elements_that_nobody_picks_return_to_their_places() -> None:
    theirs = {"contact": [{"role": "odd"}, {"role": "spare", "name": "Bo"}, 5, {"role": "main", "name": "Ann"}]}
    ours, complement, _ = shop().read(theirs)
    assert shop().write(ours, complement).document["contact"] == theirs["contact"]
    fewer = {name: value for name, value in ours.items() if name != "spare"}
    assert shop().write(fewer, complement).document["contact"] == [{"role": "odd"}, {"role": "main", "name": "Ann"}, 5]


def test_leftovers_follow_an_element_by_its_key_and_not_by_its_place() -> None:
    theirs = {"line": [{"@num": "a", "odd": 1}, {"@num": "b", "odd": 2}]}
    ours, complement, _ = shop().read(theirs)
    turned = {**ours, "lines": list(reversed(ours["lines"]))}
    assert shop().write(turned, complement).document["line"] == [{"@num": "b", "odd": 2}, {"@num": "a", "odd": 1}]


def test_leftovers_of_an_element_return_only_onto_the_same_type() -> None:
    theirs = {"place": [{"@type": "Street", "role": "r", "odd": 1}]}
    ours, complement, _ = shop().read(theirs)
    assert shop().write(ours, complement).document["place"] == theirs["place"]
    moved = {**ours, "places": [{"kind": "site", "role": "r"}]}
    assert shop().write(moved, complement).document["place"] == [{"@type": "Site", "role": "r"}]


@pytest.mark.parametrize("element", [{"@type": "Moon", "x": 1}, {"x": 1}, {"@type": ["Site"]}])
def test_an_element_of_unknown_type_travels_in_its_place(element: Document) -> None:
    ours, complement, findings = shop().read({"place": [element, {"@type": "Site", "id": "i"}]})
    assert ours["places"] == [{"kind": "other", "raw": element}, {"kind": "site", "site": {"id": "i"}}]
    assert "in" not in complement
    told = [one.pointer for one in findings if one.pointer.startswith("/place")]
    assert told == ["/place/0/@type"] * ("@type" in element)
    assert shop().write(ours).document["place"][0] == element


def test_pairs_that_do_not_fit_a_bag_return() -> None:
    theirs = {"bag": [{"key": "a", "held": 1, "more": 2}, {"key": "a", "held": 3}, 5, {"key": "b", "held": 4}]}
    ours, complement, _ = shop().read(theirs)
    assert ours["bag"] == {"a": 1, "b": 4}
    assert shop().write(ours, complement).document["bag"] == theirs["bag"]


def test_a_member_that_would_be_taken_for_another_is_not_poured() -> None:
    ours, complement, _ = shop().read({"flat": {"inner": {"taken": 1, "gone": 2, "a": 3}}})
    assert ours["wide"] == {"a": 3}
    assert shop().write(ours, complement).document["flat"] == {"inner": {"taken": 1, "gone": 2, "a": 3}}


def test_leftovers_go_with_the_object_they_belong_to_unless_nothing_of_it_had_arrived() -> None:
    ours, complement, _ = shop().read({"buyer": {"person": {"name": "Ann", "hat": 1}}, "shop": {"door": 2}})
    assert shop().write(ours, complement).document["buyer"] == {"person": {"name": "Ann", "hat": 1}}
    gone = {name: value for name, value in ours.items() if name != "buyer"}
    back = shop().write(gone, complement).document
    assert ("buyer" in back, back["shop"]) == (False, {"door": 2})
