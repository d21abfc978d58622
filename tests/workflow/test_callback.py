"""Where callbacks may go, and that they go there and nowhere else."""

from __future__ import annotations

import socket
import threading
import time
from ipaddress import ip_address
from typing import Any

import pytest

from lso.errors import NotUnderstood, UpstreamError
from lso.service.address import Policy, check, resolve
from lso.workflow.callback import post
from tests.workflow.scene import Listener

OPEN = Policy(loopback=True)
CLOSED = Policy()


def call(url: str, policy: Policy = OPEN, timeout_seconds: float = 2.0) -> None:
    post(url, b"{}", {"Content-Type": "application/json"}, policy=policy, timeout_seconds=timeout_seconds)


@pytest.mark.parametrize("address", [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "fe80::1", "fd00::1", "::", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "198.18.0.1", "fec0::1",
])
def test_what_is_not_the_public_internet_is_refused(address: str) -> None:
    assert not CLOSED.allows(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_public_internet_is_allowed(address: str) -> None:
    assert CLOSED.allows(ip_address(address))


def test_settings_open_what_they_name_and_nothing_else() -> None:
    private, loopback = Policy(private=True), Policy(loopback=True)
    assert private.allows(ip_address("10.0.0.1"))
    assert not private.allows(ip_address("127.0.0.1"))
    assert not private.allows(ip_address("169.254.169.254"))
    assert loopback.allows(ip_address("::1"))
    assert not loopback.allows(ip_address("10.0.0.1"))


@pytest.mark.parametrize("url", [
    "buyer.example.com/events", "ftp://buyer.example.com", "http://", "http://user:secret@buyer.example.com",
    "http://buyer.example.com/?x=1", "http://buyer.example.com:99999", "http://[::1", "http://buyer.example.com/a b",
    "file:///etc/passwd", "", "http://buyer.example.com/x?", "http://buyer.example.com/x#",
])
def test_what_is_no_callback_is_refused_when_it_is_registered(url: str) -> None:
    with pytest.raises(NotUnderstood):
        check(url, OPEN)


@pytest.mark.parametrize("url", [
    "http://127.0.0.1", "http://2130706433", "http://0x7f.1", "http://[::ffff:7f00:1]", "http://localhost:8080/x",
    "http://169.254.169.254/latest/meta-data",
])
def test_ways_of_writing_loopback_are_seen_through(url: str) -> None:
    with pytest.raises(NotUnderstood, match="network that events are not sent to"):
        check(url, CLOSED)


def test_a_name_that_nobody_knows_may_be_registered_but_not_called() -> None:
    check("https://buyer.invalid/events", CLOSED)
    with pytest.raises(UpstreamError, match="not known"):
        call("https://buyer.invalid/events", CLOSED)


def test_https_can_be_demanded() -> None:
    with pytest.raises(NotUnderstood, match="https"):
        check("http://buyer.example.com", Policy(https_only=True))


def test_any_success_is_a_receipt_and_nothing_else_is(listener: Listener) -> None:
    listener.answers = [200, 201, 204, 299, 304, 400, 500]
    for _ in range(4):
        call(listener.url)
    for status in (304, 400, 500):
        with pytest.raises(UpstreamError, match=str(status)):
            call(listener.url)


def test_a_redirect_is_not_followed(listener: Listener) -> None:
    with Listener() as inside:
        listener.answers, listener.redirect_to = [307], inside.url
        with pytest.raises(UpstreamError, match="307"):
            call(listener.url)
        assert inside.received == []


def test_the_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(
        monkeypatch: pytest.MonkeyPatch, listener: Listener) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def changing_its_mind(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "rebinding.example.com":
            return real(host, port, *rest, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "192.0.2.1", port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing_its_mind)
    call(f"http://rebinding.example.com:{listener.port}/events")
    assert asked == ["rebinding.example.com"]
    assert listener.received[0][2]["host"] == f"rebinding.example.com:{listener.port}"


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, listener: Listener) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    call(listener.url)
    assert len(listener.received) == 1


def test_an_answer_that_trickles_in_is_cut_off() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    begun = time.monotonic()
    stop = threading.Event()

    def trickle() -> None:
        peer, _address = server.accept()
        with peer:
            peer.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.1):
                try:
                    peer.sendall(b"X-More: 1\r\n")
                except OSError:
                    return

    dripping = threading.Thread(target=trickle)
    dripping.start()
    try:
        with pytest.raises(UpstreamError) as late:
            call(f"http://127.0.0.1:{server.getsockname()[1]}", timeout_seconds=0.5)
    finally:
        stop.set()
        dripping.join()
        server.close()
    assert late.value.timed_out
    assert time.monotonic() - begun < 5


def test_the_address_to_connect_to_is_one_that_is_allowed() -> None:
    where, address = resolve("http://127.0.0.1:81/x", OPEN)
    assert (where.host, where.port, str(address)) == ("127.0.0.1", 81, "127.0.0.1")
