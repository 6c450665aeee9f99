"""The lower half of the doctor: is the name known, does it answer, can its certificate be trusted."""

import asyncio
import base64
import contextlib
import errno
import socket
import ssl
from pathlib import Path

import truststore

from playground.features.connections.route import Proxy, Route
from playground.features.connections.steps import Step, failed, ok

_TRUST = "If your organisation inspects traffic, choose its CA certificate under Advanced."
_CERTIFICATE = {
    9: ("The certificate is not valid yet.", "Check the clock of this computer."),
    10: ("The certificate has expired.", "Its owner has to renew it; also check this computer's clock."),
    18: ("The certificate is signed by itself, so nobody vouches for it.", _TRUST),
    19: ("The certificate comes from an authority that this computer does not know.", _TRUST),
    20: ("The certificate comes from an authority that this computer does not know.", _TRUST),
    62: ("The certificate belongs to another name.", "Check the host name: the server is another one."),
    64: ("The certificate belongs to another address.", "Use the host name instead of the IP address."),
}  # fmt: skip


class Line:
    """One connection to an endpoint, examined hop by hop; close it in the end."""

    def __init__(self, route: Route, *, ca_file: str | None, seconds: float) -> None:
        self._route = route
        self._ca_file = ca_file
        self._seconds = seconds
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def look_up(self) -> Step:
        """Is the name of the first hop known?"""
        host, port = self._route.first_hop
        whose = "the proxy's host name" if self._route.proxy else "the host name"
        try:
            async with asyncio.timeout(self._seconds):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except TimeoutError:
            return failed(
                "name", f"Looking up {whose} {host} took too long.", "Check the network and its DNS server."
            )
        except (OSError, ValueError) as error:  # a name with NUL, or one too long for the DNS
            return failed("name", *_name_problem(error, host, self._route.proxy is not None))
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        return ok("name", f"{host} is {', '.join(addresses[:3])}{' …' if len(addresses) > 3 else ''}.")

    async def connect(self) -> Step:
        """Does the first hop answer, and does a proxy let us through to the endpoint?"""
        host, port = self._route.first_hop
        try:
            async with asyncio.timeout(self._seconds):
                self._reader, self._writer = await asyncio.open_connection(host, port)
        except TimeoutError:
            return failed(
                "network",
                f"{host} does not answer on port {port} (waited {self._seconds:g} s).",
                "A firewall may be in the way, or a VPN or proxy is needed to reach it.",
            )
        except OSError as error:
            return failed("network", *_connect_problem(error, host, port))
        proxy = self._route.proxy
        if proxy is None:
            return ok("network", f"{host} answers on port {port}.")
        if not (proxy.tunnels and self._route.encrypted):
            return ok("network", f"The proxy {host} answers on port {port}.")
        return await self._tunnel(proxy)

    async def encrypt(self) -> Step:
        """Can the certificate be trusted, with the system's authorities and the connection's own?"""
        assert self._writer is not None, "connect comes first"
        try:
            context = await asyncio.to_thread(_trust, self._ca_file)
        except (OSError, ssl.SSLError):
            name = Path(self._ca_file or "").name
            return failed(
                "encryption",
                f"The CA file {name} cannot be used.",
                "It has to be a readable file in PEM format.",
            )
        try:
            async with asyncio.timeout(self._seconds):
                await self._writer.start_tls(context, server_hostname=self._route.host)
        except ssl.SSLCertVerificationError as error:
            return failed("encryption", *_certificate_problem(error))
        except TimeoutError:
            return failed(
                "encryption",
                "The server does not finish the TLS handshake.",
                "Something in between may block it.",
            )
        except ssl.SSLError as error:
            return failed("encryption", *_tls_problem(error, self._route))
        except OSError:
            return failed(
                "encryption",
                "The connection was cut during the TLS handshake.",
                "A firewall or proxy may forbid this host; ask whoever runs the network.",
            )
        return ok("encryption", self._describe())

    async def close(self) -> None:
        """End the connection."""
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await self._writer.wait_closed()

    async def _tunnel(self, proxy: Proxy) -> Step:
        """Ask an HTTP proxy for a tunnel to the endpoint, as each encrypted request would."""
        assert self._reader is not None
        assert self._writer is not None
        host = f"[{self._route.host}]" if ":" in self._route.host else self._route.host
        lines = [f"CONNECT {host}:{self._route.port} HTTP/1.1", f"Host: {host}:{self._route.port}"]
        if proxy.user:
            token = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
            lines.append(f"Proxy-Authorization: Basic {token}")
        try:
            async with asyncio.timeout(self._seconds):
                self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
                answer = (await self._reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0].decode("latin-1")
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return failed(
                "network",
                f"{proxy.host}:{proxy.port} does not behave like a proxy.",
                "Check the proxy's address and port under Advanced.",
            )
        status = "".join(answer.split(" ")[1:2]) or "nothing"
        if status == "200":
            return ok(
                "network", f"The proxy {proxy.host}:{proxy.port} lets us through to {self._route.host}."
            )
        if status == "407":
            return failed(
                "network", "The proxy wants a user name and a password.", "Enter them under Advanced, Proxy."
            )
        return failed(
            "network",
            f"The proxy does not let us through to {self._route.host} (it answered {status}).",
            "Ask whoever runs the proxy to allow this host, or choose another proxy under Advanced.",
        )

    def _describe(self) -> str:
        assert self._writer is not None
        protocol = self._writer.get_extra_info("ssl_object").version()
        certificate = self._writer.get_extra_info("peercert") or {}
        issuer = {key: value for part in certificate.get("issuer", ()) for key, value in part}
        signed = issuer.get("organizationName") or issuer.get("commonName")
        own = " (with the CA file of this connection)" if self._ca_file else ""
        return f"{protocol}, certificate issued by {signed}{own}." if signed else f"{protocol}{own}."


def _trust(ca_file: str | None) -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context


def _name_problem(error: Exception, host: str, proxied: bool) -> tuple[str, str]:
    if isinstance(error, socket.gaierror) and error.errno in (
        socket.EAI_AGAIN,
        getattr(socket, "EAI_SYSTEM", -1),
    ):
        return (
            f"{host} could not be looked up because the name server does not answer.",
            "Check that this computer is online.",
        )
    where = "the proxy under Advanced" if proxied else "the resource's name in the endpoint"
    return (
        f"There is no host called {host}.",
        f"Check {where} for a typing error; for a private endpoint, connect to the VPN first.",
    )


def _connect_problem(error: OSError, host: str, port: int) -> tuple[str, str]:
    codes = {getattr(inner, "errno", None) for inner in getattr(error, "exceptions", ())} | {error.errno}
    if errno.ECONNREFUSED in codes or "refused" in str(error).lower():
        return (
            f"{host} refuses connections on port {port}.",
            "Nothing listens there: check the port, and that the server has been started.",
        )
    if codes & {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}:
        return (
            f"{host} cannot be reached from this network.",
            "Check that this computer is online, or needs a VPN.",
        )
    return f"No connection to {host} on port {port}.", "A firewall may be in the way, or a proxy is needed."


def _certificate_problem(error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    known = _CERTIFICATE.get(getattr(error, "verify_code", -1))
    return known or (f"The certificate was not accepted: {error.verify_message or error.reason}.", _TRUST)


def _tls_problem(error: ssl.SSLError, route: Route) -> tuple[str, str]:
    if error.reason in (
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "RECORD_LAYER_FAILURE",
        "PACKET_LENGTH_TOO_LONG",
    ):
        return (
            f"What answers on port {route.port} does not speak TLS.",
            "Check the port; a server on this computer may need http:// instead of https://.",
        )
    return (
        f"The TLS handshake failed ({(error.reason or 'unknown reason').lower().replace('_', ' ')}).",
        "The server or something in between does not accept current TLS.",
    )
