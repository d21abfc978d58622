"""The Partner Interface Layer serves partners, and only them."""

from __future__ import annotations

from lso.dialects.edition import load_editions
from lso.settings import data_folder
from pil.app import AUDIENCES


def test_partners_find_sonata_and_what_every_process_has() -> None:
    mounted = [edition.edition for edition in load_editions(data_folder("specs")) if edition.audience in AUDIENCES]
    assert "sonata.grace.order" in mounted
    assert {"platform.v1.identity", "platform.v1.health", "platform.v1.translation"} <= set(mounted)
    assert not any(name.startswith(("cantata", "tmf", "native")) for name in mounted)
