"""From a turn in the tree to an entry on the screen."""

import json
from typing import Any

from playground.features.chat.tree import TurnTree
from playground.features.chat.wording import footer, note
from playground.store.conversations import Turn
from playground.ui.transcript import Action, Chip, Entry, Tone
from playground.workbench.chips import chips_of

COPY = Action("copy", "Copy", "copy")
EDIT = Action("edit", "Edit and resend", "edit")
AGAIN = Action("regenerate", "Answer again", "regenerate")

TONES: dict[str, Tone] = {"failed": "danger", "filtered": "danger", "incomplete": "warn"}
TITLES = {"user": "You", "assistant": "Assistant", "system": "System", "tool": "Tool"}


def entry_of(turn: Turn, tree: TurnTree) -> Entry:
    """How a turn is shown: its text, facts, filter chips, versions, and what can be done with it."""
    meta: dict[str, Any] = json.loads(turn.meta_json or "{}")
    streaming = turn.state == "streaming"
    position = tree.position(turn.id)
    answer = turn.role == "assistant"
    return Entry(
        key=turn.id,
        role=turn.role,
        title=str(meta.get("deployment") or TITLES["assistant"])
        if answer
        else TITLES.get(turn.role, turn.role),
        text=turn.text,
        footer=footer(meta) if answer and not streaming else "",
        chips=_chips(meta) if answer and not streaming else (),
        actions=(COPY, AGAIN) if answer else (COPY, EDIT, AGAIN),
        position=position if position[1] > 1 else None,
        tone="danger"
        if turn.state in {"failed", "filtered"}
        else "warn"
        if turn.state == "incomplete"
        else "",
        streaming=streaming,
        note="" if streaming else note(turn.state, meta),
        markdown=turn.role != "user",  # what was typed is shown letter by letter, as it was sent
    )


def _chips(meta: dict[str, Any]) -> tuple[Chip, ...]:
    """Filter annotations of the prompt and of the answer, told apart by their words."""
    found: list[Chip] = []
    for prompt in meta.get("prompt_filters") or []:
        found += chips_of(prompt.get("content_filter_results"), side="prompt")
    return (*found, *chips_of(meta.get("filters"), side="answer"))
