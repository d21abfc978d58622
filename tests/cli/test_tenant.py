"""A tenant at the command line: its profile as it was applied, and clients bound to buyers that it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from lso.cli import main
from lso.settings import settings

PROFILE = {"tenant": "harbour", "name": "Harbour Carrier, Győr", "buyer_ids": ["north", "south"],
           "seller_contacts": [{"role": "sellerContact", "name": "Desk", "email": "d@seller.example", "phone": "+1 5"}],
           "settings": {"order": {"interval_days": 30}}}


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LSO_VAR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def lso(*words: str) -> Result:
    return CliRunner().invoke(main, words, prog_name="lso")


@pytest.fixture
def applied(var: Path) -> Path:
    file = var / "harbour.yaml"
    file.write_text(yaml.safe_dump(PROFILE), encoding="utf-8")
    assert lso("tenant", "apply", str(file)).exit_code == 0
    return file


def test_a_profile_is_shown_as_it_was_applied_and_can_be_applied_again(applied: Path) -> None:
    shown = lso("tenant", "show", "harbour").stdout
    assert yaml.safe_load(shown) == {**PROFILE, "version": 1}
    assert "Győr" in shown
    applied.write_text(shown, encoding="utf-8")
    assert lso("tenant", "apply", str(applied)).stdout == "harbour is at version 1\n"


def test_an_earlier_version_is_shown_on_demand(applied: Path) -> None:
    applied.write_text(yaml.safe_dump({**PROFILE, "name": "Harbour"}), encoding="utf-8")
    lso("tenant", "apply", str(applied))
    assert yaml.safe_load(lso("tenant", "show", "harbour").stdout)["name"] == "Harbour"
    assert yaml.safe_load(lso("tenant", "show", "harbour", "--version", "1").stdout) == {**PROFILE, "version": 1}


def test_secrets_are_not_shown(applied: Path) -> None:
    secret = lso("client", "add", "harbour", "harbour-pil", "--audience", "pil").stdout.strip()
    shown = lso("tenant", "show", "harbour").stdout
    assert secret
    assert secret not in shown
    assert "hash" not in shown


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize("words", [("nobody",), ("harbour", "--version", "2")])
def test_what_is_not_there_is_told(words: tuple[str, ...]) -> None:
    told = lso("tenant", "show", *words)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "There is no" in told.stderr


@pytest.mark.usefixtures("applied")
def test_a_client_is_bound_to_buyers_that_its_tenant_has() -> None:
    told = lso("client", "add", "harbour", "west", "--audience", "pil", "--buyer", "north", "--buyer", "west")
    assert (told.exit_code, told.stderr) == (1, "Error: harbour has no buyer west; its buyers are north, south.\n")
    assert lso("client", "add", "harbour", "west", "--audience", "pil", "--buyer", "north").exit_code == 0


@pytest.mark.usefixtures("applied")
def test_where_a_profile_names_no_buyers_its_clients_may_be_bound_to_any(var: Path) -> None:
    profile = yaml.safe_load(lso("tenant", "show", "harbour").stdout)
    (var / "open.yaml").write_text(yaml.safe_dump({**profile, "buyer_ids": []}), encoding="utf-8")
    assert lso("tenant", "apply", str(var / "open.yaml")).exit_code == 0
    assert lso("client", "add", "harbour", "west", "--audience", "pil", "--buyer", "west").exit_code == 0


@pytest.mark.usefixtures("applied")
def test_a_country_that_there_is_not_is_refused(var: Path) -> None:
    (var / "places.csv").write_text("street,city\nMain,Cair Paravel\n", encoding="utf-8")
    told = lso("places", "import", str(var / "places.csv"), "--country", "Narnia")
    assert told.exit_code == 2
    assert "no country of ISO 3166-1 is called Narnia" in told.stderr
    assert "1 addresses" in lso("places", "import", str(var / "places.csv"), "--country", "Hungary").stdout


def test_a_feature_that_cannot_be_read_is_told_as_such(var: Path) -> None:
    (var / "places.geojson").write_text('{"type": "FeatureCollection", "features": [7]}', encoding="utf-8")
    assert lso("places", "import", str(var / "places.geojson")).stderr == "feature 1: it is no feature\n"
