"""From what is on the screen to what goes over the wire: turns and parameters as a request."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground.store.conversations import Turn

if TYPE_CHECKING:
    from playground.wire.chat import ChatRequest


@dataclass(frozen=True)
class Setup:
    """What a conversation is asked with: its system message and the parameters that were set (wire names)."""

    system: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The form in which a conversation remembers it."""
        return json.dumps({"system": self.system, "parameters": dict(self.parameters)})

    @classmethod
    def from_json(cls, text: str | None) -> "Setup":
        """Read it back; anything unreadable counts as nothing set."""
        try:
            raw = json.loads(text or "{}")
            return cls(str(raw.get("system") or ""), dict(raw.get("parameters") or {}))
        except (ValueError, AttributeError, TypeError):
            return cls()


def messages_of(path: Iterable[Turn], system: str) -> list[dict[str, Any]]:
    """The messages array (GetChatCompletions): the system message, then every turn that says something."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": system}] if system.strip() else []
    for turn in path:
        body = json.loads(turn.body_json)
        if turn.role == "assistant" and not (body.get("content") or body.get("tool_calls")):
            continue  # an answer that failed before its first word would be rejected as an empty message
        messages.append(body)
    return messages


def check_parameters(setup: Setup) -> None:
    """Raises pydantic's ``ValidationError`` when a set parameter is outside the limits of the API."""
    from playground.wire.chat import ChatRequest

    ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}], **setup.parameters})


def chat_request(path: Iterable[Turn], setup: Setup) -> "ChatRequest":
    """The whole request. Streams, and asks for usage, unless the user set otherwise.

    Raises pydantic's ``ValidationError`` when a parameter is outside the limits of the API.
    """
    from playground.wire.chat import ChatRequest

    body: dict[str, Any] = {"messages": messages_of(path, setup.system), "stream": True, **setup.parameters}
    if body["stream"]:
        body.setdefault("stream_options", {"include_usage": True})
    return ChatRequest.model_validate(body)
