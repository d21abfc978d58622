"""Ids: ordered by time, never twice, whoever makes them."""

from __future__ import annotations

import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from lso.store.identifier import new_id


def test_an_id_is_a_uuid_of_version_7_that_begins_with_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000
    assert str(made) == str(made).lower()


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = [id for many in threads.map(lambda _: [new_id() for _ in range(2000)], range(8)) for id in many]
    assert len(set(made)) == 16_000
    assert len({id[19:] for id in made}) == 16_000


def test_a_forked_process_does_not_repeat_what_its_parent_draws() -> None:
    new_id()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, new_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reader, 36).decode()
    os.close(reader)
    os.close(writer)
    assert theirs[14:] != new_id()[14:]
