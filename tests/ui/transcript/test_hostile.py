"""Texts made to hold a window up: each is drawn, in slices that leave the window alive."""

from time import thread_time

import pytest
from PySide6.QtCore import QTimer

from playground.ui.transcript import Entry, Transcript

TEXTS = {
    "word": "x" * 300_000,
    "table": "| a | b |\n|---|---|\n" + "| some | words |\n" * 4000,
    "code": "```python\n" + "value = compute(1, 2, 3)  # and so on\n" * 15_000,
    "brackets": "[" * 50_000,
    "marks": "a" + "\u0301" * 60_000,
    "lines": "word\n" * 12_000,
    "quote": "> some words here\n" * 5000,
    "nested lists": "- " * 20_000,
    "nested quotes": "> " * 20_000,
    "stars": "*a **b " * 8000,
    "backticks": "".join("`" * (at % 300) + "x" for at in range(2000)),
    "wide table": "|" + "a|" * 400 + "\n|" + "-|" * 400 + "\n|" + "b|" * 400,
    "references": "".join(f"[a{at}]: http://x/{at}\n" for at in range(800)) + "[a1] " * 200,
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("fed", [True, False], ids=["fed", "opened"])
def test_the_window_stays_alive(qtbot, name, fed):
    text = TEXTS[name]
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.resize(900, 600)
    transcript.show()
    longest, last = 0.0, thread_time()

    def beat() -> None:
        nonlocal longest, last
        longest, last = max(longest, thread_time() - last), thread_time()

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(5)
    last = thread_time()
    if fed:
        transcript.append(Entry("a", "Assistant", "", "", streaming=True))
        for at in range(0, len(text), 50_000):
            transcript.feed("a", text[at : at + 50_000])
        qtbot.waitUntil(lambda: transcript.idle, timeout=25_000)
        transcript.finish("a")
    else:
        transcript.set_entries([Entry("a", "Assistant", "", text)])
    transcript.append(Entry("b", "User", "", "still here"))
    qtbot.waitUntil(lambda: transcript.idle, timeout=25_000)
    beat()
    timer.stop()
    assert transcript.entry("a").text == text
    assert longest < 1.0, f"{longest:.2f} s of the window's own time in one go"
