"""Folds the chunks of a streamed chat answer into whole messages: by index, whatever the order."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from playground.api.filter_merging import FilterMerger
from playground.wire.base import to_wire
from playground.wire.chat import (
    ChatChoice,
    ChatChunk,
    ChatCompletion,
    ChatLogprobs,
    ChunkChoice,
    Context,
    Delta,
    ReplyAudio,
)
from playground.wire.filters import ChoiceFilterResults, FilterOffsets, PromptFilterResult
from playground.wire.tools import FunctionCall, ToolCallDelta
from playground.wire.usage import Usage


@dataclass
class CallAssembly:
    """A tool call in the making; its arguments are JSON text, which the model may have got wrong."""

    index: int
    id: str | None = None
    type: str | None = None
    name: str = ""
    arguments: str = ""

    def add(self, id: str | None, type: str | None, function: FunctionCall | None) -> None:
        """Take in a fragment."""
        self.id = self.id or id
        self.type = self.type or type
        if function is not None:
            self.name = self.name or function.name or ""
            self.arguments += function.arguments or ""

    def wire(self) -> dict[str, Any]:
        """As it is sent back in the next request."""
        function = {"name": self.name, "arguments": self.arguments}
        return {"id": self.id or f"call_{self.index}", "type": self.type or "function", "function": function}


@dataclass
class AudioAssembly:
    """A spoken answer in the making; ``data`` is the audio itself."""

    id: str | None = None
    transcript: str = ""
    data: bytearray = field(default_factory=bytearray)
    expires_at: int | None = None
    damaged: bool = False
    """A fragment was not base64 and is missing."""

    def add(self, fragment: ReplyAudio) -> None:
        """Take in a fragment."""
        self.id = fragment.id or self.id
        self.transcript += fragment.transcript or ""
        self.expires_at = fragment.expires_at or self.expires_at
        try:
            self.data += base64.b64decode(fragment.data or "", validate=True)
        except (binascii.Error, ValueError):
            self.damaged = True

    def wire(self) -> dict[str, Any]:
        """As it would have come whole."""
        data = base64.b64encode(self.data).decode()
        whole = {"id": self.id, "expires_at": self.expires_at, "transcript": self.transcript, "data": data}
        return {name: value for name, value in whole.items() if value is not None}


class ChoiceAssembly:
    """One of the answers in the making."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.role = "assistant"
        self.finish_reason: str | None = None
        self.refusal = ""
        self.calls: dict[int, CallAssembly] = {}
        self.function: CallAssembly | None = None
        self.audio: AudioAssembly | None = None
        self.context: Context | None = None
        self.logprobs = ChatLogprobs()
        self.offsets: list[FilterOffsets] = []
        """The ranges that the asynchronous filter has judged, in the order of its judgements."""
        self._said = False
        self._pieces: list[str] = []
        self._filters = FilterMerger()

    @property
    def text(self) -> str:
        """All that has been said so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def tool_calls(self) -> list[CallAssembly]:
        """In the order of their index."""
        return [self.calls[index] for index in sorted(self.calls)]

    @property
    def filters(self) -> ChoiceFilterResults:
        """Of each category the gravest judgement so far."""
        return self._filters.merged()

    @property
    def checked_until(self) -> int | None:
        """Below this offset the asynchronous filter has judged everything; None without that filter."""
        marks = [each.check_offset for each in self.offsets if each.check_offset is not None]
        return max(marks, default=None)

    def tool_calls_wire(self) -> list[dict[str, Any]]:
        """The calls as they are sent back in the next request."""
        return [call.wire() for call in self.tool_calls]

    def filters_wire(self) -> dict[str, Any]:
        """`filters` as JSON."""
        return to_wire(self.filters)

    def add(self, piece: ChunkChoice) -> None:
        """Take in what a chunk says of this answer; annotations may come behind its end, without a delta."""
        if piece.delta is not None:
            self._add_delta(piece.delta)
        if piece.finish_reason:
            self.finish_reason = piece.finish_reason
        if piece.content_filter_results is not None:
            self._filters.add(piece.content_filter_results)
        if piece.content_filter_offsets is not None:
            self.offsets.append(piece.content_filter_offsets)
        if piece.logprobs is not None:
            self._add_logprobs(piece.logprobs)

    def take(self, choice: ChatChoice) -> None:
        """Take in an answer that came whole."""
        message = choice.message
        given = to_wire(message) if message is not None else {}
        for index, call in enumerate(given.get("tool_calls") or []):
            call["index"] = index
        delta = {"index": choice.index, "finish_reason": choice.finish_reason, "delta": given}
        self.add(ChunkChoice.model_validate(delta))
        if choice.logprobs is not None:
            self._add_logprobs(choice.logprobs)
        if choice.content_filter_results is not None:
            self._filters.add(choice.content_filter_results)

    def wire(self) -> dict[str, Any]:
        """As a choice of a whole answer."""
        message: dict[str, Any] = {
            "role": self.role,
            "content": self.text if self._said else None,
            "refusal": self.refusal or None,
        }
        if self.calls:
            message["tool_calls"] = self.tool_calls_wire()
        if self.function is not None:
            message["function_call"] = self.function.wire()["function"]
        if self.audio is not None:
            message["audio"] = self.audio.wire()
        if self.context is not None:
            message["context"] = to_wire(self.context)
        choice: dict[str, Any] = {
            "index": self.index,
            "finish_reason": self.finish_reason,
            "message": message,
            "logprobs": to_wire(self.logprobs) or None,
        }
        if filters := self.filters_wire():
            choice["content_filter_results"] = filters
        return choice

    def _add_delta(self, delta: Delta) -> None:
        if delta.content:
            self._pieces.append(delta.content)
        if delta.content is not None:
            self._said = True
        if delta.role is not None:
            self.role = delta.role
        if delta.refusal is not None:
            self.refusal += delta.refusal
        if delta.tool_calls is not None:
            for position, fragment in enumerate(delta.tool_calls):
                self._call_of(fragment, position).add(fragment.id, fragment.type, fragment.function)
        if delta.function_call is not None:
            self.function = self.function or CallAssembly(0)
            self.function.add(None, None, delta.function_call)
        if delta.audio is not None:
            self.audio = self.audio or AudioAssembly()
            self.audio.add(delta.audio)
        if delta.context is not None:
            self._add_context(delta.context)

    def _call_of(self, fragment: ToolCallDelta, position: int) -> CallAssembly:
        """The call that a fragment belongs to; some servers leave the index out."""
        index = fragment.index
        if index is None:
            known = {call.id: call.index for call in self.calls.values() if call.id}
            if fragment.id is not None and fragment.id not in known:
                index = max(self.calls, default=-1) + 1
            elif fragment.id is not None:
                index = known[fragment.id]
            else:
                index = max(self.calls, default=position)
        return self.calls.setdefault(index, CallAssembly(index))

    def _add_context(self, context: Context) -> None:
        if self.context is None:
            self.context = context
            return
        merged = to_wire(self.context)
        for name, value in to_wire(context).items():
            both_lists = isinstance(value, list) and isinstance(merged.get(name), list)
            merged[name] = merged[name] + value if both_lists else value
        self.context = Context.model_validate(merged)

    def _add_logprobs(self, logprobs: ChatLogprobs) -> None:
        if logprobs.content is not None:
            self.logprobs.content = (self.logprobs.content or []) + logprobs.content
        if logprobs.refusal is not None:
            self.logprobs.refusal = (self.logprobs.refusal or []) + logprobs.refusal


class ChatAssembly:
    """All that a stream has said so far. ``add`` each chunk, ``end`` when the stream's loop has ended."""

    def __init__(self) -> None:
        self.choices: dict[int, ChoiceAssembly] = {}
        self.prompt_filters: list[PromptFilterResult] = []
        self.usage: Usage | None = None
        self.id: str | None = None
        self.created: int | float | str | None = None
        self.model: str | None = None
        self.system_fingerprint: str | None = None
        self._ended = False

    @classmethod
    def of(cls, completion: ChatCompletion) -> "ChatAssembly":
        """The same view of an answer that came whole."""
        assembly = cls()
        assembly._add_head(completion)
        assembly.prompt_filters = completion.prompt_filter_results or []
        for choice in completion.choices:
            assembly._at(choice.index).take(choice)
        assembly.end()
        return assembly

    def add(self, chunk: ChatChunk) -> None:
        """Take in a chunk."""
        if self.created is None or self.usage is None or chunk.usage is not None:
            self._add_head(chunk)
        if filters := chunk.prompt_filters:
            self.prompt_filters = [*self.prompt_filters, *filters]
        for piece in chunk.choices:
            self._at(piece.index).add(piece)

    def end(self) -> None:
        """The stream is done: ``[DONE]`` has come."""
        self._ended = True

    def choice(self, index: int) -> ChoiceAssembly | None:
        """One of the answers, None when nothing of it has come."""
        return self.choices.get(index)

    @property
    def finished(self) -> bool:
        """Every answer that has begun has a ``finish_reason``."""
        return bool(self.choices) and all(each.finish_reason for each in self.choices.values())

    @property
    def complete(self) -> bool:
        """Every answer is finished and the stream was done; nothing less is a whole answer."""
        return self._ended and self.finished

    def usage_wire(self) -> dict[str, Any] | None:
        """`usage` as JSON."""
        return to_wire(self.usage) if self.usage is not None else None

    def prompt_filters_wire(self) -> list[dict[str, Any]]:
        """`prompt_filters` as JSON."""
        return [to_wire(each) for each in self.prompt_filters]

    def completion(self) -> ChatCompletion:
        """The answer as it would have come whole."""
        whole: dict[str, Any] = {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "system_fingerprint": self.system_fingerprint,
            "choices": [self.choices[index].wire() for index in sorted(self.choices)],
        }
        if self.usage is not None:
            whole["usage"] = self.usage_wire()
        if self.prompt_filters:
            whole["prompt_filter_results"] = self.prompt_filters_wire()
        return ChatCompletion.model_validate(whole)

    def _add_head(self, source: ChatChunk | ChatCompletion) -> None:
        """The first chunk may have empty names: what is empty says nothing."""
        self.id = self.id or source.id
        self.created = self.created or source.created or None
        self.model = self.model or source.model
        self.system_fingerprint = self.system_fingerprint or source.system_fingerprint
        if source.usage is not None:
            self.usage = source.usage

    def _at(self, index: int) -> ChoiceAssembly:
        found = self.choices.get(index)
        if found is None:
            found = self.choices[index] = ChoiceAssembly(index)
        return found
