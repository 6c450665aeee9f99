"""What is being typed, kept on disk half a second later at most, for each conversation by itself."""

import asyncio
import json
from typing import Protocol

from playground.store.drafts import Drafts
from playground.tasks import TaskScope

SAVE_AFTER_SECONDS = 0.4


class Input(Protocol):
    """The composer, as far as a draft is concerned."""

    def text(self) -> str:
        """What stands there."""

    def set_text(self, text: str) -> None:
        """Put this there."""


class DraftKeeper:
    """Follows one input from conversation to conversation; ``None`` is the empty sheet."""

    def __init__(self, drafts: Drafts, tasks: TaskScope) -> None:
        self._drafts = drafts
        self._tasks = tasks
        self._key = draft_key(None)
        self._text = ""
        self._kept = ""

    def changed(self, text: str) -> None:
        """Something was typed."""
        if text != self._text:
            self._text = text
            self._tasks.start(self._save_soon(), key="draft")

    async def flush(self) -> None:
        """Write now what is not yet on disk."""
        key, text = self._key, self._text
        if text == self._kept:
            return
        self._kept = text
        if text:
            await self._drafts.save(key, json.dumps({"text": text}))
        else:
            await self._drafts.delete(key)

    async def begin(self, to: Input) -> None:
        """Bring the draft of the empty sheet back, unless somebody has begun to type in the meantime."""
        kept = text_of(await self._drafts.load(self._key))
        if kept and not to.text():
            self._text = self._kept = kept
            to.set_text(kept)

    async def switch(self, conversation_id: str | None, to: Input) -> None:
        """Go over to another conversation: its draft comes back into the input."""
        await self.flush()
        self._key = draft_key(conversation_id)
        self._text = self._kept = text_of(await self._drafts.load(self._key))
        to.set_text(self._text)

    async def adopt(self, conversation_id: str) -> None:
        """The empty sheet has become this conversation."""
        await self._drafts.delete(self._key)
        self._key, self._kept = draft_key(conversation_id), ""
        await self.flush()

    def sent(self, conversation_id: str, source: Input | None) -> None:
        """The message is on disk as a turn: the draft has done its duty."""
        if self._key == draft_key(conversation_id):
            self._text = ""
            if source is not None:
                source.set_text("")
            self._tasks.start(self.flush(), key="draft")

    async def _save_soon(self) -> None:
        await asyncio.sleep(SAVE_AFTER_SECONDS)
        await self.flush()


def draft_key(conversation_id: str | None) -> str:
    """Under which name a draft is kept."""
    return f"chat/{conversation_id or 'new'}"


def text_of(kept: str | None) -> str:
    """The text of a kept draft; an unreadable one is empty."""
    try:
        return str(json.loads(kept or "{}").get("text") or "")
    except (ValueError, AttributeError):
        return ""
