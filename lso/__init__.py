"""LSO Bridge: one meaning, many languages of network service ordering."""

from lso.lean import without

with without("rich"):
    import structlog as structlog
