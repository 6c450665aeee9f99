"""Making pictures from a description."""

from playground.api.words import Word
from playground.wire.images import ImageRequest
from playground.wire.images import Images as Pictures


class Images(Word):
    """``client.images``."""

    async def generate(self, deployment: str, request: ImageRequest) -> Pictures:
        """GetImageGenerations: pictures by address or inside the answer. Raises ``ApiError``."""
        body = self._json(deployment, request)
        return await self._ask("images.generate", Pictures, parameters={"deployment": deployment}, body=body)
