"""Client secrets: minted with 256 bits of entropy, shown once, kept as a digest.

A slow password hash protects guessable secrets; these are not guessable, so a plain SHA-256 digest is as good as any
and keeps the token endpoint cheap (an expensive one is a lever for whoever wants it busy).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets


def mint() -> str:
    """A new secret, URL-safe."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What the store keeps of a secret."""
    return "sha256:" + hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether a presented secret is the one whose digest was kept; in constant time."""
    return hmac.compare_digest(digest(secret), kept)
