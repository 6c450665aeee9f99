"""Embeddings: texts in, vectors out."""

from playground.api.words import Word
from playground.wire.embeddings import Embeddings as Vectors
from playground.wire.embeddings import EmbeddingsRequest


class Embeddings(Word):
    """``client.embeddings``."""

    async def embed(self, deployment: str, request: EmbeddingsRequest) -> Vectors:
        """GetEmbeddings: one vector for each input, by index. Raises ``ApiError``."""
        body = self._json(deployment, request)
        return await self._ask("embeddings.embed", Vectors, parameters={"deployment": deployment}, body=body)
