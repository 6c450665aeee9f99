"""Writes an exchange as something to run, to read, or to send to support; never with a credential in it.

What was redacted in the record becomes a variable of the environment, so that a command runs once it is set.
"""

import json
import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playground.api.exchange import Exchange
from playground.api.export_python import as_python
from playground.api.redaction import REDACTED

__all__ = ["as_curl", "as_har", "as_http", "as_python"]

_OWN_HEADERS = frozenset({"content-length", "host", "accept-encoding", "user-agent", "connection"})
_VARIABLES = {"api-key": "AZURE_OPENAI_API_KEY", "ocp-apim-subscription-key": "APIM_SUBSCRIPTION_KEY"}


def as_curl(exchange: Exchange) -> str:
    """A command for bash; the credential comes from the environment."""
    lines = [f"curl -sS -X {exchange.method} {shlex.quote(exchange.url)}"]
    for name, value in exchange.request_headers:
        if name.lower() in _OWN_HEADERS or (exchange.request_form and name.lower() == "content-type"):
            continue
        lines.append(f"-H {_curl_header(name, value)}")
    if exchange.request_form:
        # -F would read a leading @ or < of a plain field as the name of a file.
        *fields, file = exchange.request_form
        lines += [f"--form-string {shlex.quote(f'{name}={value}')}" for name, value in fields]
        lines.append(f"-F {shlex.quote(f'{file[0]}={file[1]}')}")
    elif exchange.request_body:
        lines.append(f"--data-raw {shlex.quote(_text(exchange.request_body))}")
    if "text/event-stream" in _header(exchange.request_headers, "accept"):
        lines.append("--no-buffer")
    return " \\\n  ".join(lines) + "\n"


def as_http(exchange: Exchange) -> str:
    """Request and answer as they went over the wire, as far as they were recorded."""
    parts = urlsplit(exchange.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{exchange.method} {target} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in exchange.request_headers]
    lines += ["", _text(exchange.request_body), ""]
    if exchange.status is None:
        lines.append(f"# no answer: {exchange.error or exchange.state}")
    else:
        lines.append(f"HTTP/1.1 {exchange.status} {_phrase(exchange.status)}".rstrip())
        lines += [f"{name}: {value}" for name, value in exchange.response_headers]
        lines += ["", _answer_text(exchange)]
    return "\n".join(lines) + "\n"


def as_har(exchanges: Iterable[Exchange]) -> str:
    """An HTTP archive (1.2), as browsers and proxies read it."""
    log = {
        "version": "1.2",
        "creator": {"name": "Playground", "version": "0.1"},
        "entries": [_entry(exchange) for exchange in exchanges],
    }
    return json.dumps({"log": log}, ensure_ascii=False, indent=2)


def _entry(exchange: Exchange) -> dict[str, Any]:
    timing = exchange.timing
    ended = exchange.elapsed if timing.ended is None else timing.ended
    connected, sent, first = (
        0.0 if moment is None else moment for moment in (timing.connected, timing.sent, timing.first_byte)
    )
    answer = _answer_text(exchange)
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.started_at, UTC).isoformat(),
        "time": round(ended * 1000, 3),
        "request": {
            "method": exchange.method,
            "url": exchange.url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(exchange.request_headers),
            "queryString": _pairs(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)),
            "headersSize": -1,
            "bodySize": exchange.request_size,
            **_post_data(exchange),
        },
        "response": {
            "status": exchange.status or 0,
            "statusText": _phrase(exchange.status or 0),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(exchange.response_headers),
            "content": {
                "size": exchange.response_size,
                "mimeType": exchange.header("content-type") or "",
                "text": answer,
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": exchange.response_size,
            **({"_error": exchange.error} if exchange.error else {}),
        },
        "cache": {},
        "timings": {
            "connect": _milliseconds(0.0, connected),
            "send": _milliseconds(connected, sent),
            "wait": _milliseconds(sent, first),
            "receive": _milliseconds(first, ended),
        },
        "comment": f"{exchange.operation}, attempt {len(exchange.attempts)}, {exchange.state}",
    }


def _post_data(exchange: Exchange) -> dict[str, Any]:
    if exchange.request_body is None:
        return {}
    kind = _header(exchange.request_headers, "content-type")
    return {"postData": {"mimeType": kind, "text": _text(exchange.request_body)}}


def _milliseconds(begin: float, end: float) -> float:
    return round(max(0.0, end - begin) * 1000, 3)


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _header(headers: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _curl_header(name: str, value: str) -> str:
    if value != REDACTED:
        return shlex.quote(f"{name}: {value}")
    if name.lower() == "authorization":
        return f'"{name}: Bearer $AZURE_OPENAI_AD_TOKEN"'
    variable = _VARIABLES.get(name.lower()) or "".join(
        letter if letter.isascii() and letter.isalnum() else "_" for letter in name.upper()
    )
    return f'"{name}: ${variable}"'


def _answer_text(exchange: Exchange) -> str:
    if exchange.events:
        left_out = f": {exchange.events_left_out} more events\n\n" if exchange.events_left_out else ""
        return "".join(f"data: {event.data}\n\n" for event in exchange.events) + left_out
    return _text(exchange.response_body)


def _text(body: bytes | None) -> str:
    return (body or b"").decode(errors="replace")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
