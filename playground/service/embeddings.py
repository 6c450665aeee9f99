"""GetEmbeddings: texts or token arrays in, unit vectors out, as numbers or as base64, exactly as asked."""

import asyncio
import base64
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from playground.service import tokens, validation
from playground.service.call import Call
from playground.service.engines.protocols import EmbeddingEngine
from playground.service.errors import bad_request
from playground.wire.embeddings import EmbeddingsRequest

if TYPE_CHECKING:
    from playground.service.engines.protocols import Vectors


async def embed(call: Call) -> Response:
    """The vectors of all inputs, in their order. Raises ``ServiceError`` (400)."""
    request = await call.parse(EmbeddingsRequest)
    validation.reject_unknown(request)
    engine = call.service.engines.embeddings
    _check_dimensions(request, engine)
    texts = _texts(request, engine)
    spent = 0
    for text in texts:
        size = await tokens.count(engine.tokenizer, [text])
        if size > engine.input_tokens:
            raise validation.too_long(engine.input_tokens, size, 0, "input")
        spent += size
    rows = await engine.embed(texts, request.dimensions)
    vectors = await asyncio.to_thread(_encoded, rows, request.encoding_format == "base64")
    return JSONResponse(
        {
            "object": "list",
            "model": engine.name,
            "data": [
                {"object": "embedding", "index": at, "embedding": each} for at, each in enumerate(vectors)
            ],
            "usage": {"prompt_tokens": spent, "total_tokens": spent},
        }
    )


def _check_dimensions(request: EmbeddingsRequest, engine: EmbeddingEngine) -> None:
    asked = request.dimensions
    if asked is None:
        return
    if not engine.resizable:
        raise bad_request("This model does not support specifying dimensions.", "dimensions")
    if asked > engine.dimensions:
        message = f"Invalid value for 'dimensions': must be at most {engine.dimensions}, but got {asked}."
        raise bad_request(message, "dimensions", "invalid_value")


def _texts(request: EmbeddingsRequest, engine: EmbeddingEngine) -> list[str]:
    given: Any = request.input
    if isinstance(given, str):
        return [given]
    if isinstance(given[0], int):
        return [tokens.decode(engine.tokenizer, given, "input")]
    return [
        each if isinstance(each, str) else tokens.decode(engine.tokenizer, each, f"input[{place}]")
        for place, each in enumerate(given)
    ]


def _encoded(rows: "Vectors", packed: bool) -> list[Any]:
    if packed:
        return [base64.b64encode(row.astype("<f4").tobytes()).decode() for row in rows]
    # The shortest text of a 32-bit number: its exact 64-bit value would be twice as long and no truer.
    return [[float(f"{number:.9g}") for number in row] for row in rows.tolist()]
