"""Subscribers: one program that takes every POST, answers 204, and counts; and one address where nobody ever answers.

Run as a program it prints the two ports and then, for each line it reads, what it has received since the line before:
how many, and the rate of the middle four fifths. An event that comes again is counted once.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from time import perf_counter

ANSWER = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


class Received:
    """When each event arrived."""

    def __init__(self) -> None:
        self.at: dict[bytes, float] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the requests of one connection until it is closed."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
                body = await reader.readexactly(length)
                writer.write(ANSWER)
                path, event = head.split(b" ", 2)[1], json.loads(body)["eventId"].encode()
                self.at.setdefault(path + event, perf_counter())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def told(self) -> str:
        """What came since the last time this was asked."""
        moments = sorted(self.at.values())
        self.at.clear()
        middle = moments[len(moments) // 10: len(moments) * 9 // 10]
        rate = (len(middle) - 1) / (middle[-1] - middle[0]) if len(middle) > 1 else 0.0
        return json.dumps({"count": len(moments), "rate": rate})


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
            print(received.told() if line == "told" else json.dumps({"count": len(received.at)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
