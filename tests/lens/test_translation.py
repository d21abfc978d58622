"""What a lens promises of any document: nothing is changed, nothing raises, everything comes back."""

from __future__ import annotations

import copy
import json
import linecache
from typing import Any

import pytest

from lso.lens import Lens
from tests.lens.shop import shop
from tests.lens.test_verbs import PLAIN_THEIRS

HOSTILE = ["${x}", "((x))", "{{x}}", "%s", "<!ENTITY x>", "'; import os", '"', "\\", "\u2028", "{n1}", "\x00"]
RICH: dict[str, Any] = {
    **PLAIN_THEIRS, "id": 1.0, "state": "shut", "size": "5  cm", "odd": {"a": [None]}, "lane": None,
    "nick": ["a", "b"], "buyer": {"person": {"name": "Ann", "x": 1}, "hat": None},
    "contact": [{"role": "main", "q": 1}, 5, {"role": "main"}],
    "extra": {"inner": {"known": 1}, "known": None}, "bag": [{"key": "a", "held": {"b": []}, "z": 1}, {}],
    "line": [{"@num": "1", "line": [{"odd": 1}, {"odd": 2}], "note": [{"reply": {"odd": 3}}]}, {"@num": "1", "odd": 4}],
    "place": [{"@type": "Corner", "odd": 1}, {"@type": "Moon"}, {"@type": "other", "raw": {"kind": "moon"}}],
}


def lenses() -> list[Lens]:
    return [shop().read, shop().write]


def test_a_document_full_of_oddities_comes_back() -> None:
    ours, complement, _ = shop().read(RICH)
    assert shop().write(ours, json.loads(json.dumps(complement))).document == RICH


def test_one_and_true_and_one_point_nought_are_told_apart() -> None:
    for value in (1, 1.0, True):
        ours, complement, _ = shop().read({"version": value, "id": value})
        back = shop().write(ours, complement).document
        assert [type(back[name]) for name in ("version", "id")] == [type(value)] * 2


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_evaluated(text: str) -> None:
    theirs = {text: text, "id": text, "state": text, "extra": {text: text}, "bag": [{"key": text, "held": text}],
              "line": [{"@num": text, text: 1}], "place": [{"@type": text}], "contact": [{"role": text}]}
    ours, complement, _ = shop().read(theirs)
    assert shop().write(ours, complement).document == theirs


@pytest.mark.parametrize("value", [None, True, 0, 10**40, 1.5, "x", [], {}, [[]], [{}], [None], {"in": {"rest": 1}}])
def test_nothing_in_any_place_raises(value: Any) -> None:
    for lens in lenses():
        for name in {*RICH, *shop().read(RICH).document, "lines", "places", "wide", "tops", "people"}:
            document = {name: value}
            other = shop().write if lens is shop().read else shop().read
            made, complement, _ = lens(document)
            assert other(made, complement).document == document


def test_neither_document_nor_complement_is_changed() -> None:
    before = copy.deepcopy(RICH)
    ours, complement, _ = shop().read(RICH)
    kept = copy.deepcopy((ours, complement))
    for _ in range(2):
        back = shop().write(ours, complement)
        assert back.complement == shop().write(ours).complement
        assert back.document == before
    assert (RICH, (ours, complement)) == (before, kept)


@pytest.mark.parametrize("complement", [
    {"in": 5}, {"rest": [], "absent": {}, "spelled": 1}, {"in": {"line": {"at": {"1": 5, "2": {"in": []}}}}},
    {"in": {"contact": {"more": [[10**30, 1], [-1, 2], ["0", 3], 4, [0]], "order": [[], 5, "[role=main]"]}}},
    {"in": {"contact": {"at": {"[role=main]": {"free": True, "rest": {"role": 5}}}}}},
    {"in": {"bag": {"at": {"a": []}, "more": 1}}},
    {"in": {"place": {"at": {"#0": {"type": []}, "#1": {"type": "Street"}}}}, "absent": ["@type", "nowhere", 5]},
])
def test_a_complement_from_anybody_is_harmless(complement: dict[str, Any]) -> None:
    ours = shop().read(RICH).document
    before = copy.deepcopy((ours, complement))
    assert isinstance(shop().write(ours, complement).document, dict)
    assert (ours, complement) == before


def test_a_document_nested_too_deeply_is_kept_whole() -> None:
    theirs: dict[str, Any] = {"id": "1", "@type": "Order"}
    inner = theirs
    for _ in range(5000):
        inner["line"] = [{"@num": "1"}]
        inner = inner["line"][0]
    ours, complement, findings = shop().read(theirs)
    assert [one.reason for one in findings] == ["nested too deeply"]
    back = shop().write(ours, complement).document
    assert set(back) == set(theirs)
    assert back["line"] is theirs["line"]


def test_deep_nesting_of_what_is_only_copied_is_no_matter() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    ours, complement, findings = shop().read({"id": deep, "size": deep, "odd": deep})
    assert (ours["id"] is deep, [one.pointer for one in findings]) == (True, ["/size"])
    assert shop().write(ours, complement).document["odd"] is deep


def test_a_complement_is_worked_out_when_asked_for_and_stays_the_same() -> None:
    translation = shop().write({"odd": 1})
    assert translation.complement["rest"] == {"odd": 1}
    assert translation.complement is translation.complement
    assert tuple(translation) == (translation.document, translation.complement, translation.findings)


def test_generated_code_can_be_read_in_tracebacks() -> None:
    for lens in lenses():
        file = lens.run.__code__.co_filename
        assert linecache.getline(file, lens.run.__code__.co_firstlineno).startswith("def main_")
        assert lens.source == "".join(linecache.getlines(file))
