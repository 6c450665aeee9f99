"""GenerateSpeechFromText: a text becomes an audio file in one of six forms."""

import asyncio
from contextlib import aclosing

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from playground.service import validation
from playground.service.call import Call
from playground.service.engines.audio import CONTENT_TYPES, encoded
from playground.service.engines.protocols import SpeechTask
from playground.wire.speech import SpeechRequest


async def generate(call: Call) -> Response:
    """The audio itself; ``pcm`` is 24 kHz, 16 bits, mono, without a header. Raises ``ServiceError`` (400)."""
    import numpy as np

    request = await call.parse(SpeechRequest)
    validation.reject_unknown(request)
    engine = call.service.engines.speech
    form = request.response_format or "mp3"
    speed = 1.0 if request.speed is None else request.speed
    blocks = []
    async with aclosing(engine.speak(SpeechTask(request.input, request.voice, speed))) as spoken:
        async for block in spoken:
            blocks.append(block)
            if await call.gone():
                raise ClientDisconnect
    data = await asyncio.to_thread(encoded, np.concatenate(blocks), engine.rate, form)
    await engine.delivered(request.input, data)
    return Response(data, media_type=CONTENT_TYPES[form])
