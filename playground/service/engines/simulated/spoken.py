"""Which audio the simulated voice made from which text, so that a round trip through audio gives the text
back.

The keys are hashes of the encoded file and of the bare samples in it, so that raw samples put into a WAV file
are still recognised. It lies on disk because a conversation with a recording outlives the process.
"""

import hashlib
import io
import os
from pathlib import Path

MAX_TEXTS = 2_000


class SpokenTexts:
    """A folder of small files, the oldest of which go first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def remember(self, audio: bytes, text: str) -> None:
        """Keep the text of this audio."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for key in _keys(audio):
            path = self._folder / f"{key}.txt"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
        kept = sorted(self._folder.glob("*.txt"), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(0, len(kept) - MAX_TEXTS)]:
            path.unlink(missing_ok=True)

    def recall(self, audio: bytes) -> str | None:
        """The text of this audio, or None if it was not made here."""
        if not self._folder.is_dir():
            return None
        for key in _keys(audio):
            try:
                return (self._folder / f"{key}.txt").read_text(encoding="utf-8")
            except OSError:
                continue
        return None


def _keys(audio: bytes) -> list[str]:
    keys = [hashlib.sha256(audio).hexdigest()]
    if audio[:4] == b"RIFF":
        import wave

        try:
            with wave.open(io.BytesIO(audio)) as file:
                keys.append(hashlib.sha256(file.readframes(file.getnframes())).hexdigest())
        except (wave.Error, EOFError):
            pass
    return keys
