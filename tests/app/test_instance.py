"""One window for one profile: a second start finds the first; a name left by a killed process does not stop a third."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from playground.app.instance import SingleInstance
from tests.conftest import until

HOLDER = (
    "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
    "from playground.app.instance import SingleInstance; app = QCoreApplication([]);"
    "held = SingleInstance(Path(sys.argv[1])); held.listen(); print('held', flush=True); app.exec()"
)


async def test_a_second_start_raises_the_first_window(tmp_path: Path) -> None:
    first, second, other = (
        SingleInstance(tmp_path),
        SingleInstance(tmp_path),
        SingleInstance(tmp_path / "other"),
    )
    assert not second.raise_other()
    raised: list[bool] = []
    first.raise_requested.connect(lambda: raised.append(True))
    first.listen()
    assert second.raise_other()
    await until(lambda: raised == [True])
    assert not other.raise_other()
    first.close()
    assert not second.raise_other()


async def test_the_name_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert child.stdout is not None
    with child.stdout as said:
        assert said.readline().strip() == "held"
        time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
        child.wait()
    later = SingleInstance(tmp_path)
    assert not later.raise_other()
    later.listen()
    assert SingleInstance(tmp_path).raise_other()
    later.close()
