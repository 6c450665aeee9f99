"""GetCompletions: texts to go on from, whole or as a stream, with the older shape of log probabilities."""

import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from playground.service import content_filter, tokens, validation
from playground.service.call import Call
from playground.service.completions_run import Answer, CompletionRun
from playground.service.engines.protocols import CompletionEngine, CompletionTask, Sampling, Token
from playground.service.errors import bad_request
from playground.service.sse import EventStream
from playground.wire.completions import CompletionRequest

DEFAULT_TOKENS = 16
END_OF_TEXT = ""
LOOK_SECONDS = 0.25


@dataclass(frozen=True)
class _Plan:
    """One request, ready to be answered for each of its prompts."""

    call: Call
    engine: CompletionEngine
    request: CompletionRequest
    prompts: list[str]
    prompt_tokens: int
    frame: dict[str, Any]

    @property
    def copies(self) -> int:
        """How many answers per prompt are returned."""
        return self.request.n or 1


async def complete(call: Call) -> Response:
    """Go on from prompts: JSON, or server-sent events with ``stream``. Raises ``ServiceError``."""
    plan = await _make_plan(call)
    if plan.request.stream:
        return EventStream(_stream(plan))
    return JSONResponse(await _whole(plan))


async def _make_plan(call: Call) -> _Plan:
    request = await call.parse(CompletionRequest)
    _check(request)
    engine = call.service.engines.completions
    prompts = _prompts(request, engine)
    content_filter.check_prompt(prompts)
    longest = max([await tokens.count(engine.tokenizer, [prompt]) for prompt in prompts])
    asked = _limit(request)
    if longest + asked > engine.context_tokens:
        raise validation.too_long(engine.context_tokens, longest, asked, "prompt")
    prompt_tokens = await tokens.count(engine.tokenizer, prompts)
    frame = {
        "id": f"cmpl-{uuid.uuid4().hex[:29]}",
        "object": "text_completion",
        "created": call.service.now(),
        "model": engine.name,
        "system_fingerprint": validation.FINGERPRINT,
    }
    return _Plan(call, engine, request, prompts, prompt_tokens, frame)


def _check(request: CompletionRequest) -> None:
    validation.reject_unknown(request)
    validation.check_stream_options(request.stream, request.stream_options)
    validation.stop_sequences(request.stop)
    best_of, n = request.best_of or 0, request.n or 1
    if best_of and best_of < n:
        raise bad_request("Invalid 'best_of': must be at least 'n'.", "best_of", "invalid_value")
    if best_of > 1 and request.stream:
        raise bad_request("Cannot stream results with 'best_of' greater than 1.", "best_of", "invalid_value")
    if request.suffix and request.echo:
        raise bad_request("Cannot use 'echo' together with 'suffix'.", "echo", "invalid_value")


def _prompts(request: CompletionRequest, engine: CompletionEngine) -> list[str]:
    """All prompts as text; an empty array is no prompt at all."""
    given = request.prompt
    if given is None:
        return [END_OF_TEXT]
    if isinstance(given, str):
        return [given]
    if not given:
        raise bad_request("Invalid 'prompt': empty array.", "prompt", "empty_array")
    if isinstance(given[0], int):
        return [tokens.decode(engine.tokenizer, [each for each in given if isinstance(each, int)], "prompt")]
    return [
        each if isinstance(each, str) else tokens.decode(engine.tokenizer, _ids(each), "prompt")
        for each in given
    ]


def _ids(value: Any) -> Sequence[int]:
    return list(value)


def _limit(request: CompletionRequest) -> int:
    return DEFAULT_TOKENS if request.max_tokens is None else request.max_tokens


def _run(plan: _Plan, place: int, copy: int) -> CompletionRun:
    request = plan.request
    sampling = Sampling(
        temperature=1.0 if request.temperature is None else request.temperature,
        top_p=1.0 if request.top_p is None else request.top_p,
        seed=request.seed,
        presence_penalty=request.presence_penalty or 0.0,
        frequency_penalty=request.frequency_penalty or 0.0,
        logit_bias=validation.token_bias(request.logit_bias),
        # The best of several answers is the likeliest one, whether the caller sees likelihoods or not.
        rivals=request.logprobs
        if request.logprobs is not None
        else 0
        if (request.best_of or 0) > 1
        else None,
        max_tokens=_limit(request),
        streamed=bool(request.stream),
    )
    task = CompletionTask(plan.prompts[place], request.suffix, sampling, copy)
    stops = validation.stop_sequences(request.stop)
    blocked = content_filter.answer_category(plan.prompts[place])
    return CompletionRun(plan.engine, task, _limit(request), stops, blocked)


async def _echoed(plan: _Plan, place: int) -> list[Token]:
    """The prompt's own tokens, when it is to be repeated."""
    if not plan.request.echo:
        return []
    ids = plan.engine.tokenizer.encode(plan.prompts[place])
    return await plan.engine.score(ids, plan.request.logprobs or 0)


async def _whole(plan: _Plan) -> dict[str, Any]:
    choices = []
    completion = 0
    for place in range(len(plan.prompts)):
        echoed = await _echoed(plan, place)
        answers = []
        for copy in range(max(plan.request.best_of or 1, plan.copies)):
            answer = await _collect(plan, _run(plan, place, copy), echoed)
            completion += answer.spent
            answers.append(answer)
        if (plan.request.best_of or 1) > 1:
            answers.sort(key=lambda answer: -answer.likelihood())
        for copy, answer in enumerate(answers[: plan.copies]):
            choices.append(_choice(plan, place * plan.copies + copy, answer))
    return plan.frame | {
        "choices": choices,
        "prompt_filter_results": content_filter.prompt_annotations(len(plan.prompts)),
        "usage": validation.usage(plan.prompt_tokens, completion),
    }


async def _collect(plan: _Plan, run: CompletionRun, echoed: Sequence[Token]) -> Answer:
    answer = Answer(list(echoed), scored=len(echoed))
    looked = time.monotonic()
    async with aclosing(run.tokens()) as made:
        async for token in made:
            answer.tokens.append(token)
            if time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                if await plan.call.gone():
                    raise ClientDisconnect
    answer.finish, answer.spent = run.finish, run.spent
    answer.blocked = run.blocked if run.finish == "content_filter" else None
    return answer


def _choice(plan: _Plan, index: int, answer: Answer) -> dict[str, Any]:
    return {
        "index": index,
        "text": answer.text,
        "finish_reason": answer.finish,
        "logprobs": None if plan.request.logprobs is None else answer.logprobs(0),
        "content_filter_results": content_filter.choice_results(answer.blocked),
    }


async def _stream(plan: _Plan) -> AsyncGenerator[dict[str, Any], None]:
    """The filter's chunk, then the answers side by side, then the usage if it is asked for."""
    counted = bool(plan.request.stream_options and plan.request.stream_options.include_usage)
    first = {"id": "", "object": "", "created": 0, "model": "", "choices": []}
    yield first | {"prompt_filter_results": content_filter.prompt_annotations(len(plan.prompts))}
    pairs = [(place, copy) for place in range(len(plan.prompts)) for copy in range(plan.copies)]
    runs = [_run(plan, place, copy) for place, copy in pairs]
    async with AsyncExitStack() as stack:
        running = []
        for index, (place, run) in enumerate(zip([place for place, _ in pairs], runs, strict=True)):
            source = _stream_choice(plan, index, place, run)
            running.append(await stack.enter_async_context(aclosing(source)))
        while running:
            for source in list(running):
                choice = await anext(source, None)
                if choice is None:
                    running.remove(source)
                    continue
                yield plan.frame | {"choices": [choice]} | ({"usage": None} if counted else {})
    if counted:
        spent = validation.usage(plan.prompt_tokens, sum(run.spent for run in runs))
        yield plan.frame | {"choices": [], "usage": spent}


async def _stream_choice(
    plan: _Plan, index: int, place: int, run: CompletionRun
) -> AsyncGenerator[dict[str, Any], None]:
    offset = 0
    for token in await _echoed(plan, place):
        yield _piece(plan, index, Answer([token], scored=int(offset == 0)), offset)
        offset += len(token.text)
    async with aclosing(run.tokens()) as made:
        async for token in made:
            yield _piece(plan, index, Answer([token]), offset)
            offset += len(token.text)
    blocked = run.blocked if run.finish == "content_filter" else None
    end = Answer([], finish=run.finish, blocked=blocked)
    yield _piece(plan, index, end, offset) | {"finish_reason": run.finish, "logprobs": None}


def _piece(plan: _Plan, index: int, answer: Answer, offset: int) -> dict[str, Any]:
    return {
        "index": index,
        "text": answer.text,
        "finish_reason": None,
        "logprobs": None if plan.request.logprobs is None else answer.logprobs(offset),
        "content_filter_results": content_filter.choice_results(answer.blocked),
    }
