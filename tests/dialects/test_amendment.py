"""Orders changed in one dialect after another: each caller sees what it asked for, and nobody loses anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lso.dialects import amendment, face, patch
from lso.dialects.book import book
from lso.lens.conversion import same
from lso.lifecycle.amendment import amend, amendable

SAMPLES = Path(__file__).parent.parent / "samples"
FILES = sorted(file for dialect in ("sonata", "tmf") for file in (SAMPLES / dialect).glob("*.json"))
TURNS = ("tmf.v4.order", "sonata.grace.order", "tmf.v4.order", "cantata.grace.order", "sonata.grace.order")


@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_change_is_seen_as_it_was_asked_for_and_stays(file: Path, extended: bool) -> None:
    birth = f"{file.parent.name}.order"
    told = book().mapping(birth).read(json.loads(file.read_text()))
    document: dict[str, Any] = {**told.document, "id": "order-1", "state": "in_progress"}
    complements = {birth: told.complement} if told.complement else {}

    def written(name: str) -> amendment.Written:
        edition = book().edition(name)
        return amendment.write(book(), edition, document, complements, base_url="http://bridge", extended=extended,
                               native=face.native(book(), edition, birth))

    for turn, name in enumerate(TURNS):
        before = written(name)
        body = {"externalId": f"PO-{turn}", f"own-{name}": turn}
        changed = amendment.change(before, lambda shown, body=body: patch.merge(shown, body), lambda _document: ())
        amended = amend(document, changed.before, changed.after, author="Ada", at="2030-01-01T00:00:00Z",
                        free=amendable().free[book().edition(name).dialect])
        assert amended.findings == ()
        document = amended.document
        complements.pop(before.own, None)
        if changed.complement:
            complements[before.own] = changed.complement
        assert same(written(name).shown, changed.theirs)
    assert written("tmf.v4.order").shown["own-tmf.v4.order"] == 2
    sonata = written("sonata.grace.order").shown
    assert (sonata["own-cantata.grace.order"], sonata["own-sonata.grace.order"]) == (3, 4)
    kept = {name: value for name, value in told.document.items() if name not in ("id", "state", "external_id")}
    assert same({name: document[name] for name in kept}, kept)
