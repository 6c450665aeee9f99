"""One answer while it is being written: keeps what it says on disk, and judges how it ended."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground.store.conversations import Turn

if TYPE_CHECKING:
    from playground.api.assembly import ChatAssembly
    from playground.api.exchange import Exchange
    from playground.store.conversations import Conversations

SAVE_EVERY_SECONDS = 0.4  # so that a killed process loses less than a second of an answer

_STATE_OF_FINISH = {"content_filter": "filtered", "length": "complete"}


@dataclass
class Answer:
    """The turns of one request: one for each choice, which arrive interleaved by index."""

    conversations: "Conversations"
    turns: dict[int, Turn]
    meta: dict[str, Any]
    texts: dict[int, str] = field(default_factory=dict)
    _saved: dict[int, int] = field(default_factory=dict)
    _last_save: float = field(default_factory=time.monotonic)

    def grow(self, index: int, delta: str) -> None:
        """Take in new text of one choice."""
        self.texts[index] = self.texts.get(index, "") + delta

    async def save_progress(self) -> None:
        """Write what has grown since the last time, at most every ``SAVE_EVERY_SECONDS``."""
        now = time.monotonic()
        if now - self._last_save < SAVE_EVERY_SECONDS:
            return
        self._last_save = now
        for index, turn in self.turns.items():
            text = self.texts.get(index, "")
            if len(text) != self._saved.get(index, 0):
                self._saved[index] = len(text)
                await self.conversations.update_turn(turn.id, body_json=body_json(text), text=text)

    async def settle(self, ending: "Ending") -> list[Turn]:
        """Write the final text, state and facts of every choice, even while the task is being cancelled."""
        return await asyncio.shield(self._settle(ending))

    async def _settle(self, ending: "Ending") -> list[Turn]:
        settled = []
        for index, turn in self.turns.items():
            text = self.texts.get(index, "")
            body, facts = ending.body_of(index, text), ending.facts_of(index)
            await self.conversations.update_turn(
                turn.id,
                body_json=json.dumps(body),
                text=text,
                state=ending.state_of(index),
                meta_json=json.dumps({**self.meta, **facts}),
            )
            settled.append(await self.conversations.turn(turn.id))
        return settled


def body_json(text: str) -> str:
    """An assistant message that says this, as it is sent back in the next request."""
    return json.dumps({"role": "assistant", "content": text})


@dataclass(frozen=True)
class Ending:
    """How a request ended: what was assembled, which exchange it was, and what cut it short, if anything."""

    assembly: "ChatAssembly | None"
    exchange: "Exchange | None"
    state: str | None = None
    error: dict[str, Any] | None = None

    def state_of(self, index: int) -> str:
        """The state of one choice. A stream that failed is never complete, even behind a finish_reason."""
        choice = self._choice(index)
        finish = choice.finish_reason if choice is not None else None
        if finish and (finish == "content_filter" or self.error is None):
            return _STATE_OF_FINISH.get(finish, "complete")
        return self.state or "incomplete"

    def body_of(self, index: int, text: str) -> dict[str, Any]:
        """The assistant message of one choice, with refusal and tool calls when there are any."""
        body: dict[str, Any] = {"role": "assistant", "content": text}
        choice = self._choice(index)
        if choice is None:
            return body
        if choice.refusal:
            body["refusal"] = choice.refusal
        if calls := choice.tool_calls_wire():
            body["tool_calls"] = calls
        return body

    def facts_of(self, index: int) -> dict[str, Any]:
        """What is shown under an answer: finish, usage, times, filters, ids."""
        facts: dict[str, Any] = {}
        choice = self._choice(index)
        if choice is not None:
            facts["finish_reason"] = choice.finish_reason
            facts["filters"] = choice.filters_wire()
        if self.assembly is not None:
            facts |= {
                "model": self.assembly.model,
                "fingerprint": self.assembly.system_fingerprint,
                "usage": self.assembly.usage_wire(),
                "prompt_filters": self.assembly.prompt_filters_wire(),
            }
        if self.exchange is not None:
            timing = self.exchange.timing
            facts |= {
                "request_id": self.exchange.request_id,
                "first_token": timing.first_token,
                "seconds": timing.ended,
                "attempts": len(self.exchange.attempts),
            }
        if self.error:
            facts["error"] = self.error
        return {key: value for key, value in facts.items() if value not in (None, {}, [])}

    def _choice(self, index: int) -> Any:
        if self.assembly is None:
            return None
        return self.assembly.choice(index)
