"""Which engines answer; each is built when its capability is used first, because libraries are heavy."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.service.engines import protocols


class SimulatedEngines:
    """All capabilities without a model; ``folder`` keeps which audio was spoken from which text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def chat(self) -> "protocols.ChatEngine":
        """Writes pleasant, readable text."""
        from playground.service.engines.simulated.chat import SimulatedChat
        from playground.service.engines.simulated.spoken import SpokenTexts

        return SimulatedChat(SpokenTexts(self._folder))

    @cached_property
    def completions(self) -> "protocols.CompletionEngine":
        """Goes on from a text."""
        from playground.service.engines.simulated.completions import SimulatedCompletions

        return SimulatedCompletions()

    @cached_property
    def embeddings(self) -> "protocols.EmbeddingEngine":
        """Counts words and letter groups."""
        from playground.service.engines.simulated.embeddings import SimulatedEmbeddings

        return SimulatedEmbeddings()

    @cached_property
    def images(self) -> "protocols.ImageEngine":
        """Draws landscapes."""
        from playground.service.engines.simulated.images import SimulatedImages

        return SimulatedImages()

    @cached_property
    def speech(self) -> "protocols.SpeechEngine":
        """Babbles with the rhythm of speech."""
        from playground.service.engines.simulated.speech import SimulatedSpeech
        from playground.service.engines.simulated.spoken import SpokenTexts

        return SimulatedSpeech(SpokenTexts(self._folder))

    @cached_property
    def transcription(self) -> "protocols.TranscriptionEngine":
        """Finds where somebody speaks, and knows what the simulated voice said."""
        from playground.service.engines.simulated.spoken import SpokenTexts
        from playground.service.engines.simulated.transcription import SimulatedTranscription

        return SimulatedTranscription(SpokenTexts(self._folder))


def load_engines(data: Path, *, simulated: bool) -> "protocols.Engines":
    """The engines of a service whose state is in ``data``.

    ``simulated`` asks for engines without models even where models are present; none are looked for yet, so both
    give the simulated ones.
    """
    return SimulatedEngines(data / "spoken")
