"""Writes the text of an answer: looks at the conversation, finds the form that is asked for, and fills it."""

import random
import re
from collections.abc import Iterator

from playground.service.engines.protocols import ChatTask, Turn
from playground.service.engines.simulated import wishes
from playground.service.engines.simulated.forms import Request, form_of


def compose(task: ChatTask, dice: random.Random, heard: str = "") -> Iterator[str]:
    """The answer to a conversation as pieces of Markdown; ``heard`` is what spoken messages said."""
    turn = last_user_turn(task)
    text = " ".join(part for part in (turn.text, heard) if part)
    request = Request(text, _subject(task, text), task, dice)
    if turn.pictures:
        yield from _pictures(turn)
        if not text.strip():
            return
    if heard:
        yield f"You said: “{heard}”\n\n"
    yield from form_of(text)(request)


def last_user_turn(task: ChatTask) -> Turn:
    """The last message of the user, or an empty one."""
    return next((turn for turn in reversed(task.turns) if turn.role == "user"), Turn("user"))


def results(task: ChatTask) -> Iterator[str]:
    """The answer after tools were called: what they returned, in words."""
    returned = []
    for turn in reversed(task.turns):
        if turn.role not in {"tool", "function"}:
            break
        returned.append(turn)
    names = {call[0]: call[1] for turn in task.turns for call in turn.calls}
    returned.reverse()
    yield "Here is what came back:\n\n" if len(returned) > 1 else ""
    for turn in returned:
        name = names.get(turn.call_id, turn.name) or "the tool"
        content = turn.text.strip() or "nothing"
        shown = content if len(content) <= 600 else f"{content[:600]}…"
        line = (
            f"`{name}` returned {shown}" if "\n" not in shown else f"`{name}` returned:\n\n```\n{shown}\n```"
        )
        yield f"- {line}\n" if len(returned) > 1 else f"{line}\n"
    subject = wishes.subject(last_user_turn(task).text)
    yield f"\nThat is the answer to your question about {subject}." if subject else "\nThat is all it said."


def _subject(task: ChatTask, text: str) -> str:
    """The subject; for *more* or *why?* that of the message before."""
    found = wishes.subject(text)
    if len(text.split()) <= 4 and re.search(
        r"\b(more|again|continue|go on|why|and|it|that|longer|shorter)\b", text, re.I
    ):
        earlier = [turn.text for turn in task.turns if turn.role == "user"][:-1]
        found = next((name for turn in reversed(earlier) if (name := wishes.subject(turn))), found)
    return found or "this subject"


def _pictures(turn: Turn) -> Iterator[str]:
    for picture in turn.pictures:
        if picture.host:
            yield f"The picture at {picture.host} was not fetched: this service opens no addresses.\n\n"
            continue
        shape = (
            "square"
            if picture.width == picture.height
            else "wide"
            if picture.width > picture.height
            else "tall"
        )
        yield (
            f"The picture is a {shape} {picture.kind.upper()} of {picture.width} × {picture.height} pixels "
            f"({len(picture.data):,} bytes). What it shows is beyond a simulated model.\n\n"
        )
