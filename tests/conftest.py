"""Fixtures for all tests."""

import os
import sys

import pytest
import structlog

from tests.databases import (
    migrated_file,
    migrated_postgres,
    new_postgres_url,
    new_sqlite_url,
    new_store_url,
    postgres_server,
    postgres_url,
    redis_server,
    redis_url,
    sqlite_url,
    store_url,
)
from tests.schedule import dealt

__all__ = ["migrated_file", "migrated_postgres", "new_postgres_url", "new_sqlite_url", "new_store_url",
           "postgres_server", "postgres_url", "redis_server", "redis_url", "sqlite_url", "store_url"]

# Logs of threads go past whatever a test captures: a command's output is what the command says.
# A traceback is enough of a failure: to print every local variable beside it takes seconds.
structlog.configure(
    logger_factory=structlog.PrintLoggerFactory(sys.__stderr__),
    processors=[*structlog.get_config()["processors"][:-1],
                structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
