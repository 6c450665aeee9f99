"""JSON as people read it: indented, whatever its size, and cut where nobody would read on."""

import json
import re
from dataclasses import dataclass

SHOWN_CHARACTERS = 200_000
SHOWN_LINE = 4_000
EDITED_LINE = 50_000

# What a text view would change or break a line at: written as escapes, which mean the same in JSON.
_UNSAFE = re.compile("[\u00a0\u2028\u2029\ufdd0\ufdd1\ud800-\udfff]")


@dataclass(frozen=True)
class Shown:
    """A text as it is put on the screen; ``cut`` says in words what is missing, or nothing."""

    text: str
    cut: str
    is_json: bool


def prepare(raw: str | bytes, *, whole: bool = False, edited: bool = False) -> Shown:
    """Indent if it is JSON, otherwise leave as it is; cut to what a text view can hold unless ``whole``.

    Lines beyond 4,000 characters are cut even then: Qt lays a line out as one piece. Nothing at all is cut from
    a text that is to be ``edited``.
    """
    text = raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else raw
    is_json = True
    try:
        pretty = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        pretty, is_json = text, False
    if is_json:
        pretty = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", pretty)
    if edited and can_be_edited(pretty):
        return Shown(pretty, "", is_json)
    return Shown(*fit(pretty, whole=whole), is_json)


def fit(text: str, *, whole: bool = False) -> tuple[str, str]:
    """Cut a text to what a view can hold, and say what was cut."""
    pretty = text.replace("\0", "\u2400")
    length = len(pretty)
    missing = []
    if length > SHOWN_CHARACTERS and not whole:
        pretty = pretty[:SHOWN_CHARACTERS]
        missing.append(f"the first {SHOWN_CHARACTERS:,} of {length:,} characters")
    pretty, lines = _cut_lines(pretty)
    if lines:
        missing.append(f"{lines} long lines cut")
    return pretty, "Shown: " + ", ".join(missing) if missing else ""


def _cut_lines(text: str) -> tuple[str, int]:
    lines = text.split("\n")
    cut = 0
    for number, line in enumerate(lines):
        if len(line) > SHOWN_LINE:
            lines[number] = f"{line[:SHOWN_LINE]}… ({len(line) - SHOWN_LINE:,} more characters)"
            cut += 1
    return ("\n".join(lines), cut) if cut else (text, 0)


def can_be_edited(text: str) -> bool:
    """Whether every line is short enough to be typed in: Qt lays out a whole line at each key."""
    return len(text) <= EDITED_LINE or max(map(len, text.split("\n"))) <= EDITED_LINE
