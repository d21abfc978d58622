"""Fixtures for all tests."""

import sys

import structlog

from tests.databases import postgres_server, postgres_url, redis_server, redis_url, sqlite_url, store_url

__all__ = ["postgres_server", "postgres_url", "redis_server", "redis_url", "sqlite_url", "store_url"]

# Logs of threads go past whatever a test captures: a command's output is what the command says.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
