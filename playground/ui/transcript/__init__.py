"""A conversation on the screen: long, growing, and smooth."""

from playground.ui.transcript.entry import Action, Chip, Entry, Tone
from playground.ui.transcript.style import TranscriptStyle, transcript_style
from playground.ui.transcript.transcript import Transcript

__all__ = ["Action", "Chip", "Entry", "Tone", "Transcript", "TranscriptStyle", "transcript_style"]
