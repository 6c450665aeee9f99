"""The client: one attribute for each word, one coroutine for each operation.

Importing this imports neither HTTP nor the models; each word, and the transport, comes when first used.
"""

import asyncio
import importlib
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from playground.api.caller import Caller, OnExchange
from playground.api.connection import Connection
from playground.wire.operations import OPERATIONS, resolve

if TYPE_CHECKING:
    from playground.api.batches import Batches
    from playground.api.chat import Chat
    from playground.api.completions import Completions
    from playground.api.embeddings import Embeddings
    from playground.api.exchange import Exchange
    from playground.api.files import Files
    from playground.api.images import Images
    from playground.api.speech import Speech
    from playground.api.transcription import Transcription
    from playground.api.transport import AsyncBaseTransport
    from playground.api.uploads import Uploads


class AzureOpenAI:
    """Speaks to one service. An async context manager; or ``await close()``.

    ``on_exchange`` hears of each request: at its start, around waits, at its end. ``transport`` takes the
    place of the network. Every operation raises ``ApiError``.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        on_exchange: OnExchange | None = None,
        transport: "AsyncBaseTransport | None" = None,
    ) -> None:
        self._caller = Caller(connection, on_exchange, transport)

    @property
    def connection(self) -> Connection:
        """The service this client speaks to."""
        return self._caller.connection

    @property
    def last_exchange(self) -> "Exchange | None":
        """What the running task asked last, of whatever client."""
        return self._caller.latest

    @cached_property
    def chat(self) -> "Chat":
        """Chat completions."""
        from playground.api.chat import Chat

        return Chat(self._caller)

    @cached_property
    def completions(self) -> "Completions":
        """Text completions."""
        from playground.api.completions import Completions

        return Completions(self._caller)

    @cached_property
    def embeddings(self) -> "Embeddings":
        """Vectors of texts."""
        from playground.api.embeddings import Embeddings

        return Embeddings(self._caller)

    @cached_property
    def images(self) -> "Images":
        """Pictures from descriptions."""
        from playground.api.images import Images

        return Images(self._caller)

    @cached_property
    def speech(self) -> "Speech":
        """Text to speech."""
        from playground.api.speech import Speech

        return Speech(self._caller)

    @cached_property
    def transcription(self) -> "Transcription":
        """Speech to text."""
        from playground.api.transcription import Transcription

        return Transcription(self._caller)

    @cached_property
    def files(self) -> "Files":
        """Files of the resource."""
        from playground.api.files import Files

        return Files(self._caller)

    @cached_property
    def uploads(self) -> "Uploads":
        """Uploads in parts."""
        from playground.api.uploads import Uploads

        return Uploads(self._caller)

    @cached_property
    def batches(self) -> "Batches":
        """Batches."""
        from playground.api.batches import Batches

        return Batches(self._caller)

    async def prepare(self, word: str = "chat") -> None:
        """Import in a thread what a word, such as "chat", needs at its first use, which no frame has time for."""
        await asyncio.to_thread(_prepare, word)

    async def close(self) -> None:
        """Close all connections, those in use too."""
        await self._caller.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


def _prepare(word: str) -> None:
    for module in (word, "transport", "answer"):
        importlib.import_module(f"playground.api.{module}")
    for operation in OPERATIONS:
        if operation.word == word:
            for name in filter(None, (operation.request, operation.response, operation.stream)):
                resolve(name).model_rebuild()
