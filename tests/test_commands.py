"""The commands that people type: those of the Makefile, and `lso` with all that is under it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from lso.cli import main

ROOT = Path(__file__).parent.parent
TARGETS = {"help", "run", "test", "lint", "bench", "demo", "laws", "chaos", "lock", "clean"}
SELF_SUFFICIENT = ("run", "test", "lint", "bench", "demo", "laws", "chaos")


def commands(group: click.Group, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a group, with the words that lead to it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


ALL = dict(commands(main))


def make(*words: str) -> str:
    """What make would do; nothing is done."""
    apart = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    told = subprocess.run(["make", "--dry-run", "--always-make", *words], cwd=ROOT, env=apart, capture_output=True,
                          text=True)
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_the_makefile_has_the_targets_that_are_promised() -> None:
    text = (ROOT / "Makefile").read_text()
    assert {found[1] for found in re.finditer(r"^([a-z]+):", text, re.MULTILINE)} >= TARGETS


@pytest.mark.parametrize("target", SELF_SUFFICIENT)
def test_every_target_creates_what_it_needs(target: str) -> None:
    done = make(target)
    assert "-m venv .venv" in done
    assert "-r requirements.lock" in done


def test_make_run_serves_on_the_port_asked_for() -> None:
    assert make("run").rstrip().endswith("lso serve --port 8080")
    assert make("run", "PORT=9000").rstrip().endswith("lso serve --port 9000")


def test_what_a_change_must_survive_is_lint_and_every_test() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    text = script.read_text()
    assert text.rstrip().splitlines()[-1] == "make lint test"
    assert "export CI=true" in text


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_says_what_it_does(words: tuple[str, ...]) -> None:
    command = ALL[words]
    told = CliRunner().invoke(main, [*words, "--help"])
    assert told.exit_code == 0, told.output
    assert command.help, f"lso {' '.join(words)} does not say what it does"
    assert command.help.splitlines()[0].rstrip() in " ".join(told.output.split())


def test_a_command_that_is_not_there_is_refused() -> None:
    told = CliRunner().invoke(main, ["conquer"])
    assert told.exit_code == 2
    assert "No such command 'conquer'" in told.output
