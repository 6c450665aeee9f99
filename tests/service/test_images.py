"""Pictures: real PNG files of the size that was asked for, by link or inside, blocked when the filter says so."""

import base64
import struct
import zlib
from typing import Any

import numpy as np
import pytest

from tests import schema
from tests.service import engines_client
from tests.service.engines_client import Asker

ask, runner = engines_client.ask, engines_client.runner
PATH = "images/generations"


async def draw(asker: Asker, **body: Any) -> Any:
    reply = await asker.post("images", PATH, {"prompt": "a lighthouse by the sea", **body})
    assert reply.status_code == 200, reply.text
    schema.validate("GetImageGenerations", 200, reply.content)
    return reply.json()


def pixels(picture: bytes) -> Any:
    """An independent reading of the PNG: checks every checksum, undoes the row filter."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, {}
    while place < len(picture):
        size = struct.unpack(">I", picture[place : place + 4])[0]
        kind, data = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + size]
        assert struct.unpack(">I", picture[place + 8 + size : place + 12 + size])[0] == zlib.crc32(
            kind + data
        )
        chunks[kind] = data
        place += 12 + size
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + width * 3)
    assert set(rows[:, 0]) == {2}
    return np.cumsum(rows[:, 1:].astype(np.uint64), axis=0).astype(np.uint8).reshape(height, width, 3)


@pytest.mark.parametrize("size", ["1024x1024", "1792x1024", "1024x1792"])
async def test_a_picture_has_the_size_that_was_asked_for(ask: Any, size: str) -> None:
    async with ask() as asker:
        body = await draw(asker, size=size, response_format="b64_json")
    image = pixels(base64.b64decode(body["data"][0]["b64_json"]))
    assert f"{image.shape[1]}x{image.shape[0]}" == size
    assert len(np.unique(image.reshape(-1, 3)[::97], axis=0)) > 100
    corner = image[-60:, :260]
    assert (corner > 230).any()  # the bright letters of the mark
    assert "simulated" in body["data"][0]["revised_prompt"]
    assert body["data"][0]["content_filter_results"]["hate"]["filtered"] is False
    assert body["data"][0]["prompt_filter_results"]["profanity"] == {"filtered": False, "detected": False}


async def test_the_same_prompt_gives_the_same_picture_and_another_does_not(ask: Any) -> None:
    found = []
    async with ask() as asker:
        for changes in ({}, {}, {"prompt": "a desert at night"}, {"style": "natural"}, {"quality": "hd"}):
            body = await draw(asker, response_format="b64_json", **changes)
            found.append(body["data"][0]["b64_json"])
    assert found[0] == found[1]
    assert len(set(found)) == 4


async def test_a_link_leads_to_the_picture_without_a_key(ask: Any) -> None:
    async with ask() as asker:
        url = (await draw(asker))["data"][0]["url"]
        reply = await asker.client.get(url, headers={"api-key": ""})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "image/png"
    assert pixels(reply.content).shape == (1024, 1024, 3)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 4001}, "prompt"),
        ({}, "prompt"),
        ({"prompt": "x", "n": 2}, "n"),
        ({"prompt": "x", "n": 0}, "n"),
        ({"prompt": "x", "size": "256x256"}, "size"),
        ({"prompt": "x", "size": "10x10"}, "size"),
        ({"prompt": "x", "quality": "best"}, "quality"),
        ({"prompt": "x", "style": "odd"}, "style"),
        ({"prompt": "x", "response_format": "png"}, "response_format"),
        ({"prompt": "x", "seed": 1}, None),
    ],
)
async def test_broken_rules_are_named(ask: Any, body: dict[str, Any], param: str | None) -> None:
    async with ask() as asker:
        error = await asker.refused(PATH, body, to="images")
    assert error["param"] == param


async def test_an_older_model_draws_several_small_pictures(ask: Any) -> None:
    from playground.service.call import Deployment

    async with ask() as asker:
        asker.service.deployments["images"] = Deployment("images", "images", "dall-e-2")
        body = await draw(asker, size="256x256", n=3, response_format="b64_json")
        error = await asker.refused(PATH, {"prompt": "x", "quality": "hd"}, to="images")
    pictures = [base64.b64decode(each["b64_json"]) for each in body["data"]]
    assert [pixels(each).shape for each in pictures] == [(256, 256, 3)] * 3
    assert len(set(pictures)) == 3
    assert "revised_prompt" not in body["data"][0]
    assert error["param"] == "quality"


@pytest.mark.parametrize(("words", "revised"), [("filter:violence", False), ("filter-answer:violence", True)])
async def test_the_filter_blocks_prompts_and_pictures(ask: Any, words: str, revised: bool) -> None:
    async with ask() as asker:
        error = await asker.refused(PATH, {"prompt": f"a fight [[{words}]]"}, to="images")
    assert (error["code"], error["type"]) == ("content_policy_violation", "invalid_request_error")
    inner = error["inner_error"]
    assert inner["code"] == "ResponsibleAIPolicyViolation"
    assert inner["content_filter_results"]["violence"]["filtered"] is True
    assert ("revised_prompt" in inner) == revised
