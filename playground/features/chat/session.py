"""One conversation at work: what was said, what is asked, and how an answer grows. Plain Python."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from playground.features.chat.answer import Answer, Ending, body_json
from playground.features.chat.request import Setup, chat_request, check_parameters
from playground.features.chat.tree import TurnTree
from playground.features.chat.updates import TurnAdded, TurnGrew, TurnSettled, Update
from playground.store.conversations import Conversation, Conversations, Turn

if TYPE_CHECKING:
    from playground.api.client import AzureOpenAI
    from playground.wire.chat import ChatRequest

Client = Callable[[], Awaitable["AzureOpenAI"]]
TITLE_CHARACTERS = 60
GATHER_SECONDS = 0.03  # tokens that come meanwhile are taken in together: a wake-up costs more than a token


class ChatSession:
    """A conversation held open: its tree of turns, and the requests that make it grow.

    Every method that asks the model is an async iterator of updates; cancelling it keeps what has arrived,
    as a turn in the state "stopped".
    """

    def __init__(self, conversations: Conversations, client: Client, conversation: Conversation) -> None:
        self._conversations = conversations
        self._client = client
        self.conversation = conversation
        self.tree = TurnTree()
        self.setup = Setup.from_json(conversation.settings_json)
        self._growing: dict[str, str] = {}

    @classmethod
    async def open(cls, conversations: Conversations, client: Client, conversation_id: str) -> "ChatSession":
        """Read a conversation back from the store. Raises ``KeyError`` when it does not exist."""
        session = cls(conversations, client, await conversations.get(conversation_id))
        session.tree = TurnTree(await conversations.turns(conversation_id))
        return session

    @classmethod
    async def begin(cls, conversations: Conversations, client: Client, setup: Setup) -> "ChatSession":
        """A new, empty conversation."""
        conversation = await conversations.create("", setup.to_json())
        return cls(conversations, client, conversation)

    async def keep_setup(self, setup: Setup) -> None:
        """Remember the system message and parameters with the conversation."""
        if setup != self.setup:
            self.setup = setup
            await self._conversations.save_settings(self.conversation.id, setup.to_json())

    async def rename(self, title: str) -> None:
        """Give the conversation another title."""
        self.conversation = await self._conversations.rename(self.conversation.id, title)

    def path(self) -> list[Turn]:
        """The turns in view, with what has arrived so far of an answer that is still being written."""
        grown = self._growing
        return [replace(turn, text=grown[turn.id]) if turn.id in grown else turn for turn in self.tree.path()]

    async def reveal(self, turn_id: str) -> None:
        """Bring a turn into view, whichever branch it stands on."""
        if turn_id in self.tree:
            for turn in self.tree.path(turn_id):
                if len(self.tree.siblings(turn.id)) > 1:
                    await self._choose(turn.id)

    async def switch(self, turn_id: str, step: int) -> None:
        """Bring the previous (-1) or next (+1) version of a turn into view."""
        if (neighbour := self.tree.neighbour(turn_id, step)) is not None:
            await self._choose(neighbour)

    def send(self, text: str, deployment: str) -> AsyncGenerator[Update, None]:
        """Say something at the end of the path in view, and ask for the answer (GetChatCompletions)."""
        path = self.tree.path()
        return self._say(path[-1].id if path else None, text, deployment)

    def edit(self, turn_id: str, text: str, deployment: str) -> AsyncGenerator[Update, None]:
        """Say it differently: a sibling of that turn, answered anew; the old branch stays."""
        return self._say(self.tree[turn_id].parent_id, text, deployment)

    def regenerate(self, turn_id: str, deployment: str) -> AsyncGenerator[Update, None]:
        """Ask again for an answer: a sibling of that one. For a user turn: answer it (again)."""
        turn = self.tree[turn_id]
        question = turn.id if turn.role == "user" else turn.parent_id
        return self._answer(question, deployment)

    async def _say(self, parent_id: str | None, text: str, deployment: str) -> AsyncGenerator[Update, None]:
        check_parameters(self.setup)  # before the message is kept: what cannot be sent stays with its writer
        body = json.dumps({"role": "user", "content": text})
        turn = await self._add(parent_id, "user", body, text, "complete", {})
        yield TurnAdded(turn)
        if not self.conversation.title:
            await self.rename(title_of(text))
        async with aclosing(self._answer(turn.id, deployment)) as updates:
            async for update in updates:
                yield update

    async def _answer(self, question_id: str | None, deployment: str) -> AsyncGenerator[Update, None]:
        path = self.tree.path(question_id) if question_id else []
        request = chat_request(path, self.setup)
        meta: dict[str, Any] = {"deployment": deployment, "parameters": dict(self.setup.parameters)}
        first = await self._add(question_id, "assistant", body_json(""), "", "streaming", meta)
        yield TurnAdded(first)
        answer = Answer(self._conversations, {0: first}, meta)
        asking = self._stream if request.stream else self._complete
        ending = Ending(None, None, "failed")
        try:
            async with aclosing(asking(answer, request, deployment, question_id)) as updates:
                async for update in updates:
                    if isinstance(update, Ending):
                        ending = update
                    else:
                        yield update
        except (asyncio.CancelledError, GeneratorExit):
            ending = Ending(ending.assembly, ending.exchange, "stopped")
            await self._settle(answer, ending)
            raise
        except Exception as error:
            state = "incomplete" if answer.texts else "failed"
            ending = Ending(ending.assembly, ending.exchange, state, facts_of_error(error))
            for turn in await self._settle(answer, ending):
                yield TurnSettled(turn)
            raise
        for turn in await self._settle(answer, ending):
            yield TurnSettled(turn)

    async def _stream(
        self, answer: Answer, request: "ChatRequest", deployment: str, question_id: str | None
    ) -> AsyncGenerator[Update | Ending, None]:
        from playground.api.assembly import ChatAssembly

        assembly = ChatAssembly()
        client = await self._client()
        async with client.chat.stream(deployment, request) as stream:
            yield Ending(assembly, stream.exchange, "incomplete")
            async for chunk in stream:
                assembly.add(chunk)
                for choice in chunk.choices:
                    delta = choice.delta
                    text = (delta.content or delta.refusal or "") if delta is not None else ""
                    if not text:
                        continue
                    index = choice.index or 0
                    if index not in answer.turns:
                        added = await self._another_choice(answer, index, question_id)
                        yield TurnAdded(added)
                    answer.grow(index, text)
                    self._growing[answer.turns[index].id] = answer.texts[index]
                    yield TurnGrew(answer.turns[index].id, text)
                await answer.save_progress()
                if answer.texts and not stream.buffered:
                    await asyncio.sleep(GATHER_SECONDS)
            assembly.end()
            yield Ending(assembly, stream.exchange, "complete" if assembly.complete else "incomplete")

    async def _complete(
        self, answer: Answer, request: "ChatRequest", deployment: str, question_id: str | None
    ) -> AsyncGenerator[Update | Ending, None]:
        from playground.api.assembly import ChatAssembly

        client = await self._client()
        completion = await client.chat.complete(deployment, request)
        assembly = ChatAssembly.of(completion)
        for choice in completion.choices:
            if choice.index not in answer.turns:
                yield TurnAdded(await self._another_choice(answer, choice.index, question_id))
            message = choice.message
            text = (message.content or message.refusal or "") if message else ""
            answer.grow(choice.index, text)
            yield TurnGrew(answer.turns[choice.index].id, text)
        yield Ending(assembly, client.last_exchange, "complete")

    async def _another_choice(self, answer: Answer, index: int, question_id: str | None) -> Turn:
        """A turn for a choice beyond the first; the first stays in view."""
        turn = await self._add(question_id, "assistant", body_json(""), "", "streaming", answer.meta)
        answer.turns[index] = turn
        await self._choose(answer.turns[0].id)
        return turn

    async def _add(
        self, parent_id: str | None, role: str, body: str, text: str, state: str, meta: dict[str, Any]
    ) -> Turn:
        turn = await self._conversations.add_turn(
            self.conversation.id, parent_id, role, body, text, state, json.dumps(meta)
        )
        self.tree.put(turn)
        self.tree.choose(turn.id)
        return turn

    async def _choose(self, turn_id: str) -> None:
        self.tree.choose(turn_id)
        await self._conversations.select(turn_id)

    async def _settle(self, answer: Answer, ending: Ending) -> list[Turn]:
        turns = await answer.settle(ending)
        for turn in turns:
            self._growing.pop(turn.id, None)
            self.tree.put(turn)
        return turns


def title_of(text: str) -> str:
    """The first line of what was asked, shortened: what a conversation is called until it is renamed."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "New conversation")
    return line if len(line) <= TITLE_CHARACTERS else line[: TITLE_CHARACTERS - 1].rstrip() + "…"


def facts_of_error(error: Exception) -> dict[str, Any]:
    """What is kept with the turn of a failure; the sentence for the reader is made when it is shown."""
    facts = {"kind": type(error).__name__, "message": str(error)}
    for name in ("status", "code", "param", "request_id"):
        if (value := getattr(error, name, None)) is not None:
            facts[name] = value
    return facts
