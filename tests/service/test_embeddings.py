"""Embeddings: similar texts lie together, in the encoding and the length that were asked for."""

import base64
import math
import struct
from typing import Any

import pytest

from playground.service.engines.simulated.embeddings import vectors
from playground.service.engines.simulated.tokenizer import SimulatedTokenizer
from tests import schema
from tests.service import engines_client
from tests.service.engines_client import Asker

TOKENIZER = SimulatedTokenizer()
ask, runner = engines_client.ask, engines_client.runner


async def embed(asker: Asker, given: Any, **body: Any) -> Any:
    reply = await asker.post("embeddings", "embeddings", {"input": given, **body})
    assert reply.status_code == 200, reply.text
    schema.validate("GetEmbeddings", 200, reply.content)
    return reply.json()


async def test_the_answer_has_every_member(ask: Any) -> None:
    async with ask() as asker:
        body = await embed(asker, ["one", "two words"])
    assert (body["object"], body["model"]) == ("list", "simulated-embeddings")
    assert [each["index"] for each in body["data"]] == [0, 1]
    assert all(each["object"] == "embedding" and len(each["embedding"]) == 1536 for each in body["data"])
    spent = len(TOKENIZER.encode("one")) + len(TOKENIZER.encode("two words"))
    assert body["usage"] == {"prompt_tokens": spent, "total_tokens": spent}


async def test_tokens_are_embedded_as_their_text(ask: Any) -> None:
    tokens = [TOKENIZER.encode("a cat sat"), TOKENIZER.encode("the river")]
    async with ask() as asker:
        texts = await embed(asker, ["a cat sat", "the river"])
        arrays = await embed(asker, tokens)
        single = await embed(asker, tokens[0])
    assert arrays["data"] == texts["data"]
    assert single["data"][0]["embedding"] == texts["data"][0]["embedding"]


async def test_base64_comes_only_when_asked_for_and_says_the_same(ask: Any) -> None:
    async with ask() as asker:
        numbers = (await embed(asker, "rivers", dimensions=100))["data"][0]["embedding"]
        explicit = (await embed(asker, "rivers", dimensions=100, encoding_format="float"))["data"][0][
            "embedding"
        ]
        packed = (await embed(asker, "rivers", dimensions=100, encoding_format="base64"))["data"][0][
            "embedding"
        ]
    unpacked = struct.unpack("<100f", base64.b64decode(packed, validate=True))
    assert numbers == explicit
    assert [struct.pack("<f", number) for number in numbers] == [
        struct.pack("<f", number) for number in unpacked
    ]


@pytest.mark.parametrize("dimensions", [1, 2, 256, 1536])
async def test_short_vectors_are_the_beginning_of_the_long_one(ask: Any, dimensions: int) -> None:
    async with ask() as asker:
        long = (await embed(asker, "a cat on a mat"))["data"][0]["embedding"]
        short = (await embed(asker, "a cat on a mat", dimensions=dimensions))["data"][0]["embedding"]
    assert len(short) == dimensions
    length = math.hypot(*long[:dimensions])
    expected = (
        [number / length for number in long[:dimensions]] if length else [1.0] + [0.0] * (dimensions - 1)
    )
    assert short == pytest.approx(expected, abs=1e-5)


SIMILAR = [
    ("a cat sat on the mat", "a cat sits on a mat", "quarterly revenue report"),
    ("How do I bake bread?", "Baking a loaf of bread at home", "The train leaves at nine"),
    ("Der Fluss fließt ins Meer", "der fluss fliesst zum meer", "Un café, por favor"),
    ("authentication failed", "authenticating fails", "cherry blossom"),
    ("東京の天気", "東京の天気は晴れ", "パリの夜"),
]


@pytest.mark.parametrize("dimensions", [None, 256])
@pytest.mark.parametrize(("text", "near", "far"), SIMILAR)
def test_similar_texts_lie_together(text: str, near: str, far: str, dimensions: int | None) -> None:
    rows = vectors([text, near, far, text.upper()], dimensions)
    likeness = rows @ rows[0]
    assert likeness[0] == pytest.approx(1.0, abs=1e-5)
    assert likeness[1] > likeness[2] + 0.15
    assert likeness[3] > 0.7


@pytest.mark.parametrize("text", [" ", "!?", "\n", "🙂", "\ud800", "a" * 5000])
def test_every_text_has_a_unit_vector(text: str) -> None:
    assert float((vectors([text]) ** 2).sum()) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"input": ""}, "input"),
        ({"input": []}, "input"),
        ({"input": ["a", ""]}, "input"),
        ({"input": [5_000]}, "input"),
        ({"input": ["a"] * 2049}, "input"),
        ({"input": "word " * 9000}, "input"),
        ({"input": "a", "dimensions": 0}, "dimensions"),
        ({"input": "a", "dimensions": 1537}, "dimensions"),
        ({"input": "a", "encoding_format": "hex"}, "encoding_format"),
        ({"input": "a", "nonsense": 1}, None),
        ({}, "input"),
    ],
)
async def test_broken_rules_are_named(ask: Any, body: dict[str, Any], param: str | None) -> None:
    async with ask() as asker:
        error = await asker.refused("embeddings", body, to="embeddings")
    assert (error["param"] or "").partition("[")[0] == (param or "")


async def test_what_changes_nothing_is_accepted(ask: Any) -> None:
    async with ask() as asker:
        plain = await embed(asker, "tea")
        extra = await embed(asker, "tea", input_type="query", user="somebody", model="x", dimensions=None)
    assert plain == extra
