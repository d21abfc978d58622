"""`lso demo` against a running service: every story ends as it should, and is shown; one that does not is named."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from io import StringIO

from rich.console import Console

from lso.cli.demo import STORIES, play
from lso.demo.client import TMF, Customer
from lso.demo.order import ordered
from lso.demo.story import Reached, Story
from tests.running import LSO, Running


def test_the_demo_plays_every_story_to_its_end_and_shows_it(service: Running) -> None:
    told = subprocess.run([LSO, "demo", "--url", service.url], env={**service.env, "COLUMNS": "200"},
                          capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    for story in STORIES:
        lines = [line for line in told.stdout.splitlines() if line.startswith(story.title)]
        assert story.ends in lines[-1], story.title
    for words in ("held.assessingCharge", "pending.assessingModification", "cancel: done", "charge: –", "PO-7001",
                  "Quai du Port 4 bis 13002 Marseille", "done.ready, green", "done, qualified", "approved.orderable",
                  "Internet access: 129.90 EUR month"):
        assert words in told.stdout


def refused(customer: Customer) -> Iterator[Reached]:
    """A story that asks for what nobody may have."""
    yield Reached("hopeful", 1, 2)
    customer.made(f"{TMF}/productOrder", "demo-enterprise", {})


def test_a_story_that_ends_otherwise_or_goes_astray_is_named(service: Running) -> None:
    otherwise = Story("ends otherwise", "completed", ordered(TMF, "demo-enterprise", "tmf/gift_card.json"))
    stories = (otherwise, Story("goes astray", "400 and more", refused), STORIES[0])
    played = play(Console(file=StringIO()), Customer(service.url, service.token), stories)
    assert played.failed == ["ends otherwise", "goes astray"]
    assert played.first
