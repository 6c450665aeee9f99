"""From a checked request to a plan: what the engine is asked, how long it may go on, and what the prompt costs."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from playground.service import chat_rules, content_filter, tokens, validation
from playground.service.call import Call
from playground.service.chat_messages import image_tokens, read_messages
from playground.service.chat_sources import Grounds, find_grounds
from playground.service.engines.protocols import ChatEngine, ChatTask, Function, Sampling, Turn
from playground.service.errors import bad_request
from playground.wire.chat import ChatRequest
from playground.wire.tools import FunctionDefinition, LegacyFunction

PER_MESSAGE = 4
PER_ANSWER = 3
AUDIO_BYTES_PER_TOKEN = 1_000


@dataclass(frozen=True)
class Plan:
    """One request, ready to be answered ``choices`` times; ``frame`` are the members that every piece carries."""

    call: Call
    engine: ChatEngine
    request: ChatRequest
    task: ChatTask
    frame: dict[str, Any]
    prompt_tokens: int
    prompt_audio_tokens: int
    limit: int
    stops: list[str]
    blocked: str | None
    grounds: Grounds | None

    @property
    def choices(self) -> int:
        """How many answers."""
        return self.request.n or 1

    @property
    def legacy(self) -> bool:
        """Whether calls are reported the old way, as ``function_call``."""
        return self.request.tools is None and self.request.functions is not None


async def make_plan(call: Call) -> Plan:
    """Parse and check a chat request; raises ``ServiceError`` (400, 424)."""
    assert call.deployment is not None
    request = await call.parse(ChatRequest)
    chat_rules.check_rules(request, call.deployment)
    stops = validation.stop_sequences(request.stop)
    turns = read_messages(request.messages)
    content_filter.check_prompt(turn.text for turn in turns)
    engine = call.service.engines.chat
    grounds = None
    if request.data_sources:
        grounds = await find_grounds(call.service, request.data_sources[0], turns)
    functions = _functions(request)
    prompt = await _prompt_tokens(engine, turns, functions, grounds)
    heard = sum(max(1, len(data) // AUDIO_BYTES_PER_TOKEN) for turn in turns for data in turn.audio)
    asked = request.max_completion_tokens or request.max_tokens
    _check_length(engine, request, prompt + heard, asked)
    task = _task(request, turns, functions, grounds)
    if chat_rules.reasons(call.deployment):
        task = replace(task, effort=request.reasoning_effort or "medium")
    last = next((turn.text for turn in reversed(turns) if turn.role == "user"), "")
    return Plan(
        call,
        engine,
        request,
        task,
        _frame(call, engine, bool(grounds), bool(request.stream)),
        prompt + heard,
        heard,
        min(asked or engine.answer_tokens, engine.context_tokens - prompt - heard),
        stops,
        content_filter.answer_category(last),
        grounds,
    )


def _frame(call: Call, engine: ChatEngine, grounded: bool, streamed: bool) -> dict[str, Any]:
    kind = f"{'extensions.' if grounded else ''}chat.completion{'.chunk' if streamed else ''}"
    return {
        "id": str(uuid.uuid4()) if grounded else f"chatcmpl-{uuid.uuid4().hex[:29]}",
        "object": kind,
        "created": call.service.now(),
        "model": engine.name,
        "system_fingerprint": validation.FINGERPRINT,
    }


def _functions(request: ChatRequest) -> tuple[Function, ...]:
    given: Sequence[FunctionDefinition | LegacyFunction] = [tool.function for tool in request.tools or []]
    given = given or request.functions or []
    return tuple(Function(each.name, each.description or "", each.parameters or {}) for each in given)


async def _prompt_tokens(
    engine: ChatEngine, turns: tuple[Turn, ...], functions: tuple[Function, ...], grounds: Grounds | None
) -> int:
    texts = [text for turn in turns for text in (turn.role, turn.text, turn.name) if text]
    texts += [text for turn in turns for call in turn.calls for text in call]
    texts += [json.dumps([each.name, each.description, each.parameters]) for each in functions]
    texts += [passage.content for passage in grounds.passages] if grounds else []
    pictures = sum(image_tokens(picture) for turn in turns for picture in turn.pictures)
    return await tokens.count(engine.tokenizer, texts) + PER_MESSAGE * len(turns) + PER_ANSWER + pictures


def _check_length(engine: ChatEngine, request: ChatRequest, prompt: int, asked: int | None) -> None:
    if prompt >= engine.context_tokens:
        raise validation.too_long(engine.context_tokens, prompt, 0, "messages")
    if asked and asked > engine.answer_tokens:
        name = "max_tokens" if request.max_tokens else "max_completion_tokens"
        message = (
            f"{name} is too large: {asked}. This model supports at most {engine.answer_tokens} completion tokens, "
            f"whereas you provided {asked}."
        )
        raise bad_request(message, name, "invalid_value")
    if asked and prompt + asked > engine.context_tokens:
        raise validation.too_long(engine.context_tokens, prompt, asked, "messages")


def _task(
    request: ChatRequest, turns: tuple[Turn, ...], functions: tuple[Function, ...], grounds: Grounds | None
) -> ChatTask:
    if grounds and grounds.role:
        turns = (Turn("system", grounds.role), *turns)
    return ChatTask(
        turns,
        _sampling(request),
        functions,
        chat_rules.merged_choice(request),
        request.parallel_tool_calls is not False and request.functions is None,
        chat_rules.plain_schema(request),
        grounds is not None,
        grounds.in_scope if grounds else True,
        grounds.passages if grounds else (),
        _predicted(request),
    )


def _sampling(request: ChatRequest) -> Sampling:
    return Sampling(
        temperature=1.0 if request.temperature is None else request.temperature,
        top_p=1.0 if request.top_p is None else request.top_p,
        seed=request.seed,
        presence_penalty=request.presence_penalty or 0.0,
        frequency_penalty=request.frequency_penalty or 0.0,
        logit_bias=validation.token_bias(request.logit_bias),
        rivals=(request.top_logprobs or 0) if request.logprobs else None,
        max_tokens=request.max_completion_tokens or request.max_tokens,
        streamed=bool(request.stream),
    )


def _predicted(request: ChatRequest) -> str | None:
    if request.prediction is None:
        return None
    content = request.prediction.content
    return content if isinstance(content, str) else "".join(part.text for part in content)
