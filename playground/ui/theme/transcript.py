"""Hands the tokens to the transcript, which draws with values of its own."""

from playground.ui.theme.fonts import MONO, SANS
from playground.ui.theme.tokens import Tokens
from playground.ui.transcript.style import TranscriptStyle, transcript_style


def style_for_transcript(tokens: Tokens) -> TranscriptStyle:
    """The transcript's style in the colours of the window, at its zoom."""
    c = tokens.colours
    return transcript_style(
        {
            "dark": tokens.shade == "dark",
            "background": c.surface,
            "text": c.text,
            "muted": c.muted,
            "card": c.raised,
            "card_border": c.border,
            "line": c.border,
            "code_background": c.raised,
            "code_border": c.border,
            "code_text": c.text,
            "inline_code": c.neutral_soft,
            "accent": c.accent,
            "accent_text": c.accent_text,
            "link": c.link,
            "quote": c.control,
            "hover": c.hover,
            "selection": c.selection,
            "info": c.info,
            "info_ground": c.info_soft,
            "ok": c.ok,
            "ok_ground": c.ok_soft,
            "warn": c.warn,
            "warn_ground": c.warn_soft,
            "danger": c.danger,
            "danger_ground": c.danger_soft,
            "neutral_ground": c.neutral_soft,
            "comment": c.faint,
            "sans": SANS,
            "mono": MONO,
        }
    ).scaled(tokens.zoom)
