"""Fixtures for all tests."""

import sys

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

__all__ = ["migrated_file", "migrated_postgres", "new_postgres_url", "new_sqlite_url", "new_store_url",
           "postgres_server", "postgres_url", "redis_server", "redis_url", "sqlite_url", "store_url"]

# Logs of threads go past whatever a test captures: a command's output is what the command says.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
