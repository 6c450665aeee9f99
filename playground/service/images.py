"""GetImageGenerations: pictures from a description, by link or in the answer."""

import asyncio
import base64
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from playground.service import content_filter, validation
from playground.service.call import Call
from playground.service.engines.protocols import ImageTask
from playground.service.errors import bad_request
from playground.wire.images import ImageRequest

SIZES = {
    "dall-e-2": ("256x256", "512x512", "1024x1024"),
    "dall-e-3": ("1024x1024", "1792x1024", "1024x1792"),
}
MOST = {"dall-e-2": 10, "dall-e-3": 1}


async def generate(call: Call) -> Response:
    """Draw what the prompt describes. Raises ``ServiceError`` (400, also when the filter blocks it)."""
    assert call.deployment is not None
    request = await call.parse(ImageRequest)
    validation.reject_unknown(request)
    family = "dall-e-2" if call.deployment.model == "dall-e-2" else "dall-e-3"
    _check(request, family)
    engine = call.service.engines.images
    revised = engine.revise(request.prompt)
    content_filter.check_image_prompt(request.prompt, revised)
    data = []
    for variant in range(request.n or 1):
        if await call.gone():
            raise ClientDisconnect
        picture = await engine.draw(_task(request, variant))
        data.append(await _entry(call, request, picture, revised if family == "dall-e-3" else None))
    return JSONResponse({"created": call.service.now(), "data": data})


def _check(request: ImageRequest, family: str) -> None:
    size = request.size or "1024x1024"
    if size not in SIZES[family]:
        supported = ", ".join(f"'{each}'" for each in SIZES[family])
        message = f"The size '{size}' is not supported by this model. Supported values are: {supported}."
        raise bad_request(message, "size", "invalid_value")
    if (request.n or 1) > MOST[family]:
        message = f"Invalid 'n': integer above maximum value. Expected a value <= {MOST[family]}, but got {request.n}."
        raise bad_request(message, "n", "integer_above_max_value")
    for name in ("quality", "style"):
        if family == "dall-e-2" and getattr(request, name) is not None:
            raise bad_request(f"Unknown parameter: '{name}'.", name, "unknown_parameter")


def _task(request: ImageRequest, variant: int) -> ImageTask:
    width, height = map(int, (request.size or "1024x1024").split("x"))
    style, quality = request.style or "vivid", request.quality or "standard"
    return ImageTask(request.prompt, width, height, style, quality, variant)


async def _entry(call: Call, request: ImageRequest, picture: bytes, revised: str | None) -> dict[str, Any]:
    results = content_filter.prompt_results()
    entry: dict[str, Any] = {
        "content_filter_results": content_filter.choice_results(),
        "prompt_filter_results": results | {"profanity": {"filtered": False, "detected": False}},
    }
    if revised is not None:
        entry["revised_prompt"] = revised
    if request.response_format == "b64_json":
        return entry | {"b64_json": (await asyncio.to_thread(base64.b64encode, picture)).decode()}
    return entry | {"url": call.service.links.put(picture, "image/png")}
