"""What the database itself holds, read past everything that is tested."""

import sqlite3
from dataclasses import dataclass
from uuid import UUID

import psycopg

QUERY = "SELECT seq, client_id FROM chat_message WHERE room_id = {} ORDER BY seq"


@dataclass(frozen=True)
class Stored:
    """A message as it is stored."""

    seq: int
    client_id: str


def messages(database_url: str, room: str) -> list[Stored]:
    """Return the messages of a room, given by its topic, in their order."""
    number = int(room.partition(":")[2])
    if database_url.startswith("sqlite:///"):
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as file:
            found = file.execute(QUERY.format("?"), [number]).fetchall()
    else:
        with psycopg.connect(database_url) as server:
            found = server.execute(QUERY.format("%s"), [number]).fetchall()
    return [Stored(seq, str(UUID(str(client_id)))) for seq, client_id in found]


def connections(database_url: str) -> int:
    """Return how many connections there are to a PostgreSQL database, but for this one."""
    with psycopg.connect(database_url) as server:
        [count] = server.execute(
            "SELECT COUNT(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone() or [0]
        return int(count)
