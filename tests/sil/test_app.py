"""The Strategic Interface Layer serves enterprises and developers, and not partners."""

from __future__ import annotations

from lso.dialects.edition import load_editions
from lso.settings import data_folder
from sil.app import AUDIENCES


def test_enterprises_find_cantata_tmf_and_native() -> None:
    mounted = [edition.edition for edition in load_editions(data_folder("specs")) if edition.audience in AUDIENCES]
    assert {"cantata.grace.order", "tmf.v4.order", "platform.v1.health"} <= set(mounted)
    assert any(name.startswith("native") for name in mounted)
    assert not any(name.startswith("sonata") for name in mounted)
