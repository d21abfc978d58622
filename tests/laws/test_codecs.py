"""Laws of the conversions written in Python, over the samples of `mappings/laws.yaml`.

A codec: what is written for what was read reads as the same; neither direction changes its argument; what it refuses
it refuses by raising. A call: the same over the values of its row.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from lso.dialects.calls import CALLS
from lso.dialects.codecs import CODECS
from lso.lens.catalogue import samples, tables
from lso.settings import data_folder
from tests.laws.difference import same

SAMPLES = samples(data_folder("mappings"))
THEIRS = [(name, value) for name, said in SAMPLES["codecs"].items() for value in said["theirs"]]
OURS = [(name, value) for name, said in SAMPLES["codecs"].items() for value in said["ours"]]
REFUSED = [(name, value) for name, said in SAMPLES["codecs"].items() for value in said["refused"]]
CALLED = [(name, side, *one) for name, said in SAMPLES["calls"].items() for side in ("theirs", "ours")
          for one in said[side]]


def test_every_codec_and_call_has_samples_and_every_sample_a_codec_or_call() -> None:
    assert set(SAMPLES["codecs"]) == set(CODECS)
    assert set(SAMPLES["calls"]) == set(CALLS)


def test_every_codec_and_call_is_used_by_a_table() -> None:
    rows = [row for table in tables(data_folder("mappings")) for rows in table.sets.values() for row in rows]
    assert set(CODECS) == {row.how["as"] for row in rows if "as" in row.how}
    assert set(CALLS) == {row.how["call"] for row in rows if "call" in row.how}


@pytest.mark.parametrize(("name", "value"), THEIRS)
def test_what_is_written_for_what_was_read_reads_as_the_same(name: str, value: Any) -> None:
    codec, before = CODECS[name], copy.deepcopy(value)
    ours = codec.read(value)
    assert ours is not None
    assert same(codec.read(codec.write(ours)), ours)
    assert same(value, before)


@pytest.mark.parametrize(("name", "value"), OURS)
def test_what_is_read_of_what_was_written_is_written_the_same(name: str, value: Any) -> None:
    codec, before = CODECS[name], copy.deepcopy(value)
    theirs = codec.write(value)
    assert theirs is not None
    assert same(codec.write(codec.read(theirs)), theirs)
    assert same(value, before)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_a_codec_cannot_read_it_refuses_by_raising(name: str, value: Any) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, OverflowError)):
        CODECS[name].read(value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, value in THEIRS if isinstance(value, str)])
def test_a_settled_string_is_spelled_the_same_on_both_sides(name: str, value: str) -> None:
    codec = CODECS[name]
    if codec.settled is not None and codec.settled(value):
        assert codec.read(value) == value
        assert codec.write(value) == value


@pytest.mark.parametrize(("name", "value"), [one for one in THEIRS + OURS if type(one[1]) is CODECS[one[0]].plain])
def test_a_plain_value_is_the_same_on_both_sides(name: str, value: Any) -> None:
    assert same(CODECS[name].read(value), value)
    assert same(CODECS[name].write(value), value)


@pytest.mark.parametrize(("name", "side", "values", "around"), CALLED)
def test_a_call_repeats_itself_and_changes_nothing_it_is_given(name: str, side: str, values: list[Any],
                                                               around: dict[str, Any]) -> None:
    call = CALLS[name]
    forth: Callable[..., Any] = call.read if side == "theirs" else call.write
    back: Callable[..., Any] = call.write if side == "theirs" else call.read
    before = copy.deepcopy((values, around))
    converted = forth(tuple(values), around)
    assert same(list(converted), list(forth(tuple(values), around)))
    assert same([values, around], list(before))
    returned = back(tuple(converted), {})
    assert same(list(forth(tuple(returned), around)), list(converted))
