"""Names of towns and streets that are like a name: proposed by the database, by trigrams, the most alike first.

SQLite has FTS5 with its trigram tokenizer, PostgreSQL the extension pg_trgm. Where that is not installed, PostgreSQL
finds what begins with the same letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from lso.canonical.price_row import EVERYBODY
from lso.store.statement import driver, flush
from lso.store.values import Values

STREETS_OF_A_TOWN = 1 << 20
"""Streets are numbered within their town: number of the town times this, and counted on."""
PROPOSED_MOST, FEW_STREETS = 20, 500
_START, _BEGINNING_MOST = 2, 1000
_INDEX = {"search_towns": "search_towns_trigrams", "search_streets": "search_streets_trigrams"}
Named = tuple[int, str]


def towns_like(connection: Connection, tenant: str, country: str, name: str) -> list[Named]:
    """Towns of a country: number and name."""
    values = Values(connection)
    where = f"towns.tenant IN ({values.bind(EVERYBODY)}, {values.bind(tenant)}) AND country = {values.bind(country)}"
    return _like(connection, "search_towns", values, name, where,
                 join="JOIN towns ON towns.number = search_towns.{key}")


def streets_like(connection: Connection, town: int, name: str) -> list[Named]:
    """Streets of a town: number and name; of a town with few, all of them."""
    flush(connection)
    values = Values(connection)
    few: list[Named] = driver(connection).execute(
        f"SELECT number, name FROM streets WHERE town = {values.bind(town)} LIMIT {FEW_STREETS + 1}", values).fetchall()  # noqa: S608
    if len(few) <= FEW_STREETS:
        return few if name else []
    values = Values(connection)
    first = values.bind(town * STREETS_OF_A_TOWN)
    last = values.bind((town + 1) * STREETS_OF_A_TOWN - 1)
    return _like(connection, "search_streets", values, name, f"search_streets.{{key}} BETWEEN {first} AND {last}")


def index(connection: Connection) -> None:
    """Make PostgreSQL's trigram indexes where they are missing. Raises what the database says when that cannot be."""
    if connection.dialect.name == "sqlite":
        return
    raw = driver(connection)
    raw.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for table, name in _INDEX.items():
        raw.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (name gin_trgm_ops)")


def settle(connection: Connection) -> None:
    """Bring SQLite's trigrams, which came in many pieces, into one: a name is looked for in every piece."""
    if connection.dialect.name == "sqlite":
        flush(connection)
        for table in _INDEX:
            driver(connection).execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def spelled(name: str) -> str:
    """A name as FTS5 keeps it: each word with the blanks around it that count in its trigrams."""
    return "".join(f"  {word} " for word in name.split())


def _like(connection: Connection, table: str, values: Values, name: str, where: str, join: str = "") -> list[Named]:
    if not name:
        return []
    flush(connection)
    if values.local:
        key, most, order = "rowid", PROPOSED_MOST, "rank"
        fits = f"{table} MATCH {values.bind(_any_of(_telling(name)))}"
    elif driver(connection).execute("SELECT to_regclass(%s)", (_INDEX[table],)).fetchone()[0]:
        bound = values.bind(name)
        key, most, order = "number", PROPOSED_MOST, f"similarity({table}.name, {bound}) DESC"
        fits = f"{table}.name %% {bound}"
    else:
        key, most, order = "number", _BEGINNING_MOST, f"{table}.name"
        fits = f"{table}.name LIKE {values.bind(f'{name[:_START]}%')}"
    sql = (f"SELECT {table}.{key}, {table}.name FROM {table} {join} "  # noqa: S608 - values are bound
           f"WHERE {fits} AND {where} ORDER BY {order} LIMIT {most}").replace("{key}", key)
    rows = _run(connection, sql, values)
    return [(number, " ".join(found.split())) for number, found in rows]


def _run(connection: Connection, sql: str, values: Values) -> Sequence[Named]:
    """PostgreSQL takes names for cheap to compare, and would compare all of them: it is told to use the index."""
    raw = driver(connection)
    if values.local:
        rows: Sequence[Named] = raw.execute(sql, values).fetchall()
        return rows
    raw.execute("SET enable_seqscan TO off; SET enable_indexscan TO off")
    try:
        rows = raw.execute(sql, values).fetchall()
    finally:
        raw.execute("RESET enable_seqscan; RESET enable_indexscan")
    return rows


def _telling(name: str) -> list[str]:
    """The trigrams that a name is looked for by. The first letter of a word alone, and its end, it has in common with
    so many that to rank those takes most of the time; what has no more in common with it is not like it."""
    words = [spelled(word) for word in name.split()]
    found = list(dict.fromkeys(word[start:start + 3] for word in words for start in range(len(word) - 2)))
    return [one for one in found if one[1] != " " and one[2] != " "] or found


def _any_of(trigrams: Sequence[str]) -> str:
    return " OR ".join(f'"{one}"' for one in trigrams)
