"""The simulated image model: a landscape that takes its colours from the prompt and says what it is."""

import asyncio

from playground.service.engines.protocols import ImageTask
from playground.service.engines.simulated import wishes


class SimulatedImages:
    """Draws on a thread; the same request gives the same picture."""

    name = "simulated-images"

    async def draw(self, task: ImageTask) -> bytes:
        """The picture as PNG."""
        from playground.service.engines.simulated.canvas import landscape

        return await asyncio.to_thread(
            landscape, task.prompt, task.width, task.height, task.style, task.quality == "hd", task.variant
        )

    def revise(self, prompt: str) -> str:
        """The prompt that the picture is really made from."""
        subject = wishes.subject(prompt) or "nothing in particular"
        return f"A simulated landscape in layers of colour, in the mood of {subject}, marked as simulated."
