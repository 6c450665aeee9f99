"""Takes credentials out of whatever is recorded, shown or exported, before it is recorded at all."""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

REDACTED = "[redacted]"
LONGEST_INLINE = 256
"""Base64 text up to this long stays as it is."""

_SECRET_HEADERS = frozenset({
    *("api-key", "authorization", "proxy-authorization", "ocp-apim-subscription-key", "cookie", "set-cookie"),
    *("x-api-key", "x-ms-authorization-auxiliary"),
})  # fmt: skip
_SECRET_WORDS = re.compile(r"key|token|secret|passw|auth|cookie|credential|signature", re.IGNORECASE)
_HARMLESS_HEADERS = re.compile(r"(x-ratelimit|x-rate-limit|deployment-).*|.*-tokens", re.IGNORECASE)
_SECRET_MEMBERS = frozenset({
    *("key", "api_key", "access_token", "connection_string", "encoded_api_key", "password", "client_secret"),
    *("token", "secret"),
})  # fmt: skip
_SECRET_QUERY = re.compile(
    r"([?&](?:amp;)?(?:sig|sas|sas_token|token|access_token|api[-_]key|key|subscription-key|password)=)"
    r"[^&#\s\"'<>\\]+",
    re.IGNORECASE,
)
_DATA_URL = re.compile(r"(data:[\w.+/-]*(?:;[\w=.+-]+)*;base64,)(.+)\Z", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}\Z")
_BASE64_MEMBERS = frozenset({"data", "b64_json", "file_data", "embedding"})


def is_secret_header(name: str) -> bool:
    """Whether a header is likely to carry a credential."""
    if name.lower() in _SECRET_HEADERS:
        return True
    return bool(_SECRET_WORDS.search(name)) and not _HARMLESS_HEADERS.fullmatch(name)


def redact_url(url: str) -> str:
    """An address without the values of signatures, keys and tokens in its query, and without a password."""
    url = _SECRET_QUERY.sub(rf"\g<1>{REDACTED}", url)
    head, mark, _ = url.partition("://")
    if not mark or "@" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{head}://{REDACTED}"
    user, at, host = parts.netloc.rpartition("@")
    if not at or ":" not in user:
        return url
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{REDACTED}@{host}"))


class Redactor:
    """Knows the credentials of a connection, and takes them out wherever they turn up."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Take this out too; fresh tokens come along during a session. Very short ones are no secrets."""
        if len(secret) >= 6 and secret not in self._secrets:
            self._secrets |= {secret, json.dumps(secret)[1:-1], quote(secret, safe="")}

    def text(self, text: str) -> str:
        """A message or address without credentials."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            if secret in text:
                text = text.replace(secret, REDACTED)
        return _SECRET_QUERY.sub(rf"\g<1>{REDACTED}", text) if "=" in text else text

    def texts(self, texts: list[str]) -> list[str]:
        """Texts without credentials: the very same list when, as nearly always, there are none."""
        if any(secret in text for secret in self._secrets for text in texts):
            return [self.text(text) for text in texts]
        return texts

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Headers, with the values of secret ones replaced."""
        return [
            (name, REDACTED if is_secret_header(name) else self.text(redact_url(value)))
            for name, value in headers
        ]

    def body(self, data: bytes, limit: int) -> bytes:
        """A recorded body of at most ``limit`` bytes.

        In JSON, credentials are taken out and long base64 texts are told by size and hash.
        """
        try:
            value = json.loads(data)
            kept = json.dumps(self._value(value, "", False), ensure_ascii=False, separators=(",", ":"))
        except (ValueError, RecursionError):
            kept = self.text(data[: 2 * limit].decode(errors="replace"))
        encoded = kept.encode(errors="replace")
        if len(encoded) <= limit:
            return encoded
        return encoded[:limit] + f" … [{len(encoded) - limit:,} more bytes not recorded]".encode()

    def _value(self, value: Any, member: str, sources: bool) -> Any:
        """A JSON value; ``sources`` while inside ``data_sources``, where a ``key`` is a credential."""
        if isinstance(value, str):
            return REDACTED if sources and member in _SECRET_MEMBERS else self._string(value, member)
        if isinstance(value, list):
            return [self._value(item, member, sources) for item in value]
        if isinstance(value, dict):
            return {
                name: self._value(item, name, sources or name == "data_sources")
                for name, item in value.items()
            }
        return value

    def _string(self, text: str, member: str) -> str:
        if len(text) > LONGEST_INLINE:
            if match := _DATA_URL.match(text):
                return match[1] + elided(match[2])
            if member in _BASE64_MEMBERS and _BASE64.match(text):
                return elided(text)
        return self.text(text)


def elided(text: str) -> str:
    """What is recorded in place of a long base64 text: its size and the beginning of its hash."""
    digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
    size = len(text) * 3 // 4 - text[-2:].count("=")
    return f"[{size:,} bytes, sha256 of the base64 text {digest}…]"
