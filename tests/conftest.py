"""Fixtures for all tests."""

from tests.databases import postgres_server, postgres_url, redis_server, redis_url, sqlite_url, store_url

__all__ = ["postgres_server", "postgres_url", "redis_server", "redis_url", "sqlite_url", "store_url"]
