"""The memory of the pretend network: one SQLite file. Stores and finds; decides nothing.

WAL with synchronous=NORMAL: a killed process loses nothing, only a power cut may lose the last moments, which a pretend
network can afford. Several processes may share the file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from lso.backends.sandbox.network import Instruction, Room
from lso.backends.sandbox.row import INSTRUCTION, agreed_of, instruction_of, row_of
from lso.backends.sandbox.rules import Need, Place

SCHEMA = """
CREATE TABLE IF NOT EXISTS place (
    id TEXT PRIMARY KEY, ports INTEGER NOT NULL, mbps REAL NOT NULL, lead_seconds REAL, behaviour TEXT,
    amount REAL NOT NULL);
CREATE TABLE IF NOT EXISTS instruction (
    external_id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, action TEXT NOT NULL, service_id TEXT NOT NULL,
    state TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, late_reason TEXT NOT NULL,
    accepted_at REAL NOT NULL, due_at REAL NOT NULL, ports INTEGER NOT NULL, mbps REAL NOT NULL, places TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS instruction_working ON instruction (due_at) WHERE state = 'working';
CREATE TABLE IF NOT EXISTS agreed (external_id TEXT PRIMARY KEY, terms TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS service (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, ports INTEGER NOT NULL, mbps REAL NOT NULL);
CREATE TABLE IF NOT EXISTS occupied (
    place_id TEXT NOT NULL, service_id TEXT NOT NULL, PRIMARY KEY (service_id, place_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used (place_id TEXT PRIMARY KEY, ports INTEGER NOT NULL, mbps REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempt (external_id TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS ledger (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, external_id TEXT NOT NULL, service_id TEXT NOT NULL,
    entry TEXT NOT NULL);
"""
FETCH = f"SELECT {INSTRUCTION}, terms FROM instruction LEFT JOIN agreed USING (external_id)"  # noqa: S608
ROOM = """
SELECT place.id, place.ports, place.mbps, lead_seconds, behaviour, amount,
       coalesce(used.ports, 0) - coalesce(service.ports, 0), coalesce(used.mbps, 0.0) - coalesce(service.mbps, 0.0)
FROM (SELECT ? AS id, ? AS without) AS wanted
LEFT JOIN place ON place.id = wanted.id LEFT JOIN used ON used.place_id = wanted.id
LEFT JOIN occupied ON occupied.place_id = wanted.id AND occupied.service_id = wanted.without
LEFT JOIN service ON service.id = occupied.service_id
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    entry: submitted (every call), accepted or refused (once an instruction), then once each: activated, changed, ceased
    or failed. Also once each: charged, then paid or unpaid; moved (for each date); cancelled, the last of all.
    service_id is empty where there is none yet.
    """

    number: int
    at: float
    external_id: str
    service_id: str
    entry: str


class State:
    """An open file. Every method but `looking` and `transaction` is called inside one of them."""

    def __init__(self, path: Path | str) -> None:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            # It holds places and configurations: for its owner alone.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = Lock()
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=NORMAL"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        self._db.executescript(SCHEMA)

    def looking(self) -> AbstractContextManager[bool]:
        """To read only, each statement by itself: what is told beforehand binds nobody, and waits for no writer."""
        return self._lock

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; one at a time."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    def keep_place(self, place: Place) -> None:
        """Describe a place, anew or for the first time."""
        self._db.execute("INSERT OR REPLACE INTO place VALUES (:id, :ports, :mbps, :lead_seconds, :behaviour, :amount)",
                         asdict(place))

    def room(self, usual: Place, without: str) -> tuple[Room, bool]:
        """What is taken at a place, by others than that service, and whether anybody described the place."""
        row = self._db.execute(ROOM, (usual.id, without)).fetchone()
        if row[0] is None:
            return Room(usual, row[6], row[7]), False
        return Room(Place(*row[:6]), row[6], row[7]), True

    def instruction(self, external_id: str) -> Instruction | None:
        """What was asked under that id."""
        row = self._db.execute(f"{FETCH} WHERE external_id = ?", (external_id,)).fetchone()
        return instruction_of(row) if row else None

    def working(self, until: float) -> list[Instruction]:
        """Instructions whose time is over and who have not been settled."""
        rows = self._db.execute(f"{FETCH} WHERE state = 'working' AND due_at <= ? ORDER BY due_at", (until,)).fetchall()
        return [instruction_of(row) for row in rows]

    def keep_instruction(self, instruction: Instruction) -> None:
        """Remember it as it is now."""
        self._db.execute(f"INSERT OR REPLACE INTO instruction ({INSTRUCTION}) "  # noqa: S608
                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row_of(instruction))
        if (beside := agreed_of(instruction)) is not None:
            self._db.execute("INSERT OR REPLACE INTO agreed VALUES (?, ?)", (instruction.external_id, beside))

    def service_exists(self, service_id: str) -> bool:
        """Whether it is in the network, finished or being built."""
        return self._db.execute("SELECT 1 FROM service WHERE id = ?", (service_id,)).fetchone() is not None

    def service(self, service_id: str) -> tuple[Need, tuple[str, ...]] | None:
        """What it takes, and where."""
        row = self._db.execute("SELECT ports, mbps FROM service WHERE id = ?", (service_id,)).fetchone()
        return (Need(*row), self.service_places(service_id)) if row else None

    def service_places(self, service_id: str) -> tuple[str, ...]:
        """Where it is."""
        rows = self._db.execute("SELECT place_id FROM occupied WHERE service_id = ? ORDER BY place_id", (service_id,))
        return tuple(row[0] for row in rows)

    def keep_service(self, service_id: str, state: str, need: Need, places: Iterable[str]) -> None:
        """Build it, or build it anew."""
        self.drop_service(service_id)
        self._db.execute("INSERT INTO service VALUES (?, ?, ?, ?)", (service_id, state, need.ports, need.mbps))
        for place in places:
            self._db.execute("INSERT INTO occupied VALUES (?, ?)", (place, service_id))
            self._db.execute("INSERT INTO used VALUES (:place, :ports, :mbps) ON CONFLICT DO UPDATE "
                             "SET ports = ports + :ports, mbps = mbps + :mbps",
                             {"place": place, "ports": need.ports, "mbps": need.mbps})

    def drop_service(self, service_id: str) -> None:
        """Take it out of the network; what it occupied is free."""
        taken = self._db.execute("SELECT ports, mbps FROM service WHERE id = ?", (service_id,)).fetchone()
        if taken is None:
            return
        for place in self.service_places(service_id):
            self._db.execute("UPDATE used SET ports = ports - ?, mbps = mbps - ? WHERE place_id = ?", (*taken, place))
        self._db.execute("DELETE FROM occupied WHERE service_id = ?", (service_id,))
        self._db.execute("DELETE FROM service WHERE id = ?", (service_id,))

    def attempt(self, external_id: str) -> int:
        """Count a submission that came to nothing; answers how many there were before."""
        row = self._db.execute("SELECT count FROM attempt WHERE external_id = ?", (external_id,)).fetchone()
        before: int = row[0] if row else 0
        self._db.execute("INSERT OR REPLACE INTO attempt VALUES (?, ?)", (external_id, before + 1))
        return before

    def write(self, at: float, external_id: str, service_id: str, entry: str) -> None:
        """Add a line to the ledger."""
        self._db.execute("INSERT INTO ledger (at, external_id, service_id, entry) VALUES (?, ?, ?, ?)",
                         (at, external_id, service_id, entry))

    def ledger(self, external_id: str | None = None) -> tuple[Entry, ...]:
        """All lines, or those of one external id, oldest first."""
        where, values = ("WHERE external_id = ?", (external_id,)) if external_id else ("", ())
        rows = self._db.execute("SELECT number, at, external_id, service_id, entry FROM ledger "  # noqa: S608
                                f"{where} ORDER BY number", values)
        return tuple(Entry(*row) for row in rows)
