"""Values of SQL that is put together at run time: bound by name, in the way of whichever driver is there."""

from __future__ import annotations

from sqlalchemy import Connection


class Values(dict[str, object]):
    """Values by name; binding one gives its place in this driver's SQL. `local`: the driver is SQLite's."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.local = connection.dialect.name == "sqlite"

    def bind(self, value: object) -> str:
        """The place of one more value."""
        return self.bind_as(f"v{len(self)}", value)

    def bind_as(self, name: str, value: object) -> str:
        """The place of a value that may change between two runs."""
        self[name] = value
        return f":{name}" if self.local else f"%({name})s"
