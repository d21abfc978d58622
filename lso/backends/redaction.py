"""What may be kept of an exchange: no secrets, nobody's contact data, and no more than a few thousand characters.

Bodies are masked by the names of members and elements, in JSON as in XML, and e-mail addresses wherever they stand.
"""

from __future__ import annotations

import re

KEPT_MOST = 8_000
MASK = "***"
_NAMES = (r"[\w.:-]*(?:secret|password|token|authorization|assertion|e-?mail|phone|contact|credential|api-?key)[\w.:-]*"
          r"|name|number(?:Extension)?|(?:given|family|full)Name")
_json = re.compile(rf'("(?:{_NAMES})"\s*:\s*)("(?:[^"\\]|\\.)*(?:"|$)|[-\d.eE+]+)', re.IGNORECASE)
_xml = re.compile(rf"(<(?:\w+:)?(?:{_NAMES})(?:\s[^<>]*)?>)[^<]+", re.IGNORECASE)
_form = re.compile(rf"((?:^|&)(?:{_NAMES})=)[^&]*", re.IGNORECASE)
_mail = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_bearer = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE)


def redacted(body: bytes | str, *, most: int = KEPT_MOST) -> str:
    """A body as it may be kept; what is beyond the bound is only counted."""
    size = len(body)
    text = body[: 4 * most].decode("utf-8", "replace") if isinstance(body, bytes) else body[: 4 * most]
    start = text.lstrip("\ufeff \t\r\n")[:1]
    for pattern in (_json,) if start in ("{", "[") else (_xml,) if start == "<" else (_form,):
        text = pattern.sub(_masked, text)
    text = _bearer.sub(rf"\1 {MASK}", _mail.sub(MASK, text)).replace("\0", "�")
    return text if len(text) <= most and size <= 4 * most else f"{text[:most]} … {size} in all"


def _masked(found: re.Match[str]) -> str:
    quoted = found.re is _json
    return f'{found[1]}"{MASK}"' if quoted else f"{found[1]}{MASK}"
