"""The tour as a test: every step works with no display, and every picture shows something."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

STEPS = 9
ROOT = Path(__file__).resolve().parents[2]


def colours(path: Path) -> int:
    """How many different colours a coarse grid of points has; a blank picture has one."""
    image = QImage(str(path))
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)})


async def test_the_tour_reaches_its_end_and_its_pictures_are_not_blank(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "playground", "tour", "--out", str(tmp_path)]
    done = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) == 2 * STEPS
    assert min(map(colours, pictures)) > 20
    for light in tmp_path.glob("*-light.png"):
        dark = light.with_name(light.name.replace("-light", "-dark"))
        assert QImage(str(light)).pixel(3, 300) != QImage(str(dark)).pixel(3, 300)
