"""Messages as the engine sees them: parts joined, pictures and recordings decoded, tool calls matched up."""

import base64
import binascii
import struct
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from playground.service.engines.protocols import Picture, Turn
from playground.service.errors import ServiceError, bad_request
from playground.wire.messages import AssistantMessage, AudioPart, ImagePart, ToolMessage, UserMessage

MAX_IMAGES = 50
KINDS = ("png", "jpeg", "gif", "webp")


def read_messages(messages: Sequence[Any]) -> tuple[Turn, ...]:
    """The conversation; 400 for content that cannot be read or does not belong where it stands."""
    check_tool_order(messages)
    turns = []
    images = 0
    for place, message in enumerate(messages):
        turn = _turn(message, f"messages[{place}]")
        images += len(turn.pictures)
        if images > MAX_IMAGES:
            message_text = f"Too many images in request. Max is {MAX_IMAGES}."
            raise bad_request(message_text, f"messages[{place}].content", "too_many_images")
        turns.append(turn)
    return tuple(turns)


def check_tool_order(messages: Sequence[Any]) -> None:
    """400 unless each tool message answers a call just before it, and each call is answered."""
    open_calls: list[str] = []
    answered_from = 0
    for place, message in enumerate(messages):
        if isinstance(message, ToolMessage):
            if message.tool_call_id not in open_calls:
                raise bad_request(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
                    "'tool_calls'.",
                    f"messages[{place}].role",
                )
            open_calls.remove(message.tool_call_id)
            continue
        if open_calls:
            raise _unanswered(open_calls, answered_from)
        if isinstance(message, AssistantMessage):
            open_calls = [call.id for call in message.tool_calls or []]
            answered_from = place
    if open_calls:
        raise _unanswered(open_calls, answered_from)


def _unanswered(calls: Sequence[str], place: int) -> ServiceError:
    return bad_request(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
        f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(calls)[:300]}",
        f"messages[{place}].role",
    )


def _turn(message: Any, param: str) -> Turn:
    parts = message.content if isinstance(message.content, list) else []
    text = message.content if isinstance(message.content, str) else _joined(parts)
    if isinstance(message, UserMessage):
        pictures = tuple(
            _picture(part, f"{param}.content[{place}].image_url")
            for place, part in enumerate(parts)
            if isinstance(part, ImagePart)
        )
        audio = tuple(
            _base64(part.input_audio.data, f"{param}.content[{place}].input_audio.data")
            for place, part in enumerate(parts)
            if isinstance(part, AudioPart)
        )
        return Turn("user", text, pictures, audio)
    if isinstance(message, AssistantMessage):
        return _assistant(message, text, param)
    call_id = message.tool_call_id if isinstance(message, ToolMessage) else ""
    return Turn(message.role, text, call_id=call_id, name=getattr(message, "name", None) or "")


def _assistant(message: AssistantMessage, text: str, param: str) -> Turn:
    calls = [(call.id, call.function.name, call.function.arguments) for call in message.tool_calls or []]
    if message.function_call is not None:
        calls.append(("", message.function_call.name, message.function_call.arguments))
    spoken = (message.model_extra or {}).get("audio")
    if message.content is None and not calls and message.refusal is None and spoken is None:
        what = f"{param}.content"
        raise bad_request(
            f"Invalid value for '{what}': expected a string, got null.", what, "missing_required_parameter"
        )
    return Turn("assistant", text or message.refusal or "", calls=tuple(calls))


def _joined(parts: Sequence[Any]) -> str:
    texts = [getattr(part, "text", None) or getattr(part, "refusal", None) for part in parts]
    return "\n".join(text for text in texts if text)


def _picture(part: ImagePart, param: str) -> Picture:
    """The size of a picture sent along; addresses are never opened, only their host is noted."""
    url, detail = part.image_url.url, part.image_url.detail or "auto"
    if url.startswith("data:"):
        head, _, payload = url.partition(",")
        if not head.startswith("data:image/") or not head.endswith(";base64"):
            raise _bad_image(param)
        data = _base64(payload, param)
        kind, width, height = measured(data)
        if not kind:
            raise _bad_image(param)
        return Picture(width, height, kind, data, detail=detail)
    host = _host(url)
    if not host:
        raise bad_request(
            "Invalid image URL. Expected an https address or a base64 data URL.", param, "invalid_image_url"
        )
    return Picture(host=host, detail=detail)


def _host(url: str) -> str | None:
    try:
        address = urlsplit(url)
    except ValueError:
        return None
    return address.hostname if address.scheme in {"http", "https"} else None


def _bad_image(param: str) -> ServiceError:
    supported = ", ".join(f"'{kind}'" for kind in KINDS)
    return bad_request(
        f"You uploaded an unsupported image. Please make sure your image has one of these formats: [{supported}].",
        param,
        "invalid_image_format",
    )


def _base64(text: str, param: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise bad_request(f"Invalid base64 data for '{param}'.", param, "invalid_base64") from None


def measured(data: bytes) -> tuple[str, int, int]:
    """(kind, width, height) by the header of a PNG, JPEG, GIF or WebP; kind is empty for anything else."""
    try:
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            return ("png", *struct.unpack(">II", data[16:24]))
        if data[:6] in {b"GIF87a", b"GIF89a"}:
            return ("gif", *struct.unpack("<HH", data[6:10]))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data[:2] == b"\xff\xd8":
            return _jpeg(data)
    except (struct.error, IndexError):
        pass
    return "", 0, 0


def _webp(data: bytes) -> tuple[str, int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return "webp", 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return "webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", data[26:30])
    return "webp", width & 0x3FFF, height & 0x3FFF


def _jpeg(data: bytes) -> tuple[str, int, int]:
    place = 2
    while data[place] == 0xFF:
        marker, length = data[place + 1], struct.unpack(">H", data[place + 2 : place + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return "jpeg", width, height
        place += 2 + length
    return "", 0, 0


def image_tokens(picture: Picture) -> int:
    """What a picture costs: 85, and in detail 170 more for each tile of 512 pixels after scaling."""
    if picture.detail == "low" or not picture.width:
        return 85
    shrink = min(1.0, 2048 / max(picture.width, picture.height))
    width, height = picture.width * shrink, picture.height * shrink
    shrink = min(1.0, 768 / max(1.0, min(width, height)))
    tiles = -(-int(width * shrink) // 512) * -(-int(height * shrink) // 512)
    return 85 + 170 * max(1, tiles)
