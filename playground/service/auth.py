"""Who may ask: programs of this computer that hold the key; web pages never, under whatever name."""

import hashlib
import hmac
from collections.abc import Mapping

from playground.service.errors import ServiceError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_DENIED = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key "
    "for an active subscription and use a correct regional API endpoint for your resource."
)


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse (403) a foreign Host name (DNS rebinding) and everything that a browser sends for a page.

    The names in ``LOOPBACK`` are accepted with any port, as a port may be forwarded. No preflight is ever
    answered with permission, since each carries an ``Origin``.
    """
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    if name.lower() not in LOOPBACK:
        raise ServiceError(403, "Forbidden", "This service answers under loopback names only.")
    if "origin" in headers or headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise ServiceError(403, "Forbidden", "This service does not answer web pages.")


def check_key(headers: Mapping[str, str], key: str) -> None:
    """Refuse (401) a call without the key.

    ``api-key`` decides when it is present, and a bearer token beside it is not looked at (older SDKs send
    both); without it the bearer token has to be the key. Compared in constant time.
    """
    given = headers.get("api-key")
    if given is None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        given = token.strip() if scheme.lower() == "bearer" else ""
    if not hmac.compare_digest(_digest(given), _digest(key)):
        raise ServiceError(401, "401", _DENIED, headers={"www-authenticate": "Bearer"})


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
