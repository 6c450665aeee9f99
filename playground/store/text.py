"""Any Python string goes into the database and comes out the same, also what UTF-8 and C cannot hold."""

import re

# A lone surrogate cannot be bound, and most SQL functions stop at a NUL. The full stop ends the escape as a
# word, so that what follows it can still be searched for.
_ESCAPE = "\x1a"
_UNSAFE = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a([0-9a-f]{4})\\.")


def safe(text: str) -> str:
    """The text as it is stored: valid UTF-8 without NUL."""
    return _UNSAFE.sub(lambda found: f"{_ESCAPE}{ord(found[0]):04x}.", text)


def plain(stored: bytes) -> str:
    """The text as it was given to ``safe``. Bytes that a damaged disk made invalid become U+FFFD."""
    text = stored.decode("utf-8", "replace")
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if _ESCAPE in text else text
