"""Keeps what is damaged: originals are moved or copied into a dated folder, never deleted."""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from playground.store.files import create_private, make_private, sync_folder, wal_of

FOLDER = "damaged"


def move_aside(files: Sequence[Path], clock: Callable[[], float]) -> Path:
    """Move those that exist of some files of one folder into a dated one in it. Raises ``OSError``."""
    parent = files[0].parent
    place = _place(parent, clock)
    for each in files:
        if os.path.lexists(each):
            each.rename(place / each.name)
    sync_folder(parent)
    return place


def copy_aside(path: Path, clock: Callable[[], float]) -> Path:
    """Copy a database with its log into a dated folder beside it; the folder. Raises ``OSError``."""
    place = _place(path.parent, clock)
    copy_privately([path, wal_of(path)], place)
    return place


def copy_privately(files: Iterable[Path], folder: Path) -> None:
    """Copy those of the files that exist, so that nobody else can read the copies. Raises ``OSError``."""
    for each in files:
        if each.is_file():
            create_private(folder / each.name)
            shutil.copyfile(each, folder / each.name)


def _place(parent: Path, clock: Callable[[], float]) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(clock()))
    make_private(parent / FOLDER)
    number = 1
    while True:
        place = parent / FOLDER / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            place.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return place
