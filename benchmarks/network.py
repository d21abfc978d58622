"""A pretend network as a program of its own: says yes to everything the sandbox is asked, after a while.

It decides nothing and keeps nothing, so that it costs next to no processor time and is never what is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys

FEASIBLE = {"reason": None}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Answer the requests of one connection until it is closed."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
            await reader.readexactly(length)
            await asyncio.sleep(seconds)
            path = head.split(b" ", 2)[1].decode()
            done = {"state": "done", "service_id": f"svc-{path.rpartition('/')[2]}"}
            body = json.dumps(FEASIBLE if path == "/feasibility" else done).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                         % (len(body), body))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(seconds: float) -> None:
    """Serve until standard input ends; says the port first."""
    server = await asyncio.start_server(lambda reader, writer: serve(reader, writer, seconds), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
