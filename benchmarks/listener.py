"""Subscribers: one program that takes every POST, answers 204, and counts; and one address where nobody ever answers.

Run as a program it prints the two ports and then, for each line it reads, what it has received since the line before:
how many, by the first part of the path, and at which rates while all were in the middle four fifths of theirs. An event
that comes again is counted once.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections import defaultdict
from time import perf_counter

ANSWER = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


class Received:
    """When each event arrived, by the first part of the path."""

    def __init__(self) -> None:
        self.at: defaultdict[str, dict[bytes, float]] = defaultdict(dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the requests of one connection until it is closed."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
                body = await reader.readexactly(length)
                writer.write(ANSWER)
                path, event = head.split(b" ", 2)[1], json.loads(body)["eventId"].encode()
                self.at[path.split(b"/")[1].decode()].setdefault(path + event, perf_counter())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def counts(self) -> dict[str, int]:
        """How many so far."""
        return {name: len(arrived) for name, arrived in self.at.items()}

    def told(self) -> dict[str, float]:
        """Events per second since the last time this was asked, of all over the same time."""
        moments = {name: sorted(arrived.values()) for name, arrived in self.at.items()}
        self.at.clear()
        begun = max(one[len(one) // 10] for one in moments.values())
        ended = min(one[len(one) * 9 // 10] for one in moments.values())
        if ended <= begun:  # one was through before the other had begun
            return {}
        return {name: sum(begun < at <= ended for at in one) / (ended - begun) for name, one in moments.items()}


async def main() -> None:
    """Serve until standard input ends."""
    received = Received()
    server = await asyncio.start_server(received.serve, "127.0.0.1", 0, backlog=512)
    with socket.socket() as silent:  # connections are made, and that is all
        silent.bind(("127.0.0.1", 0))
        silent.listen(512)
        ports = {"open": server.sockets[0].getsockname()[1], "silent": silent.getsockname()[1]}
        print(json.dumps(ports), flush=True)
        while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
            print(json.dumps(received.told() if line == "told" else received.counts()), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
