"""Which proxy a connection goes through; this computer is never reached through one."""

import urllib.request
from urllib.parse import unquote, urlsplit

from playground.api.connection import Connection, is_loopback
from playground.api.errors import UnusableAddress

SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


def proxy_for(connection: Connection) -> str | None:
    """The address of the proxy, perhaps with a password in it, or None. May ask the system: not on the loop."""
    if is_loopback(connection.host) or connection.proxy == "none":
        return None
    if connection.proxy in (None, "", "system"):
        known = urllib.request.getproxies()
        address = known.get(urlsplit(connection.endpoint.strip()).scheme.lower()) or known.get("all")
        if not address or urllib.request.proxy_bypass(connection.host):
            return None
    else:
        address = connection.proxy or ""
    return address if "://" in address else f"http://{address}"


def split_proxy(address: str) -> tuple[str, tuple[str, str] | None]:
    """An address without user and password, and these apart. Raises ``UnusableAddress``."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme.lower() not in SCHEMES:
        raise UnusableAddress("The address of the proxy is not valid.")
    shown = f"[{host}]" if ":" in host else host
    plain = f"{parts.scheme.lower()}://{shown}" + (f":{port}" if port else "")
    if parts.username is None:
        return plain, None
    return plain, (unquote(parts.username), unquote(parts.password or ""))
