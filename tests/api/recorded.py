"""Streams as the live service sends them, and what must come out of them; and the line a case prints."""

import json
from typing import Any

SAFE = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
_JAILBREAK = {"jailbreak": {"filtered": False, "detected": False}}
PROMPT = {
    "choices": [],
    "created": 0,
    "id": "",
    "model": "",
    "object": "",
    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {**SAFE, **_JAILBREAK}}],
}


def chunk(index: int = 0, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    """A chunk of one choice; without ``delta`` it is an empty one."""
    choice = {
        "content_filter_results": SAFE if delta.get("content") else {},
        "delta": delta,
        "finish_reason": finish,
        "index": index,
        "logprobs": None,
    }
    return {
        "choices": [choice],
        "created": 1710000000,
        "id": "chatcmpl-1",
        "model": "gpt-4o-2024-08-06",
        "object": "chat.completion.chunk",
        "system_fingerprint": "fp_1",
        "usage": None,
    }


def call(
    index: int | None, id: str | None = None, name: str | None = None, arguments: str = ""
) -> dict[str, Any]:
    """A fragment of a tool call."""
    fragment: dict[str, Any] = {"function": {"arguments": arguments}}
    if index is not None:
        fragment["index"] = index
    if id is not None:
        fragment |= {"id": id, "type": "function"}
    if name is not None:
        fragment["function"]["name"] = name
    return fragment


USAGE = {
    **{name: value for name, value in chunk().items() if name != "choices"},
    "choices": [],
    "usage": {"prompt_tokens": 8, "completion_tokens": 12, "total_tokens": 20},
}


def event(value: object) -> bytes:
    """A data event in its usual form."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return b"data: " + text.encode() + b"\n\n"


DONE = event("[DONE]")
WORDS = ["Grüße", " aus", " 東京", " – naïve", " 👩‍👩‍👧", "!\r\n", "\tEnd."]

TEXT = [
    PROMPT,
    chunk(role="assistant", content=""),
    *(chunk(content=word) for word in WORDS),
    chunk(finish="stop"),
    USAGE,
]
THREE = [
    PROMPT,
    *(chunk(index, role="assistant", content="") for index in (0, 1, 2)),
    *(chunk(index, content=f"{word}{index}") for word in WORDS for index in (2, 0, 1)),
    *(chunk(index, finish="stop") for index in (1, 2, 0)),
    USAGE,
]
CALLS = [
    PROMPT,
    chunk(role="assistant", content=None, tool_calls=[call(0, "call_a", "weather")]),
    chunk(tool_calls=[call(1, "call_b", "time")]),
    chunk(tool_calls=[call(0, arguments='{"city":'), call(1, arguments='{"zo')]),
    chunk(tool_calls=[call(1, arguments='ne":"東京"}')]),
    chunk(tool_calls=[call(0, arguments='"Köln"}')]),
    chunk(finish="tool_calls"),
    USAGE,
]
REFUSAL = [
    chunk(role="assistant", content=None, refusal=""),
    chunk(refusal="I can"),
    chunk(refusal="not."),
    chunk(finish="stop"),
]
LATE_FILTER = [
    {**PROMPT, "prompt_annotations": PROMPT["prompt_filter_results"], "prompt_filter_results": None},
    chunk(role="assistant", content=""),
    *(chunk(content=word) for word in WORDS),
    chunk(finish="stop"),
    {
        "choices": [
            {
                "index": 0,
                "finish_reason": None,
                "content_filter_results": {**SAFE, "violence": {"filtered": False, "severity": "low"}},
                "content_filter_offsets": {"check_offset": 44, "start_offset": 44, "end_offset": 198},
            }
        ],
        "created": 0,
        "id": "",
        "model": "",
        "object": "",
        "usage": None,
    },
]  # fmt: skip

STREAMS = {"text": TEXT, "three": THREE, "calls": CALLS, "refusal": REFUSAL, "late filter": LATE_FILTER}


def events_of(name: str) -> list[bytes]:
    """A recorded stream as events, its end included."""
    return [*map(event, STREAMS[name]), DONE]


def raw(name: str) -> bytes:
    """A recorded stream as bytes."""
    return b"".join(events_of(name))


def figure(case: str, runs: int, failures: int, shown: str, seed: int | None = None) -> None:
    """Print a case's line (pytest -s shows it), and fail when anything failed."""
    print(f"{case}: runs {runs}, failures {int(failures)}, {shown}, seed {'-' if seed is None else seed}")
    assert runs > 0
    assert failures == 0, f"{case}: {failures} of {runs} failed"
