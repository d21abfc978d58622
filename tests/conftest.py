"""Fixtures for all tests."""

from tests.databases import (
    postgres_server as postgres_server,
)
from tests.databases import (
    postgres_url as postgres_url,
)
from tests.databases import (
    redis_server as redis_server,
)
from tests.databases import (
    redis_url as redis_url,
)
from tests.databases import (
    sqlite_url as sqlite_url,
)
from tests.databases import (
    store_url as store_url,
)
