"""Mistakes at the command line end with a sentence and status 1, never with a traceback."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner
from joserfc.jwk import ECKey, OctKey

from lso.cli import main
from tests.databases import free_port
from tests.forked import run as command

PRIVATE = {"keys": [ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)]}
SHARED = {"keys": [OctKey.generate_key(256).as_dict(private=True)]}
FILES = {"torn": "{x", "open": "a: [", "list": "[1]", "private": json.dumps(PRIVATE), "shared": json.dumps(SHARED),
         "twice": '{"id": "1", "id": "2"}', "quoted": 'tenant,offering\r"x\ry'}


def run(folder: Path, *words: str, **settings: str) -> CompletedProcess[str]:
    return command(words, {**os.environ, "LSO_VAR": str(folder), **settings})


@pytest.mark.parametrize(("words", "told"), [
    ("client add acme keyed --audience pil --jwks torn", "JWKS"),
    ("client add acme keyed --audience pil --jwks list", "JWKS"),
    ("client add acme keyed --audience pil --jwks private", "public"),
    ("client add acme keyed --audience pil --jwks shared", "public"),
    ("client add acme a:b --audience pil", "client id"),
    ("client add nobody new --audience pil", "no tenant"),
    ("client add nobody new --audience pil --scope createProductOrders", "scope createProductOrders"),
    ("client add nobody new --audience pil --scope read --scope reed", "scope reed"),
    ("client add nobody new --audience pil --scope createConnection", "audience pil"),
    ("client add nobody new --audience pil --scope createProductOrder --scope read", "no tenant"),
    ("tenant apply open", "not YAML"),
    ("tenant apply list", "profile"),
    ("tenant apply twice", "unexpectedProperty"),
    ("translate --from sonata --to tmf torn", "is not JSON"),
    ("translate --from sonata --to tmf twice", "appears twice"),
    ("token anybody --secret x --url nowhere", "cannot be asked"),
    ("prices import quoted", "is no CSV: a line ends within a value that has no quotes"),
    ("places import quoted", "is no CSV: a line ends within a value that has no quotes"),
    *((f"{words} /proc/self/mem", "cannot be used: Input/output error") for words in (
        "prices import", "places import", "tenant apply", "translate --from sonata --to tmf",
        "client add acme keyed --audience pil --jwks")),
])
def test_a_mistake_is_told_in_a_sentence(tmp_path: Path, words: str, told: str) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, newline="")
    done = run(tmp_path, *(str(tmp_path / word) if word in FILES else word for word in words.split()))
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", ["serve", "spec check", "spec list", "token anybody --secret x", "tenant list"])
@pytest.mark.parametrize(("folder", "told"), [
    ("missing", "missing is no folder"), ("empty", "empty has none of the folders specs, mappings, rules, sandbox")])
def test_a_folder_of_data_that_holds_none_is_told(tmp_path: Path, words: str, folder: str, told: str) -> None:
    (tmp_path / "empty").mkdir()
    done = run(tmp_path, *words.split(), LSO_DATA=str(tmp_path / folder))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [f"Error: Settings: data: {tmp_path}/{told}"]


def test_a_setting_that_is_empty_says_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "spec", "list", LSO_DATA="", LSO_PORT="").returncode == 0


@pytest.mark.parametrize(("settings", "told"), [
    ({"LSO_VAR": "/proc/none"}, "/proc/none cannot be used: No such file or directory."),
    ({"LSO_VAR": "/dev/null/none"}, "/dev/null/none cannot be used: Not a directory."),
    ({"LSO_DATABASE_URL": "sqlite:////proc/none/kept"}, "/proc/none cannot be used: No such file or directory."),
    ({"LSO_DATABASE_URL": "sqlite:///{folder}/torn"}, "The database cannot be used: file is not a database")])
@pytest.mark.parametrize("words", ["tenant list", "seed", "worker"])
def test_a_place_for_the_state_that_cannot_be_one_is_told(tmp_path: Path, words: str, settings: dict[str, str],
                                                          told: str) -> None:
    (tmp_path / "torn").write_text("x" * 5000)
    done = run(tmp_path, *words.split(), **{name: value.format(folder=tmp_path) for name, value in settings.items()})
    assert (done.returncode, done.stderr.splitlines()) == (1, [f"Error: {told}"])


def test_what_nobody_expected_is_told_in_a_sentence_and_where_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("no more room")

    monkeypatch.setattr("lso.cli.spec.list_editions.callback", broken)
    told = CliRunner().invoke(main, ["spec", "list"], prog_name="lso")
    assert told.exit_code == 1
    assert told.stderr == ("Error: lso spec failed unexpectedly (RuntimeError: no more room). `lso --trace spec …` "
                           "shows where.\n")
    with pytest.raises(RuntimeError):
        CliRunner().invoke(main, ["--trace", "spec", "list"], catch_exceptions=False)


def test_a_port_in_use_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout) == (1, "")
    assert "in use" in done.stderr
    assert not any(tmp_path.iterdir())


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", "--port", str(free_port()),
               LSO_DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    assert done.returncode == 1
    assert "database" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_large_integer_is_translated_exactly(tmp_path: Path) -> None:
    (tmp_path / "order").write_text('{"externalId": "1", "description": 123456789012345678901234567890}')
    done = run(tmp_path, "translate", "--from", "tmf", "--to", "tmf", "--only", "document", str(tmp_path / "order"))
    assert json.loads(done.stdout)["description"] == 123456789012345678901234567890
