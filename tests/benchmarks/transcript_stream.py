"""How the window lives while an answer streams in: ``python tests/benchmarks/transcript_stream.py [--help]``.

A timer feeds 200 tokens a second of mixed Markdown; a heartbeat of 5 ms notes the gaps between its beats, in the GUI
thread's own CPU time (other work on the machine does not count) and on the wall. Growth is printed as ratios.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from playground.ui.icons import icon
from playground.ui.theme import Theme
from playground.ui.transcript import Action, Entry, Transcript

TOKEN = 4
BEAT_MS = 5
ACTIONS = tuple(Action(name, name.title(), name) for name in ("copy", "edit", "regenerate", "delete"))
WORDS = "the quick **brown** fox jumps over `a lazy` dog and [reads](https://example.com/page) what is there"


def words(count: int, start: int = 0) -> str:
    """A run of words with marks in it."""
    chosen = WORDS.split(" ")
    return " ".join(chosen[(start + at) % len(chosen)] for at in range(count))


def section(number: int) -> str:
    """About 1,000 tokens: a heading, long paragraphs, code, nested lists, a quote and a small table."""
    code = "\n".join(f"    total_{at} = compute({at}, value='x{at}')  # step {at}" for at in range(16))
    items = "\n".join(f"- item {at}: {words(9, at)}\n  1. first {at}\n  2. second {at}" for at in range(6))
    rows = "\n".join(f"| {at} | {words(3, at)} | {at * 7} |" for at in range(6))
    return (
        f"## Section {number}\n\n{words(200, number)}.\n\n```python\ndef part_{number}():\n{code}\n```\n\n{items}\n\n"
        f"> {words(24, 3)}\n\n| n | words | value |\n|--|:--|--:|\n{rows}\n\n{words(70, number)}.\n\n"
    )


def table(rows: int) -> str:
    """A long table."""
    lines = "".join(f"| {at} | name {at} | some words for row {at} | {at * 3.5} |\n" for at in range(rows))
    return f"| n | name | remark | value |\n|--|:--|:--|--:|\n{lines}\n"


def answer(tokens: int, *, rows: int = 300) -> str:
    """Markdown of about so many tokens; a table of ``rows`` rows stands in its middle."""
    text, number = "", 0
    big = table(rows) if rows else ""
    while len(text) < tokens * TOKEN:
        if big and len(text) + len(big) >= tokens * TOKEN / 2:
            text, big = text + big, ""
        number += 1
        text += section(number)
    return text[: tokens * TOKEN]


def history(count: int) -> list[Entry]:
    """Earlier messages, of the usual kinds and lengths."""
    bodies = cycle([section(1)[:1500], "Short answer.", words(120), section(2)[1500:3500]])
    return [
        Entry(f"h{at}", "User", "10:00", words(30, at), actions=ACTIONS)
        if at % 2 == 0
        else Entry(f"h{at}", "Assistant", "model", next(bodies), actions=ACTIONS, footer="120 tokens")
        for at in range(count)
    ]


class Beat:
    """A 5 ms heartbeat on the GUI thread and the gaps between its beats, in milliseconds."""

    def __init__(self) -> None:
        self.cpu: list[float] = []
        self.wall: list[float] = []
        self._last = (thread_time(), perf_counter())
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)

    def start(self) -> None:
        """Begin."""
        self._last = (thread_time(), perf_counter())
        self._timer.start(BEAT_MS)

    def stop(self) -> None:
        """End."""
        self._timer.stop()

    def _on_beat(self) -> None:
        now = (thread_time(), perf_counter())
        self.cpu.append((now[0] - self._last[0]) * 1000)
        self.wall.append((now[1] - self._last[1]) * 1000)
        self._last = now

    def figures(self) -> str:
        """99th percentile and longest, CPU and wall. A CPU gap is what the beat waited for, so 5 ms are added."""
        cpu = [gap + BEAT_MS for gap in sorted(self.cpu)]
        wall = sorted(self.wall)
        at = max(int(len(cpu) * 0.99) - 1, 0)
        return f"gap cpu+5 p99 {cpu[at]:5.1f} max {cpu[-1]:5.1f} | wall p99 {wall[at]:5.1f} max {wall[-1]:5.1f} ms"


def run_until(done: Callable[[], bool], *, limit: float = 120) -> None:
    """Run the event loop until something holds."""
    loop, began = QEventLoop(), perf_counter()

    def look() -> None:
        if done() or perf_counter() - began > limit:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    loop.exec()
    timer.stop()


def shown(earlier: int) -> Transcript:
    """A visible transcript with a conversation in it."""
    view = Transcript(icons=icon)
    view.resize(1000, 800)
    view.show()
    view.set_entries(history(earlier))
    run_until(lambda: view.idle)
    return view


def stream(text: str, *, earlier: int, prefill: int, rate: float, label: str) -> float:
    """Stream all but the first ``prefill`` tokens; print the gaps; the GUI thread's CPU per token, in ms."""
    began = thread_time()
    view = shown(earlier)
    build = thread_time() - began
    view.append(Entry("live", "Assistant", "model", "", streaming=True))
    if prefill:
        view.feed("live", text[: prefill * TOKEN])
        run_until(lambda: view.idle)
    tokens = [text[at : at + TOKEN] for at in range(prefill * TOKEN, len(text), TOKEN)]
    gc.collect()
    gc.freeze()
    beat, start, given = Beat(), perf_counter(), 0
    feeder = QTimer()
    feeder.setTimerType(Qt.TimerType.PreciseTimer)

    def feed() -> None:
        nonlocal given
        due = min(int((perf_counter() - start) * rate), len(tokens))
        while given < due:
            view.feed("live", tokens[given])
            given += 1
        if given == len(tokens):
            feeder.stop()
            view.finish("live")

    feeder.timeout.connect(feed)
    before = thread_time()
    beat.start()
    feeder.start(5)
    run_until(lambda: not feeder.isActive() and view.idle)
    beat.stop()
    spent = (thread_time() - before) * 1000
    follows = "" if view.following else "  NOT FOLLOWING"
    print(
        f"{label:34} {len(tokens):5} tokens  build {build:4.2f} s  {spent / len(tokens):5.2f} ms/token  "
        f"{beat.figures()}{follows}",
        flush=True,
    )
    view.close()
    view.deleteLater()
    QApplication.processEvents()
    gc.unfreeze()
    return spent / len(tokens)


HOSTILE: dict[str, Callable[[], str]] = {
    "1 MB word": lambda: "x" * 1_000_000,
    "20,000-row table": lambda: table(20_000),
    "5 MB code block": lambda: "```python\n" + "value = compute(1, 2, 3)  # and so on\n" * 135_000,
    "50,000 open brackets": lambda: "[" * 50_000,
    "200,000 combining marks": lambda: "a" + "\u0301" * 200_000,
    "1 MB of one-word lines": lambda: "word\n" * 200_000,
    "1 MB quote": lambda: "> some words here\n" * 55_000,
    "100,000 nested list marks": lambda: "- " * 100_000,
    "100,000 stars": lambda: "*a **b " * 15_000,
}


def hostile() -> None:
    """Each hostile text in two ways: as a stream of large pieces, and as a finished message."""
    for name, make in HOSTILE.items():
        for way in ("fed", "opened"):
            meet(name, make(), way)


def meet(name: str, text: str, way: str) -> None:
    """Show one hostile text in one way, and print the gaps."""
    view = shown(20)
    beat = Beat()
    beat.start()
    if way == "fed":
        view.append(Entry("live", "Assistant", "model", "", streaming=True))
        for at in range(0, len(text), 100_000):
            view.feed("live", text[at : at + 100_000])
        run_until(lambda: view.idle)
        view.finish("live")
    else:
        view.append(Entry("live", "Assistant", "model", text))
    run_until(lambda: view.idle)
    beat.stop()
    print(f"{name:34} {way:7} {beat.figures()}", flush=True)
    view.close()
    view.deleteLater()
    QApplication.processEvents()


def runs(arguments: argparse.Namespace) -> Iterator[None]:
    """The runs that were asked for."""
    live, rate = int(arguments.seconds * 200), 200 * arguments.speedup
    text = answer(4000)
    if arguments.full:
        stream(text, earlier=500, prefill=0, rate=rate, label="4,000 tokens under 500, all live")
    else:
        middle = answer(4000).index("| n | name") // TOKEN - 20
        label = "4,000 under 500: its table"
        stream(text[: (middle + live) * TOKEN], earlier=500, prefill=middle, rate=rate, label=label)
        stream(text, earlier=500, prefill=4000 - live, rate=rate, label="4,000 under 500: its end")
    yield
    short = stream(answer(1000, rows=0), earlier=50, prefill=max(1000 - live, 0), rate=rate, label="at 1,000")
    text = answer(16_000, rows=0)
    long = stream(text, earlier=50, prefill=16_000 - live, rate=rate, label="at 16,000")
    print(f"CPU per token at 16,000 is {long / short:.2f} times that at 1,000 (wanted: at most 1.5)")
    yield
    text = answer(4000, rows=0)
    few = stream(text, earlier=10, prefill=4000 - live, rate=rate, label="under 10")
    many = stream(text, earlier=5000, prefill=4000 - live, rate=rate, label="under 5,000")
    print(f"CPU per token under 5,000 is {many / few:.2f} times that under 10 (wanted: at most 1.5)")
    yield
    for name, text in (
        ("one paragraph", words(4000)),
        ("one code block", "```python\n" + "x = compute(1)  # text\n" * 800),
        ("one list", "".join(f"- item {at} {words(8, at)}\n" for at in range(400))),
        ("one table", table(400)),
        ("one quote", "".join(f"> line {at} {words(8, at)}\n" for at in range(300))),
    ):
        size = len(text) // TOKEN
        stream(text, earlier=50, prefill=max(size - live, 0), rate=rate, label=f"worst case: {name}")
    yield


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="how long each run streams live")
    parser.add_argument("--speedup", type=float, default=1, help="times 200 tokens a second")
    parser.add_argument("--full", action="store_true", help="stream all 4,000 tokens of the main run")
    parser.add_argument("--parts", type=int, default=4, help="how many of the four groups of runs")
    parser.add_argument("--hostile", action="store_true", help="the hostile texts instead")
    arguments = parser.parse_args()
    app = QApplication([])
    Theme().apply(app)
    print(f"{QApplication.platformName()}, beat {BEAT_MS} ms", flush=True)
    if arguments.hostile:
        hostile()
        return
    for _, _ in zip(range(arguments.parts), runs(arguments), strict=False):
        pass


if __name__ == "__main__":
    main()
