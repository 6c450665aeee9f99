"""Audio files in and out, for every engine that hears or speaks.

The libraries are imported when first used.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.service.engines.protocols import UnreadableAudioError

if TYPE_CHECKING:
    from playground.service.engines.protocols import Samples

BLOCK = 1 << 16
CONTENT_TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
    "pcm16": "audio/pcm",
}
_SOUNDFILE = {
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "opus": ("OGG", "OPUS"),
    "flac": ("FLAC", "PCM_16"),
    "wav": ("WAV", "PCM_16"),
}


def encoded(samples: "Samples", rate: int, form: str) -> bytes:
    """Mono samples as a file of a form in ``CONTENT_TYPES``; pcm is 16-bit little-endian without a header."""
    if form in {"pcm", "pcm16"}:
        return pcm16(samples)
    if form == "aac":
        return _aac(samples, rate)
    import soundfile

    container, coding = _SOUNDFILE[form]
    out = io.BytesIO()
    # libsndfile's Opus and MP3 encoders overflow their stack on one very long write.
    with soundfile.SoundFile(out, "w", rate, 1, format=container, subtype=coding) as file:
        for start in range(0, len(samples), BLOCK):
            file.write(samples[start : start + BLOCK])
    return out.getvalue()


def pcm16(samples: "Samples") -> bytes:
    """Samples within -1..1 as 16-bit little-endian numbers."""
    import numpy as np

    return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def decoded(path: Path) -> "Iterator[tuple[Samples, int]]":
    """Blocks of (mono samples, rate) of any audio file; raises ``UnreadableAudioError``.

    soundfile first, because it is quick; what it does not know (AAC, M4A, WebM, MP4 …) goes to PyAV where
    installed.
    """
    import soundfile

    try:
        file = soundfile.SoundFile(str(path))
    except (soundfile.LibsndfileError, RuntimeError, OSError):
        yield from _decoded_by_av(path)
        return
    with file:
        try:
            for block in file.blocks(BLOCK, dtype="float32", always_2d=True):
                yield block.mean(axis=1), file.samplerate
        except (soundfile.LibsndfileError, RuntimeError) as error:
            raise UnreadableAudioError("the audio is damaged") from error


def _decoded_by_av(path: Path) -> "Iterator[tuple[Samples, int]]":
    try:
        import av
    except ImportError:
        raise UnreadableAudioError("this audio format needs the extra package av") from None

    try:
        with av.open(str(path), mode="r") as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None:
                raise UnreadableAudioError("the file has no audio track")
            resampler = av.AudioResampler(format="flt", layout="mono", rate=16_000)
            for frame in container.decode(stream):
                yield from _resampled(resampler, frame)
            yield from _resampled(resampler, None)
    except av.error.FFmpegError as error:
        raise UnreadableAudioError("the file is no audio that can be decoded") from error


def _resampled(resampler: Any, frame: Any) -> "Iterator[tuple[Samples, int]]":
    for piece in resampler.resample(frame):
        yield piece.to_ndarray().reshape(-1), 16_000


def _aac(samples: "Samples", rate: int) -> bytes:
    import av
    import numpy as np

    out = io.BytesIO()
    with av.open(out, mode="w", format="adts") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            samples.reshape(1, -1).astype(np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return out.getvalue()
