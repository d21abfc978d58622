"""`lso demo` against a running service: every story ends as it should, and is shown; one that does not is named; what
needs a service of the demo's own is left out visibly."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from lso.cli.demo import LEFT_OUT, STORIES, play
from lso.demo import purchase
from lso.demo.client import TMF, Customer
from lso.demo.order import ordered
from lso.demo.published import ENDS, FOLDER, GROUPS, bodies, sent
from lso.demo.story import Reached, Story
from tests.databases import free_port
from tests.running import LSO, Running

NARROW = 80
PUBLISHED = (FOLDER / "index.json").is_file()


def lines_of(told: str, story: Story) -> list[str]:
    """What a wide terminal shows of a story."""
    return [line for line in told.splitlines() if line.startswith(story.title)]


def test_the_demo_plays_every_story_to_its_end_and_shows_it(service: Running) -> None:
    told = subprocess.run([LSO, "demo", "--url", service.url], env={**service.env, "COLUMNS": "200"},
                          capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    for story in STORIES:
        shown = lines_of(told.stdout, story)[-1]
        assert (LEFT_OUT if story.alone else story.ends) in shown, story.title
    for words in ("held.assessingCharge", "pending.assessingModification", "cancel: done", "charge: –", "PO-7001",
                  "Quai du Port 4 bis 13002 Marseille", "done.ready, green", "done, qualified", "approved.orderable",
                  "Internet access: 129.90 EUR month", "done.ready, yellow", "instead: alternate-1",
                  "What TMF622 cannot hold", "What Sonata cannot hold"):
        assert words in told.stdout


def test_a_demo_of_its_own_kills_its_service_sells_a_new_product_and_cuts_nothing_at_eighty_columns(
        tmp_path: Path) -> None:
    env = {"LSO_VAR": str(tmp_path), "LSO_PORT": str(free_port()), "COLUMNS": str(NARROW), "PATH": ""}
    told = subprocess.run([LSO, "demo"], env=env, capture_output=True, text=True, timeout=170)
    assert told.returncode == 0, told.stderr
    assert LEFT_OUT not in " ".join(told.stdout.split())
    assert not [line for line in told.stdout.splitlines() if len(line) > NARROW or "…" in line]
    assert told.stdout.count("A new product, by data alone") == 3, "in every language"
    assert "422:" in told.stdout, "too late with the order"


def refused(customer: Customer) -> Iterator[Reached]:
    """A story that asks for what nobody may have."""
    yield Reached("hopeful", 1, 2)
    customer.made(f"{TMF}/productOrder", "demo-enterprise", {})


def visitor(service: Running) -> Customer:
    return Customer(service.url, service.token)


def test_a_story_that_ends_otherwise_or_goes_astray_is_named(service: Running) -> None:
    otherwise = Story("ends otherwise", "completed", ordered(TMF, "demo-enterprise", "tmf/gift_card.json"))
    stories = (otherwise, Story("goes astray", "400 and more", refused), purchase.STORIES[0])
    played = play(Console(file=StringIO()), visitor(service), stories)
    assert played.failed == ["ends otherwise", "goes astray"]
    assert [language for language, _ in played.wholes] == ["Sonata"]


def test_a_story_that_needs_its_own_service_is_left_out_of_others_and_not_missed(service: Running) -> None:
    told = StringIO()
    played = play(Console(file=told, width=200), visitor(service), [Story("kills", "dead", refused, alone=True)])
    assert played.failed == []
    assert LEFT_OUT in told.getvalue()


@pytest.mark.skipif(not PUBLISHED, reason="the published samples are not beside the project")
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["path"])
def test_published_bodies_are_counted_and_told_where_they_are_wrong(service: Running, group: dict[str, str]) -> None:
    reached = list(sent(group)(visitor(service)))
    assert {one.state for one in reached} == {ENDS}
    named = {one.verdict[0]: one.verdict for one in reached if one.verdict}
    assert named.keys() == {body.name for body in bodies(group)}
    for body in bodies(group):
        _, verdict, twin, pointers = named[body.name]
        assert verdict in (("accepted", "left out") if body.valid else ("accepted", "refused", "left out"))
        assert (verdict == "refused") == pointers.startswith("/")
        assert twin in (("accepted", "left out") if body.twin else ("",))


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["path"])
def test_without_them_our_own_bodies_are_sent(service: Running, tmp_path: Path, group: dict[str, str]) -> None:
    reached = list(sent(group, tmp_path)(visitor(service)))
    assert [one.verdict[0] for one in reached if one.verdict] == group["own"]
    assert reached[-1].state == ENDS


def test_a_valid_body_that_is_refused_does_not_end_as_it_should(service: Running, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text(
        '[{"file": "empty.json", "path": "/quote", "valid_against_spec": true, "actions": []}]')
    (tmp_path / "empty.json").write_text("{}")
    (quotes,) = (group for group in GROUPS if group["kind"] == "quote")
    (reached,) = sent(quotes, tmp_path)(visitor(service))
    assert (reached.state, reached.note) == ("otherwise", "1 refused")
