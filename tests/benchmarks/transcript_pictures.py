"""Pictures of the transcript in both schemes, to be looked at: ``python tests/benchmarks/transcript_pictures.py DIR``.

``QT_SCALE_FACTOR=1.5`` in the environment draws them as a screen of 150 % does.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from playground.ui.icons import icon
from playground.ui.theme import Theme
from playground.ui.transcript import Action, Chip, Entry, Transcript

ANSWER = """\
Here is how a **vector search** works, in the *smallest* useful form.

## 1. Make the vectors

Each text becomes a list of numbers with `client.embeddings.embed(...)`. Two texts that *mean* the same get vectors
that point the same way; see [the documentation](https://learn.microsoft.com/azure/ai-services/openai/) for limits.

```python
from math import sqrt

def cosine(a: list[float], b: list[float]) -> float:
    \"\"\"How alike two directions are, from -1 to 1.\"\"\"
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return dot / (sqrt(sum(x * x for x in a)) * sqrt(sum(y * y for y in b)))  # never 0 for real text
```

## 2. Compare them

1. Embed the question.
2. Compare it with each text:
   - brute force for up to ~100,000 texts
   - an index such as HNSW above that
3. Show the best, *with their source*.

- [x] Normalise once, then compare by dot product
- [ ] Cache by hash of the text

> **Note** Vectors of different models cannot be compared.
> Re-embed everything when the model changes.
>
> > The same is true of dimensions.

| Model | Dimensions | Price per 1M tokens | Remarks |
|:--|--:|--:|---|
| text-embedding-3-small | 1,536 | $0.02 | good first choice |
| text-embedding-3-large | 3,072 | $0.13 | **best**, and can be shortened with `dimensions` |
| ada-002 | 1,536 | $0.10 | ~~recommended~~ legacy |

### What will not be fetched

![a diagram](http://tracker.example/pixel.png) and [a local file](file:///etc/passwd) stay text. <b>So does HTML.</b>

---

That is all. The last line ends with a bare address: https://example.com/path?q=1.
"""
SHORT = "What is the smallest useful form of vector search?\nPlease show **code**."


def entries() -> list[Entry]:
    """A conversation with one of everything."""
    actions = (
        Action("copy", "Copy", "copy"),
        Action("edit", "Edit", "edit"),
        Action("again", "Regenerate", "regenerate"),
        Action("delete", "Delete", "delete"),
    )
    return [
        Entry("s", "System", "", "You are a careful assistant.", actions=actions[:2]),
        Entry("u", "User", "10:41", SHORT, actions=actions[:2], position=(2, 3), markdown=False),
        Entry(
            "a",
            "Assistant",
            "gpt-4o · 10:41",
            ANSWER,
            footer="612 tokens · 3.4 s · first token 0.41 s",
            chips=(
                Chip("Hate: safe", "ok", "severity 0 of 6"),
                Chip("Violence: low", "warn"),
                Chip("Jailbreak: detected", "danger"),
                Chip("Cached 128", "info"),
                Chip("fp_44709d6fcb"),
            ),
            actions=actions,
            position=(1, 2),
        ),
        Entry("u2", "User", "10:43", "And how many can I send at once?", actions=actions[:2]),
        Entry(
            "a2",
            "Assistant",
            "gpt-4o · 10:43",
            "Up to 2,048 inputs in one request, each of at most 8,191",
            note="Stopped. What had arrived is kept; you can go on from here.",
            tone="warn",
            actions=actions,
        ),
        Entry("a3", "Assistant", "gpt-4o", "The third answer is just being wr", streaming=True),
    ]


def pump(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> None:
    """Draw and save."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    theme = Theme()
    theme.apply(app)
    scale = os.environ.get("QT_SCALE_FACTOR", "1")
    for name in ("light", "dark"):
        theme.follow(name)
        style = theme.transcript_style()
        for height, part in ((2050, "whole"), (700, "end"), (700, "up")):
            view = Transcript(style, icons=icon)
            view.resize(980, height)
            view.show()
            view.set_entries(entries())
            pump(700)
            if part == "up":
                view.scroll_to("a")
                pump(200)
            view.grab().save(str(out / f"{name}-{part}-{scale}.png"))
            view.close()
    del app


if __name__ == "__main__":
    main()
