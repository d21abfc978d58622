"""What the documents say is so: snippets, settings, commands, verbs, examples and links."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from click.testing import CliRunner

from lso.canonical.tenant import Profile
from lso.cli import main
from lso.lens.load import VERBS
from lso.lifecycle.enrichment import Defaults
from lso.lifecycle.promise import Promises
from lso.lifecycle.quotation import QuoteTerms
from lso.service.agreement import check
from lso.settings import Settings
from tests import shortened
from tests.listener import Listener
from tests.running import LSO, MEF, ROOT, Running, eventually
from tests.test_commands import ALL

SAMPLE = ROOT / "tests" / "samples" / "sonata" / "internet_add.json"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TABLES = [*sorted((ROOT / "mappings").glob("*/*.yaml")), ROOT / "tests/laws/tables/demo/everything.yaml"]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", page(name), re.MULTILINE | re.DOTALL)


def rows(name: str, start: str, section: str = "") -> Iterator[list[str]]:
    """The cells of table rows whose first cell begins so, of a page or one section of it."""
    text = page(name).partition(f"## {section}\n")[2].partition("\n## ")[0] if section else page(name)
    for line in text.splitlines():
        if line.startswith(f"| {start}"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


# -- README -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def translated() -> list[Any]:
    """The order of the README, its translation, and the loss report."""
    told = CliRunner().invoke(main, ["translate", "--from", "sonata", "--to", "tmf", str(SAMPLE)])
    made = json.loads(told.output)
    return [json.loads(SAMPLE.read_text(encoding="utf-8")), made["document"], made["losses"]]


def test_the_order_shown_is_what_the_translator_gives(translated: list[Any]) -> None:
    snippets = blocks("README.md", "json")
    assert len(snippets) == 3
    for snippet, whole in zip(snippets, translated, strict=True):
        assert shortened.missing(shortened.read(snippet), whole) == []


def test_a_snippet_that_says_something_else_would_be_found(translated: list[Any]) -> None:
    snippet = blocks("README.md", "json")[1]
    changed = shortened.read(snippet.replace('"amount": 24', '"amount": 12'))
    assert shortened.missing(changed, translated[1]) == ["/productOrderItem/0/itemTerm/0/duration/amount is 24, not 12"]
    silent = shortened.read(snippet.replace('"externalId": "PO-7001", …', '"externalId": "PO-7001"'))
    assert "/note is left out silently" in shortened.missing(silent, translated[1])


def test_every_dependency_has_a_line() -> None:
    project = tomllib.loads(page("pyproject.toml"))["project"]
    needed = {re.split(r"[\[<>=!~; ]", dependency)[0] for dependency in project["dependencies"]}
    explained = {cells[0] for line in page("README.md").partition("| dependency | for |")[2].splitlines()
                 if (cells := [cell.strip() for cell in line.strip("|").split("|")])[0] and cells[-1]}
    assert explained - {"---"} == needed


def test_readme_answers_in_the_order_of_the_house() -> None:
    text = page("README.md")
    order = ("# LSO Bridge", "```json", "curl ", "## The way of an order", "make run  ", "| dependency |")
    assert sorted(order, key=text.index) == list(order)
    assert [cells[0] for cells in rows("README.md", "") if cells[0].isdigit()] == list("12345678")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    service = Running(tmp_path_factory.mktemp("docs"))
    yield service
    service.close()


def test_the_curl_of_every_audience_works(running: Running) -> None:
    (script,) = (block for block in blocks("README.md", "sh") if "curl" in block)
    lines = script.replace("http://127.0.0.1:8080", running.url).replace(".venv/bin/lso", shlex.quote(LSO)).splitlines()
    answers = []
    for line in lines[1:]:
        told = subprocess.run(["bash", "-c", f"{line} -w '%{{http_code}}'"], cwd=ROOT, capture_output=True, text=True,
                              env={**running.env, "LSO_URL": running.url}, check=True)
        answers.append((json.loads(told.stdout[:-3]), told.stdout[-3:]))
    (carrier, first), (enterprise, second), (developer, third) = answers
    assert (first, second, third) == ("201", "201", "201")
    assert (carrier["state"], enterprise["state"], developer["status"]) == (
        "acknowledged", "acknowledged", "provisioning")
    assert requests.get(f"{running.url}/native/internetOnDemand/docs", timeout=10).status_code == 200


def test_the_translation_shown_is_printed_by_the_line_below_it(translated: list[Any]) -> None:
    (line,) = (line for block in blocks("README.md", "sh") for line in block.splitlines() if " translate " in line)
    told = subprocess.run(["bash", "-c", line.replace(".venv/bin/lso", shlex.quote(LSO))], cwd=ROOT, check=True,
                          capture_output=True, text=True)
    made = json.loads(told.stdout)
    assert [made["document"], made["losses"]] == translated[1:]
    assert made["findings"] == [], "the page says that nothing is lacking"


# -- docs -------------------------------------------------------------------------------------------------------


def test_every_setting_is_listed_with_its_default() -> None:
    listed = {cells[0].strip("`"): cells[1:] for cells in rows("docs/operations.md", "`LSO_")}
    known = {}
    for name, field in Settings.model_fields.items():
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        known[f"LSO_{name.upper()}"] = f"`{default}`" if default not in ("", "None") else ""
    assert {name: cells[0] for name, cells in listed.items()} == known
    assert all(cells[1] for cells in listed.values())


def test_every_command_is_listed_and_every_command_listed_exists() -> None:
    groups = {words[:-1] for words in ALL if len(words) > 1}
    listed = {tuple(word for word in cells[0].strip("`").split()[1:] if word.islower())
              for cells in rows("docs/operations.md", "`lso ", "Commands")}
    assert listed == set(ALL) - groups


def test_options_that_are_named_exist() -> None:
    for cells in rows("docs/operations.md", "`lso ", "Commands"):
        words = tuple(word for word in cells[0].strip("`").split()[1:] if word.islower())
        known = {name for parameter in ALL[words].params for name in parameter.opts}
        assert set(re.findall(r"`(--[a-z-]+)", cells[1])) <= known, cells[0]


def typed(file: Path) -> Iterator[list[str]]:
    """The words of each `lso` command that a page shows to be typed: a block of them is fenced as sh, or indented."""
    text = file.read_text(encoding="utf-8")
    fenced = [line for block in blocks(str(file.relative_to(ROOT)), "sh") for line in block.splitlines()]
    shown = [*fenced, *re.findall(r"^    (\S.*)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)]
    for line in shown:
        for command in re.findall(r"[\w./]*\blso [a-z][^#)|]*", line):
            yield shlex.split(command)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_command_that_is_shown_can_be_typed_as_it_stands(file: Path) -> None:
    for program, *words in typed(file):
        assert program == ".venv/bin/lso", f"{program} is not on anybody's path: {words}"
        known = max((name for name in ALL if tuple(words[:len(name)]) == name), key=len, default=None)
        assert known, f"there is no lso {' '.join(words)}"
        options = {name for parameter in ALL[known].params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, words


def test_commands_are_found_where_they_are_shown() -> None:
    found = {file.name for file in PAGES if any(typed(file))}
    assert found >= {"README.md", "backends.md", "operations.md", "prices.md", "tenants.md"}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_command_that_is_named_exists(file: Path) -> None:
    for named in re.findall(r"`lso ([a-z][^`]*)`", file.read_text(encoding="utf-8")):
        words = named.split()
        assert any(tuple(words[:length]) in ALL for length in range(len(words), 0, -1)), named


def test_every_verb_is_explained_by_a_row_of_a_table_of_ours() -> None:
    lines = {re.sub(r"\s+", " ", line.partition("- ")[2].partition(" #")[0]).strip().replace("'", "")
             for table in TABLES for line in table.read_text(encoding="utf-8").splitlines()}
    text = page("docs/mapping-guide.md").partition("| verb |")[2].partition("\n\n")[0]
    explained = {}
    for line in text.splitlines()[2:]:
        verb, example, says = (cell.strip() for cell in line.strip("|").split("|"))
        assert says
        assert example.strip("`").replace("'", "") in lines, f"{example} is in no table"
        explained[verb.strip("`")] = example
    assert explained.keys() - {""} == VERBS
    assert all(verb in example or verb == "open" for verb, example in explained.items())


def test_the_change_table_shown_is_one_that_meets_the_laws() -> None:
    (shown,) = blocks("docs/mapping-guide.md", "yaml")
    real = yaml.safe_load(page("tests/laws/tables/demo/release.yaml"))
    assert yaml.safe_load(shown) == {name: value for name, value in real.items() if name != "sets"}


def test_the_coverage_shown_is_what_the_check_prints() -> None:
    told = CliRunner().invoke(main, ["mapping", "check", "sonata.order"]).output
    shown = re.search(r"^    sonata\.order\n(?:    .*\n)+", page("docs/mapping-guide.md"), re.MULTILINE)
    assert shown is not None
    assert shown[0].replace("\n    ", "\n").strip() == told.strip()


def test_the_profile_shown_can_be_applied() -> None:
    (shown,) = blocks("docs/tenants.md", "yaml")
    assert check(Profile.model_validate(yaml.safe_load(shown))) == ()


def test_every_member_of_a_profile_is_explained() -> None:
    explained = {name for cells in rows("docs/tenants.md", "`") for name in re.findall(r"`(\w+)`", cells[0])}
    explained -= {"order", "qualification"}
    assert explained == {*Profile.model_fields, *Defaults.model_fields, *Promises.model_fields,
                         *QuoteTerms.model_fields}


def test_a_subscriber_can_verify_an_event_as_shown(running: Running) -> None:
    (example,) = blocks("docs/security.md", "python")
    shown: dict[str, Any] = {}
    exec(compile(example, "docs/security.md", "exec"), shown)
    listener = Listener()
    try:
        assert running.post(f"{MEF}/hub", {"callback": listener.url}).status_code == 201
        running.post(f"{MEF}/productOrder", json.loads(SAMPLE.read_text(encoding="utf-8")))
        heard = eventually(lambda: listener.heard and listener.heard[0])
    finally:
        listener.close()
    headers = {name.lower(): value for name, value in heard.headers.items()}
    keys = requests.get(f"{running.url}/.well-known/jwks.json", timeout=10).json()
    assert shown["event_id"](headers["x-jws-signature"], heard.raw, keys) == heard.body["eventId"]
    with pytest.raises(Exception, match=r"."):
        shown["event_id"](headers["x-jws-signature"], heard.raw + b" ", keys)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_link_leads_somewhere(file: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", file.read_text(encoding="utf-8")):
        if link.startswith("http"):
            continue
        path, _, heading = link.partition("#")
        target = file.parent / path if path else file
        assert target.exists(), f"{link} leads nowhere"
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {title.lower().replace(" ", "-") for title in titles}, link


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_file_and_target_that_is_named_exists(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:lso|pil|sil|specs|mappings|tests|docs)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
    makefile = page("Makefile")
    for target in re.findall(r"make (run|test|lint|bench|demo|laws|lock|[a-z]+)`", text):
        for one in target.split():
            assert re.search(rf"^{one}:", makefile, re.MULTILINE), target
