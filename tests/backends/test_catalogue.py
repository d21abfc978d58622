"""The file of back ends: what it says, and how a mistake in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from lso.backends.catalogue import Secret, described
from lso.errors import OurError

ENTRY = "# Győr, in the words of its operator\n- {name: legacy, kind: soap, url: 'http://győr.example/order'}\n"


def test_the_file_is_read_as_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "backends.yaml"
    file.write_bytes(ENTRY.encode("utf-8"))
    assert described(file)[0].url == "http://győr.example/order"


def test_a_file_in_another_encoding_is_told_of_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "backends.yaml"
    file.write_bytes(ENTRY.encode("iso-8859-2"))
    with pytest.raises(OurError) as refused:
        described(file)
    assert refused.value.reason == f"{file} cannot be read: UnicodeDecodeError."


@pytest.mark.parametrize(("text", "reason"), [
    ("- {name: legacy", "cannot be read: ParserError."),
    ("name: legacy", "is not a list of back ends."),
    (ENTRY + ENTRY, "has two back ends of one name."),
])
def test_a_file_that_holds_something_else_is_told_of_by_its_name(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "backends.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OurError) as refused:
        described(file)
    assert refused.value.reason == f"{file} {reason}"


def test_a_secret_that_is_no_text_is_told_of_by_its_file_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xf5hidden")
    with pytest.raises(OurError) as refused:
        Secret(file=file).value()
    assert refused.value.reason == f"There is no secret in {file}."
    assert refused.value.__cause__ is None
