"""Folders: the override, private modes, and starting without a usable home."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from playground.settings.paths import folders


def test_the_override_puts_everything_beneath_one_private_folder(tmp_path: Path):
    old = os.umask(0)
    try:
        found = folders({"PLAYGROUND_HOME": str(tmp_path / "with spaces é")})
    finally:
        os.umask(old)
    assert found.notice == ""
    for folder in (found.config, found.data, found.cache, found.logs):
        assert folder.is_relative_to(tmp_path)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert found.settings_file.parent == found.config
    assert found.database.parent == found.data


def test_a_relative_override_is_taken_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert folders({"PLAYGROUND_HOME": "here"}).config == tmp_path / "here"


@pytest.mark.parametrize("place", ["a file in the way/home", "/proc/none", "nul\0nul", "~nobody-here/x"])
def test_a_place_that_cannot_be_used_falls_back_and_says_so(tmp_path: Path, monkeypatch, place: str):
    (tmp_path / "a file in the way").write_text("x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if place.startswith("~"):
        monkeypatch.setattr(
            Path, "mkdir", lambda *a, **k: (_ for _ in ()).throw(PermissionError(13, "denied"))
        )
        with pytest.raises(
            PermissionError
        ):  # then nothing at all can be written, which is said by whoever starts
            folders({"PLAYGROUND_HOME": place})
        return
    found = folders({"PLAYGROUND_HOME": place})
    assert "cannot be used" in found.notice
    assert found.config.is_dir()
    assert stat.S_IMODE(found.config.stat().st_mode) == 0o700


def start(environ: dict[str, str], tmp_path: Path) -> str:
    code = "from playground.settings.paths import folders; print(bool(folders().notice))"
    keep = {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", code], env={**keep, **environ}, capture_output=True, text=True, check=True
    )
    return run.stdout


def test_a_home_that_is_missing_unwritable_or_not_utf_8(tmp_path: Path):
    assert "True" in start({"HOME": "/proc/nowhere"}, tmp_path)
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/h\xff me")
    os.mkdir(odd)
    assert "False" in start({"HOME": odd}, tmp_path)
