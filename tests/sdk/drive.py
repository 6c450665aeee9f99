"""Drives the service through the official Python SDK, run in a process of its own with that SDK on its path.

Prints a JSON line per case, ``{"case": name, "ok": true}`` or with ``"error"``. Arguments: url, key, wav.
"""

import base64
import hashlib
import io
import json
import struct
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import openai
from openai import AzureOpenAI

URL, KEY, WAV = sys.argv[1:4]
VERSION = "2025-01-01-preview"
MESSAGES = [{"role": "user", "content": "Say something about the sea in two sentences."}]
CASES: list = []


def client(**changes):
    options = {"azure_endpoint": URL, "api_key": KEY, "api_version": VERSION, "max_retries": 0, "timeout": 60}
    return AzureOpenAI(**{**options, **changes})


def case(function):
    CASES.append(function)
    return function


def refused(kind, call, **expected):
    """The call must fail with this exception class and these members; returns the exception."""
    caught = None
    try:
        call()
    except kind as error:
        caught = error
    assert caught is not None, f"no {kind.__name__}"
    for name, value in expected.items():
        assert getattr(caught, name) == value, f"{name}: {getattr(caught, name)!r} instead of {value!r}"
    return caught


@case
def chat_plain():
    reply = client().chat.completions.create(model="chat", messages=MESSAGES, seed=1)
    assert reply.object == "chat.completion"
    assert reply.id.startswith("chatcmpl-")
    assert reply.model.startswith("simulated")
    assert reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    again = client().chat.completions.create(model="chat", messages=MESSAGES, seed=1)
    assert again.choices[0].message.content == reply.choices[0].message.content


@case
def chat_choices_stop_and_limit():
    reply = client().chat.completions.create(model="chat", messages=MESSAGES, n=3, max_tokens=4)
    assert sorted(choice.index for choice in reply.choices) == [0, 1, 2]
    assert {choice.finish_reason for choice in reply.choices} == {"length"}
    full = (
        client().chat.completions.create(model="chat", messages=MESSAGES, seed=2).choices[0].message.content
    )
    word = full.split()[3]
    cut = client().chat.completions.create(model="chat", messages=MESSAGES, seed=2, stop=[word])
    assert cut.choices[0].message.content == full[: full.index(word)]
    assert cut.choices[0].finish_reason == "stop"


@case
def chat_logprobs():
    reply = client().chat.completions.create(
        model="chat", messages=MESSAGES, logprobs=True, top_logprobs=3, max_tokens=8
    )
    tokens = reply.choices[0].logprobs.content
    assert len(tokens) == reply.usage.completion_tokens
    assert "".join(token.token for token in tokens) == reply.choices[0].message.content
    assert all(token.logprob <= 0 and len(token.top_logprobs) == 3 for token in tokens)


@case
def chat_stream():
    stream = client().chat.completions.create(
        model="chat", messages=MESSAGES, stream=True, stream_options={"include_usage": True}, seed=1
    )
    chunks = list(stream)
    assert chunks[0].choices == []
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert chunks[-1].usage.completion_tokens > 0
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    whole = client().chat.completions.create(model="chat", messages=MESSAGES, seed=1)
    assert whole.choices[0].message.content == text


TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"enum": ["c", "f"]},
                "days": {"type": "integer"},
            },
            "required": ["city", "unit", "days"],
        },
    },
}


@case
def chat_tools():
    ask = [{"role": "user", "content": "What is the weather in Oslo?"}]
    reply = client().chat.completions.create(model="chat", messages=ask, tools=[TOOL], tool_choice="required")
    assert reply.choices[0].finish_reason in ("tool_calls", "stop")
    call = reply.choices[0].message.tool_calls[0]
    arguments = json.loads(call.function.arguments)
    assert arguments["unit"] in ("c", "f")
    assert isinstance(arguments["days"], int)
    answer = {"role": "tool", "tool_call_id": call.id, "content": '{"degrees": 7}'}
    more = [answer] + [{**answer, "tool_call_id": c.id} for c in reply.choices[0].message.tool_calls[1:]]
    final = client().chat.completions.create(
        model="chat", messages=[*ask, reply.choices[0].message, *more], tools=[TOOL]
    )
    assert final.choices[0].message.content
    none = client().chat.completions.create(model="chat", messages=ask, tools=[TOOL], tool_choice="none")
    assert not none.choices[0].message.tool_calls


@case
def chat_tools_stream():
    stream = client().chat.completions.create(
        model="chat",
        messages=[{"role": "user", "content": "Weather in Oslo?"}],
        tools=[TOOL],
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
        stream=True,
    )
    names, arguments = {}, {}
    for chunk in stream:
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                names[call.index] = call.function.name or names.get(call.index)
                arguments[call.index] = arguments.get(call.index, "") + (call.function.arguments or "")
    assert names[0] == "get_weather"
    assert json.loads(arguments[0])["city"]


@case
def chat_structured():
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "sizes": {"type": "array", "items": {"type": "integer"}}},
        "required": ["name", "sizes"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "thing", "schema": schema, "strict": True}}
    reply = client().chat.completions.create(model="chat", messages=MESSAGES, response_format=form)
    thing = json.loads(reply.choices[0].message.content)
    assert set(thing) == {"name", "sizes"}
    assert all(isinstance(size, int) for size in thing["sizes"])
    as_json = [{"role": "user", "content": "Answer as JSON."}]
    loose = client().chat.completions.create(
        model="chat", messages=as_json, response_format={"type": "json_object"}
    )
    assert isinstance(json.loads(loose.choices[0].message.content), dict)


@case
def completions():
    reply = client().completions.create(
        model="completions", prompt=["One", "Two"], n=2, best_of=2, echo=True, logprobs=2, max_tokens=5
    )
    assert [choice.index for choice in reply.choices] == [0, 1, 2, 3]
    assert reply.choices[2].text.startswith("Two")
    assert len(reply.choices[0].logprobs.tokens) == len(reply.choices[0].logprobs.text_offset)
    assert client().completions.create(model="completions", prompt="Dear", suffix=" Yours").choices[0].text
    stream = client().completions.create(model="completions", prompt="Once", stream=True, max_tokens=8)
    assert "".join(chunk.choices[0].text for chunk in stream if chunk.choices)


@case
def embeddings():
    texts = ["a cat sat on the mat", "a cat sits on a mat", "quarterly revenue report"]
    reply = client().embeddings.create(model="embeddings", input=texts, encoding_format="float")
    first, second, third = (item.embedding for item in reply.data)
    near = sum(a * b for a, b in zip(first, second, strict=True))
    far = sum(a * b for a, b in zip(first, third, strict=True))
    assert near > far
    default = client().embeddings.create(model="embeddings", input=texts)
    assert abs(default.data[0].embedding[0] - first[0]) < 1e-6
    packed = client().embeddings.create(
        model="embeddings", input=texts[0], encoding_format="base64", dimensions=256
    )
    raw = packed.data[0].embedding
    values = struct.unpack("<256f", base64.b64decode(raw)) if isinstance(raw, str) else raw
    assert len(values) == 256


@case
def images():
    reply = client().images.generate(model="images", prompt="a lighthouse", response_format="b64_json")
    picture = base64.b64decode(reply.data[0].b64_json)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1024, 1024)
    linked = client().images.generate(model="images", prompt="a lighthouse", size="1792x1024")
    assert linked.data[0].url.startswith("http")
    assert linked.data[0].revised_prompt


@case
def speech():
    for form in ("mp3", "opus", "aac", "flac", "wav", "pcm"):
        reply = client().audio.speech.create(
            model="speech", voice="alloy", input="Good morning.", response_format=form
        )
        assert len(reply.content) > 500, form


@case
def transcription():
    for form in ("json", "verbose_json", "text", "srt", "vtt"):
        with open(WAV, "rb") as file:
            reply = client().audio.transcriptions.create(
                model="transcription", file=file, response_format=form
            )
        text = reply if isinstance(reply, str) else reply.text
        assert text.strip(), form
        assert form != "srt" or "-->" in text
        assert form != "vtt" or text.startswith("WEBVTT")
    with open(WAV, "rb") as file:
        words = client().audio.transcriptions.create(
            model="transcription",
            file=file,
            response_format="verbose_json",
            timestamp_granularities=["word", "segment"],
        )
    assert words.words
    assert words.segments
    assert words.duration > 0


@case
def translation():
    with open(WAV, "rb") as file:
        assert client().audio.translations.create(model="transcription", file=file).text


@case
def files_and_paging():
    api = client()
    made = [api.files.create(file=(f"f{i}.jsonl", b"{}\n" * (i + 1)), purpose="batch") for i in range(5)]
    listed = [file.id for file in api.files.list(purpose="batch", limit=2)]
    assert {file.id for file in made} <= set(listed)
    assert len(listed) == len(set(listed))
    got = api.files.retrieve(made[2].id)
    assert got.bytes == 9
    assert api.files.content(made[2].id).content == b"{}\n" * 3
    for file in made:
        assert api.files.delete(file.id).deleted
    refused(openai.NotFoundError, lambda: api.files.retrieve(made[0].id))


@case
def uploads_in_parallel():
    api = client()
    data = bytes(range(256)) * 4096
    pieces = [data[i : i + 300_000] for i in range(0, len(data), 300_000)]
    upload = api.uploads.create(
        filename="big.jsonl", purpose="batch", bytes=len(data), mime_type="application/jsonl"
    )
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda p: api.uploads.parts.create(upload_id=upload.id, data=p), pieces))
    done = api.uploads.complete(
        upload_id=upload.id, part_ids=[part.id for part in parts], md5=hashlib.md5(data).hexdigest()
    )
    assert done.status == "completed"
    assert api.files.content(done.file.id).content == data
    refused(openai.BadRequestError, lambda: api.uploads.parts.create(upload_id=upload.id, data=b"x"))
    other = api.uploads.create(filename="x", purpose="batch", bytes=10, mime_type="text/plain")
    assert api.uploads.cancel(other.id).status == "cancelled"


@case
def batch_from_file_to_output():
    api = client()
    lines = [
        {
            "custom_id": f"row-{i}",
            "method": "POST",
            "url": "/chat/completions",
            "body": {"model": "chat", "messages": MESSAGES, "max_tokens": 5 if i else -1},
        }
        for i in range(4)
    ]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    file = api.files.create(file=("batch.jsonl", io.BytesIO(body)), purpose="batch")
    batch = api.batches.create(
        input_file_id=file.id, endpoint="/chat/completions", completion_window="24h", metadata={"a": "b"}
    )
    deadline = time.monotonic() + 30
    while batch.status not in ("completed", "failed") and time.monotonic() < deadline:
        time.sleep(0.1)
        batch = api.batches.retrieve(batch.id)
    assert batch.status == "completed", batch
    assert (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed) == (
        4,
        3,
        1,
    )
    rows = [json.loads(line) for line in api.files.content(batch.output_file_id).text.splitlines()]
    assert {row["custom_id"] for row in rows} == {"row-1", "row-2", "row-3"}
    assert rows[0]["response"]["body"]["choices"][0]["message"]["content"]
    failed = [json.loads(line) for line in api.files.content(batch.error_file_id).text.splitlines()]
    assert failed[0]["response"]["status_code"] == 400
    assert batch.id in [each.id for each in api.batches.list(limit=1)]


@case
def batch_cancelled():
    api = client()
    body = "\n".join(
        json.dumps(
            {
                "custom_id": str(i),
                "method": "POST",
                "url": "/chat/completions",
                "body": {"model": "chat", "messages": MESSAGES},
            }
        )
        for i in range(300)
    ).encode()
    file = api.files.create(file=("slow.jsonl", body), purpose="batch")
    batch = api.batches.create(input_file_id=file.id, endpoint="/chat/completions", completion_window="24h")
    assert api.batches.cancel(batch.id).status in ("cancelling", "cancelled")
    deadline = time.monotonic() + 30
    while batch.status != "cancelled" and time.monotonic() < deadline:
        time.sleep(0.1)
        batch = api.batches.retrieve(batch.id)
    assert batch.status == "cancelled"


@case
def every_error_class():
    def ask(**changes):
        deployment = changes.pop("deployment", "chat")
        settings = changes.pop("settings", {})
        extra = {"model": deployment, "messages": MESSAGES, **changes}
        return lambda: client(**settings).chat.completions.create(**extra)

    refused(openai.AuthenticationError, ask(settings={"api_key": "wrong"}), status_code=401)
    refused(openai.NotFoundError, ask(deployment="nope"), code="DeploymentNotFound")
    refused(openai.NotFoundError, ask(settings={"api_version": "1999-01-01"}), code="404")
    bad = refused(openai.BadRequestError, ask(temperature=9))
    assert bad.param == "temperature", bad.body
    refused(openai.BadRequestError, ask(extra_body={"nonsense": 1}))
    blocked = [{"role": "user", "content": "[[filter:violence]]"}]
    filtered = refused(openai.BadRequestError, ask(messages=blocked), code="content_filter")
    assert filtered.body["innererror"]["code"] == "ResponsibleAIPolicyViolation"
    limited = refused(openai.RateLimitError, ask(deployment="throttled"), status_code=429)
    assert limited.response.headers["retry-after"]
    refused(openai.BadRequestError, ask(deployment="embeddings"), code="OperationNotSupported")
    too_large = io.BytesIO(b"RIFF" + bytes(26 * 1024 * 1024))
    too_large.name = "big.wav"
    refused(
        openai.APIStatusError,
        lambda: client().audio.transcriptions.create(model="transcription", file=too_large),
        status_code=413,
    )


def main():
    for function in CASES:
        started = time.monotonic()
        row = {"case": function.__name__, "ok": True}
        try:
            function()
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)
            line = next((f.lineno for f in reversed(where) if f.filename == __file__), 0)
            row = {"case": function.__name__, "ok": False, "error": f"line {line}: {error!r}"[:600]}
        print(json.dumps({**row, "seconds": round(time.monotonic() - started, 2)}), flush=True)


main()
