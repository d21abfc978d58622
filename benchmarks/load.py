"""Load generator: one process, one thread, many keep-alive connections, one request at a time on each.

Run as a program it reads its orders from standard input (JSON: port, request, seconds, connections) and prints
what it saw. Raw sockets and epoll, so that it is never what is measured.
"""

from __future__ import annotations

import json
import select
import socket
import sys
from collections import Counter
from dataclasses import dataclass
from time import perf_counter
from typing import Any

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass
class Connection:
    """One client: when it sent its request, and what has come back of the answer."""

    socket: socket.socket
    sent_at: float = 0.0
    received: bytes = b""
    expected: int = 0

    def send(self, request: bytes) -> None:
        """The next request, at once and whole."""
        self.received, self.expected = b"", 0
        self.sent_at = perf_counter()
        self.socket.sendall(request)

    def answered(self) -> bool:
        """Take in what has arrived; True when the answer is complete."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed a connection")
        self.received += part
        if not self.expected:
            head = self.received.find(HEAD_END)
            if head < 0:
                return False
            self.expected = head + len(HEAD_END) + _length(self.received[:head])
        return len(self.received) >= self.expected

    @property
    def status(self) -> str:
        """Status of the complete answer."""
        return self.received[9:12].decode()


def _length(head: bytes) -> int:
    start = head.lower().find(LENGTH)
    if start < 0:
        raise ConnectionError("an answer without Content-Length")
    return int(head[start + len(LENGTH):].split(b"\r\n", 1)[0])


def drive(port: int, request: bytes, seconds: float, connections: int) -> dict[str, Any]:
    """Send for that long; the rate, the latencies in seconds and the statuses."""
    poll = select.epoll()
    clients: dict[int, Connection] = {}
    for _ in range(connections):
        opened = socket.create_connection(("127.0.0.1", port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        clients[opened.fileno()] = Connection(opened)
        poll.register(opened.fileno(), select.EPOLLIN)
    statuses: Counter[str] = Counter()
    latencies: list[float] = []
    refusal = ""
    began = now = perf_counter()
    for client in clients.values():
        client.send(request)
    waiting = len(clients)
    while waiting:
        events = poll.poll(30)
        if not events:
            raise TimeoutError("no answer for 30 s")
        for number, _ in events:
            client = clients[number]
            if not client.answered():
                continue
            now = perf_counter()
            latencies.append(now - client.sent_at)
            statuses[client.status] += 1
            if client.status >= "400" and not refusal:
                refusal = client.received[:600].decode(errors="replace")
            if now - began < seconds:
                client.send(request)
            else:
                waiting -= 1
    for client in clients.values():
        client.socket.close()
    latencies.sort()
    return {"rate": len(latencies) / (now - began), "count": len(latencies), "statuses": statuses, "refusal": refusal,
            "p50": latencies[len(latencies) // 2], "p99": latencies[int(len(latencies) * 0.99)]}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(drive(given["port"], given["request"].encode(), given["seconds"], given["connections"])))
