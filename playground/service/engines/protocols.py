"""What an engine is: one Protocol per capability, cut for real models; the simulated engines obey the same
ones.

An engine never works on the serving loop: CPU work goes to a thread of its own, and tokens come back through
an async generator. Closing that generator (``aclose``, or cancellation of the task that reads it) ends the
work: this is how an answer stops when its client goes away, when a stop sequence is met, or when
``max_tokens`` is reached.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]
    Vectors = npt.NDArray[np.float32]


class UnreadableAudioError(ValueError):
    """The bytes are not audio that this computer can decode."""


class UnknownTokenError(ValueError):
    """A token id that the engine's vocabulary does not have."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A token that could have stood at a position, with its natural log probability."""

    id: int
    text: str
    logprob: float


@dataclass(frozen=True, slots=True)
class Token:
    """One token of an answer.

    ``rivals`` are the likeliest tokens of the position, the taken one among them, best first; empty unless
    asked for. ``hidden`` marks a token of the model's reasoning, which is paid for but not shown. Text is
    whole characters: an engine whose tokens cut characters in two holds back until the character is complete.
    """

    id: int
    text: str
    logprob: float = 0.0
    rivals: tuple[Rival, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class CallBegins:
    """From here on the tokens are the JSON arguments of a call of this function."""

    name: str


Event = Token | CallBegins


class Tokenizer(Protocol):
    """Text to token ids and back; ``decode(encode(text)) == text`` for every text."""

    def encode(self, text: str) -> list[int]:
        """The ids of a text."""

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids; raises ``UnknownTokenError``."""


@dataclass(frozen=True)
class Sampling:
    """How tokens are chosen. ``rivals`` is how many to tell per token (None: no log probabilities either).

    ``streamed`` says that somebody reads along, so that the first token matters more than the last one.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    logit_bias: Mapping[int, float] = field(default_factory=dict)
    rivals: int | None = None
    max_tokens: int | None = None
    streamed: bool = False


@dataclass(frozen=True)
class Picture:
    """An image of a message.

    Its size in pixels when it came with the message, or the host it was not fetched from.
    """

    width: int = 0
    height: int = 0
    kind: str = ""
    data: bytes = b""
    host: str = ""
    detail: str = "auto"


@dataclass(frozen=True)
class Turn:
    """One message, its text parts joined. ``audio`` are encoded recordings.

    ``calls`` are (id, name, arguments).
    """

    role: str
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    audio: tuple[bytes, ...] = ()
    calls: tuple[tuple[str, str, str], ...] = ()
    call_id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Function:
    """A function the model may call; ``parameters`` is a JSON Schema."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Passage:
    """A retrieved piece of a document.

    Its number in the citations is its place in the task, counted from 1.
    """

    title: str
    content: str


@dataclass(frozen=True)
class ChatTask:
    """Everything that decides one answer.

    ``choice`` is none, auto, required, or a function's name as ``=name``. ``schema`` is the JSON Schema that
    the text has to follow (``{}``: any object; None: free text). ``grounded`` says that ``passages`` were
    looked for; with ``in_scope`` nothing else may be used. ``effort`` is set for models that reason before
    they answer.
    """

    turns: tuple[Turn, ...]
    sampling: Sampling = Sampling()
    functions: tuple[Function, ...] = ()
    choice: str = "none"
    parallel: bool = True
    schema: Mapping[str, Any] | None = None
    grounded: bool = False
    in_scope: bool = True
    passages: tuple[Passage, ...] = ()
    prediction: str | None = None
    effort: Literal["low", "medium", "high"] | None = None
    index: int = 0


class ChatEngine(Protocol):
    """Answers conversations. ``name`` is what the answer's ``model`` says."""

    name: str
    context_tokens: int
    answer_tokens: int

    @property
    def tokenizer(self) -> Tokenizer:
        """The model's own vocabulary."""

    def answer(self, task: ChatTask) -> AsyncGenerator[Event, None]:
        """The answer's tokens as they are made: hidden ones, then text, then calls with their arguments."""


@dataclass(frozen=True)
class CompletionTask:
    """A text to go on from; ``suffix`` is what follows the gap to fill."""

    prompt: str
    suffix: str | None = None
    sampling: Sampling = Sampling()
    index: int = 0


class CompletionEngine(Protocol):
    """Goes on from a text."""

    name: str
    context_tokens: int

    @property
    def tokenizer(self) -> Tokenizer:
        """The model's own vocabulary."""

    def complete(self, task: CompletionTask) -> AsyncGenerator[Token, None]:
        """The tokens that follow the prompt."""

    async def score(self, ids: Sequence[int], rivals: int) -> list[Token]:
        """How likely each token of a given text was; the first one's log probability means nothing."""


class EmbeddingEngine(Protocol):
    """Turns texts into unit vectors; ``resizable`` says whether ``dimensions`` may be asked for."""

    name: str
    dimensions: int
    resizable: bool
    input_tokens: int

    @property
    def tokenizer(self) -> Tokenizer:
        """The model's own vocabulary."""

    async def embed(self, texts: Sequence[str], dimensions: int | None = None) -> "Vectors":
        """One row of float32 per text, of length 1."""


@dataclass(frozen=True)
class ImageTask:
    """A picture to make; ``variant`` counts the pictures of one request."""

    prompt: str
    width: int
    height: int
    style: str = "vivid"
    quality: str = "standard"
    variant: int = 0


class ImageEngine(Protocol):
    """Makes pictures."""

    name: str

    async def draw(self, task: ImageTask) -> bytes:
        """The picture as PNG."""

    def revise(self, prompt: str) -> str:
        """The prompt that the picture is really made from."""


@dataclass(frozen=True)
class SpeechTask:
    """A text to speak; ``speed`` 1 is normal."""

    text: str
    voice: str
    speed: float = 1.0


class SpeechEngine(Protocol):
    """Speaks; ``rate`` is in samples per second."""

    name: str
    rate: int

    def speak(self, task: SpeechTask) -> AsyncGenerator["Samples", None]:
        """Mono samples within -1..1, sentence by sentence."""

    async def delivered(self, text: str, audio: bytes) -> None:
        """Told which encoded audio has been sent for a text."""


@dataclass(frozen=True)
class TranscriptionTask:
    """A recording to write down; with ``translate`` in English."""

    path: Path
    language: str | None = None
    prompt: str = ""
    temperature: float = 0.0
    translate: bool = False


@dataclass(frozen=True)
class SpokenWord:
    """A word and when it was said, in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class SpokenSegment:
    """A stretch of speech, in seconds, with the model's confidence as Whisper reports it."""

    start: float
    end: float
    text: str
    tokens: tuple[int, ...] = ()
    words: tuple[SpokenWord, ...] = ()
    logprob: float = 0.0
    compression: float = 1.0
    silence: float = 0.0


@dataclass(frozen=True)
class Transcript:
    """What was said; ``language`` is a two-letter code, ``duration`` is in seconds."""

    language: str
    duration: float
    segments: tuple[SpokenSegment, ...]

    @property
    def text(self) -> str:
        """All segments as one text."""
        return " ".join(segment.text.strip() for segment in self.segments)


class TranscriptionEngine(Protocol):
    """Writes down what is said."""

    name: str

    async def transcribe(self, task: TranscriptionTask) -> Transcript:
        """The transcript; raises ``UnreadableAudioError``."""


class Engines(Protocol):
    """One engine per capability."""

    @property
    def chat(self) -> ChatEngine:
        """Answers conversations."""

    @property
    def completions(self) -> CompletionEngine:
        """Goes on from texts."""

    @property
    def embeddings(self) -> EmbeddingEngine:
        """Turns texts into vectors."""

    @property
    def images(self) -> ImageEngine:
        """Makes pictures."""

    @property
    def speech(self) -> SpeechEngine:
        """Speaks."""

    @property
    def transcription(self) -> TranscriptionEngine:
        """Writes down speech."""
