"""Where callbacks may go. Checked when a subscription is registered, and again when an event is sent; the connection
then goes to the very address that was checked, so that a name cannot change its mind in between.

Networks that are never anybody's front door (link-local with its metadata services, multicast, reserved, unspecified)
are refused whatever the settings say; loopback and private networks unless the settings allow them.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from lso.errors import NotUnderstood
from lso.settings import Settings

Address = IPv4Address | IPv6Address
PORTS = {"http": 80, "https": 443}
TRANSLATED = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings allow."""

    loopback: bool = False
    private: bool = False
    https_only: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """The policy that the settings describe."""
        return cls(settings.callback_loopback, settings.callback_private, settings.callback_https_only)

    def allows(self, address: Address) -> bool:
        """Whether we may connect there."""
        address = _meant(address)
        if address.is_loopback:
            return self.loopback
        if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
            return False
        if isinstance(address, IPv6Address) and address.is_site_local:  # private once, not known as such any more
            return self.private
        return address.is_global or (self.private and address.is_private)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A callback taken apart."""

    scheme: str
    host: str
    port: int


def endpoint(url: str, policy: Policy) -> Endpoint:
    """The parts of a callback. Raises NotUnderstood for what cannot be one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotUnderstood("The callback is not a URL.") from error
    if parts.scheme not in PORTS or not parts.hostname or any(ord(letter) <= 32 for letter in url):
        raise NotUnderstood("The callback is not an absolute http or https URL.")
    if policy.https_only and parts.scheme != "https":
        raise NotUnderstood("The callback must use https.")
    if parts.username is not None or parts.password is not None:
        raise NotUnderstood("The callback must not carry credentials.")
    if "?" in url or "#" in url:
        raise NotUnderstood("The callback must not have a query or fragment: listener paths are appended to it.")
    return Endpoint(parts.scheme, parts.hostname, PORTS[parts.scheme] if port is None else port)


def check(url: str, policy: Policy) -> None:
    """Refuse a callback that we would never call. A name that nobody knows yet is no reason; blocks for the look-up."""
    where = endpoint(url, policy)
    known = _look_up(where)
    if known and not any(policy.allows(address) for address in known):
        raise NotUnderstood("The callback leads to a network that events are not sent to.")


def resolve(url: str, policy: Policy) -> tuple[Endpoint, Address]:
    """The endpoint and the address to connect to now. Raises NotUnderstood when there is none that is allowed."""
    where = endpoint(url, policy)
    known = _look_up(where)
    if not known:
        raise NotUnderstood("The host of the callback is not known.")
    for address in known:
        if policy.allows(address):
            return where, address
    raise NotUnderstood("The callback leads to a network that events are not sent to.")


def _look_up(where: Endpoint) -> list[Address]:
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _meant(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one, where it is only a wrapping."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
